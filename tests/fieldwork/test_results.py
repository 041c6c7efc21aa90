"""Results: stored once when sent, counted in the same step, read by those who may."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from fieldwork import results
from fieldwork.conversations import Conversation
from fieldwork.errors import NotAllowed, NotPrinted, NotReleased
from fieldwork.forms import form_of
from fieldwork.messages import Action, Stage
from fieldwork.recounting import recount
from fieldwork.rights import Viewer
from models.database import reading, writing
from models.queries import CountRow
from models.tables import Answer, Count, Interview, Invitation, ReportingUnit, Result, TextResult, Wave
from questionnaires.definition import Form, Questionnaire

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
ANNA = Viewer("Anna", "inspector")
ITEMS = ["PROV-01", "PROV-02", "PROV-03", "PROV-04"]

Act = Callable[..., Conversation]


def told(talk: Conversation) -> list[str]:
    return [notice.key for notice in talk.notices]


def rows(archive: Engine, table: type) -> Sequence[object]:
    with reading(archive) as session:
        return session.exec(select(table)).all()


def read(archive: Engine, viewer: Viewer = ANNA, items: Sequence[str] = ITEMS) -> results.Counts:
    with reading(archive) as session:
        return results.counts(session, viewer, 1, items)


def answer(act: Act, invitation: int, *steps: tuple[Action, str] | tuple[Action]) -> Conversation:
    act(Action.BEGIN, invitation=invitation)
    for action, *values in steps:
        talk = act(action, *values, invitation=invitation)
    return talk


def send(act: Act, invitation: int, first: str = "nej") -> Conversation:
    skipped = [(Action.SKIP,)] if first == "ja" else []
    return answer(
        act,
        invitation,
        (Action.ANSWER, first),
        *skipped,
        (Action.ANSWER, "40"),
        (Action.ANSWER, "Att få vara med."),
        (Action.SEND,),
    )


def settle(archive: Engine, **columns: object) -> None:
    with writing(archive) as session:
        wave = session.get_one(Wave, 1)
        for name, value in columns.items():
            setattr(wave, name, value)
        session.commit()


def test_sending_stores_one_outcome_of_every_question(act: Act, archive: Engine) -> None:
    assert send(act, 1).stage is Stage.SENT
    stored = {(row.item, row.option, row.missing) for row in rows(archive, Result)}
    assert stored == {
        ("PROV-01", "nej", ""),
        ("PROV-02", "", "off_route"),
        ("PROV-03", "40", ""),
        ("PROV-04", "text", ""),
    }
    (text,) = rows(archive, TextResult)
    assert (text.item, text.text) == ("PROV-04", "Att få vara med.")


def test_sending_marks_the_invitation_and_the_interview(act: Act, archive: Engine) -> None:
    send(act, 1)
    with reading(archive) as session:
        interview = session.exec(select(Interview)).one()
        assert (interview.sent_at, interview.partial) == (AT, False)
        assert session.get_one(Invitation, 1).finished_at == AT
        assert {row.key for row in session.exec(select(Result))} == {interview.result_key}
        assert interview.result_key != interview.id


def test_every_chosen_option_is_a_result_and_a_count(act: Act, archive: Engine) -> None:
    answer(act, 1, (Action.ANSWER, "ja"), (Action.SEND_PARTIAL,))
    with writing(archive) as session:
        form = Form((_trial(session),))
        results.store(
            session,
            wave=1,
            reporting_unit_id=2,
            form=form,
            answers={"PROV-01": "ja", "PROV-02": "ib fia"},
            key="nyckel",
            partial=True,
        )
        session.commit()
    kept = rows(archive, Count)
    counted = {(row.kind, row.value): row.n for row in kept if row.item == "PROV-02" and not row.split}
    assert counted == {
        ("answered", ""): 1,
        ("option", "fia"): 1,
        ("option", "ib"): 1,
        ("missing", "not_reached"): 1,
    }


def _trial(session: Session) -> Questionnaire:
    return form_of(session, session.get_one(Wave, 1).form_id).parts[0]


def test_what_was_not_reached_is_missing_for_that_reason(act: Act, archive: Engine) -> None:
    talk = answer(act, 1, (Action.ANSWER, "ja"), (Action.SKIP,), (Action.SEND_PARTIAL,))
    assert talk.stage is Stage.SENT
    stored = {row.item: row.missing for row in rows(archive, Result)}
    assert stored == {"PROV-01": "", "PROV-02": "skipped", "PROV-03": "not_reached", "PROV-04": "not_reached"}
    (interview,) = rows(archive, Interview)
    assert interview.partial is True


def test_send_what_i_have_at_the_end_is_a_whole_answer(act: Act, archive: Engine) -> None:
    answer(act, 1, (Action.ANSWER, "nej"), (Action.SKIP,), (Action.SKIP,), (Action.SEND_PARTIAL,))
    (interview,) = rows(archive, Interview)
    assert interview.partial is False


def test_nothing_can_be_sent_before_anything_is_answered(act: Act, archive: Engine) -> None:
    talk = answer(act, 1, (Action.SEND_PARTIAL,))
    assert (talk.stage, told(talk)) == (Stage.QUESTION, ["notice.nothing_to_send"])
    assert rows(archive, Result) == []


def test_sending_with_questions_left_asks_the_next_one(act: Act, archive: Engine) -> None:
    talk = answer(act, 1, (Action.ANSWER, "nej"), (Action.SEND,))
    assert (talk.stage, told(talk)) == (Stage.QUESTION, ["notice.questions_left"])
    assert rows(archive, Result) == []


def test_a_double_submit_is_stored_exactly_once(act: Act, archive: Engine) -> None:
    send(act, 1)
    before = rows(archive, Count), rows(archive, Result)
    for revision in (4, 5, None):
        talk = act(Action.SEND, revision=revision)
        assert (talk.stage, told(talk)) == (Stage.SENT, [])
    assert (rows(archive, Count), rows(archive, Result)) == before


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.LANGUAGE}))
def test_what_was_sent_stays_sent(act: Act, archive: Engine, action: Action) -> None:
    send(act, 1)
    before = rows(archive, Result), rows(archive, Answer), rows(archive, Interview)
    assert act(action, "ja", item="PROV-01").stage is Stage.SENT
    assert (rows(archive, Result), rows(archive, Answer), rows(archive, Interview)) == before


def test_an_anonymous_answer_keeps_no_link_to_who_gave_it(act: Act, archive: Engine) -> None:
    settle(archive, promise="anonymous")
    send(act, 1)
    assert rows(archive, Answer) == []
    assert rows(archive, Interview) == []
    assert len(rows(archive, Result)) == 4


def test_results_are_let_out_in_steps_of_the_smallest_group(act: Act, archive: Engine) -> None:
    seen = []
    for invitation in range(1, 11):
        send(act, invitation)
        counts = read(archive)
        n = {(row.kind, row.value): row.n for row in counts.rows if row.item == "PROV-01"}
        seen.append((counts.units[0].answers, n.get(("option", "nej"), 0)))
    assert seen == [(0, 0)] * 4 + [(5, 5)] * 5 + [(10, 10)]
    assert read(archive).preliminary
    assert read(archive).units[1].answers == 0


def test_a_unit_says_that_answers_are_withheld_until_its_first_step(act: Act, archive: Engine) -> None:
    seen = []
    for invitation in range(1, 6):
        seen.append(read(archive).units[0].withheld)
        send(act, invitation)
    assert seen == [False, True, True, True, True]
    assert [unit.withheld for unit in read(archive).units] == [False, False]
    send(act, 13)
    assert read(archive).units[1].withheld
    settle(archive, closed_at=AT)
    assert not read(archive).units[1].withheld


def test_a_step_lets_no_item_out_that_fewer_have_answered_since_its_last_one(
    act: Act, archive: Engine
) -> None:
    """Else the difference between two steps would tell what a single person answered."""
    seen = []
    for invitation, first in enumerate(["ja"] * 5 + ["nej"] * 4 + ["ja"] * 3, start=1):
        asked = [(Action.ANSWER, "fia")] if first == "ja" else []
        rest = [(Action.ANSWER, "40"), (Action.SKIP,), (Action.SEND,)]
        answer(act, invitation, (Action.ANSWER, first), *asked, *rest)
        n = {(row.item, row.kind): row.n for row in read(archive).rows if row.kind == "answered"}
        seen.append((n.get(("PROV-01", "answered"), 0), n.get(("PROV-02", "answered"), 0)))
    assert seen == [(0, 0)] * 4 + [(5, 5)] * 5 + [(10, 5)] * 3


def test_a_closed_wave_shows_every_answer(act: Act, archive: Engine) -> None:
    for invitation in (1, 2, 13):
        send(act, invitation)
    settle(archive, closed_at=AT)
    counts = read(archive)
    assert not counts.preliminary
    assert [(unit.label, unit.invited, unit.answers) for unit in counts.units] == [
        ("Bromma", 12, 2),
        ("Farsta", 3, 1),
    ]
    assert CountRow(2, "PROV-03", "option", "40", 1) in counts.rows
    assert (counts.policy, counts.smallest_group, counts.origin) == ("group", 5, "collected")


def test_those_out_of_service_are_not_among_the_invited(archive: Engine, october: int) -> None:
    with writing(archive) as session:
        session.get_one(Invitation, 15).in_service = False
        session.commit()
    assert read(archive).units[1].invited == 2


def test_only_the_items_asked_for_are_given(act: Act, archive: Engine) -> None:
    send(act, 1)
    settle(archive, closed_at=AT)
    assert {row.item for row in read(archive, items=["PROV-01"]).rows} == {"PROV-01"}


@pytest.mark.parametrize(
    ("role", "columns", "error"),
    [
        ("administrator", {"closed_at": AT}, NotAllowed),
        ("manager", {}, NotReleased),
        ("manager", {"closed_at": AT}, NotReleased),
        ("inspector", {"promise": "anonymous"}, NotReleased),
    ],
)
def test_who_may_not_see_results_gets_none(
    archive: Engine, october: int, role: str, columns: dict[str, object], error: type[Exception]
) -> None:
    settle(archive, **columns)
    with pytest.raises(error):
        read(archive, Viewer("Bo", role))


def test_an_anonymous_wave_is_shown_to_inspectors_once_it_is_closed(act: Act, archive: Engine) -> None:
    settle(archive, promise="anonymous")
    send(act, 1)
    settle(archive, closed_at=AT)
    assert read(archive).units[0].answers == 1


def test_an_unknown_role_or_wave_is_an_error(archive: Engine, october: int) -> None:
    with pytest.raises(ValueError, match="owner"):
        Viewer("Bo", "owner")
    with reading(archive) as session, pytest.raises(LookupError, match="no wave 9"):
        results.counts(session, ANNA, 9, ITEMS)


def published(archive: Engine, *printed: dict[str, object]) -> None:
    settle(archive, policy="published", closed_at=AT, printed=list(printed))


def test_of_a_published_wave_only_printed_tables_are_shown(act: Act, archive: Engine) -> None:
    for invitation in (1, 2, 13):
        send(act, invitation)
    published(
        archive,
        {"item": "PROV-01", "units": ["Bromma", "Farsta"], "total": False, "base": "sent"},
        {"item": "PROV-03", "units": ["Farsta"]},
        {"item": "PROV-04", "units": [], "total": True, "base": "route"},
    )
    manager = Viewer("Bo", "manager")
    both = read(archive, manager, ["PROV-01"])
    assert [unit.label for unit in both.units] == ["Bromma", "Farsta"]
    one = read(archive, manager, ["PROV-03"])
    assert [unit.label for unit in one.units] == ["Farsta"]
    assert {row.reporting_unit_id for row in one.rows} == {2}
    total = read(archive, manager, ["PROV-04"])
    assert [(unit.id, unit.label, unit.invited, unit.answers) for unit in total.units] == [
        (0, "total", 15, 3)
    ]
    assert CountRow(0, "PROV-04", "option", "text", 3) in total.rows
    with pytest.raises(NotPrinted, match="PROV-02"):
        read(archive, ANNA, ["PROV-01", "PROV-02"])


def test_a_draft_never_appears_in_any_count(act: Act, archive: Engine) -> None:
    """Random respondents: whatever they do, only what was sent is counted, and exactly that."""
    chance = random.Random(2012)  # noqa: S311 - the same respondents on every run
    answers = [("ja",), ("nej",), ("ib", "fia"), ("40",), ("rad",)]
    others = [(action,) for action in Action if action is not Action.LANGUAGE]
    doings = [*((Action.ANSWER, *values) for values in answers * 4), *others, *others[:1] * 4]
    for _ in range(300):
        invitation = chance.randint(1, 15)
        act(*chance.choice(doings), invitation=invitation)
    with reading(archive) as session:
        sent = session.exec(select(Interview.result_key).where(Interview.sent_at.is_not(None))).all()
        stored = session.exec(select(Result)).all()
        units = session.exec(select(ReportingUnit)).all()
        drafts = session.exec(select(Interview).where(Interview.sent_at.is_(None))).all()
    assert drafts
    assert sent
    assert {row.key for row in stored} == set(sent)
    assert sum(unit.answers for unit in units) == len(sent)
    assert count_by_hand(stored) == {
        (row.reporting_unit_id, row.item, row.kind, row.value): row.n
        for row in rows(archive, Count)
        if not row.split
    }
    with reading(archive) as session:
        assert recount(session, 1) == ()


def count_by_hand(stored: Sequence[Result]) -> Counter[tuple[int, str, str, str]]:
    """Count the results anew, from nothing but their rows."""
    counted: Counter[tuple[int, str, str, str]] = Counter()
    answered = {(row.reporting_unit_id, row.key, row.item) for row in stored if not row.missing}
    for unit, _, item in answered:
        counted[unit, item, "answered", ""] += 1
    for row in stored:
        kind, value = ("missing", row.missing) if row.missing else ("option", row.option)
        counted[row.reporting_unit_id, row.item, kind, value] += 1
    return counted


def test_a_pilot_has_no_results_for_anybody_open_or_closed(archive: Engine, act: Act) -> None:
    for number in range(1, 6):
        send(act, number)
    with writing(archive) as session:
        session.get_one(Wave, 1).pilot = True
        session.commit()
    for closed_at in (None, AT):
        with writing(archive) as session:
            session.get_one(Wave, 1).closed_at = closed_at
            session.commit()
        for role in ("inspector", "manager"):
            with pytest.raises(NotReleased):
                read(archive, Viewer("Anna", role))
