"""The bodies that we write, and all that our schemas allow, against the vendors' own descriptions, closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan
from cascadesim.senders.twilio_studio import EXECUTIONS
from tests.senders.specifications import Specification
from tests.senders.test_vendors_requests import CHAINS, REPLIES, from_file, script
from tests.senders.vendors import MESSAGE, lines_of, people

pytestmark = pytest.mark.shared

PlanOf = Callable[..., Plan]
FILES = {
    "infobip-messages": "infobip-messages-api-openapi.json",
    "infobip-omni": "infobip-omni-failover-openapi.json",
    "vonage": "vonage-messages.json",
    "twilio-studio": "twilio_studio_v2.json",
}
FORM = "application/x-www-form-urlencoded"
NEVER_WRITTEN = ('"customPayload"', '"mediaTemplateData"', '"line"', '"kakaoChingu"', '"vKontakte"')
"""What we never write, where Infobip's OMNI examples do not satisfy its description."""
IGNORED = {"WhatsAppData": {"mediaTemplateData", "text"}}
"""Infobip's description asks for these in every WhatsApp message, and its examples have one of them or none."""


def specification(folder: Path, vendor: str) -> Specification:
    return Specification(folder / FILES[vendor], IGNORED)


def validator(spec: Specification, vendor: str, path: str) -> Draft202012Validator:
    if vendor == "twilio-studio":
        return spec.body(EXECUTIONS.replace("{flow}", "{FlowSid}") if "Executions" in path else path, FORM)
    return spec.body(path)


@pytest.mark.parametrize("vendor", FILES)
def test_every_body_satisfies_the_vendor_s_schema_made_closed(
    plan_of: PlanOf, specifications: Path, vendor: str
) -> None:
    spec = specification(specifications, vendor)
    sayings = ["saying basket\n    stop when opened or replied", "saying registered\n    stop when opened or replied"]
    for chain in CHAINS[vendor]:
        for saying in sayings:
            plan = from_file(plan_of(script(chain, saying), also=MESSAGE + REPLIES))
            lines = lines_of(vendor, compile_plan(plan, vendor, people(plan, 120), Settings(language="en")).requests)
            checks = {path: validator(spec, vendor, path) for path in {line["path"] for line in lines}}
            for line in lines:
                assert [
                    f"{e.json_path}: {e.message[:200]}" for e in checks[line["path"]].iter_errors(line["body"])
                ] == []
            first = lines[-1]
            assert not checks[first["path"]].is_valid({**first["body"], "surplus": 1})


@pytest.mark.parametrize("vendor", ["infobip-messages", "infobip-omni", "vonage"])
def test_unknown_keys_are_refused_however_deep_they_are(plan_of: PlanOf, specifications: Path, vendor: str) -> None:
    spec = specification(specifications, vendor)
    plan = from_file(plan_of(script(CHAINS[vendor][0]), also=MESSAGE + REPLIES))
    lines = lines_of(vendor, compile_plan(plan, vendor, people(plan, 60), Settings(language="en")).requests)
    line = max(lines, key=lambda line: len(json.dumps(line)))
    check = validator(spec, vendor, line["path"])
    places = [place for place in objects(line["body"]) if place is not line["body"]]
    assert len(places) >= 6
    for place in places:
        place["surplus"] = 1
        assert not check.is_valid(line["body"]), place
        del place["surplus"]
    assert check.is_valid(line["body"])


def objects(value: Any) -> list[dict[str, Any]]:
    """All the objects in some JSON."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    mine = [value] if isinstance(value, dict) else []
    return mine + [found for part in inside for found in objects(part)]


@pytest.mark.parametrize(
    ("vendor", "path"), [("infobip-messages", "/messages-api/1/messages"), ("infobip-omni", "/omni/1/advanced")]
)
def test_the_vendor_s_own_examples_satisfy_what_we_hold_bodies_against(
    specifications: Path, vendor: str, path: str
) -> None:
    """So that our reading of the description is not narrower than the vendor's own."""
    spec = specification(specifications, vendor)
    check, examples = spec.body(path), spec.examples(path)
    assert len(examples) >= 8
    failing = [example for example in examples.values() if not check.is_valid(example)]
    assert [example for example in failing if not any(key in json.dumps(example) for key in NEVER_WRITTEN)] == []
    assert len(failing) < len(examples) / 2
