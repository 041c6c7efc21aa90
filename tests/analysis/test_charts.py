"""Charts draw what may be seen, and nothing else reaches the browser."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import date
from typing import Any, get_type_hints

import altair as alt
import pytest

from analysis import charts, exports, scale_charts, sentences, strands
from analysis.disclosure import Policy, SafeTable, disclose
from analysis.palette import DARK, LIGHT, PALETTES, STEPS, Palette
from analysis.tables import Mark, Provenance, Table, tabulate

from .conftest import Made, question, rows

GROUP = Policy("group")
CHARTS = {
    name: function
    for module in (charts, scale_charts)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and get_type_hints(function).get("return") is alt.LayerChart
    if function.__module__ == module.__name__ and not name.startswith("_")
}
NOT_ABOUT_RESULTS = {"curve"}
"""Participation is live and no table: how many, never what."""


def spec(chart: alt.LayerChart) -> dict[str, Any]:
    """The specification with each layer's rows put back where they are drawn."""
    drawn: dict[str, Any] = chart.to_dict()
    datasets = drawn.pop("datasets", {})
    for layer in drawn["layer"]:
        if "data" in layer:
            layer["data"] = {"values": datasets[layer["data"]["name"]]}
    return drawn


def scale_bars(
    tables: dict[str, SafeTable], palette: Palette, *, unit: str = "", stacked: bool = False
) -> alt.LayerChart:
    return scale_charts.scale_bars(scale_charts.sides(tables, unit), palette, stacked=stacked)


def drawn_names(chart: alt.LayerChart) -> list[str]:
    """The names of the rows, as they stand above their bars."""
    layer = next(each for each in spec(chart)["layer"] if each["mark"].get("baseline") == "top")
    return [row["text"].replace("\n", " ").strip() for row in layer["data"]["values"]]


def numbers(chart: alt.LayerChart) -> str:
    """Everything that comes from data, as one text."""
    return json.dumps([layer.get("data", {}) for layer in spec(chart)["layer"]], ensure_ascii=False)


@pytest.mark.parametrize("name", sorted(set(CHARTS) - NOT_ABOUT_RESULTS))
def test_a_chart_of_results_takes_safe_tables_only(name: str) -> None:
    hints = str(get_type_hints(CHARTS[name]))
    assert any(kind in hints for kind in ("SafeTable", "Strand", "ScaleRow"))
    assert "analysis.tables.Table" not in hints
    for row in (strands.Strand, scale_charts.ScaleRow):
        assert get_type_hints(row)["table"] is SafeTable


@pytest.mark.parametrize("module", [exports, sentences])
def test_exports_and_sentences_take_safe_tables_only(module: object) -> None:
    for function in vars(module).values():
        if inspect.isfunction(function):
            assert Table not in get_type_hints(function).values()


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_internal_stands_beside_external_on_a_scale_without_a_neutral(
    scale: Callable[..., Made], palette: Palette
) -> None:
    internal = disclose(tabulate(*scale(A=(0, 7, 2, 1), B=(1, 4, 4, 3))), GROUP)
    external = disclose(tabulate(*scale("KVAL-06", A=(0, 6, 2, 2), B=(2, 5, 3, 2))), GROUP)
    chart = scale_bars({"intern": internal, "extern": external}, palette)
    drawn = spec(chart)
    nb = "\N{NO-BREAK SPACE}"
    assert drawn_names(chart)[:2] == [f"A, intern, n{nb}={nb}10", f"A, extern, n{nb}={nb}10"]
    segments = drawn["layer"][0]["data"]["values"]
    first = [s for s in segments if s["row"] == 0]
    assert [(s["step"], s["x"], s["x2"]) for s in first] == [
        ("daligt", -30, -20),
        ("mindre_bra", -20, 0),
        ("bra", 0, 70),
    ]
    assert first[2]["label"] == "70\N{NO-BREAK SPACE}%"
    assert drawn["layer"][0]["mark"]["stroke"] == palette.outline
    assert drawn["layer"][0]["encoding"]["color"]["scale"]["range"] == [palette.steps[s] for s in STEPS]


def test_the_same_bars_may_be_stacked_to_a_hundred(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(1, 7, 3, 1))), GROUP)
    segments = spec(scale_bars({"intern": safe}, LIGHT, unit="A", stacked=True))["layer"][0]["data"]["values"]
    assert segments[0]["x"] == 0
    assert segments[-1]["x2"] == pytest.approx(100)


def test_a_share_below_eight_percent_is_not_squeezed_in(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(1, 12, 12, 0))), GROUP)
    segments = spec(scale_bars({"intern": safe}, LIGHT, unit="A"))["layer"][0]["data"]["values"]
    assert [s["label"] for s in segments if s["step"] == "mycket_bra"] == [""]


def test_a_hidden_number_is_not_in_the_chart(scale: Callable[..., Made]) -> None:
    hidden = disclose(tabulate(*scale(A=(0, 3, 1, 0))), GROUP)
    other = disclose(tabulate(*scale("KVAL-06", A=(1, 0, 0, 3))), GROUP)
    drawn = spec(scale_bars({"intern": hidden, "extern": other}, LIGHT, unit="A"))
    assert {layer["mark"]["type"] for layer in drawn["layer"]} == {"rule", "text", "point"}
    swapped = spec(scale_bars({"intern": other, "extern": hidden}, LIGHT, unit="A"))
    assert json.dumps(drawn["layer"]) == json.dumps(swapped["layer"])
    plain = charts.bars(hidden, LIGHT, unit="A")
    assert json.dumps(spec(plain)["layer"]) == json.dumps(spec(charts.bars(other, LIGHT, unit="A"))["layer"])


def test_a_group_in_words_is_drawn_in_words(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(0, 7, 0, 0))), GROUP)
    assert "alla eller de flesta: Bra" in numbers(scale_bars({"intern": safe}, LIGHT, unit="A"))
    assert '"x": 100' not in numbers(charts.bars(safe, LIGHT, unit="A"))


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_charts_stand_empty_tables_and_single_rows(scale: Callable[..., Made], palette: Palette) -> None:
    empty = disclose(tabulate(*scale()), GROUP)
    one = disclose(tabulate(*scale(A=(0, 0, 0, 0))), GROUP)
    assert spec(charts.bars(empty, palette))
    assert spec(charts.bars(one, palette))
    assert spec(scale_bars({"intern": one}, palette))
    assert spec(charts.curve([], 0, palette, "sv", example=False, text="Tomt"))


def test_bars_show_the_total_or_the_unit_in_focus(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2), B=(3, 4, 3, 2))), GROUP)
    assert "A (n" in spec(charts.bars(safe, LIGHT, unit="A"))["title"]["text"]
    assert "Totalt (n" in spec(charts.bars(safe, LIGHT))["title"]["text"]
    printed = disclose(tabulate(*scale(A=(2, 5, 3, 2), B=(1, 1, 0, 0)), total=False), Policy("published"))
    assert drawn_names(charts.bars(printed, LIGHT))[3:5] == ["A: Daligt", "B: Mycket bra"]


def test_every_mark_says_its_number_with_its_base(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2))), GROUP)
    assert "A. Bra: 5 av 12 (42\N{NO-BREAK SPACE}%)" in numbers(charts.bars(safe, LIGHT, unit="A"))


def test_rules_texts_and_hatches_are_silent(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2), B=(0, 1, 1, 0))), GROUP)
    for chart in (charts.bars(safe, LIGHT), scale_bars({"intern": safe}, LIGHT)):
        spoken = [layer for layer in spec(chart)["layer"] if layer["mark"].get("aria") is not False]
        assert [layer["mark"]["type"] for layer in spoken] == ["bar"]
        assert "description" in spoken[0]["encoding"]


def test_axes_and_legends_are_silent_since_they_would_speak_english(scale: Callable[..., Made]) -> None:
    config = spec(scale_bars({"": disclose(tabulate(*scale(A=(2, 5, 3, 2))), GROUP)}, LIGHT))["config"]
    assert (config["axis"]["aria"], config["legend"]["aria"]) == (False, False)


def test_the_name_of_a_row_that_asks_ends_there(scale: Callable[..., Made]) -> None:
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2))), GROUP)
    row = scale_charts.ScaleRow("Hur fungerar det?", safe, safe.columns[0])
    assert row.named == "Hur fungerar det? (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}12)"


def test_marks_stand_in_the_title_and_words_in_the_description(scale: Callable[..., Made]) -> None:
    about = Provenance(source="Rapport 2012", marks=(Mark.EXAMPLE, Mark.PRELIMINARY))
    safe = disclose(tabulate(*scale(A=(2, 5, 3, 2)), provenance=about), GROUP)
    drawn = spec(charts.bars(safe, LIGHT, text="Fem av tolv svarar bra."))
    assert drawn["title"]["text"].endswith(" · Exempeldata · preliminärt")
    assert drawn["description"] == "Fem av tolv svarar bra."
    assert drawn["config"]["locale"]["number"]["decimal"] == ","


def test_survey_and_files_keep_their_own_n(yes_no: Callable[..., Made]) -> None:
    survey = disclose(tabulate(*yes_no(HL={"ja": 6, "nej": 4}), total=False), Policy("published"))
    counts, units = rows("AKT12-24", {"HL": {"nej": 7, "missing:off_route": 23}})
    file_review = disclose(tabulate(question("AKT12-24"), counts, units, total=False), Policy("published"))
    rows_ = [
        strands.Strand("Samtalar med barnen", "survey", survey, survey.columns[0], "ja"),
        strands.Strand(
            "Barnens situation uppmärksammad", "file_review", file_review, file_review.columns[0], "ja"
        ),
    ]
    chart = charts.strands(rows_, LIGHT)
    names = " ".join(drawn_names(chart)).replace("\N{NO-BREAK SPACE}", " ")
    assert "Samtalar med barnen (Enkät, n = 10)" in names
    assert "uppmärksammad (Aktgranskning, n = 7)" in names
    assert "0 (0\N{NO-BREAK SPACE}%)" in numbers(chart)
    assert spec(chart)["title"]["text"] == "HL · publicerad uppgift"
    assert strands.side_by_side(rows_, "sv") == (
        "I enkäten svarar 6 av 10 ja på frågan ”Samtalar med barnen”. "
        "I aktgranskningen är svaret ja i 0 av 7 akter på frågan ”Barnens situation uppmärksammad”."
    )


def test_the_curve_ends_at_all_who_have_sent() -> None:
    points = [(date(2026, 11, 3), 4), (date(2026, 11, 5), 9)]
    drawn = spec(charts.curve(points, 13, LIGHT, "sv", example=True, text="9 av 13"))
    assert drawn["layer"][-1]["data"]["values"][-1]["text"] == "5 november 2026: 9 av 13 har svarat"
    assert drawn["title"]["text"] == "Exempeldata"
