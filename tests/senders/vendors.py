"""What tests of all vendors share: their schemas, people to write to, and the chains and scenarios that ship."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

import cascadesim.plan
import cascadesim.senders
from cascadesim.contacts import Contact, load_segments
from cascadesim.language import read
from cascadesim.model.segment import Contacts
from cascadesim.optimizer import optimize, plan_of
from cascadesim.plan import Plan, chosen_plan
from cascadesim.senders import SENDERS
from cascadesim.units import Share

ROOT = Path(__file__).resolve().parents[2]
VENDORS = sorted(SENDERS)
LISTS = [vendor for vendor in VENDORS if vendor not in ("8x8", "webhook")]
"""Who takes a list of steps, beside 8x8, whose tests are older."""

MESSAGE = """
message basket
    text "Dear {first_name|customer}, your basket is waiting"
    text on sms "Basket saved: example.com/b"
    subject "Your basket"
    button "Open {first_name|it}" to "https://example.com/b?who={first_name|you}"
    image on viber "https://example.com/b.png"
    image on push "https://example.com/p.png"
message registered
    text "Dear {first_name|customer}, your basket of {city|yours} is waiting"
    template on whatsapp "shop:basket_v2"
"""


@cache
def schema_of(vendor: str) -> Draft202012Validator:
    """The shipped schema of one exported line."""
    folder = Path(cascadesim.senders.__file__).parent
    schema = json.loads((folder / f"{vendor}.schema.json").read_text(encoding="utf-8"))
    plan = Path(cascadesim.plan.__file__).with_name("plan.schema.json")
    resource: Resource[Any] = DRAFT202012.create_resource(json.loads(plan.read_text(encoding="utf-8")))
    Draft202012Validator.check_schema(schema)
    registry: Registry[Any] = Registry().with_resource("plan.schema.json", resource)
    return Draft202012Validator(schema, registry=registry)


def part_of(vendor: str, name: str) -> Draft202012Validator:
    """A definition of the shipped schema, for JSON that stands in a string."""
    whole: Any = schema_of(vendor).schema
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": whole["$defs"]})


def lines_of(vendor: str, requests: Any) -> list[dict[str, Any]]:
    """Requests as the lines of a file, read back."""
    lines = [{"method": r.method, "path": r.path, "body": r.body} for r in requests]
    found: list[dict[str, Any]] = json.loads(json.dumps(lines))
    return found


def check_lines(vendor: str, lines: list[dict[str, Any]]) -> None:
    """Every line satisfies the closed schema; for Twilio, the JSON in its fields too."""
    for line in lines:
        schema_of(vendor).validate(line)
        for field, name in (("Definition", "definition"), ("Parameters", "parameters")):
            if vendor == "twilio-studio" and field in line["body"]:
                part_of(vendor, name).validate(json.loads(line["body"][field]))


def people(plan: Plan, count: int, seed: int = 8) -> list[Contact]:
    """Contacts of whom two in five lack any given address; a telephone is the same on all of a person's channels."""
    draw = random.Random(seed)
    found = []
    for n in range(count):
        phone = f"+3712{n:07}"
        cells = {
            channel.column: _address(channel.name, phone, n) if draw.random() < 0.6 else ""
            for channel in plan.model.channels
        }
        name = draw.choice(["", "Ann", "Žanis", '"Bo" \\ Co'])
        more = dict.fromkeys(("city", "code", "tier", "country", "age", "segment"), "")
        contact_id = f"{n:04}" if n % 7 else f"{n}@{'x' * 60}.example.com"
        found.append(Contact(contact_id, {"first_name": name, **more, **cells}))
    return found


def _address(channel: str, phone: str, n: int) -> str:
    if channel.startswith("email"):
        return f"p{n}@example.com"
    if channel.startswith(("push", "messenger", "social")):
        return f"token-{n:05}"
    return f"U{n:032x}" if channel.startswith("line") else phone


@cache
def shipped() -> tuple[tuple[str, Plan], ...]:
    """Every chain of every scenario as a plan, with its name; who comes from a file, or is counted, is everybody."""
    scripts = [(file.stem, read(file)) for file in sorted((ROOT / "scenarios").glob("*.cascade"))]
    return tuple(
        (f"{name}/{chain.name}", _for_all(chosen_plan(script.model, chain, script.source_sha256)))
        for name, script in scripts
        for chain in script.model.chains
    )


@cache
def found_best() -> tuple[tuple[str, Plan], ...]:
    """The answers to the questions of every scenario, an entry each, with its name: the plans that `run` exports."""
    found = []
    for file in sorted((ROOT / "scenarios").glob("*.cascade")):
        script = read(file)
        contacts = load_segments(script.model, script.base)
        for question in script.model.questions:
            answer = optimize(script.model, question, contacts)
            plan = plan_of(answer, script.model, script.source_sha256)
            found += [(f"{file.stem}/{number}", _for_all(plan, number)) for number in range(len(plan.segments))]
    return tuple(found)


def _for_all(plan: Plan, number: int = 0) -> Plan:
    """The plan with one entry alone, for whoever is in the file of contacts."""
    first = replace(plan.segments[number], reach=None, share=Share(1.0))
    segments = tuple(
        replace(segment, people=Contacts("people.csv")) if segment.name == first.segment else segment
        for segment in plan.model.segments
    )
    return replace(
        plan, model=replace(plan.model, segments=segments), segments=(replace(first, reach=None, share=Share(1.0)),)
    )


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all the objects in it."""
    if isinstance(schema, dict):
        yield schema
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in inside:
        yield from parts(part)
