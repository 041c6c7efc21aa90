"""The style sheet of tables and text, in the colours of the theme that is shown."""

from __future__ import annotations

from string import Template

from analysis.palette import Palette

_SHEET = Template("""
[data-testid="stMainBlockContainer"] { max-width: 70rem; padding-top: 4.5rem; }
[data-testid="stMarkdownContainer"] p, .granska-notes { max-width: 65ch; }
[data-testid="stMarkdownContainer"] p.answer { font-size: 1.25rem; line-height: 1.4; margin-bottom: .5rem; }
h1, h2, h3 { text-wrap: balance; letter-spacing: 0; }
h2 { margin-top: 1.5rem; }
.granska-answer { font-size: 1.25rem; line-height: 1.45; max-width: 60ch; margin: 0 0 .25rem; }
.granska-mark { color: $ink; font-style: italic; margin: 0; }
.granska-scroll { overflow-x: auto; background: $surface; border-radius: 6px; border: 1px solid $line;
  margin: .25rem 0 .5rem; }
.granska-scroll:focus-visible { outline: 3px solid $primary; outline-offset: 2px; }
table.granska { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; color: $ink;
  font-size: 1rem; line-height: 1.35; }
table.granska caption { caption-side: top; text-align: left; color: $muted; padding: .6rem .8rem .2rem; }
table.granska th, table.granska td { padding: .4rem .8rem; text-align: left; vertical-align: top;
  border: 0; font-weight: 400; }
table.granska thead th { font-weight: 600; vertical-align: bottom; }
table.granska thead tr:last-child > * { border-bottom: 1px solid $line; }
table.granska tbody th { min-width: 11rem; }
table.granska tbody tr + tr > * { border-top: 1px solid color-mix(in srgb, $line 30%, transparent); }
table.granska .n { text-align: right; white-space: nowrap; }
table.granska thead .n { white-space: normal; }
table.granska .total, table.granska tr.total > * { font-weight: 600; }
table.granska tr.derived th { padding-left: 1.6rem; }
table.granska tbody th, table.granska thead td:first-child, table.granska thead th:first-child {
  position: sticky; left: 0; background: $surface; }
table.granska caption > span, table.granska tr.group > th > span { display: inline-block; position: sticky;
  left: .8rem; max-width: min(65ch, 76vw); }
table.granska tr.group > th { font-weight: 600; padding-top: .8rem; }
table.granska tr.class > th { padding-left: 1.6rem; }
table.granska tr.group + tr > *, table.granska tr.class + tr.class > * { border-top: 0; padding-top: .1rem; }
table.granska tr.missing > * { color: $muted; white-space: normal; }
table.granska .below { font-weight: 400; color: $muted; white-space: nowrap; }
table.granska tbody th .below { white-space: normal; font-size: .9rem; }
table.granska .words td { min-width: 8rem; }
table.granska td.hidden { background: repeating-linear-gradient(135deg, transparent 0 6px,
  color-mix(in srgb, $line 28%, transparent) 6px 7px); }
.granska-notes { color: $muted; font-size: .95rem; line-height: 1.45; margin: 0 0 1rem; }
.granska-preview { background: $surface; border: 1px solid $line; border-radius: 6px; padding: .2rem 1.2rem;
  max-width: 46rem; }
.granska-preview dt { font-weight: 600; margin-top: .6rem; }
.granska-preview dd { margin: 0; max-width: 65ch; }
button[kind^="primary"], button[kind^="primary"] p,
[data-testid="stMultiSelect"] span[title] { color: $on_primary !important; }
[data-testid="InputInstructions"] { display: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media (max-width: 40rem) {
  [data-testid="stMainBlockContainer"] { padding-left: 1rem; padding-right: 1rem; }
  table.granska th, table.granska td { padding: .35rem .55rem; }
  table.granska tbody th { min-width: 8.5rem; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
""")


def css(palette: Palette) -> str:
    """Return the style sheet."""
    return _SHEET.substitute(
        ink=palette.ink,
        muted=palette.muted,
        surface=palette.surface,
        line=palette.line,
        primary=palette.primary,
        on_primary=palette.on_primary,
    )
