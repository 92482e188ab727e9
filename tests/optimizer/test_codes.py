"""Every code that the optimizer's diagnostics bear is listed, and every one listed is borne."""

from __future__ import annotations

import re
from pathlib import Path

import cascadesim.optimizer
from cascadesim.optimizer.codes import CODES


def test_the_codes_listed_are_the_codes_used():
    room = Path(cascadesim.optimizer.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in room.glob("*.py") if path.name != "codes.py"]
    used = {code for source in sources for code in re.findall(r'"(C\d{3})"', source)}
    assert used == set(CODES)
