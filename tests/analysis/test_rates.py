"""Outcome rates by AAPOR's names, and what becomes of one invitation."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import sentences
from analysis.dispositions import RULES, Code, Disposition, Extent, completeness, disposition
from analysis.rates import (
    RATES,
    Counts,
    ItemResponse,
    count,
    eligible_share,
    is_known_list,
    item_response,
    may_comment,
    rates,
)
from analysis.statistics_wording import statistics_texts
from models.rate_queries import InvitationFacts

STANDARD = Counts(
    complete=5,
    partial=2,
    refusal=1,
    non_contact=1,
    other=1,
    unknown_household=1,
    unknown_other=1,
    not_eligible=1,
)
EXPECTED = {
    "RR1": 0.4167,
    "RR2": 0.5833,
    "RR3": 0.4231,
    "RR4": 0.5923,
    "RR5": 0.5,
    "RR6": 0.7,
    "COOP1": 0.5556,
    "COOP2": 0.7778,
    "COOP3": 0.625,
    "COOP4": 0.875,
    "REF1": 0.0833,
    "REF2": 0.0846,
    "REF3": 0.1,
    "CON1": 0.75,
    "CON2": 0.7615,
    "CON3": 0.9,
}
counts_of_a_wave = st.builds(
    Counts, **{name: st.integers(0, 30) for name in Counts.__dataclass_fields__ if name != "active"}
)


def test_the_example_of_outcomerate_gives_its_rates() -> None:
    found = {name: round(float(rate), 4) for name, rate in rates(STANDARD).items() if rate is not None}
    assert found == EXPECTED
    assert float(eligible_share(STANDARD)) == pytest.approx(0.9091, abs=5e-5)


@given(counts_of_a_wave)
def test_every_rate_is_a_share(counts: Counts) -> None:
    found = rates(counts)
    assert found.keys() == RATES.keys()
    assert all(rate is None or 0 <= rate <= 1 for rate in found.values())


@given(counts_of_a_wave)
def test_the_parts_of_the_whole_sum_to_one(counts: Counts) -> None:
    found = rates(counts)
    base = counts.eligible + counts.unknown
    if not base or found["RR2"] is None or found["REF1"] is None or found["CON1"] is None:
        assert not base
        return
    rest = Fraction(counts.non_contact + counts.other + counts.unknown, base)
    assert found["RR2"] + found["REF1"] + rest == 1
    assert found["CON1"] + Fraction(counts.non_contact + counts.unknown, base) == 1


@given(counts_of_a_wave)
def test_on_a_known_list_the_response_rates_fall_together(counts: Counts) -> None:
    known = Counts(complete=counts.complete, partial=counts.partial, refusal=counts.refusal)
    found = rates(known)
    assert is_known_list(known)
    assert found["RR1"] == found["RR3"] == found["RR5"]
    assert found["RR2"] == found["RR4"] == found["RR6"]


def test_e_may_be_told() -> None:
    assert rates(STANDARD, Fraction(0))["RR3"] == rates(STANDARD)["RR5"]
    assert rates(STANDARD, Fraction(1))["RR3"] == rates(STANDARD)["RR1"]


def test_nobody_invited_has_no_rate_and_an_open_wave_none_either() -> None:
    assert set(rates(Counts()).values()) == {None}
    with pytest.raises(ValueError, match="close the wave"):
        rates(Counts(complete=5, active=1))
    with pytest.raises(ValueError, match="negative"):
        Counts(complete=-1)


@pytest.mark.parametrize(
    ("answered", "applicable", "code"),
    [
        (0, 10, Code.BREAK_OFF),
        (49, 100, Code.BREAK_OFF),
        (5, 10, Code.PARTIAL),
        (8, 10, Code.PARTIAL),
        (81, 100, Code.COMPLETE),
        (9, 11, Code.COMPLETE),
        (1, 1, Code.COMPLETE),
    ],
)
def test_exactly_half_and_exactly_four_fifths_are_partial(answered: int, applicable: int, code: Code) -> None:
    assert completeness(Extent(answered, applicable)) is code


def test_more_answers_than_questions_are_no_extent() -> None:
    for answered, applicable in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(ValueError, match="applicable"):
            Extent(answered, applicable)


def came_to(**facts: bool) -> tuple[Code, str]:
    found = disposition(InvitationFacts(closed=facts.pop("closed", True), **facts))  # type: ignore[arg-type]
    return found.code, found.reasons[0]


def test_a_closed_wave_gives_every_invitation_a_final_code() -> None:
    assert came_to() == (Code.NON_CONTACT, "never_begun")
    assert came_to(reached=False) == (Code.NON_CONTACT, "undelivered")
    assert came_to(declined=True) == (Code.REFUSAL, "declined_at_information")
    assert came_to(deleted=True) == (Code.REFUSAL, "deleted_draft")
    assert came_to(begun=True) == (Code.BREAK_OFF, "begun_not_sent")
    assert came_to(begun=True, declined=True) == (Code.BREAK_OFF, "declined_after_begin")
    assert came_to(left=True) == (Code.OTHER, "left")
    assert came_to(in_service=False) == (Code.NOT_ELIGIBLE, "not_in_service")


def test_in_an_open_wave_nobody_has_refused_or_broken_off() -> None:
    assert came_to(closed=False) == (Code.ACTIVE, "open_not_begun")
    assert came_to(closed=False, begun=True) == (Code.ACTIVE, "open_begun")
    assert came_to(closed=False, begun=True, declined=True) == (Code.ACTIVE, "open_declined")
    assert came_to(closed=False, in_service=False) == (Code.NOT_ELIGIBLE, "not_in_service")


def test_who_left_after_sending_has_answered() -> None:
    facts = InvitationFacts(closed=True, left=True, begun=True, sent=True)
    assert disposition(facts, Extent(10, 10)).code is Code.COMPLETE


def test_the_share_answered_decides_and_not_how_the_sending_was_done() -> None:
    sent = InvitationFacts(closed=False, begun=True, sent=True)
    early = disposition(sent, Extent(19, 20), early=True)
    assert early.code is Code.COMPLETE
    assert disposition(sent, Extent(12, 20)).code is Code.PARTIAL
    assert early.trace("sv") == (
        "Personen skickade in innan alla frågor var genomgångna.",
        "Mer än 80 procent av frågorna som gällde personen är besvarade.",
    )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_trace_tells_how_many_questions_somebody_came_to(language: str) -> None:
    sent = InvitationFacts(closed=False, begun=True, sent=True)
    for extent in (Extent(3, 17), Extent(12, 17), Extent(17, 17)):
        said = " ".join(disposition(sent, extent, early=True).trace(language))
        assert not re.search(r"\b(3|12|17)\b", said)


def test_an_anonymous_answer_is_counted_by_its_interview() -> None:
    sent = disposition(InvitationFacts(closed=True, begun=True, sent=True))
    silent = disposition(InvitationFacts(closed=True))
    assert sent.code is Code.SENT
    found = count([sent, sent, silent], [Code.COMPLETE, Code.PARTIAL])
    assert found == Counts(complete=1, partial=1, non_contact=1)
    with pytest.raises(ValueError, match="2 invitations are sent, and 1"):
        count([sent, sent], [Code.COMPLETE])


def test_refusals_and_break_offs_are_counted_together() -> None:
    codes = [code for code in Code if code is not Code.SENT]
    assert count(Disposition(code, ()) for code in codes) == Counts(1, 1, 2, 1, 1, 0, 1, 1, 1)


def test_every_code_and_every_reason_has_words_and_every_code_but_active_a_number() -> None:
    for texts in statistics_texts().texts.values():
        assert {f"code.{code}" for code in Code} <= texts.keys()
        assert {f"why.{key}" for _, key, _ in RULES} <= texts.keys()
    assert [code for code in Code if not code.aapor] == [Code.ACTIVE]
    assert disposition(InvitationFacts(closed=True)).trace("en")[0].startswith("The person never began")


def test_the_words_of_the_statistics_are_the_same_in_both_languages() -> None:
    texts = statistics_texts().texts
    assert texts["sv"].keys() == texts["en"].keys()


def test_the_rate_of_2012_is_the_sentence_of_the_report() -> None:
    wave = Counts(complete=10, non_contact=3)
    assert rates(wave)["RR1"] == Fraction(10, 13)
    assert (
        sentences.registered(wave.interviews, wave.eligible, "sv")
        == "Totalt 10 av 13 möjliga svar registrerades, ett bortfall på tre svar."
    )


def test_results_are_commented_on_from_three_quarters_on() -> None:
    assert may_comment(10, 13)
    assert may_comment(3, 4)
    assert not may_comment(74, 100)
    assert not may_comment(0, 0)
    assert may_comment(6, 10, threshold=60)


def test_item_nonresponse_leaves_out_whom_the_question_did_not_concern() -> None:
    found = item_response(
        {
            ("answered", ""): 6,
            ("option", "ja"): 6,
            ("missing", "skipped"): 2,
            ("missing", "declined"): 1,
            ("missing", "not_reached"): 1,
            ("missing", "off_route"): 3,
            ("missing", "not_applicable"): 4,
        }
    )
    assert found == ItemResponse(6, 2, 1, 1)
    assert (found.base, found.nonresponse) == (10, Fraction(4, 10))
    assert item_response({("missing", "off_route"): 3}).nonresponse is None


def test_an_answer_in_words_that_is_not_coded_yet_is_an_answer() -> None:
    assert item_response({("answered", ""): 3, ("missing", "not_coded"): 2}) == ItemResponse(5, 0, 0, 0)
