"""Sending mail by SMTP, so that a repeated send can be recognised."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Protocol
from urllib.parse import quote

TIMEOUT = 8.0  # seconds for connecting and for each answer of the server


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. `key` names the delivery and becomes its Message-ID."""

    key: str
    to: str
    to_name: str
    subject: str
    body: str


class MailRefused(Exception):
    """The server will not take this message, now or later."""


class MailFailed(Exception):
    """The message could not be sent now; it may work later."""


class Mailer(Protocol):
    """Whoever sends mail. Raises MailRefused or MailFailed."""

    def send(self, mail: Mail) -> None: ...


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Mail through one SMTP server, a connection per message: pages are few and must not wait for each other."""

    host: str
    port: int
    sender: str  # "Evertick <evertick@example.com>"
    user: str = ""
    password: str = ""
    starttls: bool = False

    def send(self, mail: Mail) -> None:
        """Send one message. The server, or the reader's mailbox, drops a repeated Message-ID."""
        message = self._message(mail)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT) as server:
                if self.starttls:
                    server.starttls()
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _failure(code, f"{mail.to}: {_text(said)}") from error
        except smtplib.SMTPResponseException as error:
            raise _failure(
                error.smtp_code, f"{self.host}: {error.smtp_code} {_text(error.smtp_error)}"
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed(f"{self.host}:{self.port}: {error}") from error

    def _message(self, mail: Mail) -> EmailMessage:
        sender_name, sender = parseaddr(self.sender)
        message = EmailMessage()
        message["From"] = Address(sender_name, addr_spec=sender)
        message["To"] = Address(_one_line(mail.to_name), addr_spec=mail.to)
        message["Subject"] = _one_line(mail.subject)
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{quote(mail.key, safe='-')}@{sender.partition('@')[2] or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"  # so that out-of-office replies stay away
        message.set_content(mail.body)
        return message


def _failure(code: int, said: str) -> MailRefused | MailFailed:
    return MailRefused(said) if 500 <= code < 600 else MailFailed(said)


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _one_line(text: str) -> str:
    """Headers are one line; what people write may not be."""
    return " ".join(text.split())
