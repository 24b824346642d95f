"""The reference has every key of the models, and says what each means."""

from __future__ import annotations

from domain.language.descriptions import EVERYWHERE, OF_MODELS, description_of
from domain.language.schema import json_schemas
from tests.docs.reference import PAGE, keys, reference


def test_the_reference_is_written_from_the_models_as_they_are() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: make reference"


def test_every_key_says_what_it_means() -> None:
    silent = [f"{model.__name__}.{name}" for model, name in keys() if not description_of(model, name)]
    assert not silent, "Field(description=…), or a line in domain/language/descriptions.py"


def test_a_description_is_a_sentence() -> None:
    for model, name in keys():
        text = description_of(model, name)
        assert text[0].isupper() and text.endswith((".", "…")) and len(text) < 120, (
            f"{model.__name__}.{name}: {text}"
        )


def test_no_description_is_of_a_key_that_is_gone() -> None:
    known = {(one.__name__, name.rstrip("_")) for model, name in keys() for one in model.__mro__}
    assert not [
        (model, key) for model, texts in OF_MODELS.items() for key in texts if (model, key) not in known
    ]
    assert not [key for key in EVERYWHERE if key not in {name for _, name in known}]


def test_editors_show_the_same_descriptions() -> None:
    shown = json_schemas()["process-1.json"]
    assert shown["properties"]["states"]["description"] == "Where a ticket can be, by name."
    assert shown["$defs"]["Transition"]["properties"]["from"]["description"] == "Where it can be taken."
