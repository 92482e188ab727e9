"""Bounds that the vendors state, many of them in prose only: what is longer, shorter or more is clamped, and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cascadesim.contacts import Contact
from cascadesim.errors import ContactsError, InputError
from cascadesim.plan import Plan
from cascadesim.senders import Settings, compile_plan
from tests.senders.vendors import LISTS, lines_of

PlanOf = Callable[..., Plan]
PHONE = "+37120000001"
CELLS = {
    **dict.fromkeys(("viber", "whatsapp", "rcs", "zalo", "phone"), PHONE),
    "line": "U" + "a1" * 16, "messenger": "m-1", "push": "device-1", "email": "ann@example.com",
}  # fmt: skip
DAY = 86_400


def requests(plan: Plan, vendor: str, *people: Contact, settings: Settings | None = None) -> list[dict[str, Any]]:
    everybody = people or (Contact("p1", CELLS),)
    return lines_of(vendor, compile_plan(plan, vendor, everybody, settings).requests)


def chain(*steps: str, saying: str = 'saying "Hello"', stop: str = "delivered") -> str:
    return "\n".join(["chain c", f"    {saying}", f"    stop when {stop}", *(f"    send {step}" for step in steps)])


def time_out(vendor: str, body: dict[str, Any]) -> int:
    """The first time-out of a request, in seconds."""
    found = {
        "infobip-omni": lambda: next(v["validityPeriod"] for v in body.values() if "validityPeriod" in v),
        "infobip-messages": lambda: body["messages"][0]["options"]["validityPeriod"]["amount"],
        "vonage": lambda: body.get("viber_service", body)["ttl"],
        "decision-telecom": lambda: body["validity_period"],
        "routee": lambda: round(body["flow"][0]["ttl"] * 60),
    }
    seconds: int = found[vendor]()
    return seconds


@pytest.mark.parametrize(
    ("vendor", "first", "then", "shortest", "longest"),
    [
        ("infobip-omni", "viber", "sms", 36, 14 * DAY),  # over 35 seconds, at most 14 days
        ("infobip-omni", "sms", "viber", 31, 2 * DAY),  # over 30 seconds, at most 48 hours
        ("infobip-omni", "email", "sms", 31, 2 * DAY),
        ("infobip-omni", "push", "sms", 31, 2 * DAY),
        ("infobip-omni", "whatsapp", "sms", 31, 2 * DAY),
        ("infobip-omni", "call", "sms", 31, 2 * DAY),
        ("infobip-messages", "viber", "sms", 10, 2 * DAY),  # at least 10 seconds, at most 48 hours
        ("infobip-messages", "sms", "viber", 10, 2 * DAY),
        ("vonage", "viber", "sms", 30, 3 * DAY),
        ("vonage", "rcs", "sms", 300, 3 * DAY),
        ("vonage", "sms", "viber", 1800, 2 * DAY),  # advised: 30 minutes; kept by operators: 48 hours at most
        ("decision-telecom", "viber", "sms", 30, 14 * DAY),
        ("routee", "viber", "sms", 30, DAY),
        ("routee", "sms", "viber", 60, DAY),
    ],
)
def test_time_outs_are_moved_into_the_vendor_s_bounds_and_that_is_said(
    plan_of: PlanOf, vendor: str, first: str, then: str, shortest: int, longest: int
) -> None:
    for wait, seconds in (("1 s", shortest), ("29 days", longest), ("34 min", 2040)):
        plan = plan_of(chain(f"{first}, wait {wait}", then), also="scenario\n    runs for 60 days")
        (*_, line) = requests(plan, vendor)
        assert time_out(vendor, line["body"]) == seconds
        changes = compile_plan(plan, vendor, []).report.steps[0].changes
        assert any(change.startswith("the wait is") for change in changes) == (wait != "34 min")


@pytest.mark.parametrize(
    ("first", "then", "wait", "ttl"),
    [("sms", "viber", "61 s", 2), ("viber", "sms", "31 s", 0.6), ("viber", "sms", "36 s", 0.6)],
)
def test_routee_s_time_outs_are_whole_minutes_of_an_sms_and_tenths_of_a_viber_message(
    plan_of: PlanOf, first: str, then: str, wait: str, ttl: float
) -> None:
    """Rounded up, so that nobody is waited for less long than planned."""
    plan = plan_of(chain(f"{first}, wait {wait}", then))
    (line,) = requests(plan, "routee")
    assert [step["ttl"] for step in line["body"]["flow"]] == [ttl, 1440]
    changes = compile_plan(plan, "routee", []).report.steps[0].changes
    assert any(change.startswith("the wait is") for change in changes) == (wait != "36 s")


def test_routee_s_last_message_lives_for_a_day(plan_of: PlanOf) -> None:
    """Its own default is ten minutes. Who has no SMS gets the Viber message last."""
    plan = plan_of(chain("viber, wait 1 h", "sms"), also="change sms\n    delivers 99%, half within 10 min")
    (line,) = requests(plan, "routee", Contact("p1", {**CELLS, "phone": ""}))
    (step,) = line["body"]["flow"]
    assert (step["type"], step["ttl"], "failoverOnStatuses" in step, "expireOnDelivery" in step) == (
        *("Viber", 1440),
        *(False, False),
    )
    (_, last) = compile_plan(plan, "routee", []).report.steps
    assert last.changes == (
        "what is not delivered after 1 day is given up: it does not come late, which the price leaves out",
    )


@pytest.mark.parametrize(
    ("sender", "refused"),
    [("Shop Riga 12", True), ("Shop Riga 1", False), ("1" * 16, False), ("1" * 17, True), ("+37120000001", False)],
)
def test_whom_an_sms_of_routee_s_is_from_has_so_many_characters(plan_of: PlanOf, sender: str, refused: bool) -> None:
    plan = plan_of(chain("viber, wait 1 h", "sms"))
    senders = Settings(senders={"sms": sender, "viber": "0094d198-4dd2-4fb5-b451-d46aca191b27"})
    report = compile_plan(plan, "routee", [], senders).report
    assert any(f'it is from "{sender}"' in refusal for refusal in report.refusals) == refused
    if not refused:
        (line,) = requests(plan, "routee", settings=senders)
        assert line["body"]["flow"][1]["from"] == sender.lstrip("+")


def test_routee_shows_no_picture_over_http(plan_of: PlanOf) -> None:
    message = 'message m\n    text "Hello"\n    image "http://e.com/p.png"'
    (refusal,) = compile_plan(
        plan_of(chain("viber, wait 1 h", "sms", saying="saying m"), also=message), "routee", []
    ).report.refusals
    assert refusal.startswith("step 1 (viber): routee takes no picture over http, such as http://e.com/p.png")


def test_an_early_end_is_nobody_s_but_routee_hears_of_failures(plan_of: PlanOf) -> None:
    plan = plan_of(chain("viber, wait 1 h but 10 min if undelivered", "sms"))
    lost = "the early end after 10 min if undelivered is lost: vonage waits the whole time-out"
    assert lost in compile_plan(plan, "vonage", []).report.steps[0].changes
    report = compile_plan(plan, "routee", []).report
    heard = "the early end if undelivered is not after 10 min: routee goes on when it hears of a failure"
    assert heard in report.steps[0].changes
    assert any("as soon as it hears of a failure" in note for note in report.notes)


def test_twilio_s_time_outs_are_strings_of_seconds_and_all_together_at_most_30_days(plan_of: PlanOf) -> None:
    plan = plan_of(
        chain("sms, wait 20 days", "sms, wait 20 days", "sms, wait 1 h", "call", stop="replied"),
        also="scenario\n    runs for 60 days\nchange sms\n    replies 5% of opened",
    )
    flow = requests(plan, "twilio-studio")[0]["body"]
    waits = [s["properties"]["timeout"] for s in json.loads(flow["Definition"])["states"][1:4]]
    assert waits == [str(20 * DAY), str(10 * DAY - 1), "1"]
    assert sum(map(int, waits)) == 30 * DAY
    said = [step.changes for step in compile_plan(plan, "twilio-studio", []).report.steps]
    assert "the wait is 1 s instead of 1 h" in said[2]


@pytest.mark.parametrize(
    ("vendor", "channel", "longest"),
    [
        ("vonage", "sms", 1000),
        ("vonage", "viber", 1000),
        ("vonage", "rcs", 3072),
        ("vonage", "whatsapp", 4096),
        ("vonage", "messenger", 640),
        ("infobip-omni", "push", 2000),
        ("twilio-studio", "sms", 1600),
        ("twilio-studio", "whatsapp", 1600),
        ("decision-telecom", "viber", 1000),
        ("routee", "viber", 1000),
        ("8x8", "sms", 35_000),
    ],
)
def test_texts_are_no_longer_than_the_vendor_takes(plan_of: PlanOf, vendor: str, channel: str, longest: int) -> None:
    plan = plan_of(chain(channel, saying='saying "{words}"'))
    assert requests(plan, vendor, Contact("p1", {**CELLS, "words": "x" * longest}))
    with pytest.raises(ContactsError) as caught:
        requests(plan, vendor, Contact("p1", {**CELLS, "words": "x" * (longest + 1)}))
    assert [d.code for d in caught.value.diagnostics] == ["C356"]
    assert f"over {longest} characters" in caught.value.diagnostics[0].message


BUTTON = """
message m
    text "Hello"
    button "{label}" to "{url}"
    image "{picture}"
"""


@pytest.mark.parametrize(
    ("vendor", "column", "longest"),
    [
        ("infobip-omni", "label", 30),
        ("infobip-omni", "url", 1000),
        ("infobip-omni", "picture", 1000),
        ("infobip-messages", "label", 30),
        ("vonage", "label", 30),
        ("decision-telecom", "label", 30),
        ("routee", "label", 30),
        ("routee", "url", 1000),
        ("routee", "picture", 1000),
    ],
)
def test_buttons_and_pictures_are_no_longer_either(plan_of: PlanOf, vendor: str, column: str, longest: int) -> None:
    plan = plan_of(chain("viber", saying="saying m"), also=BUTTON)
    cells = {**CELLS, "label": "Go", "url": "https://e.com", "picture": "https://e.com/p.png"}
    assert requests(plan, vendor, Contact("p1", {**cells, column: "x" * longest}))
    with pytest.raises(ContactsError) as caught:
        requests(plan, vendor, Contact("p1", {**cells, column: "x" * (longest + 1)}))
    assert [d.code for d in caught.value.diagnostics] == ["C356"]


@pytest.mark.parametrize("vendor", ["infobip-omni", "infobip-messages"])
def test_what_a_receipt_brings_back_has_at_most_4000_characters(plan_of: PlanOf, vendor: str) -> None:
    plan = plan_of(chain("sms"))
    assert requests(plan, vendor, Contact("x" * 4000, CELLS))
    with pytest.raises(ContactsError):
        requests(plan, vendor, Contact("x" * 4001, CELLS))


@pytest.mark.parametrize(
    ("vendor", "longest"), [("infobip-omni", 200), ("infobip-messages", 200), ("vonage", 100), ("routee", 350)]
)
def test_ids_are_no_longer_than_the_vendor_takes_and_stay_distinct(plan_of: PlanOf, vendor: str, longest: int) -> None:
    people = [Contact(f"{n}{'x' * size}", CELLS) for n in (1, 2) for size in (10, 90, 91, 190, 191, 300, 340, 341)]
    found = [json.dumps(line["body"]) for line in requests(plan_of(chain("sms")), vendor, *people)]
    ids = {
        text.split(key)[1].split('"')[2]
        for text in found
        for key in ("messageId", "client_ref", "label")
        if key in text
    }
    assert len(ids) == len(people)
    assert max(map(len, ids)) <= longest


@pytest.mark.parametrize("vendor", ["infobip-omni", "infobip-messages", "decision-telecom", "routee", "8x8"])
def test_a_channel_occurs_once(plan_of: PlanOf, vendor: str) -> None:
    plan = plan_of(chain("viber, wait 1 h", "viber"))
    (_, second) = compile_plan(plan, vendor, []).report.steps
    assert second.status == "refused"
    assert any("takes a channel once" in change for change in second.changes)


@pytest.mark.parametrize("vendor", ["vonage", "twilio-studio"])
def test_where_whole_messages_are_listed_a_channel_may_come_again(plan_of: PlanOf, vendor: str) -> None:
    plan = plan_of(chain("sms, wait 1 h", "sms"), also="change sms\n    replies 5% of opened")
    assert compile_plan(plan, vendor, []).report.refusals == ()


@pytest.mark.parametrize(
    ("vendor", "steps", "reason"),
    [
        ("vonage", ("whatsapp, wait 1 h", "sms"), "vonage has no time-out on whatsapp, so it"),
        ("vonage", ("email",), "vonage has no channel email"),
        ("twilio-studio", ("call, wait 1 h", "sms"), "twilio-studio has no time-out on call"),
        ("twilio-studio", ("sms, wait 1 h", "whatsapp, wait 1 h", "sms"), "waits for answers on one channel"),
        ("decision-telecom", ("sms",), "a request to decision-telecom begins with Viber"),
        ("decision-telecom", ("sms, wait 1 h", "viber"), "decision-telecom has no time-out on SMS"),
        ("decision-telecom", ("viber, wait 1 h", "whatsapp"), "decision-telecom has no channel whatsapp"),
        ("routee", ("viber, wait 1 h", "call"), "routee has no channel call"),
        ("infobip-omni", ("line",), "infobip-omni has no channel line"),
    ],
)  # fmt: skip
def test_what_a_vendor_has_not_is_refused(plan_of: PlanOf, vendor: str, steps: tuple[str, ...], reason: str) -> None:
    refusals = compile_plan(plan_of(chain(*steps)), vendor, []).report.refusals
    assert any(reason in refusal for refusal in refusals)


@pytest.mark.parametrize("vendor", [vendor for vendor in LISTS if vendor != "routee"])
def test_a_stop_on_an_open_is_weakened_by_all_but_8x8_and_routee(plan_of: PlanOf, vendor: str) -> None:
    also = "change viber\n    replies 5% of delivered\nchange sms\n    replies 5% of delivered"
    steps = ("sms, wait 1 h", "sms") if vendor == "twilio-studio" else ("viber, wait 1 h", "sms")
    on = "sms opened" if vendor == "twilio-studio" else "viber opened"
    opens = f"{also}\n    reports delivered, opened and replied"
    report = compile_plan(plan_of(chain(*steps, stop=on), also=opens), vendor, []).report
    assert report.steps[0].status == "weakened"
    assert any("stops" in change for change in report.steps[0].changes)


@pytest.mark.parametrize(("stop", "expires"), [("viber opened", True), ("viber delivered", False)])
def test_routee_waits_for_a_read_where_viber_reports_it(plan_of: PlanOf, stop: str, expires: bool) -> None:
    plan = plan_of(chain("viber, wait 1 h", "sms", stop=stop))
    assert [step.status for step in compile_plan(plan, "routee", []).report.steps] == ["exact", "exact"]
    (line,) = requests(plan, "routee")
    assert line["body"]["flow"][0]["expireOnDelivery"] is expires
    backwards = plan_of(
        chain("sms, wait 1 h", "viber", stop="opened"), also="change sms\n    reports delivered, opened"
    )
    (first, _) = compile_plan(backwards, "routee", []).report.steps
    assert first.changes == ("the chain stops when delivered already, not only when opened",)


def test_many_scenarios_take_their_time(plan_of: PlanOf) -> None:
    """Twenty in ten minutes: people on 2**5 - 1 sets of channels need 31 of them."""
    names = ("push", "viber", "email", "whatsapp", "sms")
    plan = plan_of(chain(*(f"{name}, wait 1 h" for name in names)))
    columns = ["phone" if name == "sms" else name for name in names]
    people = [
        Contact(f"p{n}", {**CELLS, **{column: "" for bit, column in enumerate(columns) if not n >> bit & 1}})
        for n in range(1, 32)
    ]
    compiled = compile_plan(plan, "infobip-omni", people)
    assert len(lines_of("infobip-omni", compiled.requests)) == 62
    assert "Infobip creates 20 scenarios in 10 min, so these take 10 min at least" in compiled.report.notes
    few = compile_plan(plan, "infobip-omni", people[:20])
    assert len(lines_of("infobip-omni", few.requests)) == 40
    assert not any("at least" in note for note in few.report.notes)


def test_twenty_executions_start_a_second(plan_of: PlanOf) -> None:
    people = [Contact(f"p{n}", {**CELLS, "phone": f"+371200{n:05}"}) for n in range(41)]
    compiled = compile_plan(plan_of(chain("sms")), "twilio-studio", people)
    assert len(list(compiled.requests)) == 42
    assert "Twilio starts 20 executions a second, so these take 2 s at least" in compiled.report.notes


def test_one_execution_a_contact(plan_of: PlanOf) -> None:
    with pytest.raises(ContactsError) as caught:
        requests(plan_of(chain("sms")), "twilio-studio", Contact("a", CELLS), Contact("b", CELLS))
    assert [d.code for d in caught.value.diagnostics] == ["C359"]
    assert "b +37120000001" in caught.value.diagnostics[0].message


def test_one_telephone_where_a_request_has_room_for_one(plan_of: PlanOf) -> None:
    plan = plan_of(chain("viber, wait 1 h", "sms"))
    two = Contact("p1", {**CELLS, "viber": "+37120000002"})
    for vendor in ("infobip-omni", "decision-telecom", "8x8"):
        with pytest.raises(ContactsError) as caught:
            requests(plan, vendor, two)
        assert [d.code for d in caught.value.diagnostics] == ["C354"]
    for vendor in ("vonage", "infobip-messages", "routee"):
        (line,) = requests(plan, vendor, two)
        assert all(f'{number}"' in json.dumps(line) for number in ("37120000001", "37120000002"))


def test_senders_are_named_or_left_to_be_filled_in(plan_of: PlanOf) -> None:
    plan = plan_of(chain("viber, wait 1 h", "sms"))
    compiled = compile_plan(plan, "vonage", [Contact("p1", CELLS)], Settings(senders={"viber": "Shop"}))
    (request,) = compiled.requests
    assert (request.body["from"], request.body["failover"][0]["from"]) == ("Shop", "{sender of sms}")
    assert "to be filled in before the requests are posted: {sender of sms}" in compiled.report.notes
    with pytest.raises(InputError, match=r"the plan does not send on vibr"):
        compile_plan(plan, "vonage", [], Settings(senders={"vibr": "Shop"}))
    with pytest.raises(InputError, match=r"requests to vonage name no account"):
        compile_plan(plan, "vonage", [], Settings(account="x"))


def test_late_deliveries_are_lost_where_a_time_out_is_the_time_to_live(plan_of: PlanOf) -> None:
    slow = "change viber\n    delivers 99%, half within 10 min"
    for vendor in LISTS:
        if vendor != "twilio-studio":
            (first, _) = compile_plan(plan_of(chain("viber, wait 1 h", "sms"), also=slow), vendor, []).report.steps
            lost = "what is not delivered after 1 h is given up: it does not come late, which the price leaves out"
            assert first.changes == (lost,)
    (first, _) = compile_plan(plan_of(chain("viber, wait 1 h", "sms"), also=slow), "8x8", []).report.steps
    assert first.status == "exact"
