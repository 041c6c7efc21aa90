"""How long it takes from the kept counts to tables: 20 questions by 12 units, however many have answered.

The same wave is built with 10^5, 2 x 10^6 (100,000 respondents) and 10^7 answers: results and counts. All its
tables are then made as a page does, with the viewer's right. How many were invited to each unit stands beside
a table and is counted from the staff list, so the same is measured once more with as many invitations.
"""

from __future__ import annotations

import gc
import itertools
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from sqlalchemy import Engine

from analysis.splits import PartName, SplitTable, sizes_of, tabulate_split
from analysis.tables import ANSWERED, Table, UnitColumn, tabulate
from analysis.tallies import by_item
from fieldwork import results
from fieldwork.forms import publish_form
from fieldwork.recounting import recount
from fieldwork.results import Counts
from fieldwork.rights import Role, Viewer
from models.database import migrate, open_database, reading, writing
from models.tables import ReportingUnit, Review, Wave
from questionnaires.definition import Choice, Form, Question, Questionnaire

QUESTIONS = 20
UNITS = 12
RESPONDENTS = (5_000, 100_000, 500_000)
PATTERNS = 997  # of answers; no divisor of them is one of the number of units
RUNS = 7
GOAL = 0.05  # seconds, at 100,000 respondents
AT_MOST = 2.0  # times as long with 10^7 answers as with 10^5
INSPECTOR = Viewer("benchmark", Role.INSPECTOR)
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
SEX = ("kvinna", "man")
SCALE = ("mycket_bra", "bra", "mindre_bra", "daligt", "vet_ej")
SEVERAL = ("fia", "ib", "freda", "audit", "annat")


class Run(NamedTuple):
    """Seconds of reading and tabulating everything, and of the processor for it; likewise by sex."""

    tables: float
    processor: float
    split: float


def _choices(*names: str) -> tuple[Choice, ...]:
    return tuple(Choice(name, {"sv": name, "en": name}) for name in names)


def asked() -> Form:
    """Return 20 questions: sex and years in service, 12 scales, 4 of several answers, 2 numbers."""
    both = {"sv": "Fråga", "en": "Question"}
    questions = [
        Question("Q-00", "select_one", both, choices=_choices(*SEX), background="sex"),
        Question("Q-01", "select_one", both, choices=_choices("0-2", "2-8", "8-"), background="years"),
    ]
    kinds = ["select_one"] * 12 + ["select_multiple"] * 4 + ["integer"] * 2
    for number, kind in enumerate(kinds, start=2):
        names = {"select_one": SCALE, "select_multiple": SEVERAL}.get(kind, ())
        questions.append(Question(f"Q-{number:02}", kind, both, choices=_choices(*names)))
    return Form((Questionnaire("BENCH", "a", 1, both, "self", "generated", tuple(questions)),))


def pattern(form: Form, random: Random) -> dict[str, tuple[str, ...]]:
    """Return what one respondent chose, item by item; nothing is a skip."""
    chosen: dict[str, tuple[str, ...]] = {}
    for question in form.questions:
        if question.type == "integer":
            chosen[question.name] = (str(random.randrange(40)),)
        elif question.type == "select_multiple":
            chosen[question.name] = tuple(name for name in SEVERAL if random.random() < 0.4)
        else:
            place = int(len(question.choices) * random.random() ** 1.5)
            chosen[question.name] = (question.choices[place].name,)
    return chosen


def results_of(
    patterns: Sequence[dict[str, tuple[str, ...]]], respondents: int
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of results, respondent by respondent."""
    for number in range(respondents):
        key, unit = f"{number:09}", 1 + number % UNITS
        for item, options in patterns[number % PATTERNS].items():
            for option in options or ("",):
                yield key, item, option, "" if options else "skipped", 1, unit


def counts_of(
    patterns: Sequence[dict[str, tuple[str, ...]]], respondents: int
) -> Counter[tuple[object, ...]]:
    """Return the kept counts of these respondents, unsplit and by sex and years."""
    alike = Counter((1 + number % UNITS, number % PATTERNS) for number in range(respondents))
    kept: Counter[tuple[object, ...]] = Counter()
    for (unit, number), n in alike.items():
        chosen = patterns[number]
        groups = {"": "", "sex": chosen["Q-00"][0], "years": chosen["Q-01"][0]}
        for (split, part), (item, options) in itertools.product(groups.items(), chosen.items()):
            said = [("answered", ""), *(("option", each) for each in options)]
            for kind, value in said if options else [("missing", "skipped")]:
                kept[unit, split, item, kind, value, part] += n
    return kept


def build(path: Path, form: Form, respondents: int) -> Engine:
    """Make a database with one closed wave that so many have answered."""
    url = f"sqlite:///{path}"
    migrate(url)
    engine = open_database(url)
    with writing(engine) as session:
        session.add(Review(id=1, title="Mätning", year=2026))
        days = {"opens": date(2026, 10, 1), "closes": date(2026, 10, 30), "closed_at": AT}
        form_id = publish_form(session, form.parts)
        session.add(Wave(id=1, review_id=1, form_id=form_id, name="Mätning", **days))
        session.flush()
        for number in range(1, UNITS + 1):
            answers = len(range(number - 1, respondents, UNITS))
            session.add(
                ReportingUnit(
                    id=number, wave_id=1, label=f"Enhet {number:02}", position=number, answers=answers
                )
            )
        session.commit()
    engine.dispose()
    random = Random(2012)
    fill(path, [pattern(form, random) for _ in range(PATTERNS)], respondents)
    return open_database(url)


def fill(path: Path, patterns: Sequence[dict[str, tuple[str, ...]]], respondents: int) -> None:
    """Write the rows straight into the file: through the use cases it would take hours."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        file.executemany(
            "INSERT INTO result (key, item, option, missing, wave_id, reporting_unit_id) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            results_of(patterns, respondents),
        )
        file.executemany(
            "INSERT INTO count (reporting_unit_id, split, item, kind, value, part, n, shown) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            ((*place, n) for place, n in counts_of(patterns, respondents).items()),
        )
        file.execute("COMMIT")


def invite(path: Path, respondents: int) -> None:
    """Write so many invitations straight into the file."""
    everybody = range(1, respondents + 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("BEGIN")
        file.executemany(
            "INSERT INTO subject (id, wave_id, kind) VALUES (?, 1, 'person')", ((n,) for n in everybody)
        )
        file.executemany(
            "INSERT INTO invitation (id, wave_id, subject_id, reporting_unit_id, part, role, unit, "
            "in_service, language, left_reason) "
            "VALUES (?, 1, ?, ?, 'respondent', 'socialsekreterare', '', 1, 'sv', '')",
            ((n, n, 1 + (n - 1) % UNITS) for n in everybody),
        )
        file.execute("COMMIT")


def every_table(form: Form, found: Counts, units: Sequence[UnitColumn]) -> list[Table]:
    """Return the table of every question."""
    rows = by_item(found.rows)
    return [tabulate(question, rows[question.name], units) for question in form.questions]


def every_split(form: Form, found: Counts, units: Sequence[UnitColumn]) -> list[SplitTable]:
    """Return the table of every question by sex."""
    rows, parts = by_item(found.rows), by_item(found.parts)
    sizes = sizes_of(found.parts, form.questions[0].name)
    names = [PartName(sex, sex) for sex in SEX]
    return [
        tabulate_split(
            tabulate(question, rows[question.name], units),
            question,
            parts[question.name],
            units,
            split="sex",
            parts=names,
            sizes=sizes,
            base=ANSWERED,
        )
        for question in form.questions
    ]


def measure(engine: Engine, form: Form) -> Run:
    """Read and tabulate everything once by unit, and once by unit and sex."""
    items = [question.name for question in form.questions]
    with reading(engine) as session:
        begun, processor = time.perf_counter(), time.process_time()
        found = results.counts(session, INSPECTOR, 1, items)
        every_table(form, found, columns(found))
        tables, processor = time.perf_counter() - begun, time.process_time() - processor
        begun = time.perf_counter()
        found = results.counts(session, INSPECTOR, 1, items, "sex")
        every_split(form, found, columns(found))
        split = time.perf_counter() - begun
    return Run(tables, processor, split)


def columns(found: Counts) -> list[UnitColumn]:
    """Return the units as columns."""
    return [UnitColumn(unit.id, unit.label, unit.invited, unit.answers) for unit in found.units]


def medians(engine: Engine, form: Form) -> Run:
    """Return the medians of some runs; the first one, which compiles the statements, does not count."""
    measure(engine, form)
    gc.collect()
    runs = [measure(engine, form) for _ in range(RUNS)]
    return Run(*(median(run) for run in zip(*runs, strict=True)))


def compare(folder: Path, form: Form, respondents: int) -> tuple[Run, Run]:
    """Build a wave and measure, without and with its staff list.

    Raises ValueError where the counts are not those of the results, which is looked at in the smallest wave.
    """
    path = folder / f"{respondents}.db"
    engine = build(path, form, respondents)
    if respondents == min(RESPONDENTS):
        with reading(engine) as session:
            wrong = recount(session, 1)
        if wrong:
            raise ValueError(f"the counts of the measurement are not those of its results: {wrong[:3]}")
    alone = medians(engine, form)
    invite(path, respondents)
    invited = medians(engine, form)
    engine.dispose()
    path.unlink()
    return alone, invited


def run() -> None:
    """Print the medians for each size, and how they grow."""
    form = asked()
    print(f"from Count to tables, {QUESTIONS} questions x {UNITS} units (medians of {RUNS} runs)")
    found = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for respondents in RESPONDENTS:
            found[respondents], invited = compare(Path(folder), form, respondents)
            told = ", ".join(
                f"{what} {seconds * 1000:.1f} ms"
                for what, seconds in (
                    ("by unit", found[respondents].tables),
                    ("processor", found[respondents].processor),
                    ("by unit and sex", found[respondents].split),
                    ("by unit with as many invited", invited.tables),
                )
            )
            print(f"  {respondents * QUESTIONS:>10,} answers of {respondents:>7,}: {told}")
    few, goal, many = (found[respondents].tables for respondents in RESPONDENTS)
    print(f"  at 100,000 respondents {goal * 1000:.1f} ms (goal <= {GOAL * 1000:.0f} ms)")
    print(f"  from 10^5 to 10^7 answers {many / few:.2f} times (goal <= {AT_MOST:.0f})")


if __name__ == "__main__":
    run()
