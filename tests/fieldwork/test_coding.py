from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from fieldwork import results
from fieldwork.coding import answers_to_code, coding_file, counts, import_codes
from fieldwork.errors import NotAllowed, NotPrinted, NotReleased
from fieldwork.forms import form_of
from fieldwork.problems import InputError
from fieldwork.reviews import close_wave
from fieldwork.rights import Role, Viewer
from models.tables import AuditEntry, Coding, ReportingUnit, Result, TextResult, Wave

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
INGA, OLLE = Viewer("inga", Role.INSPECTOR), Viewer("olle", Role.INSPECTOR)
ITEM = "KVAL-01"


def send(store: Session, wave: int, unit: int, number: int) -> None:
    row = store.get_one(Wave, wave)
    results.store(
        store,
        wave=wave,
        reporting_unit_id=unit,
        form=form_of(store, row.form_id),
        answers={ITEM: f"svar {number}", "KVAL-02": f"helhet {number}"},
        key=f"key-{unit}-{number}",
        partial=True,
    )


@pytest.fixture
def units(store: Session, survey: int) -> tuple[int, int]:
    """Five answers in the first unit, a step of the live rule; two in the second. Five are read."""
    store.get_one(Wave, survey).open_answers_from = 5
    first, second = (unit.id or 0 for unit in store.exec(select(ReportingUnit)).all())
    for number in range(5):
        send(store, survey, first, number)
    for number in range(2):
        send(store, survey, second, number)
    store.commit()
    store.expire_all()
    return first, second


def coded(*rows: tuple[str, str, str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([("key", "item", "code"), *rows])
    return out.getvalue().encode()


def test_answers_come_in_an_order_of_the_seed_under_keys_that_join_nothing(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    close_wave(store, survey, NOW)
    first = answers_to_code(store, INGA, survey, ITEM, seed=1)
    assert len(first) == 7
    assert answers_to_code(store, INGA, survey, ITEM, seed=1) == first
    orders = {
        tuple(each.key for each in answers_to_code(store, INGA, survey, ITEM, seed)) for seed in range(5)
    }
    assert len(orders) > 1
    stored = set(store.exec(select(TextResult.key)).all())
    other = answers_to_code(store, INGA, survey, "KVAL-02", seed=1)
    assert not {each.key for each in first} & ({each.key for each in other} | stored)


def test_an_open_wave_shows_only_answers_that_a_step_let_out(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    assert len(answers_to_code(store, INGA, survey, ITEM, seed=1)) == 5
    send(store, survey, units[0], 5)
    store.commit()
    store.expire_all()
    assert answers_to_code(store, INGA, survey, ITEM, seed=1) == ()


def test_the_words_of_few_are_not_read(store: Session, survey: int, units: tuple[int, int]) -> None:
    close_wave(store, survey, NOW)
    wave = store.get_one(Wave, survey)
    wave.open_answers_from = 8
    with pytest.raises(NotReleased, match="Fewer than 8"):
        answers_to_code(store, INGA, survey, ITEM, seed=1)
    wave.policy = "cell"
    assert len(answers_to_code(store, INGA, survey, ITEM, seed=1)) == 7


def test_nobody_but_an_inspector_reads_open_answers_and_none_of_an_open_anonymous_wave(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    for role in (Role.MANAGER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            answers_to_code(store, Viewer("x", role), survey, ITEM, seed=1)
    store.get_one(Wave, survey).promise = "anonymous"
    store.commit()
    with pytest.raises(NotReleased):
        counts(store, INGA, survey, ITEM)


def test_codes_are_stored_and_counted_per_unit_beside_what_is_not_coded(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    close_wave(store, survey, NOW)
    answers = answers_to_code(store, INGA, survey, ITEM, seed=1)
    book = [code.name for code in form_of(store, store.get_one(Wave, survey).form_id).by_name[ITEM].codes]
    rows = [(answer.key, ITEM, f"{book[0]}; {book[1]}") for answer in answers[:6]]
    assert import_codes(store, INGA, survey, coded(*rows, (answers[6].key, ITEM, "")), "x.csv", now=NOW) == 6
    found = counts(store, INGA, survey, ITEM)
    assert sum(row.n for row in found if row.kind == "answered") == 6
    assert sum(row.n for row in found if row.value == book[0]) == 6
    assert [(row.value, row.n) for row in found if row.kind == "missing"] == [("not_coded", 1)]
    assert {row.reporting_unit_id for row in found} == set(units)
    assert store.exec(select(AuditEntry.action)).all() == ["codes"]


def test_a_coder_replaces_the_own_codes_and_never_those_of_others(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    close_wave(store, survey, NOW)
    first, second, *_ = answers_to_code(store, INGA, survey, ITEM, seed=1)
    book = [code.name for code in form_of(store, store.get_one(Wave, survey).form_id).by_name[ITEM].codes]
    both = coded((first.key, ITEM, book[0]), (second.key, ITEM, book[0]))
    import_codes(store, INGA, survey, both, "x.csv", now=NOW)
    import_codes(store, OLLE, survey, coded((first.key, ITEM, book[1])), "x.csv", now=NOW)
    import_codes(store, INGA, survey, coded((first.key, ITEM, book[1])), "x.csv", now=NOW)
    given = {(row.coder, row.code) for row in store.exec(select(Coding)).all()}
    assert given == {("inga", book[0]), ("inga", book[1]), ("olle", book[1])}
    assert sum(row.n for row in counts(store, INGA, survey, ITEM) if row.kind == "answered") == 2
    assert (
        sum(row.n for row in counts(store, INGA, survey, ITEM, coder="olle") if row.kind == "answered") == 1
    )


def test_codes_are_split_by_what_the_same_interview_tells(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    background = form_of(store, store.get_one(Wave, survey).form_id).backgrounds["sex"].name
    keys = store.exec(
        select(TextResult.key, TextResult.reporting_unit_id).where(TextResult.item == ITEM)
    ).all()
    for key, _ in keys[:6]:
        row = store.get_one(Result, (key, background, ""))
        row.option, row.missing = ("kvinna" if key != "key-1-4" else "man"), ""
    store.commit()
    close_wave(store, survey, NOW)
    answers = answers_to_code(store, INGA, survey, ITEM, seed=1)
    book = [code.name for code in form_of(store, store.get_one(Wave, survey).form_id).by_name[ITEM].codes]
    rows = [(answer.key, ITEM, book[0]) for answer in answers]
    import_codes(store, INGA, survey, coded(*rows[:-1]), "x.csv", now=NOW)
    whole = counts(store, INGA, survey, ITEM)
    parts = counts(store, INGA, survey, ITEM, split="sex")
    assert {row.part for row in whole} == {""}
    assert {row.part for row in parts} == {"kvinna", "man"}
    given = sum(row.n for row in parts if row.kind != "option")
    assert given == 6 == sum(row.n for row in whole if row.kind != "option") - 1
    assert sum(row.n for row in parts if row.value == book[0]) in {5, 6}


def test_codes_are_not_split_by_role_nor_while_the_wave_is_open(store: Session, survey: int) -> None:
    with pytest.raises(NotReleased, match="split when it has closed"):
        counts(store, INGA, survey, ITEM, split="sex")
    close_wave(store, survey, NOW)
    with pytest.raises(NotReleased, match="not split by role"):
        counts(store, INGA, survey, ITEM, split="role")
    with pytest.raises(ValueError, match="no split by education"):
        counts(store, INGA, survey, ITEM, split="education")


def test_an_unknown_key_or_code_is_told_by_row_and_nothing_is_stored(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    close_wave(store, survey, NOW)
    key = answers_to_code(store, INGA, survey, ITEM, seed=1)[0].key
    body = coded((key, ITEM, "påhitt"), ("borta", ITEM, ""), (key, "KVAL-02", ""))
    with pytest.raises(InputError) as caught:
        import_codes(store, INGA, survey, body, "koder.csv", now=NOW)
    found = [str(problem) for problem in caught.value.problems]
    assert "koder.csv: row 2: 'påhitt' is not in the code book of KVAL-01. Use" in found[0]
    assert "koder.csv: row 3: is no answer that can be coded" in found[1]
    assert "koder.csv: row 4: is no answer that can be coded" in found[2]
    assert store.exec(select(Coding)).all() == []


def test_an_item_without_a_code_book_cannot_be_coded(store: Session, survey: int) -> None:
    with pytest.raises(InputError, match="Choose one that has: KVAL-01, KVAL-02"):
        answers_to_code(store, INGA, survey, "KVAL-05", seed=1)


def test_a_published_wave_has_no_open_answers_to_read(store: Session, survey: int) -> None:
    store.get_one(Wave, survey).policy = "published"
    store.commit()
    with pytest.raises(NotPrinted):
        counts(store, INGA, survey, ITEM)


def test_the_coding_file_is_logged_and_can_be_imported_as_it_is(
    store: Session, survey: int, units: tuple[int, int]
) -> None:
    close_wave(store, survey, NOW)
    for filename, language in (("x.csv", "sv"), ("x.xlsx", "en")):
        content, number = coding_file(
            store, INGA, survey, ITEM, 1, filename=filename, language=language, now=NOW
        )
        assert number == len(answers_to_code(store, INGA, survey, ITEM, 1))
        assert import_codes(store, INGA, survey, content, filename, now=NOW) == 0
    entry = store.exec(select(AuditEntry)).first()
    assert entry is not None
    assert (entry.actor, entry.action, entry.target) == ("inga", "open answers", f"wave {survey}, KVAL-01")
