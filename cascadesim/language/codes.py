"""What each code of a fault means: one line, and a page. Both come from the files in `pages/`.

Codes are stable: one that is no longer used is not used again. C0xx, C1xx and C6xx are the scripts' own (the latter
two: signs, numbers and words from elsewhere). Contacts have C2xx, plans and senders C3xx, questions C4xx, commands
C5xx, each in its own room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_HEADING = re.compile(r"^## (C\d{3}) (.+)$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```cascade\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """What a code means: its cause in one line, why it matters, and an example where there is one.

    `wrong` and `right` are pieces of a script: what gives the code, and what to write instead.
    """

    code: str
    cause: str
    text: str
    wrong: str | None = None
    right: str | None = None


def read_pages(folder: Path) -> dict[str, Page]:
    """The pages in a folder's Markdown files, by code."""
    found: dict[str, Page] = {}
    for path in sorted(folder.glob("*.md")):
        _, *pieces = _HEADING.split(path.read_text(encoding="utf-8"))
        for code, cause, body in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
            found[code] = _page(code, cause, body)
    return dict(sorted(found.items()))


def _page(code: str, cause: str, body: str) -> Page:
    """A page of Markdown: text, then the wrong example and the right one, or none."""
    text = _EXAMPLE.split(body, maxsplit=1)[0].strip()
    wrong, right = _EXAMPLE.findall(body) or (None, None)
    return Page(code, cause, text, wrong, right)


PAGES = read_pages(Path(__file__).parent / "pages")
"""The pages by code."""

CODES: dict[str, str] = {code: page.cause for code, page in PAGES.items()}
"""The causes by code."""
