"""The page as its readers see it: Debian's Chromium, on a phone, on a desk and on paper; and axe-core's rules."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = os.environ.get("CASCADESIM_CHROMIUM") or shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="browser: Chromium is not at hand"),
]
WIDTHS = {"phone": 390, "desk": 1280}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # In a container root has no user namespaces to make a sandbox of; the page is our own.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield made
        made.close()


@pytest.fixture(params=WIDTHS)
def opened(request: pytest.FixtureRequest, browser: Browser, written: Path) -> Iterator[tuple[Page, list[str]]]:
    """The page, and all that it asked for and complained of."""
    page = browser.new_page(viewport={"width": WIDTHS[request.param], "height": 844})
    heard: list[str] = []
    page.on("request", lambda asked: heard.append(asked.url))
    page.on("console", lambda said: heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(written.as_uri())
    yield page, heard
    page.close()


def test_it_asks_for_itself_alone_and_has_nothing_to_complain_of(opened: tuple[Page, list[str]], written: Path) -> None:
    assert opened[1] == [written.as_uri()]


def test_it_fits_the_width(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.locator("svg").count() >= 4
    assert all(box["width"] > 300 and box["height"] > 100 for box in map(_box, page.locator("svg").all()))


def test_axe_finds_nothing(opened: tuple[Page, list[str]]) -> None:
    found: dict[str, Any] = Axe().run(opened[0]).response
    assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_on_paper_nothing_is_cut_off(browser: Browser, written: Path) -> None:
    """A4 with margins is 688 pixels wide; what is wider than its place would be cut."""
    page = browser.new_page(viewport={"width": 688, "height": 1000})
    page.goto(written.as_uri())
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('.wide, .way')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    )
    assert cut == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()


def _box(found: Any) -> Any:
    return found.bounding_box()
