"""Drawings of the shipped processes and the drafts: what they show, in both languages, and how it lies."""

from __future__ import annotations

import re
from itertools import product
from xml.etree import ElementTree

import pytest

from domain.drawing.chart import Chart, Note, chart_of
from domain.drawing.graph import Edge
from domain.drawing.mermaid import mermaid
from domain.drawing.svg import Drawn, draw
from domain.drawing.text_width import width, wrapped
from domain.language.loader import load_process
from tests.domain.drawing.geometry import covered, faults
from tests.domain.language.files import KNOWN, from_folders, load_small, small

PROCESSES = ("incident", "change", "problem", "request", "laptop", "access", "asset_repair")
BOTH = ("en", "zh-CN")
EVERY = tuple(product(PROCESSES, BOTH))
SVG = "{http://www.w3.org/2000/svg}"


def chart(name: str, locale: str = "en") -> Chart:
    process = load_process(f"{name}.yaml", from_folders, known_processes=KNOWN).process
    assert process is not None
    return chart_of(process, locale)


def chart_small(**sections: str) -> Chart:
    loaded = load_small(small(**sections))
    assert loaded.process is not None, loaded.problems
    return chart_of(loaded.process)


def drawn(name: str, locale: str) -> Drawn:
    return draw(chart(name, locale))


def ways(found: Chart) -> set[tuple[str, str, str]]:
    return {(way.source, way.target, note.text) for way in found.ways for note in way.notes}


@pytest.mark.parametrize(("name", "locale"), EVERY)
def test_nothing_lies_on_anything_else(name: str, locale: str) -> None:
    found = drawn(name, locale)
    edges = [Edge(way.source, way.target) for way in found.chart.ways]
    assert faults(found.layout, edges) == []
    assert covered(found.layout) == 0
    assert found.layout.width <= 1230


@pytest.mark.parametrize(("name", "locale"), EVERY)
def test_the_picture_is_well_formed_and_can_be_read_aloud(name: str, locale: str) -> None:
    root = ElementTree.fromstring(drawn(name, locale).svg)
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "→" in (description.text or "")
    assert "prefers-color-scheme:dark" in "".join(style.text or "" for style in root.iter(f"{SVG}style"))
    assert not re.search(r"(href|src)=|url\((?!#)|<script", drawn(name, locale).svg)


@pytest.mark.parametrize("name", PROCESSES)
def test_every_state_and_every_transition_is_there(name: str) -> None:
    found = chart(name)
    process = found.words.process
    assert {node.id for node in found.nodes if node.kind == "state"} == set(process.states)
    said = {note.text for way in found.ways for note in way.notes}
    said |= {note.text for node in found.nodes for note in node.notes}
    said |= {note.text for _, notes in found.beside for note in notes}
    for transition in process.transitions.values():
        if transition.label:
            assert found.words.text(transition.label) in said


def test_texts_fit_into_their_boxes() -> None:
    for name, locale in product(PROCESSES, BOTH):
        found = drawn(name, locale)
        for group in ElementTree.fromstring(found.svg).iter(f"{SVG}g"):
            frame = group.find(f"{SVG}rect")
            if frame is None or float(frame.get("width", 0)) < 40:  # a colour of the legend
                continue
            left, across = float(frame.get("x", 0)), float(frame.get("width", 0))
            for text in group.findall(f"{SVG}text"):
                size = {"t": 13.5, "b": 12.0, "s": 11.0}[text.get("class", "")]
                wide = width(text.text or "", size, bold=text.get("class") != "s")
                x = float(text.get("x", 0)) - (wide / 2 if text.get("text-anchor") else 0)
                assert left <= x, text.text
                assert x + wide <= left + across + 1, text.text


def test_buttons_show_who_presses_them_and_timers_when() -> None:
    found = chart("incident")
    labels = {note.text: note for way in found.ways for note in way.notes}
    assert labels["Resolve"] == Note(
        "button", "Resolve", "assignee, resolvers, service desk or incident manager"
    )
    assert labels["After 5 days (Working days)"].sign == "timer"
    assert labels["The requester replies"].sign == "event"


def test_what_leads_from_many_states_to_one_is_one_arrow() -> None:
    found = chart("incident")
    together, others = [node for node in found.nodes if node.kind == "several"]
    assert (together.title, others.title) == (
        "any open state",
        "any state of category new, Assigned or In progress",
    )
    assert (together.id, "assigned", "Assign") in ways(found)
    assert ("new", "assigned", "Assign") not in ways(found)


def test_what_stays_in_its_state_stands_in_it_or_under_the_drawing() -> None:
    found = chart("incident")
    waiting = next(node for node in found.nodes if node.id == "waiting_requester")
    assert "After 2 days (Working days)" in {note.text for note in waiting.notes}
    heading, notes = found.beside[0]
    assert heading == "Without leaving the state"
    assert "Acknowledge" in {note.text for note in notes}


def test_going_on_as_another_ticket_leads_to_the_state_in_which_this_one_ends() -> None:
    found = chart("incident")
    (way,) = [way for way in found.ways if way.target == "moved"]
    assert [note.text for note in way.notes] == ["This is a repair"]
    assert not [note for _, notes in found.beside for note in notes if note.text == "This is a repair"]


def test_clocks_stand_where_they_start_pause_and_stop() -> None:
    signs = {node.id: {(note.sign, note.text) for note in node.notes} for node in chart("incident").nodes}
    assert ("starts", "Response time") in signs["new"]
    assert ("pauses", "Resolution time") in signs["waiting_requester"]
    assert ("stops", "Resolution time") in signs["resolved"]
    assert not signs["closed"]


def test_approvals_and_tasks_stand_in_their_states() -> None:
    signs = {node.id: {(note.sign, note.text) for note in node.notes} for node in chart("change").nodes}
    assert ("approval", "Change approval") in signs["authorise"]
    assert ("task", "Implement") in signs["implementing"]


def test_branches_say_which_way_is_taken_when() -> None:
    found = {
        (way.target, note.more)
        for way in chart("change").ways
        for note in way.notes
        if note.text == "Submit for approval"
    }
    assert found == {
        ("authorise_emergency", "if “Type of change” is Emergency"),
        ("authorise", "otherwise"),
    }


def test_of_several_approvals_a_state_shows_its_own() -> None:
    assert ("authorise", "scheduled", "“Change approval” is approved") in ways(chart("change"))
    assert ("authorise_emergency", "scheduled", "“Emergency approval” is approved") in ways(chart("change"))


def test_going_back_leads_to_the_state_it_came_from() -> None:
    found = chart_small(
        states="\n  new: {category: new}\n  held: {category: waiting, hold: true}\n  closed: {category: closed}",
        transitions="\n  hold: {from: new, to: held, who: everyone}"
        "\n  go_on: {from: held, to: back, who: everyone}\n  close: {from: new, to: closed, who: everyone}",
    )
    back = next(node for node in found.nodes if node.kind == "several")
    assert back.title == "the state it came from"
    assert ("held", back.id, "go on") in ways(found)


def test_who_may_open_a_ticket_stands_at_the_start() -> None:
    found = chart_small(create="{who: [requester], if: ticket.title != null, otherwise: No}")
    start = next(way for way in found.ways if way.source == "start")
    assert start.notes == (Note("button", "Open a ticket", "requester; if “Title” is filled in"),)
    assert next(way for way in chart("incident").ways if way.source == "start").notes == ()


def test_chinese_drawings_are_chinese() -> None:
    svg = drawn("incident", "zh-CN").svg
    for text in ("等待用户", "解决", "申请人回复", "计时", "5 天"):
        assert text in svg
    assert "the requester replies" not in svg


def test_texts_cannot_break_the_picture() -> None:
    found = chart_small(
        title="'A <b> & \"c\"'",
        states="\n  new: {category: new, label: '</text>'}\n  closed: {category: closed}",
    )
    root = ElementTree.fromstring(draw(found).svg)
    assert (root.findtext(f"{SVG}title") or "").startswith("A <b> &")
    assert "#60;/text#62;" in mermaid(found)


@pytest.mark.parametrize(("name", "locale"), EVERY)
def test_mermaid_has_the_same_ways(name: str, locale: str) -> None:
    found = chart(name, locale)
    lines = mermaid(found).splitlines()
    assert lines[3] == "stateDiagram-v2"
    arrows = [line for line in lines if " --> " in line and not line.endswith("--> [*]")]
    assert len(arrows) == len(found.ways)
    body = re.compile(
        r'    (state "[^"]*" as \w+|(\[\*\]|\w+) --> (\[\*\]|\w+)(: [^:;{}]*(#\d+;[^:;{}]*)*)?|class(Def)? .+)'
    )
    assert [line for line in lines[4:] if not body.fullmatch(line)] == []


def test_wide_characters_count_as_wide_ones() -> None:
    assert width("处理中", 10) == pytest.approx(30.9)
    assert width("iii", 10) < width("WWW", 10)
    assert wrapped("one two three", 10, 45) == ["one two", "three"]
    assert wrapped("等待用户答复，然后继续", 10, 52) == ["等待用户答", "复，然后继", "续"]
    assert wrapped("a b c d e f", 10, 12, lines=2)[-1].endswith("…")
