"""A model as a script: what is printed reads as the model, and what has no words is refused."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest
from hypothesis import given

from cascadesim.errors import InputError, RefusedError, ScriptError
from cascadesim.language import format_text, read, read_text, script_of, write_script
from cascadesim.language.assemble import assemble
from cascadesim.language.printer import channel
from cascadesim.language.resolve import Loader
from cascadesim.language.source import Files, load
from cascadesim.language.statements import Faults
from cascadesim.model import chain as m
from cascadesim.model.channel import Channel, Hours, Price, Quiet
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Exchange, Model, Scenario
from cascadesim.model.question import Objective, Question
from cascadesim.model.rates import Delay, Rate
from cascadesim.model.segment import Contacts, Headcount, Kind, Segment, Test
from cascadesim.units import HOUR, MINUTE, Duration, Money, Share
from tests.engines.campaigns import rounds
from tests.language.models import MODELS, PEOPLE

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "scenarios").rglob("*.cascade"))
GOOD = ROOT / "tests" / "scripts" / "good"
CURVE = Delay("curve", ((Share(0.4), Duration(HOUR)), (Share(1.0), Duration(3 * HOUR))))
HALF = Share(0.5)


def read_model(path: Path) -> Model:
    """The model of a script, whatever the rules of meaning think of it."""
    faults = Faults()
    campaign = Loader(Files(path.parent, path.parent, faults)).campaign(load(path), path)
    assert campaign is not None, faults.sorted()
    return assemble(campaign, faults)


@rounds(150)
@given(MODELS)
def test_print_then_parse_is_the_identity(model: Model) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in PEOPLE.items():
            (Path(folder) / name).parent.mkdir(exist_ok=True)
            (Path(folder) / name).write_bytes(data)
        script = Path(folder) / "printed.cascade"
        write_script(model, script)
        assert read_model(script) == model
        assert script.read_text("utf-8") == format_text(script.read_text("utf-8"))


@pytest.mark.parametrize("path", [*SHIPPED, GOOD / "reference.cascade"], ids=lambda path: path.stem)
def test_scripts_print_as_scripts_of_one_file(path: Path, tmp_path: Path) -> None:
    """What is used from other files stands in the script itself; contacts stay where they are."""
    for file in path.parent.glob("*.csv"):
        shutil.copy(file, tmp_path)
    model = read(path).model
    target = tmp_path / "printed" / "printed.cascade"
    target.parent.mkdir()
    for file in path.parent.glob("*.csv"):
        shutil.copy(file, target.parent)
    write_script(model, target)
    assert read(target).model == model


def test_a_model_built_in_python() -> None:
    sms = Channel(
        "sms",
        "A text",
        rates=(
            Rate(
                "opens",
                Share(0.55),
                Share(0.64),
                900,
                "delivered",
                Delay("lognormal", ((HALF, Duration(HOUR)), (Share(0.9), Duration(5 * HOUR)))),
            ),
        ),
        reports=("delivered", "opened"),
        costs=(Price(Money.parse("0.045 EUR"), "part sent"),),
        quiet=(Quiet(Hours(time(21), time(9)), (5, 6)),),
    )
    send = m.Send(("sms",), m.Saying(text='Say "hi"'), m.Wait(Duration(2 * HOUR), Duration(10 * MINUTE)))
    either = m.And((m.Or((m.Reachable("sms"), m.Undelivered())), m.Not(m.InSegment(("new",)))))
    chain = m.Chain("twice", (send, m.If((m.Branch(either, (m.Send(("sms",)),)),))), stop_when=(m.Event("opened"),))
    frame = Scenario(starts=datetime(2027, 3, 1, 9, 5))
    model = Model(frame, (sms,), (Segment("new", Headcount(20_000)),), chains=(chain,))
    assert (
        script_of(model)
        == """\
cascade 1

scenario
    starts    2027-03-01 9:05
    prices in EUR

channel sms "A text"
    opens     55% to 64% of delivered measured on 900, half within 1 h, 90% within 5 h
    reports   delivered and opened
    costs     0.045 EUR per part sent
    quiet from 21:00 to 9:00 on saturday and sunday

segment new
    people    20k

chain twice
    stop when opened
    send sms saying "Say \\"hi\\"", wait 2 h but 10 min if undelivered
    if (reachable on sms or undelivered) and segment is not new
        send sms
"""
    )
    assert read(script_of(model)).model == model


def test_a_text_of_several_lines_and_a_path_go_through_one_door(tmp_path: Path) -> None:
    (tmp_path / "a.cascade").write_text("cascade 1\n")
    assert read("cascade 1\n").model == read(tmp_path / "a.cascade").model == read(str(tmp_path / "a.cascade")).model
    assert read("cascade 1\n").path == read_text("cascade 1\n").path
    with pytest.raises(ScriptError, match="there is no file cascade 1"):
        read("cascade 1")


def test_a_frame_that_says_nothing_is_left_out() -> None:
    """So that channels alone stay a library, which makes no demands. The currency is said where no price tells it."""
    assert script_of(Model()) == "cascade 1\n"
    dollars = channel_with(costs=(Price(Money.parse("1 USD"), "message sent"),))
    assert "scenario" not in script_of(replace(dollars, scenario=Scenario(currency="USD")))
    assert "    prices in EUR\n" in script_of(dollars)


def test_counts_are_as_short_as_they_can_be() -> None:
    counts = [1, 1_200, 20_000, 1_234_000, 1_250_000, 14_900_000, 14_901_234]
    model = Model(segments=tuple(Segment(f"s{n}", Headcount(n)) for n in counts))
    said = [line.split()[1] for line in script_of(model).split("\n") if "people" in line]
    assert said == ["1", "1200", "20k", "1234k", "1.25M", "14.9M", "14901234"]


def test_what_contacts_are_compared_with_is_quoted_where_it_must_be() -> None:
    values = ("gold", "not", "one", "except", "two words", "", "17", "1.5", "1.50", "007", "2027-01-31", "10k")
    people = Contacts("c.csv", where=(Test("tier", "is one of", values), Test("last order", "at least", ("3",))))
    said = script_of(Model(segments=(Segment("a", people),)))
    assert (
        'where tier is one of gold, "not", "one", "except", "two words", "", 17, 1.5, "1.50", "007", 2027-01-31, "10k" '
        'and "last order" at least 3\n'
    ) in said


# ---- what has no words


def channel_with(**more: object) -> Model:
    return Model(channels=(replace(Channel("sms"), **more),))  # type: ignore[arg-type]


def step(node: m.Node) -> Model:
    return Model(chains=(m.Chain("short", (node,)),))


def opens(low: float, high: float | None = None, delay: Delay | None = None) -> Model:
    return channel_with(rates=(Rate("opens", Share(low), Share(low if high is None else high), delay=delay),))


def in_file(text: str) -> Model:
    return Model(messages=(Message("hello", contents=(Content("text", text, file="hello.html"),)),))


NOT_SAID = {
    "a name of two words": (Model(channels=(Channel("text message"),)), "'text message' is no name"),
    "a name that would be more": (Model(channels=(Channel("sms\n    opens 5%"),)), "is no name"),
    "a name written in two ways": (Model(channels=(Channel("cafe\u0301"),)), "is no name"),
    "a word of the language": (Model(segments=(Segment("or", Headcount(1)),)), "or cannot be the name of a segment"),
    "a carriage return": (step(m.Send(("sms",), m.Saying(text="a\rb"))), r"holds '\\r', which cannot be written"),
    "half a character": (in_file("\ud800"), "holds"),
    "line ends of a file": (in_file("a\r\nb"), r"contents 1 value: 'a\\r\\nb' cannot be said"),
    "a byte-order mark": (in_file("\ufeffHi"), "contents 1 value"),
    "an empty text": (step(m.Send(("sms",), m.Saying(text=" "))), '`send sms saying " "`: '),
    "a share over 1": (opens(1.5), "`opens 150%`"),
    "no number": (opens(float("nan")), "NaN%"),
    "a range downwards": (opens(0.5, 0.4), "opens 50% to 40%"),
    "a curve that ends early": (opens(0.5, delay=Delay("curve", ((HALF, Duration(HOUR)),))), "curve"),
    "a delay of no form": (opens(0.5, delay=Delay("fixed", ())), "opens 50%"),
    "seconds of the clock": (step(m.WaitUntil(time(9, 0, 30))), r"chains short body 1 at: .*9, 0, 30.* cannot be said"),
    "seconds of the start": (Model(Scenario(starts=datetime(2027, 3, 1, 9, 0, 30))), "scenario starts: "),
    "days out of order": (channel_with(quiet=(Quiet(days=(6, 5)),)), r"channels sms quiet 1 days 1: 6 cannot be said"),
    "a day of another week": (channel_with(quiet=(Quiet(days=(9,)),)), "quiet on 9"),
    "quiet for ever": (channel_with(quiet=(Quiet(),)), "`quiet`"),
    "a wait of no time": (step(m.Pause(m.Wait(Duration(0)))), "wait 0 s"),
    "a wait that goes back": (step(m.Pause(m.Wait(Duration(-1)))), "wait -"),
    "one condition in brackets": (step(m.If((m.Branch(m.And((m.Undelivered(),)), (m.Stop(),)),))), "And.*Undelivered"),
    "a branch that does nothing": (step(m.If((m.Branch(m.Undelivered(), ()),))), "if undelivered|indented"),
    "a chain that says nothing": (Model(chains=(m.Chain("idle", ()),)), "chain idle says nothing"),
    "half a kind": (
        Model(segments=(Segment("a", Headcount(1), kinds=(Kind("eager", HALF, None),)),)),
        "the kind eager needs a share and a factor",
    ),
    "a strange rate of exchange": (Model(Scenario(exchange=(Exchange("USD", "0,92"),))), "'0,92' is no exchange rate"),
    "a strange currency": (Model(Scenario(currency="EUR\n    seed 7")), "EUR"),
    "a zone that is none": (Model(Scenario(zone="Europe/Nowhere")), "Nowhere"),
    "two texts in one file": (
        Model(messages=(Message("a", contents=(Content("text", "1", file="f"), Content("text", "2", file="f"))),)),
        "two texts are to stand in the file f",
    ),
    "a file with two hashes": (
        Model(segments=tuple(Segment(n, Contacts("f", n)) for n in ("a", "b"))),
        "f is there with two contents",
    ),
    "a question without channels": (Model(questions=(Question(Objective("coverage"), ()),)), "no channels"),
    "a question without waits": (Model(questions=(Question(Objective("coverage"), ("sms",)),)), "no waits"),
    "a deadline of nothing": (
        Model(questions=(Question(Objective("coverage"), ("sms",), within=Duration(HOUR), waits=(Duration(HOUR),)),)),
        "deadline within 1 h",
    ),
}


@pytest.mark.parametrize(("model", "reason"), NOT_SAID.values(), ids=NOT_SAID)
def test_what_has_no_words_is_refused(model: Model, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason):
        script_of(model)


def test_a_printer_that_went_wrong_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "share_of", lambda share: "7%")
    with pytest.raises(RefusedError, match=r"channels sms rates 1 low: Share\(0.5\) cannot be said"):
        script_of(opens(0.5))


# ---- files


def test_texts_and_curves_are_written_beside_the_script(tmp_path: Path) -> None:
    said = Message("hello", contents=(Content("text", "<p>Hi</p>", file="texts/hello.html"),))
    model = replace(opens(0.5, delay=CURVE), messages=(said,))
    write_script(model, tmp_path / "a.cascade")
    assert (tmp_path / "texts" / "hello.html").read_text() == "<p>Hi</p>"
    assert (tmp_path / "curve-1.csv").read_text() == "share,within\n40%,1 h\n100%,3 h\n"
    assert read_model(tmp_path / "a.cascade") == model
    write_script(model, tmp_path / "a.cascade")  # the same files again are no trouble


def test_a_curve_takes_no_name_that_the_model_has(tmp_path: Path) -> None:
    (tmp_path / "curve-1.csv").write_text("id\n1\n")
    model = replace(opens(0.5, delay=CURVE), segments=(Segment("a", Contacts("curve-1.csv")),))
    write_script(model, tmp_path / "a.cascade")
    assert 'curve from "curve-2.csv"' in (tmp_path / "a.cascade").read_text()
    assert (tmp_path / "curve-1.csv").read_text() == "id\n1\n"


@pytest.mark.parametrize("name", ["../there.html", "/there.html", "here.html", "a.cascade"])
def test_no_other_file_is_touched(name: str, tmp_path: Path) -> None:
    (tmp_path / "here.html").write_text("something else")
    model = Model(messages=(Message("hello", contents=(Content("text", "Hi", file=name),)),))
    with pytest.raises(RefusedError):
        write_script(model, tmp_path / "a.cascade")
    assert [path.name for path in tmp_path.iterdir()] == ["here.html"]
    assert (tmp_path / "here.html").read_text() == "something else"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_script(opens(0.5, delay=CURVE), tmp_path / "nowhere" / "a.cascade")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("")
    model = Model(messages=(Message("hello", contents=(Content("text", "Hi", file="texts/hello.html"),)),))
    with pytest.raises(InputError, match="cannot write"):
        write_script(model, tmp_path / "a.cascade")
    assert not (tmp_path / "a.cascade").exists()
