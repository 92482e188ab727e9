# ruff: noqa: E501  (a table of texts, one row a mutation)
"""Does every rule have a test that notices when it is gone? Run by hand: ``python tests/mutations.py``.

In a copy of the project each rule is deleted in turn, and the hand-worked examples are run; the table names the
first test that fails. Exit status 1 if a mutation survives, or no longer finds the line it changes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

_LONG = 90  # seconds; the examples take about ten
PROJECT = Path(__file__).resolve().parent.parent


class Mutation(NamedTuple):
    """A rule, what is done to it, and where: the text in the file and what it becomes."""

    rule: str
    what: str
    file: str
    text: str
    becomes: str


JOURNEY, LANES, PROGRAM = (f"cascade/{n}.py" for n in ("journey", "lanes", "program"))
CONDITIONS, CALENDAR, BEHAVIOUR = "cascade/conditions.py", "model/calendar.py", "draws/behaviour.py"
TALLY, PRICES, MODEL, PEOPLE, EVENTS = (
    "engines/tally.py",
    "model/prices.py",
    "model/model.py",
    "draws/people.py",
    "engines/events.py",
)

MUTATIONS = [
    Mutation("S1", "the gap of daylight saving is not looked for", CALENDAR, "there = _gap_end(reading, zone)", "pass"),
    Mutation("S1", "a reading that comes twice is taken the first time", CALENDAR, "for fold in (0, 1):", "for fold in (0,):"),
    Mutation("S1", "the recipient's zone is not read", CALENDAR, "return ZoneInfo(name)", 'return ZoneInfo("UTC")'),
    Mutation("S1", "a window past midnight ends at midnight", CALENDAR, "_on(rule, today - timedelta(days=1))", "False"),
    Mutation("S2", "places in blocks of segments", PEOPLE, "return 0, (2 * number + 1) / (2 * count),", "return 0, 0.0,"),
    Mutation("S5", "reach is not looked at", JOURNEY, "for c in op.send.channels if c in person.reach)", "for c in op.send.channels)"),
    Mutation("S5", "the wait of a skipped step is kept", JOURNEY, "            at = op.next  # skipped", "            return journey._replace(at=at, phase=Phase.WAITING, due=now + (op.wait.lasting if op.wait else 0), since=now)  # skipped"),
    Mutation("S5", "never sent is undelivered", CONDITIONS, "return bool(sent) and not", "return not"),
    Mutation("S5", "but not is not read", CONDITIONS, "and unwanted not in states", ""),
    Mutation("S5", "and is or", CONDITIONS, "return all(holds", "return any(holds"),
    Mutation("S5", "paths do not meet again", PROGRAM, "self._body(b.body, after)", "self._body(b.body, 0)"),
    Mutation("S6", "slots drift by rounding", LANES, "lane.used * limit.per // limit.count, lane", "lane.used * (limit.per // limit.count), lane"),
    Mutation("S6", "no new busy period", LANES, "lane = Lane(now, 0)", "pass"),
    Mutation("S6", "quiet hours are not kept", LANES, "return GO if end == slot else end", "return GO"),
    Mutation("S6", "who is in quiet hours blocks the line", LANES, "if says == GO:", "if says == GO or says > slot:"),
    Mutation("S6", "the stop state is not read at dispatch", JOURNEY, " and not journey.stops - {op.step}", ""),
    Mutation("S6", "messages of one send stop each other", JOURNEY, "journey.stops - {op.step}", "journey.stops"),
    Mutation("S6", "a promised slot is not given to the next", EVENTS, "if line is not None and line.head is trip:", "if False:"),
    Mutation("S6", "dispatch at the horizon", JOURNEY, "now < person.entry + program.horizon and", "now <= person.entry + program.horizon and"),
    Mutation("S7", "the undelivered react", BEHAVIOUR, "-1 if base is None else _slot(base)", "-1"),
    Mutation("S8", "reactions do not move into the hours", BEHAVIOUR, "if stage.moves and", "if False and"),
    Mutation("S8", "reaction hours are not quiet for calls", CALENDAR, "if model.channel(channel).is_call and", "if False and"),
    Mutation("S8", "answers move", BEHAVIOUR, 'state not in ("delivered", "answered")', 'state not in ("delivered",)'),
    Mutation("S9", "late reactions do not count", TALLY, "for message in trip.messages:\n            found +=", "for message in trip.messages[-1:]:\n            found +="),
    Mutation("S10", "the wait counts from the first dispatch", JOURNEY, "(op.step, channel)), since=now)", "(op.step, channel)))"),
    Mutation("S10", "no early end for the undelivered", JOURNEY, "if wait.undelivered_after is None or now", "if True or now"),
    Mutation("S10", "nothing ends a wait", JOURNEY, "return journey._replace(due=now) if wait is not None and", "return journey._replace(due=now) if False and"),
    Mutation("S10", "wait until takes the next day", JOURNEY, "if due > now:", "due = program.clock.next_reading(op.at, op.day, person.zone, now + 1)\n            if due > now:"),
    Mutation("S11", "unreported events stop", JOURNEY, "if not program.reports(channel, state):", "if False:"),
    Mutation("S11", "unsubscribing does not stop", PROGRAM, 'state == "unsubscribed" or', ""),
    Mutation("S11", "outside events do not stop", JOURNEY, "if event in program.stops_outside", "if False"),
    Mutation("S11", "who is told to have converted goes on", JOURNEY, "return _stopped(journey, OUTSIDE)", "return journey"),
    Mutation("S12", "the deadline is not kept", TALLY, "first is not None and first <= entry + self._within", "first is not None"),
    Mutation("S12", "an outside event does not cover", PROGRAM, "any(e.outside == happened or", "any(False or"),
    Mutation("S13", "bases do not add up", PRICES, "amounts[key] += amount", "amounts[key] = amount"),
    Mutation("S13", "a started minute is a minute", PRICES, "amount *= -(-lasts // MINUTE)", "amount = amount * lasts // MINUTE"),
    Mutation("S13", "parts are not counted", PRICES, "self.part * parts", "self.part"),
    Mutation("S13", "no exchange", MODEL, "money.billionths * Decimal(rate)", "money.billionths * Decimal(1)"),
    Mutation("S13", "no campaign fees", PRICES, "max(amount + once.fee, once.at_least)", "max(amount, once.at_least)"),
    Mutation("S13", "no minimum commitment", PRICES, "max(amount + once.fee, once.at_least)", "amount + once.fee"),
    Mutation("S13", "events after the horizon count", BEHAVIOUR, "return at if at <= last else None", "return at"),
    Mutation("resend", "a resend has the first message's rate", MODEL, 'if r.verb == verb), None) if resend else None', 'if r.verb == verb), None) if False else None'),
]  # fmt: skip


def main() -> int:
    """Prints the table; returns the exit status."""
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        for part in ("cascadesim", "grammars", "tests"):
            shutil.copytree(PROJECT / part, Path(folder) / part)
        shutil.copy(PROJECT / "pyproject.toml", folder)
        for mutation in MUTATIONS:
            failed = _run(Path(folder), mutation)
            survivors += failed is None
            print(f"{mutation.rule:7}{mutation.what:52}{failed or 'SURVIVES'}", flush=True)
    print(f"{len(MUTATIONS)} mutations, {survivors} survive")
    return 1 if survivors else 0


def _run(folder: Path, mutation: Mutation) -> str | None:
    """The first test that fails under the mutation, or None."""
    path = folder / "cascadesim" / mutation.file
    source = path.read_text()
    if mutation.text not in source:
        return None
    path.write_text(source.replace(mutation.text, mutation.becomes))
    command = [sys.executable, "-m", "pytest", "tests/cascade", "-x", "-q", "-n0", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=_LONG)
    except subprocess.TimeoutExpired:
        return "(the examples never end)"
    finally:
        path.write_text(source)
    if found.returncode not in (0, 1):
        sys.exit(found.stdout + found.stderr)
    failed = re.search(r"^(?:FAILED|ERROR) \S+::(\S+)", found.stdout, re.MULTILINE)
    return failed[1] if failed else None


if __name__ == "__main__":
    sys.exit(main())
