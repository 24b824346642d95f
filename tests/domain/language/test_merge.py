"""`uses` and `extends`."""

from __future__ import annotations

from domain.language.loader import load_process
from tests.domain.language.files import SMALL, from_folders, memory, problems_of, small

LIBRARY = "kind: library\nlang: 1\nid: {id}\nversion: 1\n"


def library(id_: str, rest: str) -> str:
    return LIBRARY.format(id=id_) + rest


CHILD = "kind: process\nlang: 1\nextends: parent.yaml\nid: child\nversion: 1\n"


def test_items_of_libraries_and_of_their_libraries_are_imported() -> None:
    files = {
        "p.yaml": small(uses="[a.yaml]"),
        "a.yaml": library("a", "uses: [b.yaml]\nroles: {desk: team:desk}\n"),
        "b.yaml": library(
            "b", "roles: {lead: group:leads}\ncalendars: {c: {time_zone: UTC, week: {mon: 24h}}}\n"
        ),
    }
    process = load_process("p.yaml", memory(files)).process
    assert process is not None
    assert process.roles == {"lead": ("group:leads",), "desk": ("team:desk",)}
    assert list(process.calendars) == ["c"]


def test_two_ways_to_the_same_library_are_no_clash() -> None:
    a, b, c = (library(x, f"uses: [{y}]\n") for x, y in (("a", "c.yaml"), ("b", "c.yaml"), ("c", "")))
    c = c.replace("uses: []\n", "roles: {desk: team:desk}\n")
    assert problems_of(small(uses="[a.yaml, b.yaml]"), a=a, b=b, c=c) == []


def test_a_name_that_two_files_define_is_refused_and_both_are_named() -> None:
    found = problems_of(
        small(uses="[a.yaml, b.yaml]", roles="{x: team:y}"),
        a=library("a", "roles:\n  x: team:x\n  z: team:z\n"),
        b=library("b", "roles:\n  z: team:z\n"),
    )
    assert found == [
        'b.yaml:6:3: "z" of roles is already defined in a.yaml:7; rename or remove one of them',
        '15:9: "x" of roles is already defined in a.yaml:6; rename or remove one of them',
    ]


def test_the_priority_can_be_defined_once() -> None:
    priority = "{levels: [P1], rows: a, columns: a, matrix: {x: {x: P1}}}\n"
    found = problems_of(
        small(uses="[a.yaml]", priority=priority.strip(), fields="{a: {type: choice, options: [x]}}"),
        a=library("a", f"priority: {priority}"),
    )
    assert found == ['15:1: "priority" is already defined in a.yaml:5; rename or remove one of them']


def test_circles_and_ways_out_of_the_folder_are_refused() -> None:
    found = problems_of(
        small(uses="[a.yaml, ../x.yaml, /etc/passwd, p.yaml]"),
        a=library("a", "uses: [b.yaml]\n"),
        b=library("b", "uses: [a.yaml]\n"),
    )
    assert found == [
        "b.yaml:5:8: the files go round in a circle: a.yaml → b.yaml → a.yaml",
        '14:16: "../x.yaml" leads out of the folder of definitions',
        '14:27: "/etc/passwd" leads out of the folder of definitions',
        "14:40: the files go round in a circle: p.yaml → p.yaml",
    ]


def test_files_are_found_beside_the_file_that_names_them() -> None:
    files = {
        "it/p.yaml": small(uses="[lib/a.yaml]"),
        "it/lib/a.yaml": library("a", "uses: [../../b.yaml]\n"),
        "b.yaml": library("b", "roles: {x: team:x}\n"),
    }
    loaded = load_process("it/p.yaml", memory(files))
    assert loaded.ok
    assert loaded.process is not None
    assert "x" in loaded.process.roles


def test_a_child_replaces_by_key_keeps_the_rest_and_removes_with_null() -> None:
    child = CHILD + (
        "title: Child\n"
        "states: {closed: null, finished: {category: closed}}\n"
        "transitions: {close: {to: finished}, extra: {from: new, to: finished, when: updated}}\n"
    )
    loaded = load_process("child.yaml", memory({"child.yaml": child, "parent.yaml": SMALL}))
    assert loaded.problems == ()
    process = loaded.process
    assert process is not None
    assert (process.id, process.number, process.title) == ("child", "SM-{n}", {"*": "Child"})
    assert list(process.states) == ["new", "finished"]
    assert list(process.transitions) == ["close", "extra"]
    assert process.transitions["close"].who == ("everyone",)
    assert process.transitions["close"].to is not None
    assert process.transitions["close"].to[0].state == "finished"
    assert loaded.lineage == ("small",)


def test_what_a_child_inherits_stands_in_the_parent_and_what_it_changes_in_the_child() -> None:
    child = CHILD + "transitions:\n  close: {who: nobdy}\n"
    parent = SMALL.replace("to: closed", "to: closd")
    loaded = load_process("child.yaml", memory({"child.yaml": child, "parent.yaml": parent}))
    assert [str(problem)[:40] for problem in loaded.problems] == [
        'child.yaml:7:16: unknown role "nobdy"; k',
        'parent.yaml:13:26: unknown state "closd"',
    ]


def test_removing_what_is_not_there_is_a_mistake() -> None:
    child = CHILD + "transitions: {clse: null}\n"
    loaded = load_process("child.yaml", memory({"child.yaml": child, "parent.yaml": SMALL}))
    assert [str(problem) for problem in loaded.problems] == [
        'child.yaml:6:15: there is no "clse" to remove here; did you mean "close"?'
    ]


def test_abstract_and_migrate_are_not_inherited() -> None:
    parent = small(abstract="true", migrate="[{from: 0}]")
    loaded = load_process("child.yaml", memory({"child.yaml": CHILD, "parent.yaml": parent}))
    assert loaded.process is not None
    assert not loaded.process.abstract
    assert loaded.process.migrate == ()


def test_a_child_without_its_parent_is_one_problem() -> None:
    loaded = load_process("child.yaml", memory({"child.yaml": CHILD}))
    assert [str(problem) for problem in loaded.problems] == [
        'child.yaml:3:10: there is no file "parent.yaml"'
    ]


def test_a_library_cannot_be_extended_and_a_process_not_be_used() -> None:
    found = problems_of(small(uses="[a.yaml]"), a=SMALL)
    assert found == ['14:8: "a.yaml" is a process file; a library file is wanted here']
    found = problems_of(CHILD, parent=library("a", ""))
    assert found == ['3:10: "parent.yaml" is a library file; a process file is wanted here']


def test_what_a_process_imports_and_does_not_use_is_not_held_against_it() -> None:
    # The library's notification reads a clock that this process does not have.
    assert problems_of(small(uses="[common.yaml]"), common=from_folders("common.yaml") or "") == [
        'common.yaml:7:8: there is no file "calendars.yaml"'
    ]
    text = library("a", 'notifications: {n: {to: nobody, subject: "{{ clock.x.due }}", body: y}}\n')
    assert problems_of(small(uses="[a.yaml]"), a=text) == []
    used = small(uses="[a.yaml]").replace("who: everyone", "who: everyone, do: [notify: n]")
    assert [message.split(": ", 1)[0] for message in problems_of(used, a=text)] == [
        "a.yaml:5:25",
        "a.yaml:5:52",
    ]


def test_two_levels_of_extending_give_a_lineage() -> None:
    middle = CHILD.replace("id: child", "id: middle")
    child = CHILD.replace("parent.yaml", "middle.yaml")
    files = {"child.yaml": child, "middle.yaml": middle, "parent.yaml": SMALL}
    assert load_process("child.yaml", memory(files)).lineage == ("middle", "small")


def test_a_child_may_use_again_what_its_parent_uses() -> None:
    files = {
        "child.yaml": CHILD + "uses: [a.yaml]\n",
        "parent.yaml": small(uses="[a.yaml]"),
        "a.yaml": library("a", "roles: {x: team:x}\n"),
    }
    assert load_process("child.yaml", memory(files)).problems == ()


def test_a_child_may_change_what_its_parent_imports() -> None:
    files = {
        "child.yaml": CHILD + "roles: {x: team:mine}\n",
        "parent.yaml": small(uses="[a.yaml]"),
        "a.yaml": library("a", "roles: {x: team:x}\n"),
    }
    loaded = load_process("child.yaml", memory(files))
    assert loaded.process is not None
    assert loaded.process.roles["x"] == ("team:mine",)
