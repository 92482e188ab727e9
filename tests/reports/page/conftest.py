"""Pages of plans, written once for the tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

import cascadesim
from cascadesim.reports.page.dossier import Dossier, gather
from cascadesim.reports.page.write import page
from tests.reports.pictures.campaigns import NAMES, script


@pytest.fixture(scope="session")
def dossier() -> Dossier:
    """Of twelve segments, with names that HTML would take for its own."""
    read = cascadesim.read_text(script(NAMES["twelve-segments"]).replace('"viber-first"', '"<b>Basket</b> & co"'))
    answer = cascadesim.optimize(read.model, read.model.questions[0])
    return gather(cascadesim.plan_of(answer, read.model, read.source_sha256), {}, lambda _: None)


@pytest.fixture(scope="session")
def written(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of it."""
    file = tmp_path_factory.mktemp("page") / "plan.html"
    file.write_text(page(dossier), encoding="utf-8")
    return file
