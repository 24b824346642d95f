"""Revisions as entity tags."""

from __future__ import annotations

import pytest

from api.errors import HttpRefused
from api.etags import ANY, etag, parse_if_match
from domain.errors import RevisionStale


@pytest.mark.parametrize("revision", [0, 1, 42, 10**12])
def test_a_revision_survives_the_way_there_and_back(revision: int) -> None:
    assert parse_if_match(etag(revision)) == revision
    assert parse_if_match(f"  {etag(revision)} ") == revision


def test_a_star_means_any_revision() -> None:
    assert parse_if_match(" * ") == ANY


@pytest.mark.parametrize(
    "header", ['W/"3"', '"abc"', '""', '"03"', '"-1"', '"3 "'[:-2] + '.0"', '"' + "9" * 30 + '"']
)
def test_a_tag_that_we_never_gave_matches_no_revision(header: str) -> None:
    with pytest.raises(RevisionStale):
        parse_if_match(header)


@pytest.mark.parametrize("header", ["3", "", '"3', '3"', '"1", "2"', "*,*", "w/3", '"a"b"', '"3" x', "'3'"])
def test_what_is_no_single_entity_tag_is_refused(header: str) -> None:
    with pytest.raises(HttpRefused) as caught:
        parse_if_match(header)
    assert caught.value.code == "header_invalid"
