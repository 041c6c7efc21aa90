from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldwork.settings import PREFIX, Settings, SettingsError, read_settings, surroundings, unknown_variables

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_program_starts_with_nothing_set(tmp_path: Path) -> None:
    settings = read_settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/data/granska.db"
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.language == "sv"
    assert settings.secret_key == ""
    assert settings.kept_secret_key == Path("data/secret_key")


def test_a_variable_and_a_line_of_the_env_file_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("GRANSKA_LANGUAGE=en\nGRANSKA_SMTP_URL=\n")
    monkeypatch.setenv("GRANSKA_BASE_URL", "https://granska.example.se/")
    settings = read_settings()
    assert settings.language == "en"
    assert settings.smtp_url == ""
    assert settings.base_url == "https://granska.example.se"


@pytest.mark.parametrize("name", ["DATABASE_URL", "TELEGRAM_TOKEN", "SMTP_URL", "SECRET_KEY"])
def test_a_secret_can_be_given_as_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("smtp://" + "x" * 40 + "\n")
    monkeypatch.setenv(f"GRANSKA_{name}_FILE", str(secret))
    assert getattr(read_settings(), name.lower()) == "smtp://" + "x" * 40


def test_a_secret_given_twice_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRANSKA_SECRET_KEY", "y" * 40)
    monkeypatch.setenv("GRANSKA_SECRET_KEY_FILE", str(tmp_path / "key"))
    with pytest.raises(SettingsError, match="GRANSKA_SECRET_KEY and GRANSKA_SECRET_KEY_FILE are both set"):
        read_settings()


def test_a_secret_file_that_is_not_there_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_TELEGRAM_TOKEN_FILE", "nowhere")
    with pytest.raises(SettingsError, match="GRANSKA_TELEGRAM_TOKEN_FILE names a file that cannot be read"):
        read_settings()


def test_every_bad_value_is_named_at_once_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_WEB_PORT", "many")
    monkeypatch.setenv("GRANSKA_LANGUAGE", "fi")
    monkeypatch.setenv("GRANSKA_TIME_ZONE", "Europe/Nowhere")
    monkeypatch.setenv("GRANSKA_SMTP_URL", "http://user:hemligt@host")
    monkeypatch.setenv("GRANSKA_SECRET_KEY", "short")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    named = {problem.split()[0] for problem in caught.value.problems}
    assert named == {
        "GRANSKA_WEB_PORT",
        "GRANSKA_LANGUAGE",
        "GRANSKA_TIME_ZONE",
        "GRANSKA_SMTP_URL",
        "GRANSKA_SECRET_KEY",
    }
    assert "hemligt" not in str(caught.value)


def test_two_doors_cannot_share_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_WEB_PORT", "8501")
    with pytest.raises(SettingsError, match="are the same"):
        read_settings()


def test_secrets_are_not_shown_when_the_settings_are_printed() -> None:
    settings = Settings(_env_file=None, secret_key="z" * 40, smtp_url="smtp://user:pass@host")
    assert "z" * 40 not in repr(settings)
    assert "pass" not in repr(settings)


def test_another_process_finds_the_same_settings_wherever_it_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("k" * 40)
    (tmp_path / ".env").write_text("GRANSKA_SECRET_KEY_FILE=key\nGRANSKA_LANGUAGE=en\nGRANSKA_DATA_DIR=d\n")
    here = read_settings()
    for name, value in surroundings(here).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    there = read_settings()
    assert there.database_url == here.database_url
    assert (there.secret_key, there.language) == ("k" * 40, "en")
    assert there.data_dir == tmp_path / "d"


def test_a_misspelt_variable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_BASEURL", "https://x.se")
    assert unknown_variables() == ("GRANSKA_BASEURL",)


def test_the_example_names_every_setting_and_nothing_else() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^(GRANSKA_[A-Z_]+)=", text, flags=re.MULTILINE))
    assert named == {PREFIX + name.upper() for name in Settings.model_fields}


def test_the_example_can_be_used_as_it_stands(tmp_path: Path) -> None:
    settings = read_settings(ROOT / ".env.example")
    assert settings == read_settings(None)
