"""Which columns a script needs of a contacts file."""

from __future__ import annotations

from dataclasses import replace

from cascadesim.contacts import needs_of, used_channels
from cascadesim.contacts.needs import Blanks
from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.message import Content, Message
from cascadesim.model.model import Model
from cascadesim.model.question import Objective, Question


def test_channels_come_from_chains_and_questions(model: Model) -> None:
    assert used_channels(model, "gold") == ("sms", "viber")
    email = Chain("mail", (Send(("email",)),), segments=("new",))
    question = Question(Objective("coverage"), ("email",), segments=("silver",))
    model = replace(model, chains=(*model.chains, email), questions=(question,))
    assert used_channels(model, "gold") == ("sms", "viber")
    assert used_channels(model, "silver") == ("email", "sms", "viber")
    assert used_channels(model, "new") == ("email", "sms", "viber")


def test_each_column_once_with_its_reason(model: Model) -> None:
    assert [tuple(need) for need in needs_of(model, "gold")] == [
        ("phone", "the addresses of channel sms"),
        ("viber", "the addresses of channel viber"),
        ("tier", "the `where` of segment gold"),
        ("first_name", "the placeholder {first_name} in chain greet"),
    ]
    assert [need.column for need in needs_of(model, "new", channels=())] == ["first_name"]


def test_only_what_goes_out_counts(model: Model) -> None:
    contents = (
        Content("text", "{a}"),
        Content("text", "{b}", channel="sms"),
        Content("text", "{c}", channel="email"),
        Content("subject", "{d|x}"),
        Content("button", "{e}", to="https://shop.example/{f}"),
    )
    step = Send(("sms",), saying=Saying(message="m"))
    own = Chain("own", (step, Send(("viber",))), saying=Saying(text="{g}"))
    question = Question(Objective("coverage"), ("viber",), saying=Saying(message="m"))
    model = replace(model, messages=(Message("m", contents=contents),), chains=(own,))

    def columns(model: Model) -> set[str]:
        return {need.column for need in needs_of(model, "new", channels=())}

    assert columns(model) == {"b", "d", "e", "f", "g"}
    assert columns(replace(model, questions=(question,))) == {"a", "b", "d", "e", "f", "g"}
    assert columns(replace(model, chains=(replace(own, segments=("gold",)),))) == set()


def test_cells_that_a_text_would_show(model: Model) -> None:
    contents = (Content("text", "{a}, {b|x}"), Content("text", "{c} {a} {{d}}", channel="sms"))
    steps = (Send(("sms",)), Send(("viber",)))
    chain = Chain("c", steps, saying=Saying(message="m"))
    blanks = Blanks(replace(model, messages=(Message("m", contents=contents),), chains=(chain,)), "new")
    full = {"viber": "+9991", "phone": "+9992", "a": "A", "b": "", "c": "C", "d": ""}
    assert blanks.unfilled(full) == ""
    assert blanks.unfilled({**full, "c": ""}) == "{c}"
    assert blanks.unfilled({**full, "a": "", "c": ""}) == "{c}, {a}"
    assert blanks.unfilled({**full, "c": "", "phone": ""}) == ""  # the text about c goes nowhere
    assert blanks.unfilled({**full, "a": "", "phone": ""}) == "{a}"
    assert blanks.unfilled({**full, "a": "", "phone": "", "viber": ""}) == ""
    assert blanks.unfilled({"viber": "+9991"}) == ""  # a column that is not there is another fault
