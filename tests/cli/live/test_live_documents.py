"""The `--json` documents of the commands of a live campaign, against closed schemas (see `test_documents`)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Cli
from tests.cli.live.conftest import CAP, Shop
from tests.cli.test_documents import keys, objects, pruned, validator

COMMANDS = {
    "send": ("send", "plan.json", "--contacts", "people.csv", "--senders", "bad.toml", *CAP),
    "send-dry-run": ("send", "plan.json", "--contacts", "people.csv", "--senders", "bad.toml", "--dry-run"),
    "status": ("status",),
    "records": ("records", "sent.parquet"),
    "steered": ("pause",),
    "enter": ("enter", "in.csv"),
    "stop": ("stop", "out.csv"),
    "forget": ("forget", "p2", "--yes"),
}


@pytest.fixture
def documents(shop: Shop, cli: Cli) -> dict[str, Any]:
    """One of each."""
    shop.write(
        "bad.toml",
        '[push]\nsender = "console"\n[sms]\nsender = "webhook"\nurl = "http://127.0.0.1:9/x"\ncountry = "LV"\n'
        'secret = { file = "secret" }\naddresses = "phone"\n',
    )
    shop.write("secret", "a secret that is long enough")
    shop.write("in.csv", "id,chain,event,first_name,push,sms\nnew-1,sale,left,Eve,,+37120000099\n")
    shop.write("out.csv", "id,reason\np5,unsubscribed\n")
    shop.people(4, number="12{:02d}")
    return {name: cli(*command, "--json").document for name, command in COMMANDS.items()}


def test_documents_satisfy_their_schemas_and_any_key_more_or_less_is_refused(documents: dict[str, Any]) -> None:
    for name, data in documents.items():
        check = validator(name)
        assert [f"{name} {error.json_path}: {error.message}" for error in check.iter_errors(data)] == []
        small = pruned(data)
        for path, parent, key in keys(small):
            value = parent.pop(key)
            assert not check.is_valid(small), f"{name}: without {path}"
            parent[key] = value
        for path, found in objects(small):
            found["surplus"] = None
            assert not check.is_valid(small), f"{name}: more in {path}"
            del found["surplus"]


def test_diagnostics_are_the_document_where_a_command_stops(shop: Shop, cli: Cli) -> None:
    for name, command in COMMANDS.items():
        stopped = cli(*command, "--json") if name.startswith("send") else cli(*command, "--store", "none.db", "--json")
        assert stopped.status == 1
        assert validator("diagnostics").is_valid(stopped.document), name
