"""The page on simulation: its examples answer what is shown, and its table has every key."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.language.words import Model
from domain.simulation import profile
from domain.simulation.profile_files import load_profile
from tests.docs.examples import LANGUAGE, Block, blocks_of, page_until, pages
from tests.docs.simulations import answer

PAGE = LANGUAGE / "simulation.md"
SHOWN = [
    pytest.param(path, block, id=f"{path.name}:{block.line}")
    for path in pages()
    for block in blocks_of(path)
    if block.kind in ("simulated", "compared")
]


@pytest.mark.parametrize(("path", "block"), SHOWN)
def test_a_simulation_answers_what_is_shown(path: Path, block: Block) -> None:
    found = answer(path, block)
    assert block.text.strip() in found, f"\n{found}"


def test_there_are_simulations_to_compare_with() -> None:
    assert len(SHOWN) >= 3


def test_a_profile_as_it_is_written_has_no_mistake() -> None:
    for block in blocks_of(PAGE):
        if block.kind == "profile for":
            definition = page_until(PAGE, block).definition(block.file)
            assert not load_profile("profile.yaml", block.text, definition).problems


def test_every_key_of_a_profile_is_explained() -> None:
    text = PAGE.read_text("utf-8")
    kinds = [one for one in vars(profile).values() if isinstance(one, type) and issubclass(one, Model)]
    keys = {
        (field.alias or name)
        for kind in kinds
        if kind is not Model
        for name, field in kind.model_fields.items()
    }
    assert len(keys) > 30
    missing = {key for key in keys if f"`{key}`" not in text and f"{key}:" not in text}
    assert not missing
