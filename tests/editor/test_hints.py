"""What is said between the lines, against figures worked by hand or asked of the engine directly."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import pytest

from cascadesim import editor
from cascadesim.engines.exact import evaluate
from cascadesim.language import read_text
from cascadesim.reports import words

SCRIPT = """cascade 1

scenario
    starts 2027-03-01 18:00

channel viber
    reaches 50%
    opens 50%, half within 12 min, 90% within 6 h  # a comment
    costs 0.02 EUR per message sent

channel sms
    opens 40%
    reports nothing
    costs 0.04 EUR per message sent

segment everyone
    people 1000

chain first
    stop when opened
    send viber, wait 2 h
    send sms
"""


def shown(text: str) -> dict[int, str]:
    """The remarks by the numbers of their lines, from 1."""
    return {hint.line + 1: hint.text for hint in editor.hints(text)}


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_a_fitted_delay() -> None:
    """ln t has mean mu = ln 12 and sigma = (ln 360 - ln 12) / z(90%); the mean is exp(mu + sigma^2 / 2)."""
    sigma = math.log(360 / 12) / NormalDist().inv_cdf(0.9)
    mean = words.span(60 * 12 * math.exp(sigma**2 / 2))
    (hint,) = [h for h in editor.hints(SCRIPT) if "median" in h.text]
    assert hint.text == f"log-normal, median 12 min, mean {mean}"
    assert (hint.line + 1, hint.character) == (8, len("    opens 50%, half within 12 min, 90% within 6 h"))


@pytest.mark.parametrize(
    ("quantiles", "said"),
    [
        ("half within 10 min", "exponential, median 10 min, mean 14 min"),
        ("half within 10 min, 75% within 40 min as weibull", "Weibull, median 10 min, mean 40 min"),
        ("half within 1 s, 60% within 36000 days", "log-normal, median 1 s"),
    ],
)
def test_other_delays(quantiles: str, said: str) -> None:
    """An exponential's mean is its median / ln 2. That Weibull has shape 1/2: scale 10 / ln(2)^2, mean twice that."""
    weibull = 10 / math.log(2) ** 2 * 2
    assert weibull == pytest.approx(41.6, abs=0.1)
    text = f"cascade 1\n\nchannel a\n    opens 4%, {quantiles}\n"
    assert shown(text)[4] == said.replace("mean 40 min", f"mean {words.span(60 * weibull)}")


def test_faults_elsewhere_do_not_hide_delays_and_faults_in_them_do() -> None:
    broken = SCRIPT.replace("stop when", "stop wen")
    assert list(shown(broken)) == [8]
    assert shown(broken.replace("12 min, 90% within 6 h", "12 min, 90% within 6 min")) == {}
    assert (
        shown(SCRIPT.replace("stop when opened", "stop when opened # half within 12 min")).keys()
        == shown(SCRIPT).keys()
    )
    assert shown("cascade 1\n\noptimize\n    covered when opened within 3 days\n") == {}


def test_what_the_chain_comes_to_after_each_step() -> None:
    """Half are reached on viber and half of these open: 25% at 1 c each; the figures of both steps are the engine's."""
    text = SCRIPT.replace(", half within 12 min, 90% within 6 h", "")
    said = shown(text)
    assert said[line_of(SCRIPT, "send viber")] == "25.0% covered, 0.0100 EUR per person"
    model = read_text(text).model
    total = evaluate(model, model.routes(model.chain("first"))).total
    cost = words.money(total.cost_per_person.mean, "EUR")
    assert said[line_of(SCRIPT, "send sms")] == f"{words.share(total.coverage.mean)} covered, {cost} per person"


@pytest.mark.parametrize(
    "change",
    [
        ("    send sms\n", "    if viber opened\n        send sms\n"),
        ("people 1000", 'people from "c.csv"'),
        ("reports nothing", "reports nothing\n    sends up to 1 per second"),
    ],
)
def test_nothing_is_said_where_the_engine_does_not_hold(change: tuple[str, str]) -> None:
    assert not any("covered" in text for text in shown(SCRIPT.replace(*change)).values())


def test_a_send_that_falls_in_quiet_hours() -> None:
    """18:00 and 2 h is 20:00, which is quiet until 9:00 of the next day, a Tuesday."""
    quiet = SCRIPT.replace("reports nothing", "reports nothing\n    quiet from 19:30 to 9:00")
    texts = [h.text for h in editor.hints(quiet) if h.line + 1 == line_of(quiet, "send sms")]
    assert texts[1] == "goes out Tue 2 Mar 9:00"
    assert not any("goes out" in h.text for h in editor.hints(quiet.replace("wait 2 h", "wait 1 h")))


def test_quiet_hours_in_each_zone() -> None:
    """In London it is 16:00 when it is 18:00 in Riga: two hours later it is quiet in Riga alone, until Tuesday."""
    there = SCRIPT.replace("18:00", '18:00\n    time zone "Europe/Riga"').replace(
        "people 1000", 'people 1000\n\nsegment abroad\n    people 10\n    time zone "Europe/London"'
    )
    quiet = there.replace("reports nothing", "reports nothing\n    quiet from 19:30 to 9:00")
    texts = [h.text for h in editor.hints(quiet) if "goes out" in h.text]
    assert texts == ["everyone: goes out Tue 2 Mar 9:00"]


def test_pauses_and_times_of_day_move_what_follows() -> None:
    quiet = SCRIPT.replace("reports nothing", "reports nothing\n    quiet from 9:00 to 12:00")
    text = quiet.replace("wait 2 h\n", "wait 2 h\n    wait until tuesday 8:00\n    wait 1 h\n")
    assert [h.text for h in editor.hints(text) if "goes out" in h.text] == ["goes out Tue 2 Mar 12:00"]
    branch = text.replace("    send sms\n", "    if viber opened\n        stop\n    send sms\n")
    assert not any("goes out" in h.text for h in editor.hints(branch))


def test_only_the_chains_of_this_script_are_spoken_of(tmp_path: Path) -> None:
    (tmp_path / "other.cascade").write_text(SCRIPT, encoding="utf-8")
    text = 'cascade 1\n\nuse "other.cascade"\n\n# more\n'
    assert editor.hints(text, "main.cascade", tmp_path) == ()
