"""The kinds of problems of a definition: a stable word for each, for filters and for editors."""

from __future__ import annotations

CODES: dict[str, str] = {
    "yaml": "The file cannot be read as YAML, or uses a part of YAML that the language leaves out.",
    "file": "A file is missing, of another kind, or defines what another file defines too.",
    "shape": "A value is of another shape than is wanted here.",
    "missing-key": "A key that is always needed is not there.",
    "unknown-key": "A key that means nothing here.",
    "unknown-name": "A state, field, role, event or other thing that is not declared.",
    "expression": "An expression or a {{ }} that cannot be read or compares what does not go together.",
    "value": "A value that does not fit the field or place it is for.",
    "field": "A field, form, matrix or risk table that cannot work as declared.",
    "rule": "What a field or state asks of values and cannot: rules, offered options, columns.",
    "table": "A table or a cell of it that cannot work as declared.",
    "transition": "A state, group or transition that cannot work as declared.",
    "clock": "A clock or agreement that cannot work as declared.",
    "work": "A task, approval, escalation or action that cannot work as declared.",
    "calendar": "A calendar, window or time zone that cannot work as declared.",
    "text": "A text or locale that cannot work as declared.",
    "test": "A step or expectation of a test file that means nothing.",
    "organisation": "A person, team or service of the organisation file that cannot be understood.",
    "unreachable-state": "No way leads from the first state to this one.",
    "stuck-state": "A state that no ticket can leave.",
    "no-default-branch": "A case for which no branch is left, or a branch that is never reached.",
    "matrix-gap": "A combination for which the priority matrix has no level.",
    "target-gap": "A value for which a clock has no target or calendar.",
    "ambiguous-days": "Days in a calendar with opening hours.",
    "missing-language": "A text that is missing in a language of the process.",
}
"""Every code that `Problem.code` has for a definition, with what it means."""
