"""Tidy order and style: comments stay, and the text means what it meant."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import DefinitionInvalid
from domain.language.loader import load_process, load_tests
from domain.language.tidy import CannotTidy, tidied
from domain.language.yaml_source import plain, read_yaml
from tests.builders import DEFINITIONS

DRAFTS = Path(__file__).parent / "drafts"
FILES = [
    path
    for folder in (DEFINITIONS, DEFINITIONS / "templates", DRAFTS)
    for path in sorted(folder.glob("*.yaml"))
]


def tidy(text: str) -> str:
    return tidied("x.yaml", dedent(text))


def test_keys_of_a_model_get_its_order_and_names_keep_theirs() -> None:
    assert tidy("""\
        id: x
        kind: process
        transitions:
          b:
            who: agents
            to: y
            from: x
          a:
            if: ticket.major
            after: 2d
            from: x
        states:
          z: {category: new}
        """) == dedent("""\
        kind: process
        id: x
        transitions:
          b:
            from: x
            to: y
            who: agents
          a:
            from: x
            after: 2d
            if: ticket.major
        states:
          z: {category: new}
        """)


def test_comments_move_with_what_they_belong_to() -> None:
    assert tidy("""\
        # about the file

        version: 1   # it counts
        # what it is
        kind: process
        states:
          # first of all
          b:
            # it waits
            category: waiting   # for somebody
            label: B
            # more of b will come
          a: {category: new}

        # ---- the end
        """) == dedent("""\
        # about the file

        # what it is
        kind: process
        version: 1   # it counts
        states:
          # first of all
          b:
            label: B
            # it waits
            category: waiting   # for somebody
            # more of b will come
          a: {category: new}

        # ---- the end
        """)


def test_an_action_begins_with_its_condition_and_a_step_ends_with_what_it_expects() -> None:
    assert tidy("""\
        kind: process
        states:
          a:
            enter:
            - page: x
              # only then
              if: ticket.major
            - notify: y
        """) == dedent("""\
        kind: process
        states:
          a:
            enter:
              # only then
              - if: ticket.major
                page: x
              - notify: y
        """)
    assert tidy("""\
        kind: tests
        cases:
          - name: x
            steps:
              - expect: {state: y}
                with: {a: b}
                as: ann
                do: go
        """).endswith("- as: ann\n        do: go\n        with: {a: b}\n        expect: {state: y}\n")


def test_spaces_are_tidied_and_tables_stay_lined_up() -> None:
    assert tidy("""\
        kind:   process
        fields:
            a: { type: text,label: "A, b" , max: 3 }


            b: [ x ,  y ]
        matrix:
          short:      {a: P1,  b: P2}
          longer_key: {a: P10, b: P2}
        """) == dedent("""\
        kind: process
        fields:
          a: {type: text, label: "A, b", max: 3}

          b: [x,  y]
        matrix:
          short:      {a: P1,  b: P2}
          longer_key: {a: P10, b: P2}
        """)


def test_texts_over_several_lines_stay_as_they_are() -> None:
    text = """\
        kind: process
        notifications:
              a:
                 body: |
                      Hello,

                        indented  # no comment
                      bye
                 subject: "one
                     two"
                 to: [a,  # first
                      b]
        """
    found = tidy(text)
    assert found == dedent("""\
        kind: process
        notifications:
          a:
            to: [a,  # first
                 b]
            subject: "one
              two"
            body: |
              Hello,

                indented  # no comment
              bye
        """)
    before, after = read_yaml("x", dedent(text)).root, read_yaml("x", found).root
    assert before is not None and after is not None and plain(before) == plain(after)


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(DefinitionInvalid, match="twice"):
        tidy("kind: process\nkind: library\n")
    with pytest.raises(DefinitionInvalid):
        tidy("kind: [\n")


@cache
def meaning(name: str, folder: Path, text: str) -> object:
    """What a file means to the loader, its names in their order."""

    def read(file: str) -> bytes | None:
        if file == name:
            return text.encode()
        path = folder / file
        path = path if path.exists() else DEFINITIONS / file
        return path.read_bytes() if path.exists() else None

    if name.endswith(".test.yaml"):
        tests = load_tests(name, read).tests
        return tests and tests.model_dump_json()
    process = load_process(name, read).process
    if process is None:
        root = read_yaml(name, text).root
        return root and plain(root)
    return process.model_dump_json()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_means_the_same_when_it_is_tidy(path: Path) -> None:
    text = path.read_text()
    found = tidied(path.name, text)
    assert tidied(path.name, found) == found
    assert meaning(path.name, path.parent, found) == meaning(path.name, path.parent, text)


@pytest.mark.parametrize(
    "path", sorted((DEFINITIONS / "templates").glob("*.yaml")), ids=lambda path: path.name
)
def test_what_owners_begin_with_is_tidy(path: Path) -> None:
    assert tidied(path.name, path.read_text()) == path.read_text(), "run: evertick definition fmt"


@settings(max_examples=20, deadline=None, print_blob=True)
@given(st.data())
def test_files_with_comments_anywhere_keep_them_all_and_mean_the_same(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    text = path.read_text()
    lines = text.split("\n")
    for count in range(data.draw(st.integers(1, 12))):
        index = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["line", "deep", "behind", "blank"]))
        if kind == "behind":
            changed = [*lines[:index], f"{lines[index]}  # added {count}", *lines[index + 1 :]]
        elif kind == "blank":
            changed = [*lines[:index], "", *lines[index:]]
        else:
            indent = len(lines[index]) - len(lines[index].lstrip())
            indent += data.draw(st.integers(0, 6)) if kind == "deep" else 0
            changed = [*lines[:index], f"{' ' * indent}# added {count}", *lines[index:]]
        if same_data("\n".join(changed), text):
            lines = changed
    decorated = "\n".join(lines)
    found = tidied(path.name, decorated)
    assert tidied(path.name, found) == found
    assert sorted(re.findall(r"# added \d+", found)) == sorted(re.findall(r"# added \d+", decorated))
    assert meaning(path.name, path.parent, found) == meaning(path.name, path.parent, text)


@settings(max_examples=25, deadline=None, print_blob=True)
@given(st.data())
def test_files_indented_in_other_ways_come_out_alike(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    text = path.read_text()
    by = data.draw(st.integers(2, 4))
    wider = re.sub(r"(?m)^ +", lambda found: found.group() * by, text)
    if same_data(wider, text):
        assert same_data(tidied(path.name, wider), text)
        assert strip(tidied(path.name, wider)) == strip(tidied(path.name, text))


def strip(text: str) -> str:
    """Without the columns of comments and lines of texts, which stay where the author had them."""
    return re.sub(r" +", " ", text)


def same_data(one: str, other: str) -> bool:
    first, second = read_yaml("x", one), read_yaml("x", other)
    if first.root is None or second.root is None or first.problems:
        return False
    return bool(plain(first.root) == plain(second.root))


def test_what_would_change_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.language.tidy._with_comment", lambda line, entry, indent: line)
    with pytest.raises(CannotTidy, match="left as it is"):
        tidy("kind: process  # gone\n")
