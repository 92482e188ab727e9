"""Every command's `--json` document against a closed schema: all keys required, none unknown, shares in 0..1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from cascadesim.plan.schema import SCHEMA_FILE

SCHEMAS = Path(__file__).parent / "schemas"
COMMANDS = {
    "diagnostics": ("check", "bad/over-100.cascade"),
    "check-fix": ("check", "bad/slips.cascade", "--fix"),
    "explain": ("explain", "C104"),
    "simulate": ("simulate", "world.cascade"),
    "compare": ("compare", "world.cascade", "push-first", "two-at-once", "--replications", "2"),
    "optimize": ("optimize", "world.cascade", "--draws", "3"),
    "plan": ("plan", "small.cascade", "--chain", "viber-then-sms"),
    "report": ("report", "plan.json", "--quick"),
    "rehearse": ("rehearse", "plan.json"),
    "export": ("export", "plan.json", "--to", "8x8", "--contacts", "people.csv", "--out", "requests.jsonl"),
    "senders": ("senders",),
    "senders-one": ("senders", "kannel"),
    "senders-matrix": ("senders", "matrix"),
    "senders-test": ("senders", "--test", "senders.toml"),
    "format": ("format", "small.cascade"),
    "contacts-check": ("contacts", "check", "bad/duplicate-id.csv", "--script", "world.cascade"),
    "run": ("run", "world.cascade", "--out", "out", "--replications", "2"),
}
_WITHOUT_SHARES = {
    *("diagnostics", "rehearse", "export", "contacts-check", "format", "check-fix", "explain"),
    *("senders", "senders-one", "senders-matrix", "senders-test"),
}
Document = tuple[str, Any]


@cache
def validator(name: str, plans: bool = True) -> Draft202012Validator:
    """The schema of that name; schemas refer to each other and to the plan's by file name.

    Without `plans` anything will do for a plan inside a document, which saves most of the time: what is in a plan
    is the same schema's business everywhere, and the document of the command `plan` shows it.
    """
    files = {file.name: json.loads(file.read_text()) for file in (*SCHEMAS.glob("*.json"), SCHEMA_FILE)}
    if not plans:
        files[SCHEMA_FILE.name] = {"$schema": files[SCHEMA_FILE.name]["$schema"]}
    resources = [(file, Resource.from_contents(schema)) for file, schema in files.items()]
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    return Draft202012Validator({"$id": f"{name}.json", **schema}, registry=Registry().with_resources(resources))


@pytest.fixture(params=COMMANDS)
def document(request: pytest.FixtureRequest, cli: Any, place: Path) -> Document:
    """A command's document, made once for the tests below."""
    if request.param not in _made:
        if "plan.json" in COMMANDS[request.param]:
            cli("plan", "world.cascade", "--chain", "viber-alone", "--out", "plan.json")
        _made[request.param] = cli(*COMMANDS[request.param], "--json").document
    return request.param, _made[request.param]


_made: dict[str, Any] = {}


def test_document_satisfies_its_schema(document: Document) -> None:
    name, data = document
    assert [error.json_path for error in validator(name).iter_errors(data)] == []


def test_any_key_taken_away_is_refused(document: Document) -> None:
    name, data = document[0], pruned(document[1])
    check = validator(name, plans=name == "plan")
    accepted = []
    for path, parent, key in keys(data):
        if ".plan." in path:
            continue
        value = parent.pop(key)
        accepted += [path] if check.is_valid(data) else []
        parent[key] = value
    assert accepted == []


def test_any_key_added_is_refused(document: Document) -> None:
    name, data = document[0], pruned(document[1])
    check = validator(name, plans=name == "plan")
    accepted = []
    for path, found in objects(data):
        if ".plan" in path:
            continue
        found["surplus"] = None
        accepted += [path] if check.is_valid(data) else []
        del found["surplus"]
    assert accepted == []


def test_shares_lie_between_0_and_1(document: Document) -> None:
    name, data = document[0], pruned(document[1])
    check = validator(name)
    shares = [(p, parent, k) for p, parent, k in keys(data) if k == "coverage" or p.endswith("coverage.mean")]
    assert (
        shares
        or name.startswith("senders")
        or name in ("diagnostics", "rehearse", "export", "contacts-check", "format", "check-fix", "explain")
    )
    for path, parent, key in shares:
        value = parent[key]
        parent[key] = 1.5
        assert not check.is_valid(data), path
        parent[key] = value


def test_diagnostics_are_the_document_of_a_command_that_stops(cli: Any, place: Path) -> None:
    for command in (args for args in COMMANDS.values() if args[0] not in ("check", "explain", "contacts", "senders")):
        stopped = cli(command[0], "nowhere.cascade", *command[2:], "--json")
        assert stopped.status == 1
        assert validator("diagnostics").is_valid(stopped.document)


def pruned(data: Any) -> Any:
    """The document with one item of each list: what holds of the others is the same line of the schema.

    Only of a compile report's steps all are kept: either all of them name their segment, or none does.
    """
    if isinstance(data, dict):
        return {key: pruned(value) for key, value in data.items()}
    if isinstance(data, list) and any(isinstance(item, dict) and "status" in item for item in data):
        return data
    return [pruned(data[0])] if isinstance(data, list) and data else data


def objects(data: Any, path: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(data, dict):
        yield path, data
        for key in list(data):
            yield from objects(data[key], f"{path}.{key}")
    elif isinstance(data, list):
        for place, item in enumerate(data):
            yield from objects(item, f"{path}[{place}]")


def keys(data: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    for path, found in objects(data):
        for key in list(found):
            yield f"{path}.{key}", found, key
