"""What is written, for whom, and what is refused before anything is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cascadesim.cascade.routes import choose
from cascadesim.contacts import Contact, read_contacts, read_excluded
from cascadesim.draws.behaviour import Behaviour
from cascadesim.draws.people import draw_people
from cascadesim.errors import ContactsError, InputError, RefusedError
from cascadesim.plan import Plan, PlanSegment, steps_of
from cascadesim.senders import Settings, compile_plan, export
from cascadesim.units import Share

PlanOf = Callable[..., Plan]
TWO = 'chain c\n    saying "Hello {first_name|there}"\n    stop when opened\n    send viber, wait 2 h\n    send sms'
ANN = {"first_name": "Ann", "viber": "+37120000001", "phone": "+37120000001"}


def contact(number: int | str, **cells: str) -> Contact:
    return Contact(f"p{number}", {**ANN, **cells})


def bodies(plan: Plan, *people: Contact, settings: Settings | None = None) -> list[dict[str, Any]]:
    return [dict(request.body) for request in compile_plan(plan, "8x8", people, settings).requests]


def faults(plan: Plan, *people: Contact) -> list[str]:
    with pytest.raises(ContactsError) as caught:
        bodies(plan, *people)
    assert all(d.hint for d in caught.value.diagnostics)
    return [f"{d.code} {d.message}" for d in caught.value.diagnostics]


def test_a_request_is_one_person_s_cascade(plan_of: PlanOf) -> None:
    (request,) = compile_plan(plan_of(TWO), "8x8", [contact(1)], Settings("acme_8x8")).requests
    assert (request.method, request.path) == ("POST", "/api/v1/subaccounts/acme_8x8/messages")
    assert request.body == {
        "user": {"msisdn": "+37120000001"},
        "clientMessageId": f"{plan_of(TWO).sha256[:8]}-p1",
        "type": "text",
        "content": {"text": "Hello Ann"},
        "channels": [
            {"channel": "Viber", "fallbackAfter": 7200, "successStatus": "Read"},
            {"channel": "SMS"},
        ],
    }


def test_a_channel_without_an_address_is_left_out_with_its_wait(plan_of: PlanOf) -> None:
    three = TWO.replace("send sms", "send whatsapp, wait 1 h\n    send sms")
    (both, text, chat) = bodies(
        plan_of(three),
        contact(1, whatsapp=""),
        contact(2, whatsapp="", viber=""),
        contact(3, whatsapp="+37120000001", viber="", phone=""),
    )
    assert [item["channel"] for item in both["channels"]] == ["Viber", "SMS"]
    assert both["channels"][0]["fallbackAfter"] == 7200
    assert text["channels"] == [{"channel": "SMS"}]
    assert chat["channels"] == [{"channel": "WhatsApp"}]


def test_steps_after_the_horizon_are_left_out(plan_of: PlanOf) -> None:
    days = plan_of(TWO.replace("2 h", "20 h"), also="scenario\n    runs for 20 h")
    (body, skipped) = bodies(days, contact(1), contact(2, viber=""))
    assert body["channels"] == [{"channel": "Viber"}]
    assert skipped["channels"] == [{"channel": "SMS"}]


def test_sms_has_its_own_text_as_the_fallback_or_alone(plan_of: PlanOf) -> None:
    message = 'message m\n    text "Long {first_name|}"\n    text on sms "Short"'
    plan = plan_of(TWO.replace('"Hello {first_name|there}"', "m"), also=message)
    (both, chat, sms) = bodies(plan, contact(1), contact(2, phone=""), contact(3, viber=""))
    assert both["content"] == {"text": "Long Ann", "fallbackText": "Short"}
    assert chat["content"] == {"text": "Long Ann"}
    assert sms["content"] == {"text": "Short"}


def test_a_template_s_parameters_are_its_text_s_placeholders(plan_of: PlanOf) -> None:
    message = """
    message m
        text "Dear {title|customer} {first_name}, {first_name}!"
        text on sms "Short"
        template on whatsapp "m_2"
    """
    plan = plan_of(TWO.replace("viber", "whatsapp").replace('"Hello {first_name|there}"', "m"), also=message)
    cells = {"whatsapp": "+37120000001", "title": ""}
    (both, sms) = bodies(
        plan, contact(1, **cells), contact(2, title="Dr", whatsapp=""), settings=Settings(language="lv")
    )
    parameters = [{"type": "text", "text": "customer"}, {"type": "text", "text": "Ann"}]
    template = {"name": "m_2", "language": "lv", "components": [{"type": "body", "parameters": parameters}]}
    assert (both["type"], both["content"]) == ("template", {"template": template, "fallbackText": "Short"})
    assert (sms["type"], sms["content"]) == ("text", {"text": "Short"})


def test_line_users_are_addressed_by_their_id(plan_of: PlanOf) -> None:
    user = "U" + "a1" * 16
    (body,) = bodies(plan_of('chain c\n    saying "Hi"\n    send line'), contact(1, line=user))
    assert body["user"] == {"lineUserId": user}


def test_message_ids_are_stable_distinct_and_short(plan_of: PlanOf) -> None:
    ids = ["1", "2", "x" * 41, "x" * 42, "x" * 43, "Jānis"]
    found = [body["clientMessageId"] for body in bodies(plan_of(TWO), *map(contact, ids))]
    assert found == [body["clientMessageId"] for body in bodies(plan_of(TWO), *map(contact, ids))]
    assert len(set(found)) == len(ids)
    assert all(len(name) <= 50 and name.isascii() for name in found)
    other = plan_of(TWO.replace("2 h", "3 h"))
    assert not set(found) & {body["clientMessageId"] for body in bodies(other, *map(contact, ids))}


@pytest.mark.parametrize(
    ("cell", "number"),
    [("+371 2000-0001", "+37120000001"), ("00371 (2) 0000.001", "+37120000001"), ("+37120000001", "+37120000001")],
)
def test_phone_numbers_are_written_as_e_164(plan_of: PlanOf, cell: str, number: str) -> None:
    (body,) = bodies(plan_of(TWO), contact(1, phone=cell))
    assert body["user"] == {"msisdn": number}


def test_all_that_is_wrong_with_contacts_is_told_with_numbers_and_examples(plan_of: PlanOf) -> None:
    plan = plan_of(TWO.replace("|there", ""))
    people = [contact(n, first_name="") for n in range(7)]
    people += [contact("x", phone="20000001"), contact("y", phone="n/a"), contact("z", viber="+37120000009")]
    assert faults(plan, *people, contact("fine")) == [
        "C355 7 contacts: nothing to put for {first_name}: the contact's cell is empty, and there is no fallback "
        "(p0, p1, p2, p3, p4, ...)",
        "C353 2 contacts: the cell in column `phone` is no international phone number (px '20000001', py 'n/a')",
        "C354 1 contact: viber and sms have different addresses, and a request takes one (pz)",
    ]


def test_texts_that_come_out_empty_or_too_long_are_faults(plan_of: PlanOf) -> None:
    plan = plan_of(TWO.replace("Hello {first_name|there}", "{first_name| }"))
    found = faults(plan, contact(1, first_name="", viber=""), contact(2, first_name="x" * 35_001))
    assert found[0].startswith("C355 1 contact: the text on sms is empty")
    assert found[1] == "C356 1 contact: the text on sms has over 35000 characters (p2 35001)"


def test_missing_columns_are_told_at_once(plan_of: PlanOf) -> None:
    assert faults(plan_of(TWO), Contact("p1", {"phone": "+37120000001"}), contact(2, phone="?")) == [
        "C357 no contact has a column `first_name` for the placeholder {first_name}",
        "C357 no contact has a column `viber` for the addresses of channel viber",
    ]


def test_what_the_reader_of_contacts_finds_wrong_is_told_too(plan_of: PlanOf, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("id,first_name,viber,phone\n1,Ann,,?\n1,Bob,,+37120000001\n")
    with pytest.raises(ContactsError) as caught:
        export(plan_of(TWO), "8x8", read_contacts(tmp_path / "c.csv"), tmp_path / "out.jsonl")
    assert [d.code for d in caught.value.diagnostics] == ["C353", "C214"]
    assert not (tmp_path / "out.jsonl").exists()


def test_nothing_is_written_where_a_step_is_refused(plan_of: PlanOf, tmp_path: Path) -> None:
    plan = plan_of("chain c\n    send push, wait 1 h\n    send viber and sms")
    with pytest.raises(RefusedError) as caught:
        export(plan, "8x8", [contact(1)], tmp_path / "out.jsonl")
    assert caught.value.reasons == (
        "step 1 (push): 8x8 has no channel push",
        "step 2 (viber and sms): 8x8 cannot send viber and sms at once",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["push", "viber"])
def test_a_refused_plan_has_no_requests(plan_of: PlanOf, step: str) -> None:
    compiled = compile_plan(plan_of(f"chain c\n    send {step}"), "8x8", [contact(1)])
    with pytest.raises(RefusedError):
        next(compiled.requests)


def test_who_is_left_out_is_counted_and_told(plan_of: PlanOf, tmp_path: Path) -> None:
    people = [contact(1), contact(2, segment="others"), contact(3, viber="", phone=""), contact(4, viber="", phone="")]
    report = export(plan_of(TWO), "8x8", people, tmp_path / "out.jsonl")
    assert report.to_json() == {
        "steps": [
            {"step": 1, "channel": "viber", "status": "exact", "changes": []},
            {"step": 2, "channel": "sms", "status": "exact", "changes": []},
        ],
        "requests": 1,
    }
    assert report.notes == (
        "1 contact left out: in no segment of the plan",
        "2 contacts left out: reached by no channel of the plan",
    )


GOLD = """
segment gold
    people from "c.csv" where tier is gold except "out.csv"
segment rest
    people 10
"""
FILES = {"c": "id,tier,first_name,viber,phone\n1,gold,Ann,,\n", "out": "id\np3\n"}


def test_people_from_a_file_are_those_that_its_conditions_take(plan_of: PlanOf, tmp_path: Path) -> None:
    plan = plan_of(TWO.replace("chain c", "chain c for gold"), segments=GOLD, **FILES)
    excluded = read_excluded(plan.model, tmp_path)
    people = [contact(1, tier="gold"), contact(2, tier="silver"), contact(3, tier="gold"), contact(4, segment="gold")]
    compiled = compile_plan(plan, "8x8", people, None, excluded)
    assert [request.body["clientMessageId"][-2:] for request in compiled.requests] == ["p1"]
    assert compiled.report.notes == ("3 contacts left out: in no segment of the plan",)


def test_who_has_opted_out_must_be_known(plan_of: PlanOf) -> None:
    plan = plan_of(TWO, segments=GOLD, **FILES)
    with pytest.raises(RefusedError, match="gold leaves out the people"):
        compile_plan(plan, "8x8", [])


TWO_SEGMENTS = "segment loyal\n    people 10\nsegment new\n    people 10"


def test_with_several_segments_the_contacts_say_to_which_they_belong(plan_of: PlanOf) -> None:
    plan = plan_of(TWO, segments=TWO_SEGMENTS)
    people = [contact(1, segment="new"), contact(2, segment="loyal"), contact(3, segment=""), contact(4)]
    compiled = compile_plan(plan, "8x8", people)
    assert len(list(compiled.requests)) == 2
    assert [step["segment"] for step in compiled.report.to_json()["steps"]] == ["loyal", "loyal", "new", "new"]


def test_a_contact_in_two_segments_is_a_fault(plan_of: PlanOf) -> None:
    both = (
        'segment a\n    people from "c.csv" where tier is gold\nsegment b\n    people from "c.csv" where tier is gold'
    )
    plan = plan_of(TWO, segments=both, **FILES)
    assert faults(plan, contact(1, tier="gold")) == ["C358 1 contact: in the segments a and b at once (p1)"]


def test_a_split_segment_gives_everyone_the_chain_that_simulations_draw(plan_of: PlanOf) -> None:
    script = 'chain a\n    saying "a"\n    send viber\nchain b\n    saying "b"\n    send sms'
    whole = plan_of(script, segments='segment gold\n    people from "c.csv"', **FILES)
    a, b = whole.model.chains
    parts = tuple(PlanSegment("gold", share, None, steps_of(c), c) for share, c in ((Share(0.3), a), (Share(0.7), b)))
    plan = Plan(whole.source_sha256, whole.model, parts)
    members = sorted((contact(n) for n in range(300)), key=lambda member: member.id)
    people = draw_people(plan.model, ("gold",), 0, {"gold": members})
    lot = Behaviour(plan.model, 0).lot
    drawn = {person.id: "ab"[choose(plan.routes(), person, lot) or 0] for person in people}
    said = {body["clientMessageId"].partition("-")[2]: body["content"]["text"] for body in bodies(plan, *members)}
    assert said == drawn
    assert 60 < list(said.values()).count("a") < 120


def test_a_reach_pattern_has_its_own_chain(plan_of: PlanOf) -> None:
    script = 'chain a\n    saying "a"\n    send viber\nchain b\n    saying "b"\n    send sms'
    plan = plan_of(script)
    a, b = plan.model.chains
    whole = PlanSegment("everyone", Share(1), ("viber", "sms"), steps_of(a), a)
    text = PlanSegment("everyone", Share(1), ("sms",), steps_of(b), b)
    parted = Plan(plan.source_sha256, plan.model, (whole, text))
    people = [contact(1), contact(2, viber=""), contact(3, phone="")]
    assert [body["content"]["text"] for body in bodies(parted, *people)] == ["a", "b"]


@pytest.mark.parametrize(
    ("vendor", "settings", "said"),
    [
        ("8x9", None, "there is no sender '8x9'"),
        ("fax", None, "there is no sender 'fax'"),
        ("8x8", Settings("no such"), "'no such' is no subaccount of 8x8"),
    ],
)
def test_vendors_and_accounts_that_cannot_be_are_refused(
    plan_of: PlanOf, vendor: str, settings: Settings | None, said: str
) -> None:
    with pytest.raises(InputError, match=said) as caught:
        compile_plan(plan_of(TWO), vendor, [], settings)
    assert caught.value.diagnostics[0].hint


def test_lines_are_json_that_satisfies_the_shipped_schema(
    plan_of: PlanOf, tmp_path: Path, line_schema: Draft202012Validator
) -> None:
    export(plan_of(TWO), "8x8", [contact("é"), contact(2, viber="")], tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    for line in lines:
        line_schema.validate(json.loads(line))
