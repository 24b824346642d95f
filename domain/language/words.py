"""The words of a definition as types: references, conditions, texts, and their shorthand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from domain.durations import parse_duration
from domain.language.foreign_words import in_ordinary_characters
from domain.language.shorthand import MANY

Json = object
"""A JSON value: None, bool, int, float, str, list or dict of these."""

IDENT = r"[a-z][a-z0-9_]*"
LOCALE = r"[a-z]{2,3}(-[A-Z]{2})?"
_LOCALE = re.compile(LOCALE + r"\Z")


class Model(BaseModel):
    """A part of a definition: immutable, closed; a trailing underscore of a name is not in the YAML."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.rstrip("_"))

    def written(self) -> list[tuple[str, Any]]:
        """What was written, by field. What was computed of it stands beside it in `__dict__`, and another thread may
        just be adding to that.
        """
        return [(name, self.__dict__[name]) for name in type(self).__pydantic_fields__]


class Word(str):
    """A string that means something in a definition."""

    __slots__ = ()
    pattern: ClassVar[re.Pattern[str] | None] = None
    expected: ClassVar[str] = "text"
    json_schema: ClassVar[dict[str, Any]] = {}

    @classmethod
    def of(cls, value: Any) -> Word:
        """Check and tag a value from YAML."""
        if isinstance(value, str) and (cls.pattern is None or cls.pattern.fullmatch(value)):
            return cls(value)
        plain = in_ordinary_characters(value) if isinstance(value, str) else None
        if plain and cls.pattern and cls.pattern.fullmatch(plain):
            raise PydanticCustomError(
                "word",
                "{shown} has full-width characters; write {plain}",
                {"shown": show(value), "plain": plain},
            )
        raise PydanticCustomError(
            "word", "{shown} should be {expected}", {"shown": show(value), "expected": cls.expected}
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.of)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        shape: JsonSchemaValue = {"type": "string", "title": cls.__name__, **cls.json_schema}
        if cls.pattern is not None:
            shape["pattern"] = "^(?:" + cls.pattern.pattern + ")$"
        return shape


def show(value: Any) -> str:
    """A value as its author may recognise it."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return str(value)


class Ident(Word):
    """A name: small letters, digits and underscores."""

    __slots__ = ()
    pattern = re.compile(IDENT)
    expected = "a name: small letters, digits and _, starting with a letter"


Key = Annotated[str, Ident]
"""A name in a mapping: checked like an Ident, a plain string afterwards."""


class Expr(Word):
    """An expression of any type."""

    __slots__ = ()
    expected = "an expression"
    json_schema: ClassVar[dict[str, Any]] = {"format": "expression"}


class Cond(Expr):
    """An expression that is true or false."""

    __slots__ = ()

    @classmethod
    def of(cls, value: Any) -> Word:
        """`if: true` is a condition too, though YAML reads a boolean."""
        return super().of({True: "true", False: "false"}[value] if isinstance(value, bool) else value)


class TimeExpr(Expr):
    """An expression that is a moment."""

    __slots__ = ()


class Tmpl(Word):
    """A text that may contain {{ expressions }}."""

    __slots__ = ()
    json_schema: ClassVar[dict[str, Any]] = {"format": "template"}


class Dur(Word):
    """A length of time such as `1h30m`."""

    __slots__ = ()
    pattern = re.compile(r"(\d{1,6}[smhdw])+", re.ASCII)
    expected = "a length of time such as 30m, 4h or 2d"

    @classmethod
    def of(cls, value: Any) -> Word:
        """Check the units and their order too."""
        word = super().of(value)
        try:
            parse_duration(word)
        except ValueError as error:
            raise PydanticCustomError("word", "{why}", {"why": str(error)}) from None
        return word


class Selector(Word):
    """Who: a role, `team:x`, `group:x`, `lead:x`, `on-call:x`, `person:x`, `field:x` or such as `lead-of:team`.

    `manager-of:` may stand before another relation; `stage:x` are those who voted in a stage of an approval.
    """

    __slots__ = ()
    pattern = re.compile(
        r"[a-z][a-z0-9_]*|(team|lead|on-call|person|group):[a-z0-9][a-z0-9_.-]*"
        r"|(manager-of:)*(manager|lead|owner|members|on-call)-of:[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?"
        r"|field:[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?"
        r"|stage:[a-z][a-z0-9_]*"
    )
    expected = (
        "a role, team:x, lead:x, group:x, person:x, on-call:x, field:x, "
        "or manager-of:, lead-of:, owner-of:, members-of: or on-call-of: and a field"
    )


class StateRef(Word):
    """A state of this process."""

    __slots__ = ()
    expected = "the name of a state"


class StatesRef(Word):
    """A state, a category, a group of states, `open` or `any`; `field:value` tests a choice field beside them."""

    __slots__ = ()
    expected = "the name of a state, a category or a group"


class EventRef(Word):
    """An event such as `created`, `replied.requester` or `task.order.done`."""

    __slots__ = ()
    expected = "the name of an event"


class CalendarRef(Word):
    """A calendar, or the built-in `always`."""

    __slots__ = ()
    expected = "the name of a calendar"


class TemplateRef(Word):
    """One of `notifications`."""

    __slots__ = ()
    expected = "the name of a notification"


class EscalationRef(Word):
    """One of `escalations`."""

    __slots__ = ()
    expected = "the name of an escalation"


class ClockRef(Word):
    """One of `clocks`."""

    __slots__ = ()
    expected = "the name of a clock"


class TaskRef(Word):
    """One of `tasks`."""

    __slots__ = ()
    expected = "the name of a task"


class ApprovalRef(Word):
    """One of `approvals`."""

    __slots__ = ()
    expected = "the name of an approval"


class FieldRef(Word):
    """A field, built in or declared."""

    __slots__ = ()
    expected = "the name of a field"


class FormRef(Word):
    """One of `forms`."""

    __slots__ = ()
    expected = "the name of a form"


class LinkRef(Word):
    """One of `links`."""

    __slots__ = ()
    expected = "the name of a link"


class SourceRef(Word):
    """One of `links`, or `sender`: the ticket that sent the message, or that was linked."""

    __slots__ = ()
    pattern = Ident.pattern
    expected = "the name of a link, or sender"


class ProcessRef(Word):
    """Another process."""

    __slots__ = ()
    pattern = Ident.pattern
    expected = "the id of a process"


class MessageRef(Word):
    """A message declared by the process it is sent to."""

    __slots__ = ()
    pattern = Ident.pattern
    expected = "the name of a message"


class LevelRef(Word):
    """A level of `priority`."""

    __slots__ = ()
    expected = "the name of a priority level"


Bool = Annotated[bool, Strict()]
Int = Annotated[int, Strict()]
Number = Annotated[float, Strict()]


def _text(value: Any) -> Any:
    if isinstance(value, str):
        return {"*": Tmpl(value)}
    if not isinstance(value, dict):
        raise PydanticCustomError(
            "text",
            "{shown} should be text, or a text per locale such as {en: …, zh-CN: …}",
            {"shown": show(value)},
        )
    if not value:
        raise PydanticCustomError("text", "the text is missing in every locale")
    for locale, text in value.items():
        if locale != "*" and not _LOCALE.match(locale):
            raise PydanticCustomError(
                "text", '"{locale}" is not a locale such as en or zh-CN', {"locale": locale}
            )
        if not isinstance(text, str):
            raise PydanticCustomError(
                "text", "{shown} should be text; put it in quotes", {"shown": show(text)}
            )
    return {locale: Tmpl(text) for locale, text in value.items()}


TEXT_SHAPE = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "propertyNames": {"pattern": f"^{LOCALE}$"},
            "additionalProperties": {"type": "string"},
        },
    ]
}


class _TextType:
    """Pydantic's view of a text by locale."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(_text)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(TEXT_SHAPE)


Text = Annotated[dict[str, str], _TextType]
"""A text by locale. A plain string is `{"*": "…"}`: the same in every locale."""

Many = MANY
Selectors = Annotated[tuple[Selector, ...], Many]
Events = Annotated[tuple[EventRef, ...], Many]
StateNames = Annotated[tuple[StatesRef, ...], Many]


def text_in(text: Mapping[str, str], locale: str) -> str:
    """The text in a locale; else in its language, else for all, else in English, else the first."""
    language = locale.split("-", maxsplit=1)[0]
    same_language = (name for name in text if name.split("-")[0] == language)
    for name in (locale, language, next(same_language, ""), "*", "en"):
        if name in text:
            return text[name]
    return next(iter(text.values()), "")
