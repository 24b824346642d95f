"""The exception tree. Only `api/` and `web/` turn these into HTTP; `code` is the stable word they carry.

EvertickError
├── DefinitionInvalid      a definition has mistakes: every problem, with file, line and column
├── DefinitionUnknown      no definition is known under this name or hash
├── Refused                a rule of the process says no; nothing changed
│   ├── NotPermitted       this person may not
│   ├── FormInvalid        fields are missing, unknown or of the wrong type: every field at once
│   ├── TransitionRefused  not from this state, or its `if` does not hold
│   └── FactsMissing       something the step needs from outside could not be had
├── TicketUnknown          no such ticket, or one this person may not see
├── Conflict               the request does not fit what is stored
│   ├── RevisionStale      `If-Match` names an older revision
│   ├── RevisionMissing    a guarded write came without `If-Match`
│   └── KeyReused          the same idempotency key with another request
├── EngineFault            the engine met what it does not know; the ticket is untouched
└── Unavailable            a part (database, Temporal) is away for now; try again later
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition file: where (1-based line and column), what, what next.

    `code` is a stable word for its kind; those of definitions are listed in `domain/language/codes.py`.
    """

    file: str
    line: int
    column: int
    message: str
    severity: str = "error"  # "error" | "warning"
    code: str = "other"

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}:{self.column}: {mark}{self.message}"


MOST_PROBLEMS = 200
"""More are not told: a file with so many is of another kind than it says, or hostile."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake in what a person or a client sent: the field, a stable code, a sentence."""

    field: str
    # missing | unknown | type | option | too_long | range | pattern | not_applicable | control | forbidden | rule
    code: str
    message: str
    texts: tuple[tuple[str, str], ...] = ()  # the owner's own sentence by locale, where there is one

    def __str__(self) -> str:
        return (
            f"{self.field}: {self.message}" if self.field else self.message
        )  # a rule of several fields has none


class EvertickError(Exception):
    """Everything Evertick raises on purpose."""

    code = "error"


class DefinitionInvalid(EvertickError):
    """A definition has mistakes; `problems` has every one of them."""

    code = "definition_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class DefinitionUnknown(EvertickError):
    """No definition is known under this name or hash."""

    code = "definition_unknown"


class Refused(EvertickError):
    """A rule of the process says no. `text` is the sentence shown, by locale where the owner wrote one."""

    code = "refused"

    def __init__(self, message: str, *, text: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.text = text or {"en": message}


class NotPermitted(Refused):
    """This person may not do this."""

    code = "not_permitted"


class FormInvalid(Refused):
    """Fields are missing, unknown or of the wrong type; `errors` has every one of them."""

    code = "form_invalid"

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = tuple(errors)


class TransitionRefused(Refused):
    """The transition does not start from this state, or its `if` does not hold."""

    code = "transition_refused"


class FactsMissing(Refused):
    """Something the step needs from outside could not be had; try again later."""

    code = "facts_missing"


class EngineFault(EvertickError):
    """The engine met what it does not know. The ticket is untouched; an operator has to look."""

    code = "engine_fault"


class TicketUnknown(EvertickError):
    """There is no such ticket, or this person may not see it."""

    code = "ticket_unknown"


def unknown(ref: str) -> TicketUnknown:
    """The same answer for a ticket that is not there and one that may not be seen."""
    return TicketUnknown(f"there is no ticket {ref[:64]!r}, or you may not see it")


class Conflict(EvertickError):
    """The request does not fit what is stored."""

    code = "conflict"


class RevisionStale(Conflict):
    """`If-Match` names an older revision of the ticket."""

    code = "revision_stale"


class RevisionMissing(Conflict):
    """A guarded write came without `If-Match`."""

    code = "revision_missing"


class KeyReused(Conflict):
    """The same idempotency key came with another request."""

    code = "key_reused"


class Unavailable(EvertickError):
    """A part (database, Temporal) is away for now."""

    code = "unavailable"
