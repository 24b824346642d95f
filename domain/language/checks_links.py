"""What is known of linked tickets: fields of a link, and the values that actions give them."""

from __future__ import annotations

from collections.abc import Iterable

from domain.language.checking import Checking
from domain.language.checks_rules import check_cell
from domain.language.checks_values import as_field, check_given
from domain.language.models import Link, LinkTickets, Model, Word
from domain.language.places import Path

ITSELF = ("id", "ref", "category")


def check_links(checking: Checking, parts: Iterable[tuple[Path, Model | Word]]) -> None:
    """Fields that mean one thing each, and values that fit them."""
    for path, part in parts:
        if isinstance(part, Link):
            _check_fields(checking, path, part)
        elif isinstance(part, LinkTickets):
            _check_values(checking, path, part)


def _check_fields(checking: Checking, path: Path, link: Link) -> None:
    for name, field in link.fields.items():
        place = (*path, "fields", name)
        check_cell(checking, place, name, field)
        also = (
            "every linked ticket has it"
            if name in ITSELF
            else "it is read of the linked ticket"
            if name in link.reads
            else "this ticket shows its own"
            if name in link.shows
            else ""
        )
        if also:
            checking.error(place, f'"{name}" is taken: {also}; take another name', key=True, code="field")


def _check_values(checking: Checking, path: Path, action: LinkTickets) -> None:
    if action.from_ is None and not action.fields:
        checking.error(
            path,
            "say what is linked: `from: …`; or, with `fields`, what is set for the tickets that are linked already",
        )
    link = checking.process.links.get(action.link)
    if link is None:
        return
    for name, value in action.fields.items():
        place = (*path, "fields", name)
        if name in link.fields:
            check_given(checking, place, name, as_field(link.fields[name]), value)
        else:
            checking.unknown(place, f"field of the link {action.link}", name, link.fields, key=True)
