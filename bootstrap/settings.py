"""All settings, from the environment. The only reader of it.

`EVERTICK_*` are ours; `TEMPORAL_*` and `SMTP_*` have the names other tools give them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHIPPED_DEFINITIONS = Path(__file__).resolve().parent.parent / "definitions"
_SECRET = "EVERTICK_SECRET_"


def _default_home() -> Path:
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "evertick"


class Settings(BaseSettings):
    """How this installation runs. Defaults make the embedded mode; production sets the database and Temporal."""

    model_config = SettingsConfigDict(
        env_prefix="EVERTICK_", frozen=True, extra="ignore", populate_by_name=True
    )

    home: Path = Field(default_factory=_default_home, description="Where data, logs and locks lie.")
    database_url: str = Field("", description="SQLAlchemy URL; empty: an SQLite file in `home`.")
    definitions: Path = Field(
        SHIPPED_DEFINITIONS, description="Folder of the definitions to check and publish."
    )
    demo: bool = Field(True, description="Demo accounts, and the demo desk's tickets on the first start.")

    host: str = Field("127.0.0.1", description="Address the web pages and the API listen on.")
    port: int = Field(8000, ge=1, le=65_535, description="Port of the web pages and the API.")
    url: str = Field(
        "", description="Address of the web pages for links in mail; empty: that of `host` and `port`."
    )
    temporal_port: int = Field(7233, ge=1, le=65_535, description="Port of the embedded Temporal server.")
    temporal_ui_port: int = Field(8233, ge=1, le=65_535, description="Port of its web UI.")

    temporal_address: str = Field(
        "",
        validation_alias=AliasChoices("TEMPORAL_ADDRESS", "temporal_address"),
        description="A Temporal server of your own; empty: the embedded one.",
    )
    temporal_namespace: str = Field(
        "default",
        validation_alias=AliasChoices("TEMPORAL_NAMESPACE", "temporal_namespace"),
        description="Temporal namespace of the tickets.",
    )
    temporal_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("TEMPORAL_API_KEY", "temporal_api_key"),
        description="API key, where your Temporal server asks for one.",
    )
    temporal_tls: bool = Field(
        False,
        validation_alias=AliasChoices("TEMPORAL_TLS", "temporal_tls"),
        description="Speak TLS with your Temporal server.",
    )
    task_queue: str = Field("tickets", description="Temporal task queue of the tickets.")

    smtp_host: str = Field(
        "",
        validation_alias=AliasChoices("SMTP_HOST", "smtp_host"),
        description="Mail server; empty: mail is kept in the built-in outbox.",
    )
    smtp_port: int = Field(
        25, validation_alias=AliasChoices("SMTP_PORT", "smtp_port"), description="Its port."
    )
    smtp_user: str = Field(
        "",
        validation_alias=AliasChoices("SMTP_USER", "smtp_user"),
        description="Name to sign in to it with; empty: without.",
    )
    smtp_password: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("SMTP_PASSWORD", "smtp_password"),
        description="The password for that.",
    )
    smtp_starttls: bool = Field(
        False,
        validation_alias=AliasChoices("SMTP_STARTTLS", "smtp_starttls"),
        description="Encrypt with STARTTLS.",
    )
    smtp_from: str = Field(
        "Evertick <evertick@localhost>",
        validation_alias=AliasChoices("SMTP_FROM", "smtp_from"),
        description="Who mail is from.",
    )

    http_allow_private: bool = Field(
        False, description="Let `http` tasks of definitions call private and loopback addresses."
    )
    sweep: bool = Field(True, description="Run the sweeper in this API process (one of several is enough).")
    sweep_every: float = Field(5.0, gt=0, description="Seconds between two sweeps.")

    worker_threads: int = Field(
        16, ge=2, description="Activities carried out at once that need the database only."
    )
    worker_effects_threads: int = Field(
        48, ge=2, description="Deliveries, scripts and HTTP calls carried out at once."
    )
    worker_workflow_slots: int = Field(40, ge=2, description="Workflow tasks handled at once.")
    worker_cache: int = Field(2_000, ge=0, description="Tickets kept in memory between two commands.")

    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is logged: `debug`, `info`, `warning`, `error`."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Lines for people (`text`) or for machines (`json`)."
    )

    @field_validator("demo", mode="before")
    @classmethod
    def _on_or_off(cls, value: object) -> object:
        return {"on": True, "off": False}.get(value.lower(), value) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _with_driver(cls, value: str) -> str:
        """`postgresql://` as everybody writes it means our driver."""
        for short in ("postgresql://", "postgres://"):
            if value.startswith(short):
                return f"postgresql+psycopg://{value.removeprefix(short)}"
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("should begin with postgresql:// or sqlite:///")
        return value

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.home / 'evertick.db'}"

    @property
    def address(self) -> str:
        """Where people find the web pages, without a slash at the end."""
        return self.url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def is_embedded_temporal(self) -> bool:
        """Whether Evertick runs the Temporal server itself."""
        return not self.temporal_address

    @property
    def temporal_database(self) -> Path:
        """The database file of the embedded Temporal server."""
        return self.home / "temporal.db"

    @property
    def temporal_target(self) -> str:
        """Where Temporal clients connect."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the web pages and the API."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    def secrets(self) -> dict[str, str]:
        """Secrets that definitions name: `EVERTICK_SECRET_STATUS_PAGE_TOKEN` is `status_page_token`."""
        return {
            name.removeprefix(_SECRET).lower(): value
            for name, value in os.environ.items()
            if name.startswith(_SECRET)
        }

    def child_environment(self) -> dict[str, str]:
        """The environment for a process of ours that must see the same settings, whatever was passed in code."""
        chosen = {
            "EVERTICK_HOME": str(self.home),
            "EVERTICK_DATABASE_URL": self.database,
            "EVERTICK_DEFINITIONS": str(self.definitions),
            "EVERTICK_DEMO": "on" if self.demo else "off",
            "EVERTICK_HOST": self.host,
            "EVERTICK_PORT": str(self.port),
            "EVERTICK_URL": self.url,
            "EVERTICK_TEMPORAL_PORT": str(self.temporal_port),
            "EVERTICK_TEMPORAL_UI_PORT": str(self.temporal_ui_port),
            "EVERTICK_TASK_QUEUE": self.task_queue,
            "EVERTICK_SWEEP": str(self.sweep),
            "EVERTICK_SWEEP_EVERY": str(self.sweep_every),
            "EVERTICK_LOG_LEVEL": self.log_level,
            "EVERTICK_LOG_FORMAT": self.log_format,
            "EVERTICK_HTTP_ALLOW_PRIVATE": str(self.http_allow_private),
            "TEMPORAL_ADDRESS": self.temporal_target,
            "TEMPORAL_NAMESPACE": self.temporal_namespace,
            "SMTP_HOST": self.smtp_host,
            "SMTP_PORT": str(self.smtp_port),
            "SMTP_FROM": self.smtp_from,
            # Weekly hours must not change with the machine's own zone data: the pinned `tzdata` package is used.
            "PYTHONTZPATH": "",
            "PYTHONUNBUFFERED": "1",
        }
        return {**os.environ, **chosen}
