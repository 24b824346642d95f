"""Deliveries of the ledger: sent once by mail, or kept in the outbox, or parked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from temporalio.exceptions import ApplicationError

from activities.deliver import Deliveries
from activities.mail import Mail, Mailer, MailFailed, MailRefused
from store import ledger
from store.ledger import Delivery
from store.session import Database
from store.together import Together
from tests.activities.mail_server import a_mail_server
from tests.store.builders import Shelf
from workflows.messages import Deliver, DeliveryKey

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


class Postman:
    """A mailer that fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(mail)


def deliveries(database: Database, mailer: Mailer | None, attempts: int = 3) -> Deliveries:
    return Deliveries(
        Together(database), lambda: NOW, mailer=mailer, address="https://desk.example", attempts=attempts
    )


def a_ticket(database: Database) -> tuple[str, dict[str, DeliveryKey]]:
    """A ticket whose opening tells its requester by mail and chat."""
    ticket = Shelf(database).open(requester="cora", title="打印机")
    with database.reading() as session:
        keys = ledger.owed(session, ticket.id)
    return ticket.id, {
        key.channel: DeliveryKey(key.seq, key.effect, key.recipient, key.channel) for key in keys
    }


def row_of(database: Database, ticket: str, channel: str) -> Delivery:
    with database.reading() as session:
        return next(row for row in ledger.of_ticket(session, ticket) if row.key.channel == channel)


def test_mail_is_sent_once_and_its_row_says_so(database: Database) -> None:
    ticket, keys = a_ticket(database)
    with a_mail_server() as mailbox:
        sender = deliveries(database, mailbox.mailer())
        for _ in range(2):
            assert sender.deliver(Deliver(ticket, keys["email"])).status == "sent"
        (message,) = mailbox.messages
    row = row_of(database, ticket, "email")
    assert (row.status, row.sent_at, row.attempts) == ("sent", NOW, 1)
    assert message["To"] == "陈可 <cora@example.com>"
    assert message["Subject"] == row.subject
    assert ticket in message["Message-ID"]
    assert message.get_content().split()[-1] == "https://desk.example/tickets/SM-0001"


def test_without_a_mail_server_and_for_other_channels_the_outbox_keeps_it(database: Database) -> None:
    ticket, keys = a_ticket(database)
    assert deliveries(database, None).deliver(Deliver(ticket, keys["email"])).status == "kept"
    postman = Postman()
    assert deliveries(database, postman).deliver(Deliver(ticket, keys["chat"])).status == "kept"
    assert not postman.sent


def test_a_passing_failure_is_tried_again_and_parked_at_its_limit(database: Database) -> None:
    ticket, keys = a_ticket(database)
    sender = deliveries(database, Postman(*[MailFailed("451 later")] * 3))
    for attempt in (1, 2):
        with pytest.raises(ApplicationError, match="451 later"):
            sender.deliver(Deliver(ticket, keys["email"]))
        row = row_of(database, ticket, "email")
        assert (row.status, row.attempts, row.error) == ("failed", attempt, "451 later")
    assert sender.deliver(Deliver(ticket, keys["email"])).status == "parked"
    assert sender.deliver(Deliver(ticket, keys["email"])).status == "parked"  # an operator's business now


def test_what_the_server_refuses_for_good_is_parked_at_once(database: Database) -> None:
    ticket, keys = a_ticket(database)
    sender = deliveries(database, Postman(MailRefused("550 unknown")))
    assert sender.deliver(Deliver(ticket, keys["email"])).status == "parked"
    assert row_of(database, ticket, "email").error == "550 unknown"


def test_a_failed_mail_goes_out_when_the_server_is_back(database: Database) -> None:
    ticket, keys = a_ticket(database)
    postman = Postman(MailFailed("away"))
    sender = deliveries(database, postman)
    with pytest.raises(ApplicationError):
        sender.deliver(Deliver(ticket, keys["email"]))
    assert sender.deliver(Deliver(ticket, keys["email"])).status == "sent"
    assert len(postman.sent) == 1


def test_a_page_is_a_mail_that_says_so(sqlite_database: Database) -> None:
    shelf = Shelf(sqlite_database)
    ticket = shelf.open(requester="cora")
    outcome = shelf.decide(ticket, "nudge")
    from store.append import append

    with sqlite_database.transaction() as session:
        append(session, shelf.definitions, ticket.id, 1, outcome.entries, NOW)
        (key,) = [key for key in ledger.owed(session, ticket.id) if key.channel == "page"]
    postman = Postman()
    sender = deliveries(sqlite_database, postman)
    assert (
        sender.deliver(Deliver(ticket.id, DeliveryKey(key.seq, key.effect, key.recipient, "page"))).status
        == "sent"
    )
    (mail,) = postman.sent
    assert mail.to == "ben@example.com"
    assert mail.subject.startswith("[PAGE] ")
    assert mail.body


def test_a_delivery_nobody_decided_is_refused_for_good(sqlite_database: Database) -> None:
    ticket, _ = a_ticket(sqlite_database)
    with pytest.raises(ApplicationError) as caught:
        deliveries(sqlite_database, None).deliver(Deliver(ticket, DeliveryKey(7, 0, "ann", "email")))
    assert caught.value.non_retryable
