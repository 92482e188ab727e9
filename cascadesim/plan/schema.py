"""The JSON Schema of plans, as the types give it; `write_schema` refreshes the file that ships."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cascadesim.model import codec
from cascadesim.plan.document import Plan

SCHEMA_FILE = Path(__file__).with_name("plan.schema.json")
"""The schema as it ships in the package, for those who read plans with other tools."""


def plan_schema() -> dict[str, Any]:
    """The closed JSON Schema of a plan (draft 2020-12): every key required, none unknown."""
    return {"title": "A cascadesim plan", **codec.schema(Plan)}


def schema_text() -> str:
    """The shipped file's text."""
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"


def write_schema() -> None:
    """Writes the shipped file anew; to be called when the types have changed."""
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
