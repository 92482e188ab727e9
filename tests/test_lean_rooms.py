"""A production host runs plans without the scientific packages: shown by running one where they cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from cascadesim.language import read
from cascadesim.plan import chosen_plan, write_plan

ROOT = Path(__file__).parents[1]
HEAVY = ("numpy", "scipy", "pandas", "simpy", "numba", "lark", "matplotlib", "pyarrow")
LATER = ("httpx", "aiosmtplib")  # imported when a sender that needs them is made

HOST = f"""
import sys
from pathlib import Path

for name in {HEAVY + LATER!r}:
    sys.modules[name] = None  # importing it fails

import cascadesim
from cascadesim.draws.people import draw_people
from cascadesim.live import Runner
from cascadesim.live.senders import driver_of, read_senders

plan = cascadesim.read_plan(Path(sys.argv[1]))
rehearsal = cascadesim.rehearse(plan, draw_people(plan.model, plan.names, 0, {{}})[:200])
print(len(rehearsal.records()), "messages")

tables = read_senders(Path(sys.argv[2]))
assert driver_of(tables["sms"]) is None
try:
    driver_of(tables["email"])
except cascadesim.OutsideError as error:
    print(error)
"""


def test_a_plan_is_read_and_rehearsed_without_them(tmp_path: Path) -> None:
    script = read(ROOT / "scenarios" / "viber-then-sms.cascade")
    write_plan(
        chosen_plan(script.model, script.model.chain("viber-then-sms"), script.source_sha256), tmp_path / "p.json"
    )
    (tmp_path / "s.toml").write_text(
        '[sms]\nsender = "console"\n[email]\nsender = "smtp"\nhost = "localhost"\nfrom = "news@shop.example"\n'
    )
    host = [sys.executable, "-c", HOST, str(tmp_path / "p.json"), str(tmp_path / "s.toml")]
    done = subprocess.run(host, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert int(done.stdout.split()[0]) > 200
    assert "the sender smtp needs the package aiosmtplib: pip install 'cascadesim[live]'" in done.stdout
