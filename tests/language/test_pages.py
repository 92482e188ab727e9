"""Each code has a page whose wrong example gives the code, and whose right one is well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cascadesim.language import examine_text
from cascadesim.language.codes import CODES, PAGES, Page

GOOD = Path(__file__).parents[1] / "scripts" / "good"

# What examples speak of without defining it.
_STOCK = {
    "channel": {
        "viber": "channel viber\n    opens 60%\n",
        "email": "channel email\n    opens 9%\n",
        "push": "channel push\n    opens 9%\n",
        "sms": "channel sms\n    opens 34%\n    reports delivered\n",
    },
    "segment": {"everyone": "segment everyone\n    people 10k\n", "loyal": "segment loyal\n    people 2k\n"},
}
# Files and whole scripts of which a page cannot show an example; test_source and test_bad_scripts do.
_NO_EXAMPLE = {"C002", "C003", "C004", "C019", "C035", "C053", "C063"}


def whole(example: str) -> str:
    """The example as a script: with the first line, and with blocks for what it mentions."""
    if example.startswith("cascade"):
        return f"{example}\n"
    asks = bool(re.search(r"^(chain|optimize)", example, re.MULTILINE))
    added = [
        block
        for kind, blocks in _STOCK.items()
        for name, block in blocks.items()
        if not re.search(rf"^({kind}|use) .*\b{name}\b", example, re.MULTILINE)
        and re.search(rf"\b{name}\b", example)
        and (asks or "table" in example or "segment" in example)
    ]
    if asks and "segment" not in example and not any(block.startswith("segment") for block in added):
        added.append(_STOCK["segment"]["everyone"])
    return "\n".join(["cascade 1\n", f"{example}\n", *added])


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_examples(page: Page) -> None:
    if page.wrong is None or page.right is None:
        assert page.code in _NO_EXAMPLE
        return
    wrong = examine_text(whole(page.wrong), base=GOOD).diagnostics
    assert page.code in {d.code for d in wrong}
    assert [str(d) for d in examine_text(whole(page.right), base=GOOD).diagnostics] == []


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_pages_explain(page: Page) -> None:
    """A sentence or more, and no heading that is a sentence."""
    assert re.search(r"[.:]$", page.text)
    assert not page.cause.endswith(".")
    assert not page.cause[0].isupper()


def test_causes_are_distinct() -> None:
    assert len(set(CODES.values())) == len(CODES)
