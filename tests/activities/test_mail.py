"""Mail through a real SMTP server."""

from __future__ import annotations

import pytest

from activities.mail import Mail, MailFailed, MailRefused, SmtpMailer
from bootstrap.ports import a_free_port
from tests.activities.mail_server import a_mail_server

MAIL = Mail(
    "ticket/1/0/ann smith/email", "ann@example.com", "Ann 陈", "INC-1: 网络\nBcc: evil", "Guten Tag\n你好"
)


def test_a_mail_arrives_as_written_with_its_key_as_message_id() -> None:
    with a_mail_server() as mailbox:
        mailbox.mailer().send(MAIL)
        (message,) = mailbox.messages
    assert message["Message-ID"] == "<ticket%2F1%2F0%2Fann%20smith%2Femail@evertick.example>"
    assert message["To"] == "Ann 陈 <ann@example.com>"
    assert message["Subject"] == "INC-1: 网络 Bcc: evil"  # one line: nobody adds headers through a title
    assert message["Bcc"] is None
    assert message.get_content().splitlines() == ["Guten Tag", "你好"]


def test_a_repeated_mail_has_the_same_message_id() -> None:
    with a_mail_server() as mailbox:
        mailbox.mailer().send(MAIL)
        mailbox.mailer().send(MAIL)
        first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_a_permanent_refusal_is_told_from_a_passing_one() -> None:
    with a_mail_server() as mailbox:
        mailbox.refusal = "550 no such mailbox"
        with pytest.raises(MailRefused, match="no such mailbox"):
            mailbox.mailer().send(MAIL)
        mailbox.refusal = "451 try later"
        with pytest.raises(MailFailed, match="try later"):
            mailbox.mailer().send(MAIL)


def test_a_server_that_is_away_is_a_passing_failure() -> None:
    with pytest.raises(MailFailed, match="127"):
        SmtpMailer("127.0.0.1", a_free_port(), "desk@evertick.example").send(MAIL)
