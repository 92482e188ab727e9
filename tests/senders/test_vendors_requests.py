"""Five hundred contacts at every vendor: each line satisfies the vendor's closed schema, and nobody is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cascadesim.contacts import Contact
from cascadesim.errors import ContactsError
from cascadesim.model.segment import Contacts
from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan
from tests.senders.vendors import (
    MESSAGE,
    VENDORS,
    check_lines,
    found_best,
    lines_of,
    parts,
    people,
    schema_of,
    shipped,
)

PlanOf = Callable[..., Plan]

TEXTS = "saying basket\n    stop when opened or replied"
CHAINS = {
    "infobip-omni": ["push, wait 1 h|viber, wait 3 days|email, wait 5 s|whatsapp, wait 3 days|sms, wait 1 h|call"],
    "infobip-messages": ["line, wait 1 h|viber, wait 3 days|messenger, wait 2 s|rcs, wait 1 h|whatsapp, wait 1 h|sms"],
    "vonage": ["viber, wait 5 s|sms, wait 1 min|rcs, wait 9 days|sms, wait 1 h|whatsapp", "viber, wait 1 h|messenger"],
    "twilio-studio": ["sms, wait 1 h|sms, wait 40 days|call", "whatsapp, wait 2 h|sms", "messenger, wait 2 h|rcs"],
    "decision-telecom": ["viber, wait 1 h|sms", "viber"],
    "routee": ["viber, wait 1 h|sms", "sms, wait 5 s|viber"],
    "8x8": ["viber, wait 1 h|whatsapp, wait 1 h|sms"],
    "webhook": ["push, wait 1 h|viber and line, wait 1 h|email, wait 1 h|call"],
}
ALL = [(vendor, chain) for vendor in VENDORS for chain in CHAINS[vendor]]


REPLIES = "".join(f"change {name}\n    replies 5% of opened\n" for name in ("viber", "sms", "whatsapp", "messenger"))


def script(chain: str, saying: str = TEXTS) -> str:
    steps = "\n".join(f"    send {step}" for step in chain.split("|"))
    return f"chain c\n    {saying}\n{steps}"


def from_file(plan: Plan) -> Plan:
    segments = tuple(replace(segment, people=Contacts("people.csv")) for segment in plan.model.segments)
    return replace(plan, model=replace(plan.model, segments=segments))


def exported(vendor: str, plan: Plan, everybody: list[Contact], settings: Settings) -> None:
    """Checks every line, and that each person has one, or is counted as left out."""
    compiled = compile_plan(plan, vendor, everybody, settings)
    lines = lines_of(vendor, compiled.requests)
    check_lines(vendor, lines)
    report = compiled.report
    assert len(lines) == report.requests
    assert report.requests - report.first + sum((report.left_out or {}).values()) == len(everybody)
    assert report.requests - report.first > len(everybody) * 0.4


@pytest.mark.parametrize(("vendor", "chain"), ALL)
@pytest.mark.parametrize("language", [None, "lv"])
def test_every_line_satisfies_the_closed_schema(plan_of: PlanOf, vendor: str, chain: str, language: str | None) -> None:
    plan = from_file(plan_of(script(chain), also=MESSAGE + REPLIES))
    exported(
        vendor, plan, people(plan, 500), Settings(language=language, senders={plan.segments[0].chain.channels[0]: "S"})
    )
    if "whatsapp" in chain:
        templates = from_file(plan_of(script(chain, "saying registered\n    stop when delivered"), also=MESSAGE))
        exported(vendor, templates, people(templates, 500), Settings(language=language))


SHIPPED = [(vendor, name, plan) for vendor in VENDORS for name, plan in shipped()]


def compiles(vendor: str, plan: Plan) -> bool:
    return not compile_plan(plan, vendor, [], Settings()).report.refusals


RUNNABLE = [(vendor, name, plan) for vendor, name, plan in SHIPPED if compiles(vendor, plan)]


def shipped_plan(vendor: str, plan: Plan, count: int) -> None:
    everybody = people(plan, count)
    try:
        exported(vendor, plan, everybody, Settings(language="en"))
    except ContactsError as error:
        pytest.fail("; ".join(d.message for d in error.diagnostics))


def test_every_vendor_can_run_something_that_ships() -> None:
    assert {vendor for vendor, _, _ in RUNNABLE} == set(VENDORS)
    assert sum(vendor == "webhook" for vendor, _, _ in RUNNABLE) == len(shipped())


@pytest.mark.parametrize(("vendor", "name", "plan"), RUNNABLE, ids=[f"{v}:{n}" for v, n, _ in RUNNABLE])
def test_what_ships_in_a_sample(vendor: str, name: str, plan: Plan) -> None:
    shipped_plan(vendor, plan, 25)


@pytest.mark.full
@pytest.mark.parametrize(("vendor", "name", "plan"), RUNNABLE, ids=[f"{v}:{n}" for v, n, _ in RUNNABLE])
def test_what_ships_for_five_hundred(vendor: str, name: str, plan: Plan) -> None:
    shipped_plan(vendor, plan, 500)


@pytest.mark.full
def test_what_is_found_best_for_five_hundred() -> None:
    """The plans that `run` exports, of every shipped scenario: at each vendor that can run them."""
    ran = [(vendor, name) for vendor in VENDORS for name, plan in found_best() if compiles(vendor, plan)]
    for vendor, name in ran:
        shipped_plan(vendor, dict(found_best())[name], 500)
    assert sum(vendor == "webhook" for vendor, _ in ran) == len(found_best()) >= 8


@pytest.mark.parametrize("vendor", VENDORS)
def test_schemas_are_closed_everywhere(vendor: str) -> None:
    objects = [part for part in parts(schema_of(vendor).schema) if part.get("type") == "object"]
    assert len(objects) >= 4
    for part in objects:
        more = part["additionalProperties"]
        assert more is False or more.get("$ref") or more.get("type") == "string"
        assert isinstance(part["required"], list)


@pytest.mark.parametrize(("vendor", "chain"), ALL)
def test_the_same_people_get_the_same_requests(plan_of: PlanOf, vendor: str, chain: str) -> None:
    plan = from_file(plan_of(script(chain), also=MESSAGE + REPLIES))
    once, again = (lines_of(vendor, compile_plan(plan, vendor, people(plan, 40)).requests) for _ in range(2))
    assert once == again
    assert len({str(line) for line in once}) == len(once)
