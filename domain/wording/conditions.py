"""Conditions in words: `ticket.priority in ["P1", "P2"]` as “Priority” is P1 or P2."""

from __future__ import annotations

from domain.expressions import Ast, ExpressionError, parse, parse_template
from domain.expressions.ast import path_of
from domain.wording.phrases import knows
from domain.wording.vocabulary import Vocabulary, readable

_MOMENTS = ("datetime", "date", "time")
_ENDINGS = ("_at", "_start", "_end", "_until", "_since", "due")


def condition(text: str, words: Vocabulary) -> str:
    """A condition as part of a sentence, after “if”; as it is written when it cannot be read."""
    try:
        return _said(parse(text), words, positive=True)
    except ExpressionError:
        return f"`{text}`"


def value(text: str, words: Vocabulary) -> str:
    """What an expression gives."""
    try:
        return _value(parse(text), words)
    except ExpressionError:
        return f"`{text}`"


def template(text: str, words: Vocabulary, field: str = "") -> str:
    """A text whose placeholders are said in words; a single placeholder as what it gives."""
    try:
        parsed = parse_template(text)
    except ExpressionError:
        return text
    if parsed.is_plain:
        return words.option(field, text)
    if parsed.is_single:
        return _value(parsed.placeholders[0].ast, words)
    return "".join(part if isinstance(part, str) else f"[{_value(part.ast, words)}]" for part in parsed.parts)


def is_single_placeholder(text: str) -> bool:
    """Whether a text is one placeholder and nothing else."""
    try:
        return parse_template(text).is_single
    except ExpressionError:
        return False


def _said(ast: Ast, words: Vocabulary, *, positive: bool) -> str:
    """A truth: that this holds, or that it does not."""
    kind = ast[0]
    ending = "" if positive else ".not"
    if kind == "not":
        return _said(ast[2], words, positive=not positive)
    if kind in ("and", "or"):
        flipped = {"and": "or", "or": "and"}[kind]
        how = kind if positive else flipped
        inner = [_in_brackets(part, words, how, positive=positive) for part in ast[2]]
        said = inner[0]
        for other in inner[1:]:
            said = words.say("both" if how == "and" else "either", said, other)
        return said
    if kind == "compare":
        return _comparison(ast, words, positive=positive)
    if kind == "literal" and isinstance(ast[2], bool):
        return words.say("yes" if ast[2] == positive else "no")
    if kind == "method" and knows(ast[3]) and len(ast[4]) == 1:
        said = words.say(ast[3], _value(ast[2], words), _value(ast[4][0], words, ast[2]))
        return said if positive else words.say("not", said)
    if kind == "macro" and ast[3] in ("exists", "all"):
        said = words.say(ast[3], _value(ast[2], words), _of_each(ast, words))
        return said if positive else words.say("not", said)
    path = path_of(ast)
    if len(path) > 2 and knows(f"holds.{path[-1]}"):  # the service is critical
        return words.say(f"holds.{path[-1]}{ending}", _path(path[:-1], words))
    if path:
        return words.say(f"holds{ending}", _value(ast, words))
    said = _value(ast, words)
    return said if positive else words.say("not", said)


def _in_brackets(ast: Ast, words: Vocabulary, outer: str, *, positive: bool) -> str:
    said = _said(ast, words, positive=positive)
    inner, flip = ast, positive
    while inner[0] == "not":
        inner, flip = inner[2], not flip
    if inner[0] not in ("and", "or"):
        return said
    how = inner[0] if flip else {"and": "or", "or": "and"}[inner[0]]
    return said if how == outer else words.say("bracketed", said)


_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def _comparison(ast: Ast, words: Vocabulary, *, positive: bool) -> str:
    _, _, operator, left, right = ast
    if operator in ("==", "!="):
        equal = (operator == "==") == positive
        if left[0] == "literal" and right[0] != "literal":
            left, right = right, left
        if right[0] == "literal" and right[2] is None:
            return words.say("is.null" if equal else "is.not.null", _value(left, words))
        if right[0] == "literal" and isinstance(right[2], bool):
            return _said(left, words, positive=equal == right[2])
        counted = _counted(left)
        if counted is not None and right[0] == "literal" and right[2] == 0:
            return words.say("none_of" if equal else "some_of", _value(counted, words))
        return words.say("is" if equal else "is.not", _value(left, words), _value(right, words, left))
    if operator == "in":
        return _membership(left, right, words, positive=positive)
    counted = _counted(left)
    if counted is not None and right[0] == "literal" and (operator, right[2]) == (">", 0):
        return words.say("some_of" if positive else "none_of", _value(counted, words))
    # Not the opposite: with nothing to compare neither holds. Said so only where it reads no worse.
    moment = ".time" if _is_moment(left, words) or _is_moment(right, words) else ""
    said = words.say(f"{operator}{moment}", _value(left, words), _value(right, words, left))
    return said if positive else words.say("not", said)


def _membership(left: Ast, right: Ast, words: Vocabulary, *, positive: bool) -> str:
    ending = "" if positive else ".not"
    if path_of(right) == ("actor", "roles") and left[0] == "literal":
        return words.say(f"has_role{ending}", words.person(str(left[2])))
    if right[0] == "list":
        options = words.listed(_value(item, words, left) for item in right[2])
        return words.say(f"in{ending}", _value(left, words), options)
    return words.say(f"in.list{ending}", _value(left, words), _value(right, words))


def _counted(ast: Ast) -> Ast | None:
    if ast[0] == "call" and ast[2] == "size" and len(ast[3]) == 1:
        counted: Ast = ast[3][0]
        return counted
    return None


def _is_moment(ast: Ast, words: Vocabulary) -> bool:
    path = path_of(ast)
    if path == ("now",):
        return True
    if len(path) == 2 and path[0] == "ticket" and path[1] in words.fields:
        return words.fields[path[1]].type in _MOMENTS
    if ast[0] == "arithmetic":
        return _is_moment(ast[3], words) and not _is_moment(ast[4], words)
    return bool(path) and path[-1].endswith(_ENDINGS)


def _value(ast: Ast, words: Vocabulary, beside: Ast | None = None) -> str:
    """What a part of an expression gives. `beside`: what it is compared with, whose options it may name."""
    kind = ast[0]
    path = path_of(ast)
    if path:
        return _path(path, words)
    if kind == "literal":
        compared = path_of(beside) if beside is not None else ()
        field = compared[1] if len(compared) == 2 and compared[0] in ("ticket", "old") else ""
        if compared[-1:] == ("state",) and isinstance(ast[2], str):
            return (
                words.state(ast[2]) if compared[0] == "ticket" else words.term(f"{compared[0]}_state", ast[2])
            )
        if compared == ("ticket", "risk"):
            return words.risk(str(ast[2]))
        if compared[-1:] == ("category",) and not field and isinstance(ast[2], str):
            return words.term("category", ast[2])
        return words.option(field, ast[2])
    if kind == "duration":
        return words.length(ast[2])
    if kind == "list":
        return words.listed((_value(item, words, beside) for item in ast[2]), "and") or words.say("nothing")
    if kind == "arithmetic":
        return _arithmetic(ast, words)
    if kind == "negate":
        return words.say("minus", _value(ast[2], words))
    if kind == "coalesce":
        return words.say("coalesce", _value(ast[2], words), _value(ast[3], words))
    if kind == "if":
        cases = (_value(part, words, beside) for part in ast[3:5])
        return words.say("choose", _said(ast[2], words, positive=True), *cases)
    if kind in ("call", "method", "macro", "index"):
        return _applied(ast, words)
    if kind == "member":
        return words.say("part", _value(ast[2], words), _part(ast[3], words))
    if kind in ("not", "and", "or", "compare"):
        return _said(ast, words, positive=True)
    return str(kind)


def _applied(ast: Ast, words: Vocabulary) -> str:
    kind = ast[0]
    if kind == "call":
        if ast[2] == "size" and len(ast[3]) == 1:
            return words.say("number_of", _value(ast[3][0], words))
        return f"{ast[2]}({', '.join(_value(item, words) for item in ast[3])})"
    if kind == "method":
        return f"{_value(ast[2], words)}.{ast[3]}({', '.join(_value(item, words) for item in ast[4])})"
    if kind == "index":
        return f"{_value(ast[2], words)}[{_value(ast[3], words)}]"
    if ast[3] == "map":
        with words.calling(ast[4]):
            return words.say("map", _value(ast[2], words), _value(ast[5], words))
    if ast[3] == "filter":
        return words.say("filter", _value(ast[2], words), _of_each(ast, words))
    if ast[3] in ("exists", "all"):
        return _said(ast, words, positive=True)
    return f"{_value(ast[2], words)}.{ast[3]}({ast[4]}, {_value(ast[5], words)})"


def _of_each(ast: Ast, words: Vocabulary) -> str:
    """What holds for each entry of a list; the name it has in there means nothing outside."""
    with words.calling(ast[4]):
        return _said(ast[5], words, positive=True)


def _arithmetic(ast: Ast, words: Vocabulary) -> str:
    _, _, operator, left, right = ast
    if operator in ("+", "-") and _is_moment(left, words) and not _is_moment(right, words):
        operator = "after" if operator == "+" else "before"
    first = _operand(left, words, bracketed=operator in ("*", "/", "%"), of=("+", "-"))
    second = _operand(right, words, bracketed=operator in ("-", "*", "/", "%"), of=("+", "-", "*", "/", "%"))
    return words.say(operator, first, second)


def _operand(ast: Ast, words: Vocabulary, *, bracketed: bool, of: tuple[str, ...]) -> str:
    """One side of a calculation, in brackets where its own calculation comes first."""
    said = _value(ast, words)
    inner = bracketed and ast[0] == "arithmetic" and ast[2] in of
    return words.say("bracketed", said) if inner else said


def _path(path: tuple[str, ...], words: Vocabulary) -> str:
    first, *rest = path
    if first == "ticket" and rest:
        known = rest[0] in words.fields
        said = words.quoted(words.field(rest[0])) if known else words.field(rest[0])
        return _parts(said, rest[1:], words)
    if first == "old" and rest:
        return _parts(words.say("old", words.quoted(words.field(rest[0]))), rest[1:], words)
    if first in ("task", "clock", "approval") and len(rest) > 1:
        said = words.quoted(words.label(f"{first}s", rest[0]))
        return _parts(words.say(f"{first}.part", said, _part(rest[1], words)), rest[2:], words)
    if first in ("link", "links") and rest:
        said = words.say("links.part", words.quoted(words.label("links", rest[0])))
        return _parts(said, rest[1:], words)
    if first == "check" and rest and knows(f"check.{rest[0]}"):
        return words.say(f"check.{rest[0]}")
    if first == "event" and rest:
        return _parts(words.say("event.value", _part(rest[0], words)), rest[1:], words)
    if first == "response":
        return _parts(words.say("answer"), rest, words)
    if first == "table" and len(rest) > 1:
        return _parts(words.column(rest[0], rest[1]), rest[2:], words)
    if first in words.items:
        return _parts(words.say("item"), rest, words)
    if first in ("now", "actor", "linked"):
        return _parts(words.say(first), rest, words)
    return _parts(readable(first), rest, words)


def _parts(said: str, rest: list[str], words: Vocabulary) -> str:
    for name in rest:
        said = words.say("part", said, _part(name, words))
    return said


def _part(name: str, words: Vocabulary) -> str:
    return words.say(f"part.{name}") if knows(f"part.{name}") else readable(name)
