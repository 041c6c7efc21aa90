"""A release as one HTML page that needs nothing else: no script, no font, no address.

First in Swedish, then in English. It is made from the release alone, so the same
bytes can be made again from its JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from analysis.disclosure import SafeTable
from analysis.release_words import hidden
from analysis.released import Edition, Release, Turnout, canonical, sha256
from analysis.safe_columns import SafeColumn
from analysis.wording import base_of, day, in_words, number, percent_sign, words

STYLE = """
body { font: 17px/1.5 "Source Sans 3", "Segoe UI", sans-serif; color: #1a2530; background: #fff;
  max-width: 68rem; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums; }
p, dd, li { max-width: 65ch; } a { color: #0a5c63; } h3 { margin: 2rem 0 0; }
.muted, caption { color: #55606b; font-size: .9rem; text-align: left; } .frame { overflow-x: auto; }
table { border-collapse: collapse; margin: .5rem 0; } th, td { padding: .25rem .75rem; }
th[scope=row] { font-weight: 400; } th, th[scope=row] { text-align: left; }
th.n, td.n { text-align: right; } thead th { font-weight: 600; vertical-align: bottom; }
tbody tr { border-top: 1px solid #c9ced3; } .total { font-weight: 600; }
dt { font-weight: 600; } dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
@media print { body { max-width: none; margin: 0; } section { break-inside: avoid; } }
"""


def render(release: Release) -> bytes:
    """Return the page of a release, UTF-8."""
    first, *others = release.editions
    title = escape(_title(release, first.language))
    links = "".join(f'<p><a href="#{each.language}" lang="en">In English</a></p>' for each in others)
    body = "\n".join(_edition(release, each) for each in release.editions)
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f'<!doctype html>\n<html lang="{first.language}">\n<head>{head}\n<title>{title}</title>'
        f"\n<style>{STYLE}</style>\n</head>\n<body>\n{links}\n{body}\n</body>\n</html>\n"
    ).encode()


def _title(release: Release, language: str) -> str:
    wave = release.wave
    return words("release.title", language, wave=wave.name, review=wave.review, year=wave.year)


def _edition(release: Release, edition: Edition) -> str:
    code = edition.language
    parts = [
        f"<h1>{escape(_title(release, code))}</h1>",
        *(f"<p>{escape(text)}</p>" for text in _introduction(release, edition)),
        _heading("turnout", code),
        _turnout(edition.turnout, code, files=release.wave.subject == "file"),
        *_waiting(edition),
        _heading("tables", code),
        *(_question(table, edition, release.wave.policy) for table in edition.tables),
        _heading("method", code),
        *(f"<p>{escape(text)}</p>" for text in _method(release, code)),
        _facts(release, code),
    ]
    return f'<main lang="{code}" id="{code}">\n' + "\n".join(parts) + "\n</main>"


def _heading(key: str, code: str) -> str:
    return f"<h2>{escape(words(f'release.{key}', code))}</h2>"


def _introduction(release: Release, edition: Edition) -> Iterator[str]:
    code, wave = edition.language, release.wave
    yield words("release.numbered", code, number=release.number, day=day(release.at.date(), code))
    if release.earlier:
        yield words("release.correction", code)
    marks = dict.fromkeys(mark for table in edition.tables for mark in table.provenance.marks)
    yield from (words(f"mark.{mark}", code) for mark in marks)
    limits = {"k": in_words(wave.smallest_group, code), "alike_below": in_words(wave.alike_below, code)}
    yield words(f"release.intro_{wave.policy}", code, **limits)


def _waiting(edition: Edition) -> Iterator[str]:
    if edition.waiting:
        yield _heading("waiting", edition.language)
        yield f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in edition.waiting)}</ul>"


def _turnout(turnout: Sequence[Turnout], code: str, *, files: bool) -> str:
    heads = (words("release.unit", code), words(f"release.turnout_{'files' if files else 'people'}", code))
    head = "".join(_head(text, number=place > 0) for place, text in enumerate(heads))
    rows = [_row(each.label, [_of(each, code)], total=each is turnout[-1]) for each in turnout]
    return _framed(words("release.turnout", code), f"<thead><tr>{head}</tr></thead>", rows)


def _of(unit: Turnout, code: str) -> str:
    if unit.few_invited:
        return words("few_invited", code, k=in_words(unit.few_invited, code))
    return words("release.of", code, sent=number(unit.sent, code), invited=number(unit.invited, code))


def _question(table: SafeTable, edition: Edition, policy: str) -> str:
    """Return the table of a question by unit, and by the split that stands beside it."""
    split = edition.split(table.item)
    below = _section(split.table, policy, words(f"release.by.{split.by}", edition.language)) if split else ""
    return _section(table, policy) + below


def _section(table: SafeTable, policy: str, by: str = "") -> str:
    code = table.language
    base = words("release.share_of", code, base=table.base_label)
    names = "".join(_head(_named(column, code), span=2) for column in table.all_columns)
    measures = (words("count", code), words("percent", code))
    second = "".join(_head(measure) for _ in table.all_columns for measure in measures)
    head = f'<thead><tr><td rowspan="2"></td>{names}</tr><tr>{second}</tr></thead>'
    rows = [_row(row.label, _cells(table, index)) for index, row in enumerate(table.rows)]
    notes = " ".join(escape(each) for each in hidden(table, policy))
    below = f'<p class="muted">{escape(words("release.hidden_title", code))}: {notes}</p>' if notes else ""
    name = f"{table.title} {by}" if by else table.title
    title = f'<h3>{escape(name)}</h3><p class="muted">{escape(table.item)}. {escape(base)}.</p>'
    return f"<section>{title}{_framed(name, head, rows)}{below}</section>"


def _named(column: SafeColumn, code: str) -> str:
    if column.few_invited:
        few = words("few_invited", code, k=in_words(column.few_invited, code))
        return f"{column.label} ({few})"
    return column.label if column.n is None else f"{column.label} ({base_of(column.n, code)})"


def _cells(table: SafeTable, index: int) -> Iterator[str]:
    for column in table.all_columns:
        cell = column.cells[index]
        yield cell.text if cell.count is None else number(cell.count, table.language)
        yield "" if cell.percent is None else percent_sign(cell.percent, table.language)


def _method(release: Release, code: str) -> Iterator[str]:
    wave = release.wave
    days = {"opens": wave.opens, "closes": wave.closes, "closed": wave.closed_at.date()}
    yield words("release.collected", code, **{name: day(each, code) for name, each in days.items()})
    if wave.subject != "file":
        yield words(f"release.promise_{wave.promise}", code)
    yield words("release.list", code, n=len(release.listed))
    splits = release.edition(code).splits
    if splits:
        yield words("release.list_splits", code, n=len(splits))


def _facts(release: Release, code: str) -> str:
    asked = [
        words(
            "release.instrument",
            code,
            code=each.code,
            edition=each.edition,
            version=each.version,
            hash=each.hash,
        )
        for each in release.asked
    ]
    at = f"{release.at:%Y-%m-%d %H:%M}"
    told = {
        "instruments": asked,
        "form": [release.form],
        "content": [sha256(canonical(release))],
        "earlier": release.earlier,
        "program_title": [words("release.program", code, version=release.version, at=at)],
    }
    lines = (_fact(words(f"release.{name}", code), said) for name, said in told.items() if said)
    return f"<dl>{''.join(lines)}</dl>"


def _fact(name: str, said: Iterable[str]) -> str:
    return f"<dt>{escape(name)}</dt>{''.join(f'<dd>{escape(each)}</dd>' for each in said)}"


def _head(text: str, *, span: int = 1, number: bool = True) -> str:
    wide = f' colspan="{span}" scope="colgroup"' if span > 1 else ' scope="col"'
    kind = ' class="n"' if number else ""
    return f"<th{wide}{kind}>{escape(text)}</th>"


def _row(name: str, cells: Iterable[str], *, total: bool = False) -> str:
    kind = ' class="total"' if total else ""
    body = "".join(f'<td class="n">{escape(cell)}</td>' for cell in cells)
    return f'<tr{kind}><th scope="row">{escape(name)}</th>{body}</tr>\n'


def _framed(name: str, head: str, rows: Iterable[str]) -> str:
    """Return a table that scrolls sideways by keyboard too where the page is narrow."""
    label = escape(name, quote=True)
    return (
        f'<div class="frame" role="group" tabindex="0" aria-label="{label}"><table>{head}'
        f"<tbody>\n{''.join(rows)}</tbody></table></div>"
    )
