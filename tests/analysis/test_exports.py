"""Files to take away carry what a reader must know, and nothing hidden."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl

from analysis.disclosure import Policy, disclose
from analysis.exports import to_csv, to_xlsx
from analysis.tables import Mark, Provenance, tabulate

from .conftest import Made, question, rows

ABOUT = Provenance(source="Årsrapport 2020", marks=(Mark.EXAMPLE,))


def test_a_file_has_the_layout_of_the_inspectors(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 7, 2, 1), B=(1, 1, 1, 1)), provenance=ABOUT), Policy("group"))
    text = to_csv(safe).decode("utf-8-sig").split("\r\n")
    assert text[:4] == ["Fråga KVAL-05", "De som har svarat på frågan", "Exempeldata", "Årsrapport 2020"]
    assert text[5] == ";A (n = 10);;B (färre än fem inbjudna);;Totalt, redovisade (n = 10);"
    assert text[6] == ";Antal;%;Antal;%;Antal;%"
    assert text[8] == "Bra;7;70;..;;7;70"
    assert any(line.startswith(".. betyder") for line in text)


def test_the_cross_district_form_has_counts_only_under_the_n_of_each_district(
    scale: Callable[..., Made],
) -> None:
    safe = disclose(tabulate(*scale(A=(0, 7, 2, 1), B=(4, 3, 3, 2)), provenance=ABOUT), Policy("group"))
    text = to_csv(safe, percents=False).decode("utf-8-sig").split("\r\n")
    assert text[5] == ";A (n = 10);B (n = 12);Totalt (n = 22)"
    assert text[7] == "Bra;7;3;10"


def test_a_file_says_why_answers_are_missing_where_their_number_may_be_seen(
    yes_no: Callable[..., Made],
) -> None:
    lost = {"missing:skipped": 2, "missing:declined": 1}
    safe = disclose(
        tabulate(
            *yes_no(A={"ja": 7, "nej": 6, **lost}, B={"ja": 6, "nej": 6}, C={"ja": 1, "nej": 1, **lost})
        ),
        Policy("group"),
    )
    text = to_csv(safe, percents=False).decode("utf-8-sig")
    assert "hoppat över;2;0;..;2" in text
    assert "vill inte svara;1;0;..;1" in text


def test_a_label_is_never_run_as_a_formula(yes_no: Callable[..., Made]) -> None:
    counts, units = rows("KVAL-03", {"=HYPERLINK(1)": {"ja": 5, "nej": 5}})
    safe = disclose(tabulate(question(), counts, units), Policy("group"))
    assert "'=HYPERLINK(1)" not in to_csv(safe).decode("utf-8-sig").split("\r\n")[0]
    assert ";'=HYPERLINK(1) (n = 10)" in to_csv(safe).decode("utf-8-sig")


def test_a_workbook_has_one_sheet_per_table_and_real_numbers(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 7, 2, 1)), provenance=ABOUT), Policy("group"))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx([safe, safe])))
    assert book.sheetnames == ["1 KVAL-05", "2 KVAL-05"]
    sheet = book["1 KVAL-05"]
    assert sheet["A3"].value == "Exempeldata"
    assert [sheet.cell(9, column).value for column in (1, 2, 3)] == ["Bra", 7, 70]
