"""The published waves show what their reports print, and refuse everything else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlmodel import Session, col, select

from analysis.disclosure import Policy, disclose
from analysis.tables import Base, Mark, UnitColumn, tabulate
from fieldwork import dispositions, results
from fieldwork.demo.margins import SENT, PublishedWave, published_waves
from fieldwork.demo.organisations import organisation_ids
from fieldwork.demo.published import published_only
from fieldwork.errors import NotPrinted
from fieldwork.forms import form_of
from fieldwork.organisations import find_organisations, units_by_name
from fieldwork.rights import Viewer
from models.tables import (
    Answer,
    Interview,
    Organisation,
    OrganisationLink,
    PublishedFigure,
    ReportingUnit,
    Review,
    TextResult,
    Wave,
)

SURVEY, FILES, FOSTER_CARE, HOUSING = published_waves()


def stored(session: Session, printed: PublishedWave) -> Wave:
    query = select(Wave).join(Review, col(Review.id) == col(Wave.review_id))
    return session.exec(query.where(Review.title == printed.review, Wave.name == printed.name)).one()


def entries(session: Session, printed: PublishedWave, item: str) -> list[dict[str, Any]]:
    wave = stored(session, printed)
    return [dict(entry) for entry in wave.printed if entry["item"] == item]


@pytest.mark.parametrize("printed", published_waves(), ids=lambda printed: printed.code)
def test_an_item_that_no_report_prints_is_refused(
    session: Session, inspector: Viewer, printed: PublishedWave
) -> None:
    wave = stored(session, printed)
    allowed = {str(entry["item"]) for entry in wave.printed}
    others = {question.name for question in form_of(session, wave.form_id).questions} - allowed
    assert others
    for item in others:
        with pytest.raises(NotPrinted):
            results.counts(session, inspector, wave.id or 0, [item])


def test_where_only_a_total_is_printed_no_district_is_given(session: Session, inspector: Viewer) -> None:
    wave = stored(session, FOSTER_CARE)
    given = results.counts(session, inspector, wave.id or 0, ["FAM20-01"])
    assert [(unit.id, unit.answers) for unit in given.units] == [(results.TOTAL, 42)]
    assert {row.reporting_unit_id for row in given.rows} == {results.TOTAL}
    counted = {(row.value, row.n) for row in given.rows if row.kind == "option"}
    assert counted == {("flicka", 19), ("pojke", 23)}


def test_a_unit_whose_number_is_not_printed_is_left_out(session: Session, inspector: Viewer) -> None:
    given = results.counts(session, inspector, stored(session, HOUSING).id or 0, ["TILL20-06"])
    assert [unit.label for unit in given.units] == ["Hässelby-Vällingby"]
    assert {row.reporting_unit_id for row in given.rows} == {unit.id for unit in given.units}


def test_of_each_district_only_the_printed_options_are_given(session: Session, inspector: Viewer) -> None:
    wave = stored(session, FILES)
    told = {tuple(e["units"]): e["options"] for e in entries(session, FILES, "AKT12-21")}
    assert told == {
        ("Hägersten-Liljeholmen",): ["sarskilt_tydlig", "viss_delaktighet"],
        ("Älvsjö",): ["sarskilt_tydlig"],
    }
    given = results.counts(session, inspector, wave.id or 0, ["AKT12-21"])
    for unit in given.units:
        options = {
            row.value for row in given.rows if row.reporting_unit_id == unit.id and row.kind == "option"
        }
        assert options == set(told[unit.label,])


@pytest.mark.parametrize("printed", published_waves(), ids=lambda printed: printed.code)
def test_every_printed_table_can_be_shown_and_is_marked(
    session: Session, inspector: Viewer, printed: PublishedWave
) -> None:
    wave = stored(session, printed)
    form = form_of(session, wave.form_id)
    given = results.counts(session, inspector, wave.id or 0, sorted({str(e["item"]) for e in wave.printed}))
    for entry in wave.printed:
        cells = {
            (*cell.units, cell.options[0]): cell
            for cell in printed.cells
            if cell.item == entry["item"] and len(cell.options) == 1
        }
        units = [
            UnitColumn(unit.id, unit.label, unit.invited, unit.answers)
            for unit in given.units
            if (unit.label in entry["units"] if entry["split"] else unit.id == results.TOTAL)
        ]
        table = tabulate(
            form.by_name[str(entry["item"])],
            given.rows,
            units,
            base=Base("sent") if entry["base"] == SENT else Base("route", str(entry["base"])),
            only=list(entry["options"]),
            total=bool(entry["total"]),
        )
        safe = disclose(table, Policy(given.policy))
        assert Mark.PUBLISHED in safe.provenance.marks
        columns = [((column.label,), column) for column in safe.columns] if entry["split"] else []
        columns += [(tuple(entry["units"]), safe.total)] if safe.total else []
        for labels, column in columns:
            for row, shown in zip(safe.rows, column.cells, strict=True):
                cell = cells[(*labels, row.value)]
                assert (shown.count, column.n) == (cell.count, cell.n)


def test_the_goals_of_aelvsjoe_are_a_share_of_all_its_investigations(
    session: Session, inspector: Viewer
) -> None:
    (_, entry) = entries(session, FILES, "AKT12-05")
    assert (entry["units"], entry["base"]) == (["Älvsjö"], "AKT12-04")
    given = results.counts(session, inspector, stored(session, FILES).id or 0, ["AKT12-05"])
    (unit,) = (unit for unit in given.units if unit.label == "Älvsjö")
    base = [row for row in given.rows if row.item == "AKT12-04" and row.reporting_unit_id == unit.id]
    assert [(row.kind, row.n) for row in base] == [("answered", 16)]


@pytest.mark.parametrize("printed", published_waves(), ids=lambda printed: printed.code)
def test_why_a_synthetic_respondent_left_something_out_is_told_to_nobody(
    session: Session, inspector: Viewer, printed: PublishedWave
) -> None:
    wave = stored(session, printed)
    given = results.counts(session, inspector, wave.id or 0, sorted({str(e["item"]) for e in wave.printed}))
    assert {row.kind for row in given.rows} == {"option", "answered"}


def test_aelvsjoe_had_two_of_four_posts_filled(session: Session, inspector: Viewer) -> None:
    wave = stored(session, SURVEY)
    units = {unit.label: unit for unit in dispositions.participation(session, inspector, wave.id or 0).units}
    assert (units["Älvsjö"].posts, units["Älvsjö"].filled, units["Älvsjö"].invited) == (4, 2, 2)
    assert units["Hägersten-Liljeholmen"].posts is None


@pytest.mark.parametrize("printed", published_waves(), ids=lambda printed: printed.code)
def test_the_published_waves_are_closed_and_hold_no_draft(session: Session, printed: PublishedWave) -> None:
    wave = stored(session, printed)
    assert wave.closed_at is not None
    assert wave.policy == "published"
    interviews = session.exec(select(Interview).where(Interview.wave_id == wave.id)).all()
    assert all(interview.sent_at for interview in interviews)
    ids = [interview.id for interview in interviews]
    assert session.exec(select(Answer).where(col(Answer.interview_id).in_(ids))).all() == []
    assert session.get_one(Review, wave.review_id).origin == "published"


def test_made_up_words_of_a_published_wave_say_that_they_are(session: Session) -> None:
    wave = stored(session, SURVEY)
    texts = session.exec(select(TextResult).where(TextResult.wave_id == wave.id)).all()
    assert len(texts) == 4
    assert all(text.text.startswith("Syntetisk text") for text in texts)


def test_districts_are_found_by_every_spelling_in_the_reports(session: Session) -> None:
    day = stored(session, FOSTER_CARE).opens
    for spelling, name in {
        "Hägersten/Liljeholmen": "Hägersten-Liljeholmen",
        "Enskede- Årsta-Vantör": "Enskede-Årsta-Vantör",
        "Norrmalm- Östermalm": "Norrmalm-Östermalm",
        "Norrmalm/Östermalm": "Norrmalm-Östermalm",
    }.items():
        assert [found.name for found in find_organisations(session, [spelling], day)] == [name]


def test_norrmalm_and_oestermalm_are_one_reporting_unit_of_two_districts(session: Session) -> None:
    wave = stored(session, FOSTER_CARE)
    places = units_by_name(session, wave.id or 0)
    unit = session.exec(
        select(ReportingUnit).where(
            ReportingUnit.wave_id == wave.id, ReportingUnit.label == "Norrmalm-Östermalm"
        )
    ).one()
    assert places["norrmalm"][1] == places["östermalm"][1] == unit.id


def test_oestermalm_handled_assistance_for_two_districts_for_a_time(session: Session) -> None:
    ids = organisation_ids(session)
    links = session.exec(select(OrganisationLink).where(OrganisationLink.kind == "handles")).all()
    assert {(link.organisation_id, link.other_id) for link in links} == {
        (ids["Östermalm"], ids["Kungsholmen"]),
        (ids["Östermalm"], ids["Norrmalm"]),
    }
    assert all(link.valid_from and link.valid_from.year == 2011 for link in links)
    assert all(link.valid_to and link.valid_to.year == 2014 for link in links)
    assert session.exec(select(Organisation).where(Organisation.name == "Enheten för hemlösa")).one()


def test_everything_else_is_kept_as_a_published_figure(session: Session) -> None:
    kept = session.exec(select(PublishedFigure)).all()
    assert {re.sub(r"\.\d+\.\d+$", "", figure.id) for figure in kept} == published_only()
    assert all(figure.source.split(" (")[0] for figure in kept)
    by_id = {figure.id: figure for figure in kept}
    assert by_id["f000.reg.area.1.1"].value == "76\N{NARROW NO-BREAK SPACE}710"
    assert by_id["f000.reg.area.7.1"].value == "81,0"
    assert by_id["f000.svy.hl.participation"].value == "lite drygt 50 %"
    assert by_id["f000.svy.hl.participation"].approximate
    assert by_id["f000.svy.hl.participation"].count is None
    assert by_id["f000.rev.al.barn_antal"].missing
    assert by_id["f000.rev.al.barn_antal"].value == ""
    assert by_id["f002.caseload_ss"].value == "40–75"
