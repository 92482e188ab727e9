"""The model as JSON: ``decode(encode(x)) == x`` over drawn models, and data that is none is refused."""

from __future__ import annotations

import copy
import dataclasses
import json
import types
import typing
from datetime import date, datetime, time
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascadesim.model.chain import Chain, Event, Send
from cascadesim.model.channel import Channel
from cascadesim.model.codec import decode, encode, schema
from cascadesim.model.model import Model
from cascadesim.model.question import Keep
from cascadesim.units import Duration, Money, Share

LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=4),
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Share: st.floats(0, 1).map(Share),
    Duration: st.integers(0, 2**53).map(Duration),
    Money: st.builds(Money, st.integers(0, 10**15), st.just("EUR")),
    date: st.dates(),
    time: st.times(),
    datetime: st.datetimes(),
}


def values(hint: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Any value of a type of the model; chains nest a few levels deep."""
    if hint in LEAVES:
        return LEAVES[hint]
    origin, items = typing.get_origin(hint), typing.get_args(hint)
    if hint is types.NoneType:
        return st.none()
    if origin is typing.Literal:
        return st.sampled_from(items)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(item, depth) for item in items if depth < 4 or not holds_itself(item)])
    if origin is tuple and items[-1] is Ellipsis:
        return st.lists(values(items[0], depth + 1), max_size=2 if depth < 4 else 0).map(tuple)
    if origin is tuple:
        return st.tuples(*(values(item, depth + 1) for item in items))
    hints = typing.get_type_hints(hint)
    fields = [field.name for field in dataclasses.fields(hint) if field.name != "span"]
    return st.deferred(lambda: st.builds(hint, **{name: values(hints[name], depth + 1) for name in fields}))


def holds_itself(hint: Any) -> bool:
    return getattr(hint, "__name__", "") in ("And", "Or", "Not", "If", "Split")


SCHEMA = jsonschema.Draft202012Validator(schema(Model))


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.data())
def test_decodes_what_it_encodes(data: st.DataObject) -> None:
    """Also through JSON's text; and what it encodes satisfies the schema."""
    field, hint = data.draw(st.sampled_from(sorted(typing.get_type_hints(Model).items())))
    model = dataclasses.replace(Model(), **{field: data.draw(values(hint))})
    encoded = encode(model)
    assert decode(Model, encoded) == model
    assert decode(Model, json.loads(json.dumps(encoded))) == model
    SCHEMA.validate(encoded)


@pytest.mark.parametrize("reports", [None, (), ("delivered", "opened")])
def test_a_list_that_may_be_missing(reports: Any) -> None:
    channel = Channel("sms", reports=reports)
    assert decode(Channel, encode(channel)) == channel
    assert encode(channel)["reports"] == (None if reports is None else list(reports))


@pytest.mark.parametrize(
    "value", [Share(0.5), Duration(5), Money(5, "EUR"), 5, 5.0], ids=["share", "duration", "money", "count", "number"]
)
def test_a_limit_keeps_its_type(value: Any) -> None:
    keep = decode(Keep, json.loads(json.dumps(encode(Keep("coverage", "at least", value)))))
    assert keep.value == value
    assert type(keep.value) is type(value)


def test_spans_are_left_out() -> None:
    assert "span" not in json.dumps(encode(Chain("a", (Send(("sms",)),))))


GOOD = encode(Model(channels=(Channel("sms"),), chains=(Chain("a", (Send(("sms",)),), stop_when=(Event("opened"),)),)))


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("channels", 0, "name"), 5, r"\$\.channels\[0\]\.name: 5 is no str"),
        (("channels", 0, "extra"), 5, r"missing or unknown: extra"),
        (("channels", 0, "costs"), {}, r"\$\.channels\[0\]\.costs: not a list"),
        (("channels", 0, "reports"), ["read"], r"'read' is none of delivered"),
        (("channels", 0), None, r"missing or unknown: Channel"),
        (("chains", 0, "body", 0, "is"), "Sent", r"\$\.chains\[0\]\.body\[0\]: none of Send"),
        (("chains", 0, "body", 0), "send", r"none of Send"),
        (("scenario", "seed"), True, r"\$\.scenario\.seed: True is no int"),
        (("scenario", "seed"), "1", r"'1' is no int"),
        (("scenario", "starts"), "yesterday", r"\$\.scenario\.starts"),
        (("scenario", "horizon"), None, r"\$\.scenario\.horizon"),
    ],
)
def test_refuses_what_is_no_model(path: tuple[Any, ...], value: Any, message: str) -> None:
    data = copy.deepcopy(GOOD)
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValueError, match=message):
        decode(Model, data)
    if "starts" not in path:  # a schema's format is an annotation, not a test
        assert not SCHEMA.is_valid(data)


def test_refuses_a_missing_key() -> None:
    data = copy.deepcopy(GOOD)
    del data["scenario"]["zone"]
    with pytest.raises(ValueError, match=r"\$\.scenario: missing or unknown: zone"):
        decode(Model, data)
