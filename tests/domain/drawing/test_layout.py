"""The layout of any graph: nothing lies on anything else, and lines lead from box to box."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.drawing.graph import Box, Edge
from domain.drawing.layering import ranks
from domain.drawing.layout import lay_out
from domain.drawing.tracks import Crossing, tracks
from tests.cli.command import ROOT
from tests.domain.drawing.geometry import covered, faults


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Edge]]:
    count = draw(st.integers(1, 12))
    boxes = [
        Box(
            f"b{at}",
            draw(st.sampled_from([16.0, 90.0, 140.0, 196.0])),
            draw(st.sampled_from([16.0, 40.0, 90.0])),
        )
        for at in range(count)
    ]
    pairs = draw(st.lists(st.tuples(*[st.integers(0, count - 1)] * 2), max_size=24, unique=True))
    labels = st.sampled_from([(0.0, 0.0), (90.0, 20.0), (176.0, 60.0)])
    return boxes, [Edge(f"b{one}", f"b{other}", draw(labels)) for one, other in pairs]


@given(graphs())
@settings(max_examples=120, deadline=None)
def test_nothing_lies_on_anything_and_lines_lead_from_box_to_box(graph: tuple[list[Box], list[Edge]]) -> None:
    boxes, edges = graph
    layout = lay_out(boxes, edges)
    assert set(layout.boxes) == {box.id for box in boxes}
    assert faults(layout, edges) == []


@pytest.mark.parametrize("seed", range(12))
def test_lines_of_processes_with_loops_do_not_run_on_each_other(seed: int) -> None:
    """As many ways back and forth as processes have; fourteen states at most."""
    pick = random.Random(seed)
    count = pick.randint(6, 14)
    boxes = [Box(f"b{at}", pick.choice([110, 140, 196]), pick.choice([40, 60, 90])) for at in range(count)]
    pairs = {
        (one, min(count - 1, max(0, one + round(pick.gauss(1, 2.5)))))
        for one in (pick.randrange(count) for _ in range(count * 2))
    }
    edges = [Edge(f"b{one}", f"b{other}", (150, 40)) for one, other in sorted(pairs) if one != other]
    layout = lay_out(boxes, edges)
    assert faults(layout, edges) == []
    assert covered(layout) == 0


def test_edges_of_a_box_to_itself_have_no_line_and_no_label() -> None:
    layout = lay_out([Box("a", 90, 40)], [Edge("a", "a", (50, 20))])
    assert (layout.lines, layout.labels) == (((),), (None,))


def test_a_chain_is_drawn_as_one_straight_line_from_top_to_bottom() -> None:
    boxes = [Box(name, 100, 40) for name in "abcd"]
    layout = lay_out(boxes, [Edge(one, other, (80, 20)) for one, other in zip("abc", "bcd", strict=True)])
    assert len({box.centre for box in layout.boxes.values()}) == 1
    assert [layout.boxes[name].y for name in "abcd"] == sorted(layout.boxes[name].y for name in "abcd")
    assert all(len(line) == 2 for line in layout.lines)


def test_the_order_of_the_author_says_what_is_above() -> None:
    edges = [("new", "work"), ("work", "done"), ("done", "work"), ("done", "new")]
    rank, upward = ranks(["new", "work", "done"], edges)
    assert rank == {"new": 0, "work": 1, "done": 2}
    assert upward == [False, False, True, True]


def test_an_order_that_turns_nearly_everything_round_is_not_kept() -> None:
    names = ["f", "e", "d", "c", "b", "a"]
    rank, upward = ranks(names, [(one, other) for one, other in zip("abcde", "bcdef", strict=True)])
    assert sum(upward) == 0
    assert rank["a"] < rank["f"]


def test_a_wide_row_of_labels_becomes_two() -> None:
    boxes = [Box("a", 100, 40), *(Box(f"b{at}", 100, 40) for at in range(6))]
    edges = [Edge("a", f"b{at}", (176, 60)) for at in range(6)]
    layout = lay_out(boxes, edges, most=900)
    assert faults(layout, edges) == []
    assert len({label.y for label in layout.labels if label}) > 1
    assert layout.width <= 900


def test_lines_between_two_rows_do_not_cover_each_other() -> None:
    lines = [Crossing(0, 100), Crossing(100, 200), Crossing(200, 100.5), Crossing(50, 50)]
    found, count = tracks(lines)
    assert found[1] < found[0]  # it comes from above where the first one goes down
    assert found[3] == 0
    assert count == 3


def test_crossing_lines_that_need_not_cross_do_not() -> None:
    boxes = [Box(name, 100, 40) for name in ("a", "b", "c", "d")]
    edges = [Edge("a", "d", (60, 20)), Edge("b", "c", (60, 20))]
    layout = lay_out(boxes, edges)
    assert all(len(line) == 2 for line in layout.lines)
    assert covered(layout) == 0


def test_the_same_graph_gives_the_same_drawing_under_any_hash_seed() -> None:
    script = (
        "from domain.drawing.chart import chart_of\nfrom domain.drawing.svg import draw\n"
        "from tests.domain.language.files import KNOWN, from_folders\n"
        "from domain.language.loader import load_process\nimport hashlib\n"
        "process = load_process('incident.yaml', from_folders, known_processes=KNOWN).process\n"
        "print(hashlib.sha256(draw(chart_of(process)).svg.encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
