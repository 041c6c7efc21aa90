from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, col, func, select

from fieldwork.forms import form_of
from fieldwork.invitations import import_invitees, mint_link, open_link
from fieldwork.problems import InputError
from fieldwork.reviews import change_wave, close_wave, create_wave, find_wave
from models.tables import (
    Answer,
    Interview,
    Invitation,
    Organisation,
    OrganisationName,
    ReportingUnit,
    ReportingUnitMember,
    Review,
    Staffing,
    Subject,
    Wave,
)

NOW = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
LIMITS = "smallest_group = 5\nalike_below = 10\nopen_answers_from = 10"


def number_of(store: Session, table: type[SQLModel]) -> int:
    return store.exec(select(func.count()).select_from(table)).one()


def problems(store: Session, body: str, source: str = "plan.toml") -> list[str]:
    with pytest.raises(InputError) as caught:
        create_wave(store, body, source)
    assert number_of(store, Review) == 0
    assert number_of(store, Organisation) == 0
    return [str(problem) for problem in caught.value.problems]


def test_a_wave_file_becomes_a_review_with_form_organisations_units_and_staffing(
    store: Session, survey: int
) -> None:
    wave = store.get_one(Wave, survey)
    assert (wave.name, wave.policy, wave.smallest_group) == ("Enkät hösten 2026", "group", 5)
    assert wave.informed_on == date(2026, 9, 22)
    assert wave.information["en"]["readers"].startswith("Two inspectors")
    assert store.get_one(Review, wave.review_id).origin == "example"
    assert [part.name for part in form_of(store, wave.form_id).parts] == ["komp.kort", "kval.kort"]
    units = store.exec(select(ReportingUnit).order_by(col(ReportingUnit.position))).all()
    assert [unit.label for unit in units] == ["Lindhagen", "Norrvik-Söderkulla"]
    assert number_of(store, ReportingUnitMember) == 3
    assert [row.filled for row in store.exec(select(Staffing)).all()] == [13, 8, 3]
    assert store.exec(select(OrganisationName.alias)).all() == ["Norrviks stadsdelsförvaltning"]


def test_without_reporting_units_each_district_is_one_in_swedish_alphabetical_order(
    store: Session, plan: str
) -> None:
    body = plan.split("[[reporting_unit]]", maxsplit=1)[0]
    for old, new in (("Lindhagen", "Östra"), ("Söderkulla", "Åby")):
        body = body.replace(f'name = "{old}"', f'name = "{new}"')
    create_wave(store, body, "plan.toml")
    units = store.exec(select(ReportingUnit).order_by(col(ReportingUnit.position))).all()
    assert [unit.label for unit in units] == ["Norrvik", "Åby", "Östra"]


def test_a_second_wave_finds_its_review_and_its_districts_again(
    store: Session, survey: int, plan: str
) -> None:
    again = plan.replace("Enkät hösten 2026", "Enkät våren 2027")
    again = again.replace('aliases = ["Norrviks stadsdelsförvaltning"]\n', "")
    again = again.replace('name = "Norrvik"', 'name = "Norrviks  Stadsdelsförvaltning"')
    again = again.replace('members = ["Norrvik", ', 'members = ["Norrviks stadsdelsförvaltning", ')
    create_wave(store, again, "plan.toml")
    assert number_of(store, Review) == 1
    assert number_of(store, Wave) == 2
    assert number_of(store, Organisation) == 3


def test_a_district_that_ceased_is_not_taken_for_its_successor(
    store: Session, survey: int, plan: str
) -> None:
    old = store.exec(select(Organisation).where(Organisation.name == "Norrvik")).one()
    old.valid_to = date(2026, 12, 31)
    store.commit()
    later = plan.replace("Enkät hösten 2026", "Enkät 2027").replace("2026-10-01", "2027-02-01")
    later = later.replace("2026-12-18", "2027-03-01").replace(
        'aliases = ["Norrviks stadsdelsförvaltning"]', "valid_from = 2027-01-01"
    )
    create_wave(store, later, "plan.toml")
    assert len(store.exec(select(Organisation).where(Organisation.name == "Norrvik")).all()) == 2


def test_a_wave_about_files_gets_its_running_numbers(store: Session, file_review: int) -> None:
    wave = store.get_one(Wave, file_review)
    assert wave.policy == "cell"
    numbers = store.exec(select(Subject.number).where(Subject.kind == "file")).all()
    assert sorted(numbers) == sorted([*range(1, 13), *range(1, 9)])


def test_a_questionnaire_of_ones_own_is_found_beside_the_wave_file(
    store: Session, plan: str, tmp_path: Path
) -> None:
    library = Path(__file__).parents[2] / "questionnaires" / "library"
    own = (
        (library / "kval_kort.toml")
        .read_text(encoding="utf-8")
        .replace('edition = "kort"', 'edition = "egen"')
    )
    (tmp_path / "egen.toml").write_text(own, encoding="utf-8")
    body = plan.replace('["komp.kort", "kval.kort"]', '["egen.toml"]')
    wave = store.get_one(Wave, create_wave(store, body, str(tmp_path / "plan.toml")))
    assert [part.edition for part in form_of(store, wave.form_id).parts] == ["egen"]


def test_text_that_is_not_toml_is_refused_with_its_line(store: Session) -> None:
    assert "line 1" in problems(store, "[review\ntitle = 1")[0]


@pytest.mark.parametrize(
    ("keys", "limits"),
    [
        ("smallest_group = 5", (10, 10)),
        ("smallest_group = 12", (12, 12)),
        ("smallest_group = 4\nalike_below = 8\nopen_answers_from = 20", (8, 20)),
    ],
)
def test_a_wave_says_from_how_many_answers_agreement_and_words_are_seen(
    store: Session, plan: str, keys: str, limits: tuple[int, int]
) -> None:
    made = create_wave(store, plan.replace(LIMITS, keys), "plan.toml")
    wave = store.get_one(Wave, made)
    assert (wave.alike_below, wave.open_answers_from) == limits


def test_no_limit_is_below_the_smallest_group(store: Session, plan: str) -> None:
    found = "\n".join(problems(store, plan.replace("alike_below = 10", "alike_below = 4")))
    assert "plan.toml: wave.alike_below: is below wave.smallest_group" in found


def test_every_wrong_key_is_told_at_once(store: Session, plan: str) -> None:
    body = plan.replace("smallest_group = 5", "smallest_group = 2").replace("year = 2026", 'year = "i år"')
    body = body.replace("opens = 2026-10-01", 'opens = "snart"').replace("theme", "tema")
    body = body.replace('doors = ["web"]', 'doors = ["fax"]').replace('phone = "08-508 00 000"\n', "")
    body = re.sub(r'(?m)^mail = ".*"$', 'mail = "anna ek@x"', body)
    found = "\n".join(problems(store, body))
    for key in (
        "wave.smallest_group",
        "review.year",
        "wave.opens: is not a date",
        "review.tema: is not a key of the wave file",
        "wave.doors[1]",
        "contact.phone: is missing",
        "contact.mail: is not a mail address",
    ):
        assert f"plan.toml: {key}" in found


def test_everything_the_parts_contradict_in_each_other_is_told_at_once(store: Session, plan: str) -> None:
    body = plan.replace("closes = 2026-12-18", "closes = 2026-09-01").replace("filled = 13", "filled = 14")
    body = body.replace("[information.en]", "[information.de]").replace("posts = 4\n", "files = 3\n")
    body = body.replace('["komp.kort", "kval.kort"]', '["kval.kort", "kval.2012", "akt12.2012", "saknas"]')
    body = body.replace(
        'name = "Söderkulla"', 'name = "Söderkulla"\naliases = ["LINDHAGEN"]\nvalid_to = 2020-01-01'
    )
    body = body.replace('members = ["Lindhagen"]', 'members = ["Lindhagen", "Ingenstans", "Norrvik"]')
    found = "\n".join(problems(store, body))
    for fault in (
        "wave.closes: is before wave.opens",
        "organisation[1].filled: is more than posts",
        "information.en: is missing",
        "information.de: is not a language of Granska",
        "organisation[3].files: belongs to a wave about files",
        "organisation[3]: has only one of posts and filled",
        "organisation[3]: did not exist when the wave opens",
        "organisation[3]: has a name or an alias that organisation[1] has too",
        "saknas: unknown questionnaire",
        "KVAL-03: the item stands twice in the form",
        "'akt12.2012' is about 'file', the wave about 'self'",
        "reporting_unit[1].members: 'Ingenstans' is no organisation of this file",
        "reporting_unit[2].members: 'Norrvik' is in two reporting units",
    ):
        assert fault in found


def test_an_organisation_outside_every_reporting_unit_is_told(store: Session, plan: str) -> None:
    body = plan.replace('members = ["Norrvik", "Söderkulla"]', 'members = ["Norrvik"]')
    assert problems(store, body) == [
        "plan.toml: reporting_unit: 'Söderkulla' is in no reporting unit. Add it to one."
    ]


def test_a_questionnaire_file_that_is_not_there_is_told(store: Session, plan: str) -> None:
    found = problems(store, plan.replace('"komp.kort"', '"borta.toml"'))
    assert found == [
        "plan.toml: wave.form: 'borta.toml' cannot be read. Give its path, seen from the wave file."
    ]


def test_the_same_wave_cannot_be_created_twice(store: Session, survey: int, plan: str) -> None:
    with pytest.raises(InputError, match="is already a wave of this review"):
        create_wave(store, plan, "plan.toml")
    with pytest.raises(InputError, match="exists with another theme, year or origin"):
        create_wave(store, plan.replace("year = 2026", "year = 2025"), "plan.toml")
    assert number_of(store, Wave) == 1


def test_a_wave_is_found_by_number_and_by_name(store: Session, survey: int) -> None:
    assert find_wave(store, str(survey)).id == survey
    assert find_wave(store, "Enkät hösten 2026").id == survey
    with pytest.raises(InputError, match="is not a wave"):
        find_wave(store, "99")


def test_moving_the_last_day_moves_the_personal_links(store: Session, survey: int, staff: bytes) -> None:
    import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    invitation = store.exec(select(Invitation.id)).first() or 0
    mint_link(store, invitation, "x" * 43, NOW, NOW + timedelta(days=1))
    change_wave(store, survey, closes=date(2027, 1, 31))
    assert open_link(store, "x" * 43, datetime(2027, 2, 20, tzinfo=UTC)) == invitation
    with pytest.raises(InputError, match="before the wave opens"):
        change_wave(store, survey, closes=date(2026, 1, 31))
    assert store.get_one(Wave, survey).closes == date(2027, 1, 31)


def test_closing_a_wave_erases_drafts_and_what_ties_answers_to_people_and_ends_links_after_a_while(
    store: Session, survey: int, staff: bytes
) -> None:
    import_invitees(store, survey, staff, "personal.csv", dry_run=False)
    wave = store.get_one(Wave, survey)
    first, second = store.exec(select(Invitation).order_by(col(Invitation.id)).limit(2)).all()
    for invitation, key in ((first, None), (second, "k2")):
        interview = Interview(
            id=f"interview-{invitation.id}",
            invitation_id=invitation.id,
            wave_id=survey,
            form_id=wave.form_id,
            reporting_unit_id=invitation.reporting_unit_id,
            sent_at=NOW if key else None,
            result_key=key,
        )
        store.add(interview)
        store.flush()
        store.add(
            Answer(interview_id=interview.id, revision=1, item="KVAL-05", value="bra", door="web", at=NOW)
        )
    store.commit()
    mint_link(store, first.id or 0, "y" * 43, NOW, NOW + timedelta(days=365))
    assert close_wave(store, survey, NOW) == 1
    assert number_of(store, Interview) == 0
    assert number_of(store, Answer) == 0
    assert open_link(store, "y" * 43, NOW + timedelta(days=29)) == first.id
    assert open_link(store, "y" * 43, NOW + timedelta(days=31)) is None
    with pytest.raises(InputError, match="is closed"):
        close_wave(store, survey, NOW)
    with pytest.raises(InputError, match="is closed"):
        change_wave(store, survey, closes=date(2027, 1, 31))
