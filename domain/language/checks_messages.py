"""Messages: each of their fields can be told in one value."""

from __future__ import annotations

from domain.language.checking import Checking

_INSTEAD = {
    "rows": "a message has no columns to read rows by; tell what matters of them as text or a number",
    "choice": "a message has no options to choose from; write text, and compare it where it is heard",
    "choices": "a message has no options to choose from; write text, and compare it where it is heard",
}


def check_messages(checking: Checking) -> None:
    """What nobody could send is refused."""
    for name, message in checking.process.messages.items():
        for field, kind in message.fields.items():
            if kind in _INSTEAD:
                checking.error(("messages", name, "fields", field), _INSTEAD[kind])
