from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import BaseModel

from bot.cli import app
from fieldwork.staff_lists import COLUMNS
from fieldwork.wave_files import WaveFile

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def commands(group: typer.core.TyperGroup, words: str) -> Iterator[tuple[str, object]]:
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from commands(command, f"{words} {name}")
        else:
            yield f"{words} {name}", command


def every_command() -> dict[str, object]:
    root = typer.main.get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    return dict(commands(root, "granska"))


def test_every_command_is_documented_and_no_other() -> None:
    assert set(re.findall(r"^### `(granska [a-z -]+)`$", PAGE, flags=re.MULTILINE)) == set(every_command())


def test_every_option_of_a_command_is_documented_with_it() -> None:
    sections = dict(
        re.findall(r"^### `(granska [a-z -]+)`\n(.*?)(?=^##|\Z)", PAGE, flags=re.MULTILINE | re.DOTALL)
    )
    for name, command in every_command().items():
        for parameter in command.params:  # type: ignore[attr-defined]
            options = [option for option in parameter.opts if option.startswith("--")]
            assert all(option in sections[name] for option in options), (name, options)


def test_every_command_says_what_it_does() -> None:
    assert [name for name, command in every_command().items() if not command.help] == []  # type: ignore[attr-defined]


def test_every_key_of_the_wave_file_is_documented() -> None:
    table = PAGE.split("## The wave file")[1]
    for name, field in WaveFile.model_fields.items():
        part = field.annotation
        keys = part.model_fields if isinstance(part, type) and issubclass(part, BaseModel) else {}
        assert name in table
        assert [key for key in keys if f"{name}.{key}" not in table and f"`.{key}`" not in table] == []


def test_every_column_of_the_staff_list_is_documented() -> None:
    assert [names[0] for names in COLUMNS.values() if f"| {names[0]} |" not in PAGE] == []
