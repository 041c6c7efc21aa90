"""What a manager sees: releases and participation, and of a small unit nothing at all.

The attack is a comparison. Two worlds are made that differ only in a unit like Älvsjö's: in how many were
invited, how many answered, and what. Every page and every file that a manager can have must be the same in
both, to the last byte: what does not depend on the small unit cannot tell of it, in no table, total, chart,
tooltip or alternative text. A page or export that is added is attacked too.
"""

from __future__ import annotations

import inspect
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from analysis import exports
from analysis.disclosure import SafeTable
from analysis.released import Release, read_back, sha256
from analysis.releasing import decide
from fieldwork import releases
from fieldwork.demo.invention import invent, tendencies_of_staff
from fieldwork.demo.rows import Place, add_invitation, add_sent
from fieldwork.forms import form_of, publish_form
from fieldwork.rights import Role, Viewer
from fieldwork.users import add_user
from models.database import migrate, open_database, writing
from models.tables import Person, ReportingUnit, Review, Subject, Wave
from questionnaires.loader import from_library

from .conftest import Open
from .test_pages import SURVEY_2012, html, specs

ROOT = Path(__file__).parents[2]
SENT, CLOSED, RELEASED = (datetime(2024, month, 4, 12, tzinfo=UTC) for month in (10, 11, 12))
PAGES = sorted(path.stem for path in (ROOT / "dashboard").glob("page_*.py"))
EXPORTS = sorted(name for name in vars(exports) if name.startswith("to_"))
SMALL = "Älvsjö"
OTHERS = {"Farsta": (15, 12), "Hägersten-Liljeholmen": (13, 10)}
"""How many were invited to the other units, and how many sent."""

OPEN, SHUT = (f"{name} (2024) – Granskning" for name in ("Nu", "Då"))
ADDRESSES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "page_children": ({}, {"distrikt": SMALL}),
    "page_fieldwork": ({"utskick": OPEN}, {"utskick": SHUT}, {"utskick": OPEN, "distrikt": SMALL}),
    "page_results": ({"utskick": SHUT, "avsnitt": "Alla avsnitt"}, {"utskick": OPEN}),
}
"""Where a page is looked at: every filter that may bear on the small unit."""
USUAL = ({"utskick": SHUT}, {"utskick": SHUT, "distrikt": SMALL}, {"utskick": SHUT, "sprak": "English"})


@dataclass(frozen=True)
class World:
    url: str
    canonical: str
    page: bytes


def build(path: Path, invited: int, sent: int, who: str) -> World:
    """One wave still open and one closed and released, with so many invited and sent in the small unit."""
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        add_user(session, "Inga", Role.INSPECTOR)
        add_user(session, "Chef", Role.MANAGER)
        session.add(Review(id=1, title="Granskning", year=2024))
        session.flush()
        form_id = publish_form(session, [from_library("komp.kort"), from_library("kval.kort")])
        for name in ("Nu", "Då"):
            _wave(session, name, form_id, {**OTHERS, SMALL: (invited, sent)}, who)
        session.get_one(Wave, 2).closed_at = CLOSED
        session.commit()
        inga = Viewer("Inga", Role.INSPECTOR)
        released = releases.publish(session, inga, 2, partial(decide, at=RELEASED, version="1.2.3"), RELEASED)
        page = releases.take_page(session, Viewer("Chef", Role.MANAGER), 2, RELEASED)
    engine.dispose()
    return World(url, released.canonical, page)


def _wave(session: Session, name: str, form_id: int, units: Mapping[str, tuple[int, int]], who: str) -> None:
    wave = Wave(review_id=1, form_id=form_id, name=name, opens=date(2024, 10, 1), closes=date(2024, 10, 30))
    session.add(wave)
    session.flush()
    form = form_of(session, form_id)
    for position, (label, (invited, sent)) in enumerate(units.items()):
        unit = ReportingUnit(wave_id=wave.id or 0, label=label, position=position)
        session.add(unit)
        session.flush()
        place = Place(wave.id or 0, form_id, form, unit.id or 0)
        for number in range(invited):
            person = Person(reference=f"{name} {label} {number}")
            session.add(person)
            session.flush()
            subject = Subject(wave_id=wave.id or 0, kind="person", person_id=person.id)
            session.add(subject)
            session.flush()
            invitation = add_invitation(session, place, subject)
            if number < sent:
                answers = invent(
                    form, f"{who if label == SMALL else label} {number}", tendencies_of_staff(label, "survey")
                )
                add_sent(session, place, invitation, answers, at=SENT, key=f"{name}{label}{number}")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    folder = tmp_path_factory.mktemp("worlds")
    return build(folder / "a.db", 2, 2, "a"), build(folder / "b.db", 4, 1, "b")


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANSKA_ACTING_USER", "Chef")


def everything(page: AppTest) -> list[str]:
    """Every element of a page with all that the browser is told of it."""
    assert not page.exception
    told = [str(element.proto) for element in page if hasattr(element, "proto")]
    return [re.sub(r"[0-9a-f]{32,}|[0-9a-f-]{36}", "", each) for each in told]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_depends_on_a_unit_with_few_invited(
    show: Open, worlds: tuple[World, World], manager: None, page: str
) -> None:
    for address in ADDRESSES.get(page, USUAL):
        first, second = (everything(show(world.url, page, **address)) for world in worlds)
        assert first == second
        assert first


def test_the_worlds_do_differ_to_an_inspector(
    show: Open, worlds: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRANSKA_ACTING_USER", "Inga")
    for page, address in (("page_fieldwork", {"utskick": OPEN}), ("page_results", {"utskick": SHUT})):
        first, second = (everything(show(world.url, page, **address)) for world in worlds)
        assert first != second


def files_of(world: World) -> Iterator[tuple[str, object]]:
    """Every file that holds tables of the release."""
    release: Release = read_back(world.canonical, sha256(world.canonical))
    for edition in release.editions:
        for name in EXPORTS:
            yield f"{name} {edition.language}", _exported(name, edition.tables)
    yield "page", world.page
    yield "canonical", world.canonical


def _exported(name: str, tables: tuple[SafeTable, ...]) -> object:
    export = getattr(exports, name)
    if "tables" in inspect.signature(export).parameters:
        return _parts(export(tables))
    return [export(table) for table in tables]


def _parts(content: bytes) -> Mapping[str, bytes]:
    """What is in a workbook or document; its properties hold the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist() if not name.startswith("docProps/")}


def test_no_file_depends_on_a_unit_with_few_invited(worlds: tuple[World, World]) -> None:
    assert EXPORTS
    for (name, first), (_, second) in zip(*map(files_of, worlds), strict=True):
        assert first == second, name


def test_a_manager_sees_that_few_were_invited_and_the_figures_of_the_city(
    show: Open, worlds: tuple[World, World], manager: None
) -> None:
    counts = html(show(worlds[0].url, "page_fieldwork", utskick=OPEN))
    assert "22 av 28 har svarat i de enheter som redovisas; sex har inte svarat." in counts
    assert "Älvsjö (färre än fem inbjudna) .. .. .. Totalt, redovisade 28 22 6" in counts[-1]
    alone = html(show(worlds[0].url, "page_fieldwork", utskick=OPEN, distrikt=SMALL))
    assert "Färre än fem inbjudna. Därför visas inga antal." in alone
    opened = show(worlds[0].url, "page_cooperation", utskick=SHUT)
    words = " ".join(html(opened))
    assert "Älvsjö (färre än fem inbjudna)" in words
    assert "Totalt, redovisade (n = 21)" in words.replace("\N{NO-BREAK SPACE}", " ")
    assert any("redovisning 1 av Då, släppt 4 december 2024" in each.value for each in opened.markdown)
    assert specs(opened)


def test_before_a_release_a_manager_is_told_that_there_is_none(
    show: Open, worlds: tuple[World, World], manager: None
) -> None:
    for page in ("page_cooperation", "page_results"):
        opened = show(worlds[0].url, page, utskick=OPEN)
        assert any("Resultaten är inte släppta än." in words for words in html(opened))
        assert specs(opened) == []
        assert len(opened.get("download_button")) == 0
        assert not any("Preliminärt" in words for words in html(opened))


def test_published_figures_appear_to_a_manager_as_they_are_published(
    show: Open, demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "demo.db"
    path.write_bytes(Path(demo.removeprefix("sqlite:///")).read_bytes())
    url = f"sqlite:///{path}"
    engine: Engine = open_database(url)
    with writing(engine) as session:
        add_user(session, "Chef", Role.MANAGER)
    engine.dispose()
    monkeypatch.setenv("GRANSKA_ACTING_USER", "Chef")
    counts = html(show(url, "page_fieldwork", utskick=SURVEY_2012))
    assert "Älvsjö 4 2 2 2 0" in counts[-1]
    words = " ".join(html(show(url, "page_cooperation", utskick=SURVEY_2012)))
    assert "Fungerar bra 7 70 1 50" in words
    assert "Publicerad uppgift" in words
