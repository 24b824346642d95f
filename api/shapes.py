"""Shapes that many answers have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[
    dict[str, str],
    Field(
        description="A text by language; `*` stands for every language.",
        examples=[{"en": "In progress", "zh-CN": "处理中"}],
    ),
]


class Given(BaseModel):
    """Closed: what is answered is what is described."""

    model_config = ConfigDict(extra="forbid")


class Named(Given):
    """A person, team or service."""

    id: Annotated[str, Field(examples=["li.wei"])]
    name: Annotated[str, Field(examples=["Li Wei"])]
