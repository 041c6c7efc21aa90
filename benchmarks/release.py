"""Releasing a wave of 20 questions, 12 units and 100,000 respondents: from stored counts to stored bytes.

Respondents are laid down as what a release reads: their invitations, and the counts that every stored result
keeps. The same is measured for a wave of an ordinary size, and for files, where the rules for clients search
for what to hide.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from random import Random

from sqlmodel import Session

from analysis.releasing import decide
from fieldwork import releases
from fieldwork.forms import publish_form
from fieldwork.rights import Role, Viewer
from models.database import migrate, open_database, reading, writing
from models.tables import ReportingUnit, Review, Wave
from questionnaires.loader import parse

GOAL = 30.0  # seconds
RESPONDENTS = 100_000
QUESTIONS, UNITS = 20, 12
STEPS = ("mycket_bra", "bra", "mindre_bra", "daligt")
CLOSED, AT = datetime(2024, 11, 4, 12, tzinfo=UTC), datetime(2024, 12, 4, 12, tzinfo=UTC)
INGA = Viewer("Inga", Role.INSPECTOR)


@dataclass(frozen=True, slots=True)
class Size:
    """A wave to release."""

    name: str
    policy: str
    respondents: int
    splits: bool


SIZES = (
    Size("group, 100 000 respondents", "group", RESPONDENTS, splits=True),
    Size("group, 144 respondents", "group", 144, splits=True),
    Size("cell, 100 000 files", "cell", RESPONDENTS, splits=False),
    Size("cell, 144 files", "cell", 144, splits=False),
)


def questionnaire() -> str:
    """Return a questionnaire of a question about sex and 19 on the four-step scale."""
    head = (
        'code = "MATT"\nedition = "a"\nversion = 1\ntitle = { sv = "Mätning", en = "Measurement" }\n'
        'subject = "self"\nsource = "benchmarks/release.py"\n[choices]\n'
    )
    kinds = ["kon", *["skala"] * (QUESTIONS - 1)]
    rows = "".join(_row(number, kind) for number, kind in enumerate(kinds, start=1))
    return f"{head}skala = [{_listed(STEPS)}]\nkon = [{_listed(('kvinna', 'man'))}]\n{rows}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'{{ name = "{name}", label = {{ sv = "{name}", en = "{name}" }} }}' for name in names)


def _row(number: int, choices: str) -> str:
    label = f'{{ sv = "Fråga {number}?", en = "Question {number}?" }}'
    told = 'background = "sex"\n' if choices == "kon" else ""
    name = f"MATT-{number:02}"
    return f'\n[[survey]]\ntype = "select_one {choices}"\nname = "{name}"\nlabel = {label}\n{told}'


def lay_down(path: Path, size: Size) -> None:
    """Store the wave, closed, with its counts and invitations."""
    engine = open_database(f"sqlite:///{path}")
    with writing(engine) as session:
        _wave(session, size)
    engine.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        _invite(file, size.respondents)
        _count(file, size)
        file.execute("COMMIT")


def _wave(session: Session, size: Size) -> None:
    session.add(Review(id=1, title="Mätning", year=2024))
    session.flush()
    form = publish_form(session, [parse(questionnaire(), "matt_a.toml")])
    about = {"policy": size.policy, "subject": "file" if size.policy == "cell" else "self"}
    days = {"opens": date(2024, 10, 1), "closes": date(2024, 10, 30), "closed_at": CLOSED}
    session.add(Wave(id=1, review_id=1, form_id=form, name="Mätning", **about, **days))
    session.flush()
    each = size.respondents // UNITS
    for number in range(1, UNITS + 1):
        label = f"Enhet {number:02}"
        session.add(ReportingUnit(id=number, wave_id=1, label=label, position=number, answers=each))
    session.commit()


def _invite(file: sqlite3.Connection, respondents: int) -> None:
    everybody = range(1, respondents + 1)
    file.executemany(
        "INSERT INTO subject (id, wave_id, kind) VALUES (?, 1, 'person')", ((n,) for n in everybody)
    )
    file.executemany(
        "INSERT INTO invitation (id, wave_id, subject_id, reporting_unit_id, part, role, unit, in_service, "
        "language, left_reason) VALUES (?, 1, ?, ?, 'respondent', '', '', 1, 'sv', '')",
        ((n, n, 1 + (n - 1) % UNITS) for n in everybody),
    )


def _count(file: sqlite3.Connection, size: Size) -> None:
    file.executemany(
        "INSERT INTO count (reporting_unit_id, item, split, part, kind, value, n, shown) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        _counts(size),
    )


def _counts(size: Size) -> Iterator[tuple[int, str, str, str, str, str, int]]:
    """Yield the counts of every question, for everybody and by sex."""
    random = Random(2024)
    for unit in range(1, UNITS + 1):
        everyone = size.respondents // UNITS
        sexes = {"kvinna": everyone * 3 // 4, "man": everyone - everyone * 3 // 4}
        for number in range(1, QUESTIONS + 1):
            item = f"MATT-{number:02}"
            drawn = {sex: _drawn(random, sex, n, number) for sex, n in sexes.items()}
            yield unit, item, "", "", "answered", "", everyone
            for value in dict.fromkeys(value for counts in drawn.values() for value in counts):
                yield (
                    unit,
                    item,
                    "",
                    "",
                    "option",
                    value,
                    sum(counts.get(value, 0) for counts in drawn.values()),
                )
            for sex, counts in drawn.items() if size.splits else ():
                yield unit, item, "sex", sex, "answered", "", sexes[sex]
                yield from ((unit, item, "sex", sex, "option", value, n) for value, n in counts.items())


def _drawn(random: Random, sex: str, n: int, number: int) -> dict[str, int]:
    """Return how many chose each option."""
    if number == 1:
        return {sex: n}
    cuts = sorted(random.randint(0, n) for _ in STEPS[1:])
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
    return {step: size for step, size in zip(STEPS, sizes, strict=True) if size}


def measure(size: Size) -> tuple[float, float, str]:
    """Return wall and processor time of one release, and what it holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "granska.db"
        url = f"sqlite:///{path}"
        migrate(url)
        lay_down(path, size)
        engine = open_database(url)
        begun, processor = time.perf_counter(), time.process_time()
        with writing(engine) as session:
            done = releases.publish(session, INGA, 1, partial(decide, at=AT, version="bench"), AT)
        seconds, processor = time.perf_counter() - begun, time.process_time() - processor
        with reading(engine) as session:
            held = releases.newest(session, INGA, 1)
        engine.dispose()
    return seconds, processor, f"{len(held.canonical) // 1000} kB of JSON, SHA-256 {done.hash[:12]}"


def run() -> None:
    """Print how long each release takes."""
    for size in SIZES:
        seconds, processor, held = measure(size)
        goal = f"; goal <= {GOAL:.0f} s" if size.respondents == RESPONDENTS else ""
        print(
            f"release, {size.name}, {QUESTIONS} questions x {UNITS} units: {seconds:.1f} s "
            f"(processor {processor:.1f} s{goal}); {held}"
        )


if __name__ == "__main__":
    run()
