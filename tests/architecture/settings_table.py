"""The table of settings in the operating guide, made from the settings themselves."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from tests.architecture.checkout import ROOT


def settings_table(settings: type[BaseSettings]) -> str:
    """A Markdown table: the environment variable, its default, what it is for."""
    rows = [
        f"| `{_variable(settings, name, field)}` | {_default(field)} | {field.description or ''} |"
        for name, field in settings.model_fields.items()
    ]
    return "\n".join(["| Variable | Default | What it is |", "|---|---|---|", *rows])


def _variable(settings: type[BaseSettings], name: str, field: FieldInfo) -> str:
    if isinstance(field.validation_alias, AliasChoices):
        return str(field.validation_alias.choices[0])
    return f"{settings.model_config['env_prefix']}{name}".upper()


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "(see text)"
    if (
        value is None
        or value == ""
        or isinstance(value, SecretStr)
        or SecretStr in get_args(field.annotation)
    ):
        return "empty"
    if isinstance(value, bool):
        return "`on`" if value else "`off`"
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}`"
    return f"`{value}`"


if __name__ == "__main__":
    from bootstrap.settings import Settings

    print(settings_table(Settings))
