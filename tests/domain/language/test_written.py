"""The merged definition as one file: it says where everything comes from, and loads to the same definition."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.language.loader import Loaded, load_process
from domain.language.models import Process
from domain.language.unused import unused_items
from domain.language.written import part_of, whole, written
from domain.language.yaml_source import Mark, Node, plain, read_yaml
from tests.domain.language.files import KNOWN, from_folders, load_small, memory, small

PROCESSES = ("incident", "change", "problem", "request", "laptop", "access", "asset_repair")


def load(name: str) -> Loaded:
    return load_process(f"{name}.yaml", from_folders, known_processes=KNOWN)


def text_of(node: Node) -> str:
    return "".join(
        f"{line.text}  # {line.place}\n" if line.place else f"{line.text}\n" for line in written(node)
    )


def without_origin(process: Process | None) -> dict[str, object]:
    """What must stay the same: everything but the files it is made of, and whose clocks agreements name."""
    assert process is not None
    return process.model_dump(exclude={"uses", "extends", "agreements"})


@pytest.mark.parametrize("name", PROCESSES)
def test_what_is_shown_loads_to_the_same_definition(name: str) -> None:
    loaded = load(name)
    again = load_process("m.yaml", memory({"m.yaml": text_of(whole(loaded))}))
    assert without_origin(again.process) == without_origin(loaded.process)
    assert again.process is not None
    assert loaded.process is not None
    if not loaded.lineage:
        assert again.process.agreements == loaded.process.agreements


@pytest.mark.parametrize("name", PROCESSES)
def test_without_what_it_does_not_use_it_has_no_errors(name: str) -> None:
    loaded = load(name)
    shown = text_of(whole(loaded, unused_items(loaded)))
    again = load_process("m.yaml", memory({"m.yaml": shown}), known_processes=KNOWN)
    assert [str(problem) for problem in again.problems if problem.severity == "error"] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_every_place_is_that_of_the_value(name: str) -> None:
    loaded = load(name)
    for line in written(whole(loaded)):
        if line.place is not None:
            source = loaded.sources[line.place.file].split("\n")[line.place.line - 1]
            key = line.text.strip().removeprefix("- ").partition(":")[0].strip('"')
            shown = key.rpartition(".")[2] if "." in key else key  # agreements of a parent have its own name
            assert shown in source, (line, source)


def test_agreements_about_the_parent_become_its_own() -> None:
    shown = plain(whole(load("laptop")))
    assert shown["agreements"]["customer_desk"]["targets"]["laptop.response"]["target"] == "30m"


def test_what_the_process_says_itself_goes_before_what_an_agreement_says_of_its_parent() -> None:
    parent = small(abstract="true")
    child = "kind: process\nlang: 1\nid: child\nversion: 1\nextends: p.yaml\nuses: [a.yaml]\n"
    library = (
        "kind: library\nlang: 1\nid: a\nversion: 1\nagreements:\n  gold:\n    targets:\n"
        "      small.response: {target: 2h}\n      child.response: {target: 1h}\n"
    )
    loaded = load_process("c.yaml", memory({"p.yaml": parent, "c.yaml": child, "a.yaml": library}))
    targets = plain(whole(loaded))["agreements"]["gold"]["targets"]
    assert targets == {"child.response": {"target": "1h"}}


def test_what_libraries_offer_and_nobody_uses_is_known() -> None:
    unused = unused_items(load("problem"))
    assert ("escalations", "on_call") in unused
    assert ("notifications", "received") in unused
    assert not {section for section, _ in unused} & {"fields", "roles", "calendars", "agreements"}


def test_a_part_stands_under_its_keys_even_if_they_have_dots() -> None:
    root = whole(load("incident"))
    assert plain(part_of(root, "clocks.resolve.pause")) == {
        "clocks": {"resolve": {"pause": {"in": "waiting_requester"}}}
    }
    targets = plain(part_of(root, "agreements.customer_desk.targets.incident.response.target"))
    assert targets == {"agreements": {"customer_desk": {"targets": {"incident.response": {"target": "30m"}}}}}
    assert plain(part_of(root, "routing.0.team")) == {"routing": [{"team": "security-response"}]}
    with pytest.raises(KeyError, match="respons"):
        part_of(root, "clocks.respons")


def test_long_and_many_lined_texts_stay_readable() -> None:
    text = " ".join(["word"] * 40)
    loaded = load_small(small(description=f"{text}\nmeta:\n  note: |\n    first\n\n    second\n"))
    lines = [line.text for line in written(whole(loaded))]
    assert "description: >-" in lines
    assert max(map(len, lines)) <= 100
    at = lines.index("  note: |")
    assert lines[at + 1 : at + 4] == ["    first", "", "    second"]


def node_of(value: object, line: int = 1) -> Node:
    """Data as if somebody had written it, one value below the other or all on one line."""
    mark = Mark("f.yaml", line, 1)
    if isinstance(value, dict):
        return Node({name: node_of(child, line) for name, child in value.items()}, mark, mark)
    if isinstance(value, list):
        return Node([node_of(child, line + at % 2) for at, child in enumerate(value)], mark, mark)
    return Node(value, mark, mark)


SOME_TEXT = st.text(
    st.one_of(st.sampled_from("ab c:#-?,[]{}&*!|>'\"%@`\n\\~=<.0123456789yesnoffnull"), st.characters(
        codec="utf-8", exclude_categories=("C", "Zl", "Zp")
    )),
    max_size=30,
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), SOME_TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(SOME_TEXT.filter(bool), inner, max_size=4)
    ),
    max_leaves=12,
)


@example({"<<": 1, "a": {"<<": [{"<<": "<<"}]}})
@given(st.dictionaries(SOME_TEXT.filter(bool), VALUES, min_size=1, max_size=4))
def test_whatever_is_written_is_read_again(data: dict[str, object]) -> None:
    text = "\n".join(line.text for line in written(node_of(data))) + "\n"
    source = read_yaml("f.yaml", text)
    assert source.problems == (), text
    assert source.root is not None
    assert plain(source.root) == data
