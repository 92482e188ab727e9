"""What markers mean: `full` runs only when asked for by `-m full`, `shared` only where the vendors' specifications are.

They are looked for in `vendor-specs` of the folder that CASCADESIM_SHARED names, else of `shared` beside the project.
"""

from __future__ import annotations

import os
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
        skip = pytest.mark.skip(reason="shared: the vendors' specifications are not at hand")
        for item in items:
            if item.get_closest_marker("shared"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def specifications() -> Path:
    """The folder of the vendors' specifications, for tests marked `shared`."""
    return SPECIFICATIONS
