"""The settings: the one place that reads the environment and the file ``.env``.

Every setting has a default, so the program starts with none of them set.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from questionnaires.definition import LANGUAGES

PREFIX = "GRANSKA_"
SECRETS = ("database_url", "telegram_token", "smtp_url", "secret_key")
"""The settings that may be given as a file: the name followed by ``_FILE`` holds its path."""


class SettingsError(Exception):
    """Settings that cannot be used; ``problems`` has one sentence per variable, without its value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"must be one of {', '.join(LANGUAGES)}")
    return value


@cache
def _time_zones() -> frozenset[str]:
    """Return the names of all time zones; looking for them reads hundreds of files."""
    return frozenset(available_timezones())


def _time_zone(value: str) -> str:
    if value not in _time_zones():
        raise ValueError("must be the name of a time zone, for example Europe/Stockholm")
    return value


def _web_address(value: str) -> str:
    if value and not value.startswith(("http://", "https://")):
        raise ValueError("must be an address that begins with https:// or http://")
    return value.rstrip("/")


def _mail_address(value: str) -> str:
    if value and not value.startswith(("smtp://", "smtp+starttls://", "smtps://")):
        raise ValueError("must begin with smtp://, smtp+starttls:// or smtps://")
    return value


def _signing_key(value: str) -> str:
    if value and len(value) < 32:
        raise ValueError("must have at least 32 characters")
    return value


Port = Annotated[int, Field(ge=1, le=65535)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """All settings. Secrets are left out of ``repr`` and of every error text.

    After reading, ``database_url`` and ``base_url`` always hold a usable address. ``secret_key`` is empty
    where none is set: the door then makes one and keeps it in ``kept_secret_key``.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Path("data")
    database_url: str = Field(default="", repr=False)
    database_url_file: Path | None = None
    base_url: WebAddress = ""
    web_port: Port = 8080
    dashboard_port: Port = 8501
    telegram_token: str = Field(default="", repr=False)
    telegram_token_file: Path | None = None
    telegram_api: WebAddress = "https://api.telegram.org"
    smtp_url: Annotated[str, AfterValidator(_mail_address)] = Field(default="", repr=False)
    smtp_url_file: Path | None = None
    mail_from: str = ""
    secret_key: Annotated[str, AfterValidator(_signing_key)] = Field(default="", repr=False)
    secret_key_file: Path | None = None
    acting_user: str = ""
    language: Annotated[str, AfterValidator(_language)] = "sv"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Stockholm"

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: dict[str, object]) -> dict[str, object]:
        for name in SECRETS:
            path = given.get(f"{name}_file")
            if path and given.get(name):
                variable = PREFIX + name.upper()
                raise ValueError(f"{variable} and {variable}_FILE are both set: keep one of them")
            if path:
                given = {**given, name: _content(name, Path(str(path)))}
        return given

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        if self.web_port == self.dashboard_port:
            raise ValueError("GRANSKA_WEB_PORT and GRANSKA_DASHBOARD_PORT are the same: give them one each")
        values = self.__dict__
        values["database_url"] = self.database_url or f"sqlite:///{self.data_dir.resolve() / 'granska.db'}"
        values["base_url"] = self.base_url or f"http://127.0.0.1:{self.web_port}"
        return self

    @property
    def backup_dir(self) -> Path:
        """Where copies of the database are made when no other place is named."""
        return self.data_dir / "backup"

    @property
    def kept_secret_key(self) -> Path:
        """Where the door keeps the signing key it made, when ``secret_key`` is not set."""
        return self.data_dir / "secret_key"


def _content(name: str, path: Path) -> str:
    """Return what a secret file holds, without the newline at its end."""
    variable = f"{PREFIX}{name.upper()}_FILE"
    try:
        content = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{variable} names a file that cannot be read ({type(error).__name__})") from None
    if not content:
        raise ValueError(f"{variable} names an empty file")
    return content


def read_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Return the settings of this process; raise ``SettingsError`` with every unusable variable named."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        raise SettingsError(
            tuple(_sentence(fault["loc"], fault["msg"]) for fault in error.errors())
        ) from None
    except UnicodeDecodeError:
        raise SettingsError((".env is not UTF-8: save it again as UTF-8",)) from None


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    """Return one fault in words: the variable, the rule."""
    rule = message.removeprefix("Value error, ")
    return " ".join([*(PREFIX + str(name).upper() for name in location[:1]), rule])


def surroundings(settings: Settings) -> dict[str, str]:
    """Return the environment in which a process of ours finds these settings, wherever it is started."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    for name, value in settings:
        in_a_file = name in SECRETS and getattr(settings, f"{name}_file") is not None
        if value not in ("", None) and not in_a_file:
            given[PREFIX + name.upper()] = str(value.resolve() if isinstance(value, Path) else value)
    return given


def unknown_variables() -> tuple[str, ...]:
    """Return the variables that look like settings but are none: misspelt, most often."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))
