"""What people really do wrong in YAML, and what to write instead."""

from __future__ import annotations

import re

import yaml

from domain.errors import Problem

COLON = 'text that contains ": " needs quotes'
_QUOTED_START = re.compile(r"""(?:^\s*|[:\-,{\[]\s+)(["'])(?:(?!\1).)*\1\s+[^\s,}\]#:]""")
_FLOW_BRACKET = re.compile(r"\{[^}\[]*:\s[^,}\[\"']*\S\s*\[")

_SECOND_COLON = re.compile(r"(?:[\[,]|:\s)\s*[^\s,:{}\[\]\"'][^,{}\[\]]*$")
"""What stands before a colon inside brackets that cannot be the one after a name."""
_ODD_SPACE = "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_ODD_INDENT = re.compile(rf"[ \t]*(?:- +)*-?({_ODD_SPACE})")
_WIDE = re.compile(
    r"(?:^\s*(?:- )?|[{,，]\s*)[A-Za-z_][\w-]*\s*(?P<colon>：)|(?P<comma>，)\s*[a-z_]+\s*[:：]", re.ASCII
)
_SPACES = {"\u00a0": "a no-break space", "\u3000": "a full-width space"}


def odd_indent(line: str) -> tuple[int, str] | None:
    """The column of a character in the indent of a line that looks like a space and is none, and what to say."""
    found = _ODD_INDENT.match(line)
    if found is None:
        return None
    char = found[1]
    name = _SPACES.get(char, "an unusual space")
    return found.start(1) + 1, f"{name} (U+{ord(char):04X}) stands here; indent with ordinary spaces"


def wide_sign(line: str) -> tuple[int, str] | None:
    """The column of a full-width sign that stands where YAML wants an ordinary one, and what to say."""
    found = _WIDE.search(line)
    if found is None:
        return None
    wide = next(name for name, sign in found.groupdict().items() if sign)
    plain = {"colon": '": "', "comma": '", "'}[wide]
    sign = found[wide]
    return found.start(wide) + 1, f"{sign} is a full-width {wide}; write {plain}"


def empty_value_hint(name: str, *, flow: bool) -> str:
    """What to say of a key without a value."""
    if flow:
        return f'"{name}" has no value; write one, and quote text that contains a comma'
    return f'"{name}" has no value; write one, or null to leave it out'


def tag_hint(tag: str, line: str) -> str:
    """What to say of a YAML tag."""
    written = re.split(r"[\s,\]}]", line, maxsplit=1)[0]
    if tag.startswith(("!!", "tag:")) or not line.startswith("!"):
        return f'the YAML tag "{written}" is not allowed; remove it'
    word = written.lstrip("!")
    return f'"{written}" is read as a YAML tag; write `not {word}`, or quote text that starts with !'


def syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """The parser's first complaint, in words that say what to change, where it helps."""
    problem = error.problem or "this is not YAML"
    context = error.context or ""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    begins = error.context_mark
    above = [line - 1] if line > 1 and line - 1 <= len(lines) and wide_sign(lines[line - 2]) else []
    for near in sorted({*above, line, begins.line + 1 if begins else line}):
        if near <= len(lines) and (odd := odd_indent(lines[near - 1])):
            return Problem(file, near, *odd)
        if near <= len(lines) and (wide := wide_sign(lines[near - 1])):
            return Problem(file, near, *wide)
    if "quoted scalar" in context and begins:
        return Problem(file, begins.line + 1, begins.column + 1, "this quote is never closed")
    if problem.startswith("found duplicate") and "anchor" in problem:
        return Problem(file, line, column, "anchors are not allowed")
    if "undefined alias" in problem:
        return Problem(file, line, column, "aliases are not allowed; quote text that starts with *")
    if "scanning a tag" in context and begins:
        written = lines[begins.line][begins.column :]
        return Problem(file, begins.line + 1, begins.column + 1, tag_hint("", written))
    if "could not find expected ':'" in problem and begins:
        message = 'this line has no ": "; write `name: value`, or indent it if it belongs to the text above'
        return Problem(file, begins.line + 1, begins.column + 1, message)
    hint = _hint(problem, context, shown, column)
    if hint is None and "flow" in context and _is_second_colon(shown, column):
        return Problem(file, line, column, COLON)
    if hint is None and begins and ("flow" in context or "," in problem):
        opener = lines[begins.line] if begins.line < len(lines) else ""
        hint = (
            _hint(problem, context, opener, begins.column + 1)
            or "this bracket is never closed, or a comma is missing"
        )
        return Problem(file, begins.line + 1, begins.column + 1, hint)
    if hint is None and "did not find expected" in problem and line > 1 and begins:
        return Problem(
            file, line, column, "this line does not fit the ones above; check how far it is indented"
        )
    return Problem(file, line, column, hint or f"this is not YAML: {problem}")


def _is_second_colon(shown: str, column: int) -> bool:
    """Whether the parser stopped at a colon inside brackets that belongs to a text without quotes."""
    return shown[column - 1 : column + 1].rstrip() == ":" and bool(_SECOND_COLON.search(shown[: column - 1]))


def _hint(problem: str, context: str, shown: str, column: int) -> str | None:
    indent = shown[: len(shown) - len(shown.lstrip())]
    if "\t" in indent or shown[column - 1 : column] == "\t":
        return "a tab stands here; indent with spaces"
    if "{{" in shown and not re.search(r"""["'][^"']*\{\{""", shown):
        return 'text with {{ }} needs quotes: "{{ … }}"'
    if re.search(r"[\s(]\?\s.*\s:\s", shown):
        return "write `if a then b else c` instead of `a ? b : c`"
    if "mapping values are not allowed" in problem:
        if ": " not in shown[: column - 1]:
            return "this line is read as part of the text above; check how far it is indented"
        return COLON
    if _FLOW_BRACKET.search(shown):
        return "inside { } an expression that contains [ ] needs quotes: {if: 'ticket.impact in [\"low\"]'}"
    if _QUOTED_START.search(shown):
        return "a value that starts with a quote ends with it; put the whole expression in single quotes"
    if "cannot start any token" in problem:
        return f"text may not start with {shown[column - 1 : column] or 'this'}; put it in quotes"
    if "flow" in context and "\n" not in problem and "{" in shown and shown.count("{") > shown.count("}"):
        return "this { is not closed by a }"
    return None
