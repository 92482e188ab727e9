from __future__ import annotations

import pytest

from tests.live.receipts.desk_and_doors import Doors


@pytest.fixture
def doors() -> Doors:
    return Doors()
