"""A real SMTP server for tests, which keeps what it is sent and refuses what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.mail import SmtpMailer
from bootstrap.ports import a_free_port


@dataclass
class Mailbox:
    """What arrived, and what the server says instead of taking a message ("" takes it)."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refusal: str = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusal:
            return self.refusal
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"

    def mailer(self) -> SmtpMailer:
        return SmtpMailer("127.0.0.1", self.port, "Evertick <desk@evertick.example>")


@contextmanager
def a_mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox(a_free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
