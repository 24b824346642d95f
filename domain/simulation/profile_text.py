"""A profile as the text of a file: what an owner starts from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from domain.language.words import Json
from domain.simulation.profile import Profile

SCHEMA = "./schema/simulation-1.json"
"""As seen from the folder of definitions, where `definition schema --out schema` writes it."""

_SECTIONS = {
    "arrivals": "When tickets come: how many an hour.",
    "requesters": "Who opens them.",
    "services": "What they are about; conditions and routing read the attributes.",
    "fields": "What tickets say: each value as often as its weight. What is not here gets anything that fits.",
    "teams": "Who works, by which calendar.",
    "groups": "",
    "on_call": "Rosters that are no team; every week the next person's turn. A team's own people take turns too.",
    "states": "What happens in a state. work: an agent is busy so long; after: it only takes time. Then, by weight,\n"
    "# a button, or reply (the requester writes), or nothing (a timer of the process has to move it on).",
    "transitions": "Buttons that take longer, or less long, than their state says.",
    "tasks": "Tasks: work for people, or how long a service takes (after). fails: how often it does.",
    "approvals": "How long an approver takes, and what they answer, by weight.",
    "pages": "Who is called: how often they answer, how soon, and whether they then work outside their hours.",
    "first_reply": "How often an agent writes to the requester when taking a ticket up.",
}


def profile_text(profile: Profile, file: str) -> str:
    """The profile as YAML with comments, one line for each thing."""
    lines = [
        f"# yaml-language-server: $schema={SCHEMA}",
        f"# A simulation profile: evertick definition simulate {file} --profile THIS_FILE",
        "# Every line is a guess made from the definition. Make it true; what you remove is guessed again.",
        "kind: simulation",
        "lang: 1",
        f"process: {profile.process}",
    ]
    data = profile.model_dump(mode="json", by_alias=True, exclude_none=True)
    for section, comment in _SECTIONS.items():
        value = _short(data.get(section))
        if value is None or value == {}:
            continue
        lines.append("")
        if comment:
            lines.append(f"# {comment}")
        if isinstance(value, dict) and section not in ("requesters", "pages"):
            lines.append(f"{section}:")
            lines += _entries(value, "  ")
        else:
            lines.append(f"{section}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _entries(value: Mapping[str, Json], indent: str) -> list[str]:
    found = []
    for name, one in value.items():
        if name == "per_hour" and isinstance(one, dict):
            found.append(f"{indent}{name}:")
            found += _entries(one, indent + "  ")
        else:
            found.append(f"{indent}{_flow(name)}: {_flow(one)}")
    return found


def _short(value: Any) -> Any:
    """The shorthand where there is one; what is empty or left alone is not written."""
    if not isinstance(value, dict):
        return value
    if set(value) == {"fixed"}:
        return value["fixed"]
    return {
        name: int(one) if isinstance(one, float) and one == int(one) else _short(one)
        for name, one in value.items()
        if one not in ([], "0%") or name == "first_reply"
    }


def _flow(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text: str = yaml.safe_dump(
        value, default_flow_style=True, width=10_000, sort_keys=False, allow_unicode=True
    )
    return text.removesuffix("...\n").strip()
