"""The flow that is created at Twilio: a graph without dead ends, in which everything said can be found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from cascadesim.contacts import Contact
from cascadesim.plan import Plan
from cascadesim.senders import compile_plan
from tests.senders.test_vendors_requests import CHAINS, REPLIES, RUNNABLE, from_file, script
from tests.senders.vendors import MESSAGE, lines_of, part_of, people

PlanOf = Callable[..., Plan]
MONTH = 30 * 86_400
EVENTS = {
    "trigger": {"incomingRequest", "incomingMessage", "incomingCall"},
    "send-and-wait-for-reply": {"incomingMessage", "timeout", "deliveryFailure"},
    "send-message": {"sent", "failed"},
    "make-outgoing-call-v2": {"answered", "busy", "noAnswer", "failed"},
    "say-play": {"audioComplete"},
}
ENDS = {("send-and-wait-for-reply", "incomingMessage"), ("make-outgoing-call-v2", "busy")}
ENDS |= {("make-outgoing-call-v2", "noAnswer"), ("make-outgoing-call-v2", "failed"), ("say-play", "audioComplete")}
ENDS |= {("send-message", "sent"), ("send-message", "failed")}
ENDS |= {("trigger", "incomingMessage"), ("trigger", "incomingCall")}
"""Where a flow may end: somebody has answered, the last step is done, or nobody asked for a cascade."""


def check(lines: list[dict[str, Any]]) -> int:
    """Checks the flows and what their executions fill in; returns how many flows there are."""
    flows = {}
    for line in lines:
        if line["path"] == "/v2/Flows":
            flows[line["body"]["FriendlyName"]] = check_flow(json.loads(line["body"]["Definition"]))
        else:
            (name,) = re.findall(r"\{sid of (.*)\}", line["path"])
            given = json.loads(line["body"]["Parameters"])
            assert set(given) == flows[name]
            assert all(isinstance(value, str) and value for value in given.values())
    return len(flows)


def check_flow(definition: dict[str, Any]) -> set[str]:
    """Checks the graph; returns the names that an execution has to fill in."""
    part_of("twilio-studio", "definition").validate(definition)
    states = {state["name"]: state for state in definition["states"]}
    assert len(states) == len(definition["states"])
    for state in states.values():
        leads = {transition["event"]: transition.get("next") for transition in state["transitions"]}
        assert set(leads) == EVENTS[state["type"]]
        for event, target in leads.items():
            assert target in states or (target is None and (state["type"], event) in ENDS)
    assert reached(states, definition["initial_state"]) == set(states)
    waits = [state["properties"]["timeout"] for state in states.values() if state["type"].startswith("send-and")]
    assert all(isinstance(wait, str) and int(wait) >= 1 for wait in waits)
    assert sum(map(int, waits)) <= MONTH
    return set(re.findall(r"\{\{flow\.data\.(\w+)\}\}", json.dumps(definition)))


def reached(states: dict[str, Any], start: str) -> set[str]:
    """The states that can be reached; a cascade never comes back to one."""
    found, left = {start}, [start]
    order = list(states)
    while left:
        here = left.pop()
        targets = {t["next"] for t in states[here]["transitions"] if "next" in t}
        assert all(order.index(target) > order.index(here) for target in targets)
        left += targets - found
        found |= targets
    return found


@pytest.mark.parametrize("chain", [*CHAINS["twilio-studio"], "sms", "sms, wait 1 h|sms, wait 29 days|sms"])
@pytest.mark.parametrize("also", ["", 'change whatsapp\n    address "phone"\n'])
def test_flows_have_no_dead_ends(plan_of: PlanOf, chain: str, also: str) -> None:
    plan = from_file(plan_of(script(chain), also=MESSAGE + REPLIES + also))
    lines = lines_of("twilio-studio", compile_plan(plan, "twilio-studio", people(plan, 60)).requests)
    assert check(lines) >= 1
    assert len({line["body"]["To"] for line in lines if "To" in line["body"]}) == sum("To" in x["body"] for x in lines)


def test_a_call_alone_rings_the_contact(plan_of: PlanOf) -> None:
    plan = plan_of('chain c\n    saying "Come"\n    send call')
    compiled = compile_plan(plan, "twilio-studio", [Contact("p1", {"phone": "+37120000001"})])
    flow, line = lines_of("twilio-studio", compiled.requests)
    assert check([flow, line]) == 1
    assert '"to": "{{contact.channel.address}}"' in flow["body"]["Definition"]


@pytest.mark.parametrize("plan", [plan for vendor, _, plan in RUNNABLE if vendor == "twilio-studio"])
def test_what_ships_has_none_either(plan: Plan) -> None:
    assert check(lines_of("twilio-studio", compile_plan(plan, "twilio-studio", people(plan, 40)).requests)) >= 1


def test_a_call_rings_the_number_and_reads_the_text_to_whoever_answers(plan_of: PlanOf) -> None:
    plan = plan_of(script("sms, wait 4 h|call", 'saying "Come {when|soon}"\n    stop when replied'), also=REPLIES)
    flow, line = lines_of(
        "twilio-studio",
        compile_plan(plan, "twilio-studio", [Contact("p1", {"phone": "+37120000001", "when": "at 10"})]).requests,
    )
    states = {state["name"]: state for state in json.loads(flow["body"]["Definition"])["states"]}
    assert states["step_1"]["properties"]["timeout"] == "14400"
    assert states["step_2"]["transitions"][0] == {"event": "answered", "next": "say_2"}
    assert json.loads(line["body"]["Parameters"]) == {
        "text_1": "Come at 10",
        "text_2": "Come at 10",
        "to_2": "+37120000001",
    }
    assert line["body"]["To"] == "+37120000001"


def test_chats_are_addressed_as_twilio_writes_them(plan_of: PlanOf) -> None:
    plan = plan_of(script("whatsapp, wait 2 h|sms", 'saying "Hi"\n    stop when replied'), also=REPLIES)
    cells = {"whatsapp": "+37120000001", "phone": "+37120000001"}
    flow, line = lines_of("twilio-studio", compile_plan(plan, "twilio-studio", [Contact("p1", cells)]).requests)
    assert line["body"]["To"] == "whatsapp:+37120000001"
    assert json.loads(line["body"]["Parameters"])["to_2"] == "+37120000001"
    assert '"from": "whatsapp:{sender of whatsapp}"' in flow["body"]["Definition"]
