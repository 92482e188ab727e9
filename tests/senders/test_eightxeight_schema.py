"""Five hundred contacts, exported: every line against our closed schema, and both against the vendor's own."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from cascadesim.contacts import Contact
from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan, export
from cascadesim.senders.eightxeight import PATH

PlanOf = Callable[..., Plan]
SPECIFICATION = "8x8-connect-business-messaging-api.json"

MESSAGE = """
message basket
    text "Dear {first_name|customer}, your basket is waiting"
    text on sms "Basket saved: example.com/b"
    template on whatsapp "basket_v2"
"""
PICTURE = """
message shown
    text "Dear {first_name|customer}, your basket is waiting"
    image "https://example.com/b.png"
"""
TEXTS = "send viber, wait 30 min\n    send whatsapp, wait 5 s\n    send rcs, wait 2 days\n    send sms"
CHAINS = {
    "texts": f"chain c\n    saying basket\n    stop when opened or clicked\n    {TEXTS}",
    "template": "chain c\n    saying basket\n    stop when delivered\n    send whatsapp, wait 1 h\n    send sms",
    "picture": f"chain c\n    saying shown\n    stop when opened\n    {TEXTS}",
    "line": 'chain c\n    saying "Hi"\n    send line',
}


def people(count: int) -> list[Contact]:
    """Contacts of whom two in five lack any given address."""
    draw = random.Random(8)
    found = []
    for n in range(count):
        phone = f"+3712{draw.randrange(10**7):07}"
        cells = {name: phone if draw.random() < 0.6 else "" for name in ("viber", "whatsapp", "rcs", "phone")}
        line = f"U{draw.getrandbits(128):032x}" if draw.random() < 0.6 else ""
        name = draw.choice(["", "Ann", "Žanis", '"Bo" \\ Co'])
        found.append(
            Contact(f"{n:04}" if n % 7 else f"{n}@{'x' * 60}.example.com", {"first_name": name, "line": line, **cells})
        )
    return found


SENDERS = {"texts": {"sms": "Shop"}, "picture": {"sms": "+37120000000"}}


@pytest.fixture(params=CHAINS)
def exported(request: pytest.FixtureRequest, plan_of: PlanOf, tmp_path: Path) -> list[dict[str, Any]]:
    plan = plan_of(CHAINS[request.param], also=MESSAGE + PICTURE)
    out = tmp_path / "out.jsonl"
    report = export(plan, "8x8", people(500), out, Settings(language="en_GB", senders=SENDERS.get(request.param, {})))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == report.requests
    assert report.requests + sum((report.left_out or {}).values()) == 500
    assert 200 < report.requests < 500
    return lines


def test_every_line_satisfies_our_closed_schema(
    exported: list[dict[str, Any]], line_schema: Draft202012Validator
) -> None:
    for line in exported:
        line_schema.validate(line)


def test_our_schema_is_closed_everywhere(line_schema: Draft202012Validator) -> None:
    objects = [part for part in parts(line_schema.schema) if part.get("type") == "object"]
    assert len(objects) >= 10
    assert all(part["additionalProperties"] is False and part["required"] for part in objects)


def test_ids_are_distinct(exported: list[dict[str, Any]]) -> None:
    assert len({line["body"]["clientMessageId"] for line in exported}) == len(exported)


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all the objects in it."""
    if isinstance(schema, dict):
        yield schema
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in inside:
        yield from parts(part)


# The audit: what our schema allows, the vendor's must. It is written for the few keywords that ours uses.


class Specification:
    """The vendor's description of the send endpoint."""

    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text(encoding="utf-8"))
        self.operation = self.document["paths"][PATH]
        self.body = self.operation["post"]["requestBody"]["content"]["application/json"]["schema"]

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self.document
            for key in schema["$ref"].removeprefix("#/").split("/"):
                name = key.replace("%7B", "{").replace("%7D", "}").replace("~1", "/").replace("~0", "~")
                found = found[int(name)] if isinstance(found, list) else found[name]
            schema = found
        return schema


@pytest.fixture(scope="session")
def specification(specifications: Path) -> Specification:
    return Specification(specifications / SPECIFICATION)


def wider(
    ours: dict[str, Any], theirs: dict[str, Any], root: dict[str, Any], spec: Specification, at: str
) -> Iterator[str]:
    """Where our schema allows what the vendor's does not, as sentences with the place."""
    if "$ref" in ours:
        ours = root["$defs"][ours["$ref"].rpartition("/")[2]]
    theirs = spec.resolved(theirs)
    if "oneOf" in ours:
        for branch in ours["oneOf"]:
            yield from wider(branch, theirs, root, spec, at)
        return
    if ours["type"] != theirs["type"]:
        yield f"{at}: {ours['type']} is not {theirs['type']}"
    yield from looser(ours, theirs, at)
    if ours["type"] == "array":
        yield from wider(ours["items"], theirs["items"], root, spec, f"{at}[]")
    if ours["type"] == "object":
        yield from (f"{at}.{key}: required" for key in set(theirs.get("required", ())) - set(ours["required"]))
        for key, part in ours["properties"].items():
            if key not in theirs["properties"]:
                yield f"{at}.{key}: unknown"
            else:
                yield from wider(part, theirs["properties"][key], root, spec, f"{at}.{key}")


def looser(ours: dict[str, Any], theirs: dict[str, Any], at: str) -> Iterator[str]:
    known = {"type", "properties", "required", "items", "enum", "additionalProperties", "format"}
    prose = {"description", "title", "example", "default"}
    bounds = {"minimum": -1, "minLength": -1, "minItems": -1, "maximum": 1, "maxLength": 1, "maxItems": 1}
    yield from (f"{at}: not audited: {key}" for key in set(theirs) - known - prose - set(bounds))
    if "enum" in theirs and not set(ours.get("enum", ["?"])) <= set(theirs["enum"]):
        yield f"{at}: not one of {theirs['enum']}"
    if theirs.get("format", ours.get("format")) != ours.get("format"):
        yield f"{at}: not of the format {theirs['format']}"
    for bound, sign in bounds.items():
        if bound in theirs and (bound not in ours or sign * ours[bound] > sign * theirs[bound]):
            yield f"{at}: {bound} {ours.get(bound)} instead of {theirs[bound]}"


@pytest.mark.shared
def test_whatever_our_schema_allows_the_vendor_s_does(
    line_schema: Draft202012Validator, specification: Specification
) -> None:
    root: Any = line_schema.schema
    assert list(wider(root["$defs"]["body"], specification.body, root, specification, "body")) == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body, defs: body["properties"].update(extra={"type": "string"}), "body.extra: unknown"),
        (lambda body, defs: body["required"].remove("content"), "body.content: required"),
        (lambda body, defs: defs["hop"]["properties"]["fallbackAfter"].update(maximum=86401), "maximum 86401"),
        (lambda body, defs: defs["hop"]["properties"]["fallbackAfter"].update(type="number"), "number is not integer"),
        (lambda body, defs: defs["channel"]["enum"].append("Pigeon"), "not one of"),
        (lambda body, defs: body["properties"]["clientMessageId"].pop("maxLength"), "maxLength None instead of 50"),
        (lambda body, defs: body["properties"]["content"]["oneOf"][1]["properties"]["url"].pop("format"), "format uri"),
        (lambda body, defs: defs["template"]["properties"].update(ink={"type": "string"}), "template.ink: unknown"),
    ],
)  # fmt: skip
def test_the_audit_sees_what_it_should(
    line_schema: Draft202012Validator, specification: Specification, change: Callable[..., object], said: str
) -> None:
    root: Any = json.loads(json.dumps(line_schema.schema))
    change(root["$defs"]["body"], root["$defs"])
    assert any(said in found for found in wider(root["$defs"]["body"], specification.body, root, specification, "body"))


@pytest.mark.shared
def test_every_body_satisfies_the_vendor_s_schema_made_closed(
    exported: list[dict[str, Any]], specification: Specification
) -> None:
    document = json.loads(json.dumps(specification.document))
    for part in parts(document):
        if part.get("type") == "object" and isinstance(part.get("properties"), dict):
            part.setdefault("additionalProperties", False)
    resource = DRAFT4.create_resource(document)
    pointer = PATH.replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    reference = f"vendor#/paths/{pointer}/post/requestBody/content/application~1json/schema"
    registry: Registry[Any] = Registry().with_resource("vendor", resource)
    validator = Draft202012Validator({"$ref": reference}, registry=registry)
    assert not validator.is_valid({**exported[0]["body"], "surplus": 1})
    for line in exported:
        validator.validate(line["body"])


@pytest.mark.shared
def test_the_path_s_placeholder_and_the_method_are_the_vendor_s(plan_of: PlanOf, specification: Specification) -> None:
    (parameter,) = map(specification.resolved, specification.operation["parameters"])
    assert (parameter["name"], "post" in specification.operation) == ("subAccountId", True)
    pattern = Draft202012Validator(parameter["schema"])
    plan = plan_of(CHAINS["line"])
    for account in ("abc", "a.b-c_d&9", "x" * 50):
        assert pattern.is_valid(account)
        compile_plan(plan, "8x8", [], Settings(account))
