"""Plans of one chain over a standard set of channels, and the schema that every exported line must satisfy."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import cascadesim.senders
from cascadesim.language import read_text
from cascadesim.plan import Plan, chosen_plan

CHANNELS = """
cascade 1
channel viber
    delivers  99%
    opens     61%, half within 4 min, 90% within 2 h
    clicks    20% of opened, half within 1 min
channel whatsapp
    opens     66%, half within 10 min, 90% within 4 h
channel rcs
    opens     40%, after 90 s
channel zalo
    opens     40%, half within 10 min, 90% within 4 h
    reports   delivered
channel line
    opens     40%, half within 10 min, 90% within 4 h
    reports   delivered
channel messenger
    opens     40%, half within 10 min, 90% within 4 h
channel push
    opens     9%, half within 6 min, 90% within 5 h
channel email
    opens     20%, half within 6 h
channel sms
    address   "phone"
    delivers  95%
    opens     34%, half within 12 min, 90% within 6 h
    clicks    11% of opened, half within 1 min
    reports   delivered
channel call
    address   "phone"
    answers   31%
"""
EVERYONE = """
segment everyone
    people 10k
"""

PlanOf = Callable[..., Plan]


@pytest.fixture
def plan_of(tmp_path: Path) -> PlanOf:
    """The plan of the last chain of a script, whose channels (and segment) are there already.

    `also` adds lines below the standard channels, and `segments` replaces the standard segment.
    """

    def made(script: str, also: str = "", segments: str = EVERYONE, **files: str) -> Plan:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(textwrap.dedent(text).lstrip())
        parts = (CHANNELS, also, segments, script)
        whole = "\n".join(textwrap.dedent(part).strip() for part in parts) + "\n"
        read = read_text(whole, base=tmp_path)
        return chosen_plan(read.model, read.model.chains[-1], read.source_sha256)

    return made


@pytest.fixture(scope="session")
def line_schema() -> Draft202012Validator:
    """The shipped schema of one exported line."""
    path = Path(cascadesim.senders.__file__).with_name("8x8.schema.json")
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)
