"""`cascadesim send`: what it says before, whom it writes to, and what keeps it from writing to more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cascadesim.cli import main
from cascadesim.live import asking
from cascadesim.live.sql import find_store
from tests.cli.conftest import Cli
from tests.cli.live.conftest import CAP, PEOPLE, Shop, sent
from tests.live.senders.rig import Request, web


def _answered(answer: str, *more: str) -> tuple[int, str, str]:
    arguments = ["send", "plan.json", "--contacts", "people.csv", "--senders", "senders.toml", *more]
    result = CliRunner().invoke(main, arguments, input=f"{answer}\n")
    return result.exit_code, result.stdout, result.stderr


def test_it_says_whom_it_will_contact_and_at_what_cost_and_sends_only_for_a_yes(shop: Shop, cli: Cli) -> None:
    status, printed, err = _answered("y")
    assert status == 1
    assert "nothing was sent: it takes the word yes" in err
    assert "12 enter" in printed
    assert "18 messages, 0.5460 EUR" in printed, "6 by push, 12 by sms: 6 x 0.001 + 12 x 0.045"
    assert sent(printed) == []
    nothing = cli("status")
    assert (nothing.status, "there is no campaign" in nothing.stderr) == (1, True)

    status, printed, _ = _answered("yes")
    assert status == 0
    assert len(sent(printed)) == 18
    assert len(set(sent(printed))) == 18
    assert "Everybody's way has come to its end." in printed


def test_who_thinks_better_of_it_may_send_another_plan(shop: Shop) -> None:
    assert _answered("no")[0] == 1
    assert shop.send("--yes", "--cap-cost", "lots").status == 2
    assert shop.send("--machines", *CAP).status == 1
    shop.plan("plan.json", text="Another text")
    assert ("p0", "Another text") in sent(shop.send(*CAP).stdout)


def test_a_machine_needs_a_cap(shop: Shop) -> None:
    ran = shop.send("--yes")
    assert (ran.status, "error[C385]" in ran.stderr) == (1, True)
    assert "--cap-cost or --cap-messages" in ran.stderr
    assert shop.send("--json").status == 2


def test_a_dry_run_renders_everything_and_leaves_nothing(shop: Shop) -> None:
    ran = shop.send("--dry-run", "--json")
    assert ran.status == 0
    assert [(r["step"], r["channel"], r["people"], r["text"]) for r in ran.document["rendered"]] == [
        (1, "push", 6, "Sale, Ann!"),
        (2, "sms", 12, "Last call"),
    ]
    assert ran.document["most_messages"] == 18
    assert not (shop.folder / "campaign.db").exists()


def test_a_pilot_and_then_the_rest_and_nobody_twice(shop: Shop) -> None:
    shop.write("ids.txt", "p7\np9\n")
    pilot = shop.send("--first", 3, *CAP)
    chosen = shop.send("--only", "ids.txt", *CAP)
    rest = shop.send(*CAP)
    assert {who for who, _ in sent(pilot.stdout)} == {"p0", "p1", "p2"}
    assert {who for who, _ in sent(chosen.stdout)} == {"p7", "p9"}
    everything = [*sent(pilot.stdout), *sent(chosen.stdout), *sent(rest.stdout)]
    assert (len(everything), len(set(everything))) == (18, 18)
    assert "7 enter; 5 are there already and go on" in rest.stdout


def test_a_pilot_names_people_who_are_there(shop: Shop) -> None:
    shop.write("ids.txt", "p7\nq7\n")
    ran = shop.send("--only", "ids.txt", *CAP)
    assert (ran.status, "error[C384]" in ran.stderr, "(q7)" in ran.stderr) == (1, True, True)
    assert sent(ran.stdout) == []


def test_a_placeholder_with_neither_cell_nor_fallback_stops_it_before_the_first_message(shop: Shop) -> None:
    shop.plan("plan.json", text="{first_name}, last call")
    ran = shop.send(*CAP)
    assert (ran.status, "error[C383]" in ran.stderr) == (1, True)
    assert "{first_name}" in ran.stderr
    assert "4 rows" in ran.stderr, "p0, p3, p6 and p9 have no first name"
    assert sent(ran.stdout) == []


def test_an_address_that_cannot_be_is_counted_and_not_reached(shop: Shop) -> None:
    shop.write(
        "senders.toml",
        '[push]\nsender = "console"\n[sms]\nsender = "webhook"\nurl = "http://127.0.0.1:9/x"\ncountry = "LV"\n'
        'secret = { file = "secret" }\naddresses = "phone"\n',
    )
    shop.write("secret", "a secret that is long enough")
    shop.people(PEOPLE, number="12{:02d}")
    ran = shop.send("--dry-run", "--json")
    assert ran.document["unreachable"] == [{"channel": "sms", "people": 12}]
    assert ran.document["reached_by_nothing"] == 6
    assert ran.document["most_messages"] == 6


def test_a_cap_on_messages_holds_to_the_last_one(shop: Shop) -> None:
    first = shop.send("--yes", "--cap-messages", 5)
    assert len(sent(first.stdout)) == 5
    assert "It has reached its cap" in first.stdout
    again = shop.send("--yes")
    assert (again.status, "raise --cap-messages" in again.stderr) == (1, True)
    rest = shop.send("--yes", "--cap-messages", 100)
    both = sent(first.stdout) + sent(rest.stdout)
    assert (len(both), len(set(both))) == (18, 18)


def test_a_cap_on_cost_counts_each_message_as_dear_as_it_can_be(shop: Shop) -> None:
    ran = shop.send("--yes", "--cap-cost", "0.1 EUR")
    assert [text for _, text in sent(ran.stdout)].count("Last call") == 2, "a third would make 0.135"
    assert shop.send("--yes", "--cap-cost", "0.1 USD").status == 2


def test_at_most_so_many_messages_a_week_over_the_campaigns_of_a_store(shop: Shop) -> None:
    one = shop.send("--campaign", "one", "--a-week", 1, *CAP)
    assert sorted(who for who, _ in sent(one.stdout)) == sorted(f"p{n}" for n in range(PEOPLE)), "no second step"
    two = shop.send("--campaign", "two", "--a-week", 2, *CAP)
    assert len(sent(two.stdout)) == PEOPLE, "one more for each"
    three = shop.send("--campaign", "three", *CAP)
    assert len(sent(three.stdout)) == 18


def test_another_plan_for_the_same_campaign_is_refused(shop: Shop) -> None:
    shop.send("--first", 1, *CAP)
    shop.plan("other.json", text="Another text")
    ran = shop.send(*CAP, plan="other.json")
    assert (ran.status, "is of another plan" in ran.stderr, "--replace" in ran.stderr) == (1, True, True)


def test_suppression_lists_hold(shop: Shop) -> None:
    shop.write("suppressed.txt", "+371 200 000 01\ntoken-3\n")
    ran = shop.send(*CAP, "--suppress", "suppressed.txt")
    said = sent(ran.stdout)
    assert ("p1", "Last call") not in said
    assert [text for who, text in said if who == "p3"] == ["Last call"]
    assert len(said) == 16


@pytest.mark.parametrize("command", [("send", "plan.json", "--senders", "senders.toml"), ("status",)])
def test_without_the_extra_it_says_what_to_install(shop: Shop, command: tuple[str, ...]) -> None:
    """The packages of the extra `live` are hidden from a fresh process."""
    hidden = "import sys; sys.modules['sqlalchemy'] = None; from cascadesim.cli import main; main(prog_name='c')"
    ran = subprocess.run([sys.executable, "-c", hidden, *command], capture_output=True, text=True, cwd=Path.cwd())
    assert ran.returncode == 3
    assert "pip install 'cascadesim[live]'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_messages_whose_answer_was_lost_are_asked_after(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six have a push token; the receiver takes their messages, says nothing, and when it is asked that they failed."""
    monkeypatch.setattr(asking, "EVERY", 0.1)
    monkeypatch.setattr(asking, "_YOUNG", 0)
    monkeypatch.setenv("PUSH_SECRET", "a secret that is long enough")

    def told(request: Request) -> tuple[int, dict[str, str], bytes] | None:
        return None if request.method == "POST" else (200, {}, b'{"state": "failed"}')

    with web(told) as server:
        push = f'sender = "webhook"\nurl = "{server.url}"\nsecret = {{ env = "PUSH_SECRET" }}\nin_doubt = "unknown"\n'
        shop.write("senders.toml", f'[push]\n{push}status = "{server.url}/status"\n[sms]\nsender = "console"\n')
        shop.plan("plan.json", wait="3 s")
        ran = shop.send(*CAP)
    assert (ran.status, len(sent(ran.stdout))) == (0, PEOPLE)
    assert sum(request.method == "GET" for request in server.requests) == 6
    store = find_store("campaign.db", None)
    assert [m.state for m in store.messages() if m.channel == "push"] == ["refused"] * 6
    store.close()
