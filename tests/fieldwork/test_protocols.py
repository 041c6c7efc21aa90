from __future__ import annotations

import io
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import Session, SQLModel, col, func, select

from fieldwork import results
from fieldwork.dispositions import participation
from fieldwork.forms import form_of
from fieldwork.interviews import receive, show
from fieldwork.messages import Action, Door, Incoming, Stage
from fieldwork.problems import InputError
from fieldwork.protocol_sheets import write_template
from fieldwork.protocols import add_files, import_protocols, open_protocol, template
from fieldwork.reviews import close_wave, create_wave
from fieldwork.rights import Role, Viewer
from models.tables import (
    Answer,
    Count,
    Interview,
    Invitation,
    ReportingUnit,
    Result,
    Subject,
    TextResult,
    User,
    Wave,
)
from questionnaires import engine
from questionnaires.definition import Form
from questionnaires.loader import parse

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
INSPECTOR = Viewer("inga", Role.INSPECTOR)
HEADER = "löpnummer,distrikt,AKT12-01,AKT12-02,AKT12-08"


@pytest.fixture(autouse=True)
def _inspectors(store: Session) -> None:
    store.add_all(User(name=name, role="inspector") for name in ("inga", "olle"))
    store.add(User(name="chef", role="manager"))
    store.commit()


def bring(  # noqa: PLR0913 - as what it tests
    store: Session,
    wave: int,
    body: str | bytes,
    *,
    user: str = "inga",
    part: str = "reader1",
    dry_run: bool = False,
    filename: str = "protokoll.csv",
) -> int:
    numbers = count(len(store.exec(select(Interview.id)).all()) * 10)
    return import_protocols(
        store,
        wave,
        body.encode() if isinstance(body, str) else body,
        filename,
        user=user,
        part=part,
        now=NOW,
        fresh_id=lambda: f"id-{next(numbers)}",
        dry_run=dry_run,
    ).rows


def refused(store: Session, wave: int, body: str | bytes, **more: str) -> list[str]:
    before = number_of(store, Interview)
    with pytest.raises(InputError) as caught:
        bring(store, wave, body, **more)  # type: ignore[arg-type]
    assert number_of(store, Interview) == before
    return [str(problem) for problem in caught.value.problems]


def number_of(store: Session, table: type[SQLModel]) -> int:
    return store.exec(select(func.count()).select_from(table)).one()


def options(store: Session, wave: int, item: str) -> dict[str, int]:
    store.expire_all()
    of_the_wave = select(Count).join(ReportingUnit).where(ReportingUnit.wave_id == wave)
    rows = store.exec(of_the_wave.where(Count.item == item)).all()
    counted: dict[str, int] = {}
    for row in rows:
        if row.kind == "option" and row.n:
            counted[row.value] = counted.get(row.value, 0) + row.n
    return counted


def test_filled_protocols_are_stored_as_sent_and_counted(store: Session, file_review: int) -> None:
    body = f"{HEADER}\n1,Lindhagen,Ja,,nej\n2,Lindhagen,Nej,ja,\n1,norrviks stadsdelsförvaltning,No,Yes,Yes\n"
    assert bring(store, file_review, body) == 3
    assert options(store, file_review, "AKT12-01") == {"ja": 1, "nej": 2}
    interviews = store.exec(select(Interview)).all()
    assert all(interview.sent_at for interview in interviews)
    invitations = store.exec(select(Invitation)).all()
    assert {invitation.part for invitation in invitations} == {"reader1"}
    assert {answer.door for answer in store.exec(select(Answer)).all()} == {"import"}
    found = participation(store, INSPECTOR, file_review)
    assert [(unit.label, unit.invited, unit.sent) for unit in found.units] == [
        ("Lindhagen", 12, 2),
        ("Norrvik", 8, 1),
    ]


def test_an_item_left_empty_is_skipped_and_one_off_the_route_is_not_asked(
    store: Session, file_review: int
) -> None:
    bring(store, file_review, f"{HEADER}\n1,Lindhagen,ja,,\n")
    missing = {row.item: row.missing for row in store.exec(select(Result)).all()}
    assert missing["AKT12-01"] == ""
    assert missing["AKT12-02"] == "off_route"
    assert missing["AKT12-08"] == "skipped"


def test_a_row_without_any_answer_is_a_file_not_read_yet(store: Session, file_review: int) -> None:
    body = f"{HEADER}\n1,Norrvik,Ja,,\n2,Norrvik,,,\n"
    assert bring(store, file_review, body) == 1
    assert options(store, file_review, "AKT12-01") == {"ja": 1}
    assert bring(store, file_review, f"{HEADER}\n2,Norrvik,Nej,,\n") == 1, "it can still be read"


def test_a_dry_run_of_protocols_changes_nothing(store: Session, file_review: int) -> None:
    assert bring(store, file_review, f"{HEADER}\n1,Lindhagen,Ja,,nej\n", dry_run=True) == 1
    assert number_of(store, Interview) == number_of(store, Invitation) == number_of(store, Result) == 0


def test_every_fault_is_told_by_row_and_column_and_nothing_is_stored(
    store: Session, file_review: int
) -> None:
    rows = (
        "1,Lindhagen,Kanske,,Ja",
        "1,Lindhagen,Ja,,Ja",
        "99,Lindhagen,Ja,,Ja",
        "2,Ingenstans,Ja,,Ja",
        "x,Lindhagen,Ja,,Ja",
        "3,Lindhagen,Ja,Ja,Ja",
    )
    found = refused(store, file_review, f"{HEADER}\n" + "\n".join(rows))
    bad = "protokoll.csv: row 2, column C (AKT12-01): 'Kanske' is not an answer to AKT12-01."
    assert found[0].startswith(f"{bad} Write one of: Ja; Nej")
    assert "row 3, column A (löpnummer): is the same file as in row 2" in found[1]
    assert "row 4, column A (löpnummer): file 99 is not in the sample" in found[2]
    assert "row 5, column A (löpnummer): 'Ingenstans' has no files in this wave" in found[3]
    assert "row 6, column A (löpnummer): is not a running number" in found[4]
    assert "row 7, column D (AKT12-02): does not apply after the answers before it" in found[5]
    assert number_of(store, Result) == number_of(store, Invitation) == 0


def test_a_column_that_is_no_item_is_refused(store: Session, file_review: int) -> None:
    found = refused(store, file_review, "löpnummer,distrikt,personnummer\n1,Lindhagen,19800101-1234\n")
    assert "'personnummer' is not a column of this list" in found[0]


def test_a_file_is_not_read_twice_by_the_same_reader(store: Session, file_review: int) -> None:
    body = f"{HEADER}\n1,Lindhagen,Ja,,nej\n"
    bring(store, file_review, body)
    assert "row 2: the reader1 protocol has been begun already" in refused(store, file_review, body)[0]
    assert "has been begun by another inspector" in refused(store, file_review, body, user="olle")[0]


def test_the_second_reader_is_stored_but_not_counted_and_the_agreed_protocol_replaces_the_first(
    store: Session, file_review: int
) -> None:
    def body(answer: str) -> str:
        return f"{HEADER}\n1,Lindhagen,{answer},,\n"

    bring(store, file_review, body("Nej"), user="olle", part="reader2")
    assert options(store, file_review, "AKT12-01") == {}
    bring(store, file_review, body("Ja"))
    assert options(store, file_review, "AKT12-01") == {"ja": 1}
    bring(store, file_review, body("Nej"), part="agreed")
    assert options(store, file_review, "AKT12-01") == {"nej": 1}
    assert number_of(store, Interview) == 3
    counts = results.counts(store, INSPECTOR, file_review, ["AKT12-01"])
    close_wave(store, file_review, NOW)
    counts = results.counts(store, INSPECTOR, file_review, ["AKT12-01"])
    assert [unit.answers for unit in counts.units] == [1, 0]
    assert sum(row.n for row in counts.rows if row.kind == "answered") == 1


def test_a_first_reading_that_comes_after_the_agreed_one_is_not_counted(
    store: Session, file_review: int
) -> None:
    bring(store, file_review, f"{HEADER}\n1,Lindhagen,Ja,,\n", part="agreed")
    bring(store, file_review, f"{HEADER}\n1,Lindhagen,Nej,,\n")
    assert options(store, file_review, "AKT12-01") == {"ja": 1}


def fill_in_chat(store: Session, invitation: int, answers: dict[str, str]) -> None:
    def say(action: Action, item: str = "", *values: str) -> None:
        receive(
            store,
            Incoming(
                invitation=invitation,
                door=Door.CONSOLE,
                action=action,
                at=NOW,
                item=item,
                values=values,
                device="desk",
                fresh_id=f"chat-{invitation}-{action}",
            ),
        )

    say(Action.BEGIN)
    talk = show(store, invitation, now=NOW, device="desk")
    while talk.prompt is not None:
        item = talk.prompt.item
        if item in answers:
            say(Action.ANSWER, item, answers[item])
        else:
            say(Action.SKIP, item)
        talk = show(store, invitation, now=NOW, device="desk")
    say(Action.SEND)
    assert show(store, invitation, now=NOW).stage is Stage.SENT


def test_a_protocol_filled_in_chat_counts_by_the_same_rule(store: Session, file_review: int) -> None:
    for part, answer in (("reader1", "ja"), ("reader2", "ja"), ("agreed", "nej")):
        invitation = open_protocol(store, file_review, district="Lindhagen", number=3, user="inga", part=part)
        store.commit()
        fill_in_chat(store, invitation, {"AKT12-01": answer})
    assert options(store, file_review, "AKT12-01") == {"nej": 1}


def test_a_protocol_is_opened_once_and_belongs_to_its_inspector(store: Session, file_review: int) -> None:
    first = open_protocol(store, file_review, district="Lindhagen", number=3, user="inga")
    assert open_protocol(store, file_review, district="LINDHAGEN", number=3, user="inga") == first
    store.get_one(Invitation, first).begun_at = NOW
    store.commit()
    with pytest.raises(InputError, match="has been begun by another inspector"):
        open_protocol(store, file_review, district="Lindhagen", number=3, user="olle")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"district": "Ingenstans"}, "is no district of this wave"),
        ({"number": 13}, "file 13 of Lindhagen is not in the sample"),
        ({"user": "chef"}, "is not an inspector"),
        ({"user": "ingen"}, "is not an inspector"),
        ({"part": "reader3"}, "cannot be 'reader3'"),
    ],
)
def test_a_protocol_that_cannot_be_opened_is_explained(
    store: Session, file_review: int, changes: dict[str, str], rule: str
) -> None:
    asked = {"district": "Lindhagen", "number": 1, "user": "inga", "part": "reader1", **changes}
    with pytest.raises(InputError, match=rule):
        open_protocol(store, file_review, **asked)  # type: ignore[arg-type]


def test_files_can_be_added_to_a_district_but_not_to_a_survey(
    store: Session, file_review: int, survey: int
) -> None:
    assert add_files(store, file_review, "Norrvik", 10) == 2
    assert add_files(store, file_review, "Norrvik", 10) == 0
    numbers = select(Subject.number).where(Subject.wave_id == file_review).order_by(col(Subject.id).desc())
    assert store.exec(numbers).first() == 10
    with pytest.raises(InputError, match="is not about files"):
        add_files(store, survey, "Norrvik", 10)
    close_wave(store, file_review, NOW)
    with pytest.raises(InputError, match="is closed"):
        add_files(store, file_review, "Norrvik", 11)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_template_can_be_filled_in_and_read_back(store: Session, file_review: int, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(store, file_review, "reader1", language)))
    sheet = book.worksheets[0]
    assert sheet.max_row == 21
    headings = [str(cell.value) for cell in sheet[1]]
    assert headings[:2] == [["löpnummer", "distrikt"], ["running number", "district"]][language == "en"]
    asked = [each.name for each in form_of(store, store.get_one(Wave, file_review).form_id).questions]
    assert [heading.split()[0] for heading in headings[2:]] == [
        name for name in asked if any(heading.startswith(f"{name} ") for heading in headings)
    ]
    for row in sheet.iter_rows(min_row=2):
        row[headings.index(next(h for h in headings if h.startswith("AKT12-01 ")))].value = "Ja"
    out = io.BytesIO()
    book.save(out)
    assert bring(store, file_review, out.getvalue(), filename="ifylld.xlsx") == 20
    again = openpyxl.load_workbook(io.BytesIO(template(store, file_review, "reader1", language)))
    assert again.worksheets[0].max_row == 1


EVERY_TYPE = """
code = "PROV"
edition = "1"
version = 1
title = { sv = "Prov", en = "Test" }
subject = "file"
source = "egen"

[choices]
metoder = [
  { name = "ib", label = { sv = "Initial bedömning, IB", en = "Initial assessment, IB" } },
  { name = "fia", label = { sv = "FIA", en = "FIA" } },
]

[[survey]]
type = "acknowledge"
name = "PROV-00"
label = { sv = "Läst", en = "Read" }

[[survey]]
type = "select_multiple metoder"
name = "PROV-01"
label = { sv = "Vilka?", en = "Which?" }

[[survey]]
type = "decimal"
name = "PROV-02"
label = { sv = "Hur mycket?", en = "How much?" }
required = true

[[survey]]
type = "month"
name = "PROV-03"
label = { sv = "När?", en = "When?" }

[[survey]]
type = "text"
name = "PROV-04"
label = { sv = "Kommentar", en = "Comment" }
"""


def test_every_kind_of_answer_can_be_imported(store: Session, plan: str, tmp_path: Path) -> None:
    (tmp_path / "prov.toml").write_text(EVERY_TYPE, encoding="utf-8")
    body = plan.replace('["komp.kort", "kval.kort"]', '["prov.toml"]').replace('"self"', '"file"')
    body = body.replace("posts = 13\nfilled = 13", "files = 2")
    wave = create_wave(store, body, str(tmp_path / "plan.toml"))
    header = "löpnummer;distrikt;Vilka?;PROV-02;När?;PROV-04 Kommentar\n"
    bad = "1;Lindhagen;ASI;;2012-13;\n2;Lindhagen;;tre;;\n"
    found = refused(store, wave, header + bad)
    assert [problem.split(": ")[1] for problem in found] == [
        "row 2, column C (PROV-01)",
        "row 2, column D (PROV-02)",
        "row 2, column E (PROV-03)",
        "row 3, column D (PROV-02)",
    ]
    bring(store, wave, header + '1;Lindhagen;"Initial bedömning, IB, FIA";3,5;mars 2012;"- ett\ntvå"\n')
    answers = {row.item: row.value for row in store.exec(select(Answer)).all()}
    assert answers == {
        "PROV-00": "ok",
        "PROV-01": "ib fia",
        "PROV-02": "3.5",
        "PROV-03": "2012-03",
        "PROV-04": "- ett\ntvå",
    }
    assert store.exec(select(TextResult.text)).all() == ["- ett\ntvå"]


def test_the_template_lists_the_options_that_do_not_fit_in_a_cell() -> None:
    form = Form((parse(EVERY_TYPE, "prov.toml"),))
    book = openpyxl.load_workbook(io.BytesIO(write_template(form, [("Lindhagen", 1)], "en")))
    assert [cell.value for cell in book.worksheets[1][1]] == [
        "PROV-01 Which?",
        "Initial assessment, IB; FIA",
    ]
    assert [engine.is_asked(question) for question in form.questions] == [True] * 5
