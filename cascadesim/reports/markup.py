"""The tables of terminals as HTML: for notebooks, and for the page that a plan is shown on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from cascadesim.reports import tables

_CLASSES = {tables.BEST: "best", tables.BAD: "bad", tables.QUIET: "quiet", "bold": "title"}

STYLE = """
.cascadesim { font-family: system-ui, sans-serif; line-height: 1.4; }
.cascadesim table { border-collapse: collapse; margin: .3em 0 1em; font-size: .92em; }
.cascadesim.cascadesim th, .cascadesim.cascadesim td {
  padding: .2em .8em .2em 0; vertical-align: top; text-align: left; border: 0;
}
.cascadesim.cascadesim th { border-bottom: 1px solid #8a949e; font-weight: 600; vertical-align: bottom; }
.cascadesim.cascadesim .figure { text-align: right; font-variant-numeric: tabular-nums; }
.cascadesim.cascadesim .section td { border-top: 1px solid #d5dbe1; }
.cascadesim .best { font-weight: 600; color: #0b5a40; }
.cascadesim .bad { font-weight: 600; color: #a11212; }
.cascadesim .quiet { color: #565f69; }
.cascadesim p { margin: .3em 0; }
.cascadesim p.title { font-weight: 600; margin-top: .8em; }
"""
"""How it looks, on a page as in a notebook; colours keep a contrast of 4.5 on white.

The class stands twice where it has to outweigh what notebooks say of the tables in them.
"""


def markup(things: Iterable[RenderableType]) -> str:
    """Tables as `<table>`, paragraphs as `<p>`, in their order; every text of a script is escaped."""
    return "\n".join(part for thing in things for part in _parts(thing))


def _parts(thing: RenderableType) -> Iterator[str]:
    if isinstance(thing, Group):
        yield from (part for one in thing.renderables for part in _parts(one))
    elif isinstance(thing, Table):
        yield _table(thing)
    elif isinstance(thing, Text):
        yield f"<p{_class(_look(thing))}>{_text(thing)}</p>"
    else:
        yield f"<p>{_cell(thing)}</p>"


def _table(made: Table) -> str:
    rows = ["<table>"]
    if made.show_header:
        heads = "".join(f'<th scope="col"{_class(_kind(c))}>{_cell(c.header) or "&#8203;"}</th>' for c in made.columns)
        rows.append(f"<thead><tr>{heads}</tr></thead>")
    rows.append("<tbody>")
    begins = False
    for row, *cells in zip(made.rows, *(column.cells for column in made.columns), strict=True):
        look = _CLASSES.get(str(row.style or ""), "") + (" section" if begins else "")
        filled = (f"<td{_class(_kind(c))}>{_cell(cell)}</td>" for c, cell in zip(made.columns, cells, strict=True))
        rows.append(f"<tr{_class(look.strip())}>{''.join(filled)}</tr>")
        begins = row.end_section
    return "".join([*rows, "</tbody></table>"])


def _kind(column: Column) -> str:
    return "figure" if column.justify == "right" else ""


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _look(text: Text) -> str:
    return _CLASSES.get(str(text.style), "")


def _cell(cell: RenderableType) -> str:
    return _text(cell) if isinstance(cell, Text) else _lines(str(cell))


def _text(text: Text) -> str:
    """The text with its quieter parts marked: margins of error."""
    done, marked = 0, []
    for span in sorted(text.spans):
        marked += [
            _lines(text.plain[done : span.start]),
            f"<span{_class(_CLASSES.get(str(span.style), ''))}>{_lines(text.plain[span.start : span.end])}</span>",
        ]
        done = span.end
    return "".join([*marked, _lines(text.plain[done:])])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
