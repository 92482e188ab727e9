"""What a vendor's changes cost: the printed differences are the exact engine's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascadesim.engines.exact import evaluate
from cascadesim.language import read_text
from cascadesim.model.chain import Chain, Event, Send, Wait
from cascadesim.plan import Plan, chosen_plan
from cascadesim.reports.losses import loss_between, losses_of
from cascadesim.senders import SENDERS, compile_plan
from cascadesim.units import HOUR, Duration

SCRIPT = """
cascade 1

channel viber
    reaches   58%
    opens     61%, half within 4 min, 90% within 2 h
    replies   10% of opened, half within 5 min
    costs     0.020 EUR per message delivered
channel whatsapp
    reaches   70%
    opens     66%, half within 10 min, 90% within 4 h
    costs     0.050 EUR per message delivered
channel sms
    reaches   97%
    delivers  95%
    opens     34%, half within 12 min, 90% within 6 h
    replies   10% of opened, half within 5 min
    reports   delivered
    costs     0.045 EUR per part sent

segment everyone
    people    10k
segment loyal
    people    5k
    reaches   viber 90%

chain c
    saying "Your basket is waiting"
    stop when opened
    send viber, wait {wait}
    send sms
"""


def plan_of(wait: str = "2 h", script: str = SCRIPT) -> Plan:
    read = read_text(script.replace("{wait}", wait), base=Path())
    return chosen_plan(read.model, read.model.chains[0], read.source_sha256)


def exact(plan: Plan, chain: Chain) -> dict[str, tuple[float | None, float | None]]:
    """Coverage and cost per person of a chain that every segment follows, by the exact engine."""
    found = evaluate(plan.model, plan.model.routes(chain), {})
    return {p.segment: (p.figures.coverage.mean, p.figures.cost_per_person.mean) for p in found.segments}


def test_a_plan_that_stops_on_an_open_loses_what_the_exact_engine_says() -> None:
    """At all but 8x8 a delivery on Viber ends the cascade: the chain that says so is written out here."""
    plan = plan_of()
    delivered = Chain(
        "by hand",
        (Send(("viber",), wait=Wait(Duration(2 * HOUR))), Send(("sms",))),
        saying=plan.segments[0].chain.saying,
        stop_when=(Event("delivered", "viber"),),
    )
    here, there = exact(plan, plan.segments[0].chain), exact(plan, delivered)
    for vendor in ("infobip-omni", "infobip-messages", "vonage"):
        played = compile_plan(plan, vendor, []).played
        assert played is not None
        losses = loss_between(plan, played, {})
        assert losses.engine == "exact"
        for part in losses.parts[:-1]:
            one, two = here[str(part.segment)], there[str(part.segment)]
            assert part.change("coverage") == pytest.approx(two[0] - one[0], abs=1e-12)  # type: ignore[operator]
            assert part.change("cost_per_person") == pytest.approx(two[1] - one[1], abs=1e-12)  # type: ignore[operator]
            assert part.change("coverage") < -0.05  # type: ignore[operator]
            assert part.change("cost_per_person") < 0  # type: ignore[operator]
        assert losses.parts[-1].segment is None


def test_at_8x8_the_same_plan_loses_nothing() -> None:
    compiled = compile_plan(plan_of(), "8x8", [])
    assert {step.status for step in compiled.report.steps} == {"exact"}
    assert compiled.played is not None
    assert [part.change("coverage") for part in loss_between(plan_of(), compiled.played, {}).parts] == [0, 0, 0]


def test_a_clamped_time_out_is_priced() -> None:
    plan = plan_of("3 days")
    played = compile_plan(plan, "8x8", []).played
    assert played is not None
    chain = plan.segments[0].chain
    moved = Chain(
        chain.name, (Send(("viber",), wait=Wait(Duration(24 * HOUR))), chain.sends[1]), None, None, chain.saying
    )
    here = exact(plan, chain)
    there = exact(plan, Chain("c", moved.body, saying=chain.saying, stop_when=(Event("opened"),)))
    parts = {part.segment: part for part in loss_between(plan, played, {}).parts}
    for segment, one in here.items():
        change = parts[segment].change("cost_per_person")
        assert change == pytest.approx(there[segment][1] - one[1], abs=1e-12)  # type: ignore[operator]
        assert change != 0


def test_what_the_exact_engine_cannot_say_is_drawn_for_both_with_the_same_numbers() -> None:
    """A third step: reads that come late no longer stop it, which is a question after each wait, and not linear."""
    three = SCRIPT.replace("    send sms\n", "    send whatsapp, wait 5 min\n    send sms\n")
    plan = plan_of("2 min", three)
    compiled = compile_plan(plan, "8x8", [])
    assert compiled.played is not None
    losses = loss_between(plan, compiled.played, {})
    assert losses.engine == "compiled"
    (everyone, *_) = losses.parts
    assert everyone.change("messages_per_person") > 0  # type: ignore[operator]
    assert everyone.change("coverage") >= 0  # type: ignore[operator]


def test_an_exact_plan_for_a_system_of_one_s_own_is_the_plan_itself() -> None:
    compiled = compile_plan(plan_of(), "webhook", [])
    assert compiled.played == plan_of()


@pytest.mark.parametrize("vendor", sorted(SENDERS))
def test_a_refused_plan_has_no_price(vendor: str) -> None:
    plan = plan_of(script=SCRIPT.replace("send viber,", "send viber and whatsapp,"))
    played = compile_plan(plan, vendor, []).played
    assert (played is None) == (vendor != "webhook")


def test_the_loss_is_shared_out_among_the_weakened_steps_and_adds_up() -> None:
    """Viber, whose wait is cut and whose delivery stops the chain, then WhatsApp, whose early end is lost."""
    steps = "send whatsapp, wait 3 h but 10 min if undelivered\n    send sms\n"
    slow = SCRIPT.replace("channel whatsapp\n", "channel whatsapp\n    delivers  90%\n")
    plan = plan_of("3 days", slow.replace("send sms\n", steps))
    compiled = compile_plan(plan, "infobip-messages", [])
    losses = losses_of(plan, compiled, {})
    assert losses is not None
    assert losses.engine == "exact"
    assert [(s.step.segment, s.step.step) for s in losses.steps] == [
        (s, n) for s in ("everyone", "loyal") for n in (1, 2)
    ]
    for part in losses.parts[:-1]:
        for figure in ("coverage", "cost_per_person"):
            shares = [s.loss.change(figure) for s in losses.steps if s.step.segment == part.segment]
            assert sum(shares) == pytest.approx(part.change(figure), abs=1e-12)  # type: ignore[arg-type]
            assert all(share != 0 for share in shares)


def test_one_weakened_step_has_all_of_the_loss() -> None:
    for wait, vendor in (("3 days", "8x8"), ("2 h", "vonage")):
        plan = plan_of(wait)
        losses = losses_of(plan, compile_plan(plan, vendor, []), {})
        assert losses is not None
        for part, step in zip(losses.parts[:-1], losses.steps, strict=True):
            assert step.loss.change("coverage") == pytest.approx(part.change("coverage"), abs=1e-12)


def test_what_is_exact_or_refused_has_no_price() -> None:
    assert losses_of(plan_of(), compile_plan(plan_of(), "8x8", []), {}) is None
    assert losses_of(plan_of(), compile_plan(plan_of(), "twilio-studio", []), {}) is None
