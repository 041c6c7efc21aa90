"""What a release does not show, in words and never in numbers: for who decides it, and for its readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from analysis.disclosure import SafeTable
from analysis.released import Edition, Release
from analysis.safe_columns import SafeColumn, State
from analysis.wording import capital, in_words, listed, number, words

Rule = Callable[[SafeColumn], bool]

# Why numbers of a column are not told: the text that says so, and of which columns it holds.
REASONS: tuple[tuple[str, Rule], ...] = (
    ("few_invited", lambda column: bool(column.few_invited)),
    ("hidden", lambda column: column.state is State.HIDDEN and not column.few_invited),
    ("words", lambda column: column.state is State.WORDS),
    ("partly", lambda column: column.state is State.PARTLY),
    ("empty", lambda column: column.state is State.EMPTY),
)


def hidden(table: SafeTable, policy: str) -> tuple[str, ...]:
    """Return a sentence for each reason why the table leaves something out; none where it shows all."""
    return tuple(_sentences(table, policy))


def preview(release: Release, language: str) -> Iterator[str]:
    """Yield the lines that an inspector reads before the release is decided: what is hidden where, and why.

    Questions of which the same is said stand together, in the order of the release.
    """
    edition, wave = release.edition(language), release.wave
    code = edition.language
    named = {"wave": wave.name, "review": wave.review, "year": wave.year}
    yield words("release.preview_title", code, number=release.number, **named)
    together = _together(edition, wave.policy)
    hiding = sum(len(names) for why, names in together.items() if why)
    tables = number(len(edition.tables), code)
    yield words("release.preview_counted", code, hiding=number(hiding, code), tables=tables)
    for why, names in together.items():
        yield ""
        yield from why or (words("release.all_shown", code),)
        yield from (f"  {name}" for name in names)
    if edition.splits:
        yield from ("", words("release.split_too", code), *(f"  {each}" for each in _split_names(edition)))
    if edition.waiting:
        yield from ("", words("release.waiting", code), *(f"  {each}" for each in edition.waiting))
    yield from ("", words("release.public", code))


def _split_names(edition: Edition) -> Iterator[str]:
    for split in edition.splits:
        by = words(f"release.by.{split.by}", edition.language)
        yield f"{split.table.item} {split.table.title} {by}"


def _together(edition: Edition, policy: str) -> Mapping[tuple[str, ...], list[str]]:
    """Return the questions by what is said of them."""
    found: dict[tuple[str, ...], list[str]] = {}
    for table in edition.tables:
        found.setdefault(hidden(table, policy), []).append(f"{table.item} {table.title}")
    return found


def _sentences(table: SafeTable, policy: str) -> Iterator[str]:
    language = table.language
    for reason, holds in REASONS:
        these = [column for column in table.columns if holds(column)]
        if these:
            everyone = len(these) == len(table.columns)
            names = [column.label for column in these]
            who = words("release.every_unit", language) if everyone else listed(names, language)
            yield _why(reason, policy, language, who=who, k=in_words(these[0].few_invited, language))
    total = table.total
    if total and total.label == words("total_shown", language):
        yield words("release.why.total_shown", language)
    if total and total.state in {State.HIDDEN, State.WORDS, State.PARTLY}:
        yield _why(total.state, policy, language, who=words("total", language))


def _why(reason: str, policy: str, language: str, **values: str) -> str:
    clients = reason == State.HIDDEN and policy == "cell"
    return capital(words(f"release.why.{'partly_all' if clients else reason}", language, **values))
