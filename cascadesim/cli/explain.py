"""`cascadesim explain`: the page of a code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cascadesim.cli import codes
from cascadesim.cli.job import Job
from cascadesim.cli.output import Output
from cascadesim.errors import InputError

if TYPE_CHECKING:
    from cascadesim.language.codes import Page


@click.command(cls=Job)
@click.argument("code", required=False)
@click.pass_obj
def explain(out: Output, code: str | None) -> None:
    """Say what the CODE of a fault means. And why it matters, and what to write instead.

    Without a CODE, lists them all.
    """
    pages = all_pages()
    if code is None:
        out.document({"codes": {page.code: page.cause for page in pages.values()}})
        for page in pages.values():
            out.say(f"{page.code}  {page.cause}")
        return
    page = _page(code, pages)
    out.document({"code": page.code, "cause": page.cause, "text": page.text, "wrong": page.wrong, "right": page.right})
    out.say(shown(page))


def all_pages() -> dict[str, Page]:
    """The pages of every room, by code."""
    from cascadesim.language.codes import PAGES, read_pages

    return dict(sorted((PAGES | read_pages(Path(__file__).parent / "pages")).items()))


def shown(page: Page) -> str:
    """A page as it is read in a terminal."""
    parts = [f"{page.code}: {page.cause}", page.text]
    if page.wrong is not None and page.right is not None:
        parts += ["Wrong:", _indented(page.wrong), "Instead:", _indented(page.right)]
    return "\n\n".join(parts)


def _indented(example: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in example.splitlines())


def _page(code: str, pages: dict[str, Page]) -> Page:
    """The page of the code, however it is written: `C012`, `c12` or `12`; InputError if there is none."""
    digits = code.strip().upper().removeprefix("C")
    wanted = f"C{int(digits):03}" if digits.isascii() and digits.isdigit() else code.upper()
    if wanted in pages:
        return pages[wanted]
    raise InputError.of(codes.NO_SUCH_CODE, f"there is no code {code}", _nearest(wanted, pages))


def _nearest(wanted: str, pages: dict[str, Page]) -> str:
    """The code with the nearest number, and its cause."""
    if not wanted[1:].isdigit():
        return "codes are such as C012; `cascadesim explain` lists them all"
    near = min(pages, key=lambda known: abs(int(known[1:]) - int(wanted[1:])))
    return f"the nearest is {near}: {pages[near].cause}; `cascadesim explain` lists them all"
