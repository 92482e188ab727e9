from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cascadesim.errors import InputError, OutsideError, PlanError
from cascadesim.model import codec
from cascadesim.plan import Plan, parse_plan, read_plan, replacing, write_plan
from cascadesim.plan.schema import SCHEMA_FILE, plan_schema, schema_text

Path_ = tuple[str | int, ...]


def keys_of(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every key of every object within."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        if isinstance(data, dict):
            yield (*path, key)
        yield from keys_of(value, (*path, key))


def parent(data: Any, path: Path_) -> Any:
    for key in path[:-1]:
        data = data[key]
    return data


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(data: Any) -> list[str]:
    with pytest.raises(PlanError) as caught:
        parse_plan(json.dumps(data), "p.json")
    return [d.message for d in caught.value.diagnostics]


@pytest.fixture
def data(plan: Plan) -> dict[str, Any]:
    return dict(json.loads(plan.text))


@pytest.fixture
def lean(plan: Plan) -> dict[str, Any]:
    """The plan with every chain in it once: walking all its keys takes a second instead of ten."""
    model = dataclasses.replace(plan.model, chains=())
    return dict(json.loads(dataclasses.replace(plan, model=model, segments=plan.segments[:2]).text))


def test_a_plan_comes_back_as_it_was_written(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "p.json")
    assert read_plan(tmp_path / "p.json") == plan
    assert codec.decode(Plan, codec.encode(plan)) == plan


def test_the_same_plan_is_the_same_bytes(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "one.json")
    write_plan(read_plan(tmp_path / "one.json"), tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert names_in(tmp_path) == ["one.json", "two.json"]


def test_keys_are_sorted_so_that_two_plans_can_be_compared_by_line(plan: Plan) -> None:
    assert plan.text == json.dumps(json.loads(plan.text), indent=2, sort_keys=True) + "\n"


def test_the_shipped_schema_is_what_the_types_give() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()
    Draft202012Validator.check_schema(plan_schema())


def test_no_key_anywhere_may_be_missing(lean: dict[str, Any]) -> None:
    paths = list(keys_of(lean))
    assert len(paths) > 300
    validator = Draft202012Validator(plan_schema())
    for path in paths:
        less = copy.deepcopy(lean)
        del parent(less, path)[path[-1]]
        assert not validator.is_valid(less), path


def test_no_object_anywhere_may_have_a_key_more(lean: dict[str, Any]) -> None:
    objects = {path[:-1] for path in keys_of(lean)}
    validator = Draft202012Validator(plan_schema())
    for path in objects:
        more = copy.deepcopy(lean)
        parent(more, (*path, ""))["surplus"] = None
        assert not validator.is_valid(more), path


def test_every_missing_key_is_refused_when_read_with_its_place(data: dict[str, Any]) -> None:
    del data["certificate"]["gap"]
    del data["segments"][0]["share"]
    del data["model"]["channels"][1]["quiet"][0]["hours"]
    assert refused(data) == [
        "p.json: $.certificate: missing: gap",
        "p.json: $.model.channels[1].quiet[0]: missing: hours",
        "p.json: $.segments[0]: missing: share",
    ]


def test_a_fault_inside_one_of_several_kinds_is_told_as_that_kind_s(data: dict[str, Any]) -> None:
    del data["segments"][1]["chain"]["body"][0]["wait"]["lasting"]
    data["segments"][0]["chain"]["body"][1]["branches"][0]["condition"]["parts"][0]["names"] = "new"
    data["model"]["segments"][1]["people"] = {"is": "Herd", "count": 3}
    del data["model"]["segments"][0]["people"]["is"]
    assert refused(data) == [
        "p.json: $.model.segments[0].people: this is none of Headcount, Arrivals, Contacts",
        "p.json: $.model.segments[1].people: this is none of Headcount, Arrivals, Contacts",
        """p.json: $.segments[0].chain.body[1].branches[0].condition.parts[0].names: "new" is not a list""",
        "p.json: $.segments[1].chain.body[0].wait: missing: lasting",
    ]


def _set(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        parent(data, path)[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("segments", 0, "share", to=1.5), "$.segments[0].share: 1.5 is out of range: the maximum is 1"),
        (_set("segments", 0, "share", to=True), "$.segments[0].share: true is not a number"),
        (_set("certificate", "status", to="best"), '$.certificate.status: "best" is none of proven, gap, chosen'),
        (_set("objective", "goal", to="x" * 99), f'$.objective.goal: "{"x" * 56}... is none of cost per person'),
        (_set("objective", "extra", to=1), "$.objective: unknown: extra"),
        (_set("objective", "value", to="0.4 EURO"), '$.objective.value: "0.4 EURO" does not fit (pattern'),
        (_set("objective", "value", to="0.00000000001 EUR"), "$.objective.value: '0.00000000001 EUR' is finer"),
        (_set("model", "scenario", "starts", to="1 March"), '$.model.scenario.starts: "1 March" does not fit (format'),
        (_set("source_sha256", to="abc"), "$.source_sha256: not the hash"),
        (_set("segments", to=[]), "$.segments: the plan is for nobody"),
        (_set("segments", 0, "segment", to="lost"), "$.segments[0].segment: the model has no segment 'lost'"),
        (_set("segments", 0, "share", to=0.5), "$.segments: the shares of loyal add up to 1.25 instead of 1"),
        (_set("segments", 2, "reach", to=None), "$.segments: new has entries with and without a reach pattern"),
        (_set("segments", 2, "reach", to=["fax"]), "$.segments[2].reach: the model has no channel 'fax'"),
        (_set("segments", 1, "steps", 0, "wait", to=1), "$.segments[1].steps: the summary says something else"),
        (_set("model", "scenario", "zone", to="Riga"), "$.model.scenario.zone: there is no time zone 'Riga'"),
        (_set("model", "channels", 0, "name", to="sms"), "$.model.channels: sms is there 2 times"),
        (_set("model", "messages", to=[]), "$.segments[1].chain: the model has no message 'basket'"),
        (_set("model", "questions", 0, "covered_when", 1, "channel", to="fax"), "$.model.questions[0].covered_when: "),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_place(data: Any, change: Callable[[Any], None], message: str) -> None:
    change(data)
    assert any(message in said for said in refused(data)), refused(data)


def test_names_are_looked_for_in_every_corner_of_a_chain(data: dict[str, Any]) -> None:
    body = data["segments"][0]["chain"]["body"]
    body[0]["channels"][0] = "a"
    body[0]["wait"]["until"][0]["channel"] = "b"
    body[1]["branches"][0]["condition"]["parts"][0]["names"][0] = "c"
    body[1]["branches"][0]["condition"]["parts"][1]["part"]["channel"] = "d"
    body[1]["branches"][1]["condition"]["parts"][0]["channel"] = "e"
    body[1]["branches"][1]["condition"]["parts"][1]["channel"] = "f"
    body[2]["arms"][0]["body"][0]["saying"] = {"message": "g", "text": None}
    kinds = ["channel 'a'", "channel 'b'", "channel 'd'", "channel 'e'", "channel 'f'", "message 'g'", "segment 'c'"]
    assert refused(data) == [f"p.json: $.segments[0].chain: the model has no {kind}" for kind in kinds]


def test_a_hole_is_refused(data: dict[str, Any]) -> None:
    data["segments"][0]["chain"]["body"].append({"is": "Hole"})
    assert refused(data) == ["p.json: $.segments[0].chain: it has a hole, which nobody can send"]


def code_of(path: Path) -> str:
    with pytest.raises(PlanError) as caught:
        read_plan(path)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.hint
    return f"{diagnostic.code} {diagnostic.message}"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xff\xfe\x00{", "C302"),
        (b"{}\0", "C302"),
        (b"", "this is not JSON"),
        (b'{"format": NaN}', "NaN is no number"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "C304"),
        (b'{"format": "cascadesim-plan/2"}', "was written by another version"),
        (b'{"format": "pdf"}', "is not a plan"),
        (b'{"format": "cascadesim-plan/1"}', "C305"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    (tmp_path / "p.json").write_bytes(raw)
    with pytest.raises(PlanError) as caught:
        read_plan(tmp_path / "p.json")
    assert said in f"{caught.value.diagnostics[0].code} {caught.value}"


def test_json_faults_have_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{\n  "format": cascadesim\n}')
    with pytest.raises(PlanError) as caught:
        read_plan(tmp_path / "p.json")
    span = caught.value.diagnostics[0].span
    assert span is not None
    assert (span.line, span.column) == (2, 13)


def test_a_missing_file_and_a_directory_are_told(tmp_path: Path) -> None:
    assert code_of(tmp_path / "none.json").startswith("C301 cannot read the plan")
    assert code_of(tmp_path).startswith("C301 cannot read the plan")


def test_a_byte_order_mark_is_read(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(plan.text, encoding="utf-8-sig")
    assert read_plan(tmp_path / "p.json") == plan


@pytest.mark.parametrize("where", ["no-such-folder/p.json", "."])
def test_an_output_that_cannot_be_written_is_the_user_s_to_mend(plan: Plan, tmp_path: Path, where: str) -> None:
    with pytest.raises(InputError, match="C308") as caught:
        write_plan(plan, tmp_path / where)
    assert caught.value.diagnostics[0].hint
    assert names_in(tmp_path) == []


def write_half(path: Path, then: BaseException) -> None:
    with replacing(path) as file:
        file.write("half")
        raise then


def test_a_failing_disk_is_the_outside_s_fault(tmp_path: Path) -> None:
    target = tmp_path / "p.json"
    target.write_text("before")
    with pytest.raises(OutsideError, match="No space left"):
        write_half(target, OSError(28, "No space left on device"))
    assert target.read_text() == "before"
    assert names_in(tmp_path) == ["p.json"]


def test_what_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_half(tmp_path / "p.json", KeyboardInterrupt())
    assert names_in(tmp_path) == []
