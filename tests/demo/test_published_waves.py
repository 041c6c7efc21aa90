"""The published waves show what their reports print, and refuse everything else."""

from __future__ import annotations

import re

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
from fieldwork.printed import PrintedTable, printed_tables
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


def tables(session: Session, printed: PublishedWave, item: str) -> list[PrintedTable]:
    wave = stored(session, printed)
    return [table for table in printed_tables(session, wave.id or 0) if table.item == item]


@pytest.mark.parametrize("printed", published_waves(), ids=lambda printed: printed.code)
def test_an_item_that_no_report_prints_is_refused(
    session: Session, inspector: Viewer, printed: PublishedWave
) -> None:
    wave = stored(session, printed)
    allowed = {table.item for table in printed_tables(session, wave.id or 0)}
    others = {question.name for question in form_of(session, wave.form_id).questions} - allowed
    assert others
    for item in others:
        with pytest.raises(NotPrinted):
            results.counts(session, inspector, wave.id or 0, [item])


def test_a_split_that_is_not_printed_is_refused(session: Session) -> None:
    wave = stored(session, FOSTER_CARE)
    (gender,) = tables(session, FOSTER_CARE, "FAM20-01")
    by_district = PrintedTable(**{**gender.stored(), "split": True})
    with pytest.raises(NotPrinted):
        results.printed_counts(session, wave.id or 0, by_district)


def test_where_only_a_total_is_printed_no_district_is_given(session: Session, inspector: Viewer) -> None:
    wave = stored(session, FOSTER_CARE)
    (gender,) = tables(session, FOSTER_CARE, "FAM20-01")
    for given in (
        results.printed_counts(session, wave.id or 0, gender),
        results.counts(session, inspector, wave.id or 0, ["FAM20-01"]),
    ):
        assert [(unit.id, unit.answers) for unit in given.units] == [(results.TOTAL, 42)]
        assert {row.reporting_unit_id for row in given.rows} == {results.TOTAL}
        assert {(row.value, row.n) for row in given.rows if row.kind == "option"} == {
            ("flicka", 19),
            ("pojke", 23),
        }


def test_a_unit_whose_number_is_not_printed_is_left_out(session: Session) -> None:
    (table,) = tables(session, HOUSING, "TILL20-06")
    given = results.printed_counts(session, stored(session, HOUSING).id or 0, table)
    assert [unit.label for unit in given.units] == ["Hässelby-Vällingby"]


def test_an_option_without_a_printed_count_is_not_shown_as_zero(session: Session) -> None:
    wave = stored(session, FILES)
    question = form_of(session, wave.form_id).by_name["AKT12-21"]
    shown = {table.units: table.options for table in tables(session, FILES, "AKT12-21")}
    assert shown == {
        ("Hägersten-Liljeholmen",): ("sarskilt_tydlig", "viss_delaktighet"),
        ("Älvsjö",): ("sarskilt_tydlig",),
    }
    for table in tables(session, FILES, "AKT12-21"):
        assert tuple(choice.name for choice in table.narrowed(question).choices) == table.options
        given = results.printed_counts(session, wave.id or 0, table)
        assert {row.value for row in given.rows if row.kind == "option"} == set(table.options)


@pytest.mark.parametrize("printed", published_waves(), ids=lambda printed: printed.code)
def test_every_printed_table_can_be_shown_and_is_marked(session: Session, printed: PublishedWave) -> None:
    wave = stored(session, printed)
    form = form_of(session, wave.form_id)
    for table in printed_tables(session, wave.id or 0):
        given = results.printed_counts(session, wave.id or 0, table)
        units = [UnitColumn(unit.id, unit.label, unit.invited, unit.answers) for unit in given.units]
        base = Base("sent") if table.base == SENT else Base("route", table.base)
        tabulated = tabulate(
            table.narrowed(form.by_name[table.item]), given.rows, units, base=base, total=table.total
        )
        safe = disclose(tabulated, Policy(given.policy))
        assert Mark.PUBLISHED in safe.provenance.marks
        cells = [cell for cell in printed.cells if cell.item == table.item and not cell.derived]
        for column in safe.columns:
            counts = {row.value: cell.count for row, cell in zip(safe.rows, column.cells, strict=True)}
            for cell in cells:
                if column.label in cell.units or (column.label == "total" and len(cell.units) > 1):
                    assert counts[cell.options[0]] == cell.count
                    assert column.n == cell.n


def test_the_goals_of_aelvsjoe_are_a_share_of_all_its_investigations(session: Session) -> None:
    table = next(table for table in tables(session, FILES, "AKT12-05") if table.units == ("Älvsjö",))
    assert table.base == "AKT12-04"
    given = results.printed_counts(session, stored(session, FILES).id or 0, table)
    base = [row for row in given.rows if row.item == "AKT12-04"]
    assert {row.kind for row in base} == {"answered", "missing"}
    assert sum(row.n for row in base if row.value != "off_route") == 16


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
