"""Files and models that the tests of contacts share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cascadesim.errors import Diagnostic, InputError
from cascadesim.model.chain import Chain, Saying, Send
from cascadesim.model.channel import Channel
from cascadesim.model.model import Model, Scenario
from cascadesim.model.segment import Contacts, Headcount, Segment, Test

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file into the test's folder and gives its path."""

    def _write(text: str | bytes, name: str = "people.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return _write


@pytest.fixture
def faults() -> Callable[..., tuple[Diagnostic, ...]]:
    """Calls and gives the diagnostics of the error it must raise."""

    def _faults(call: Callable[..., object], *args: object, **kwargs: object) -> tuple[Diagnostic, ...]:
        with pytest.raises(InputError) as raised:
            call(*args, **kwargs)
        return raised.value.diagnostics

    return _faults


@pytest.fixture
def model() -> Model:
    """Gold and silver from people.csv by tier, an arriving segment, one chain on two channels that greets by name."""
    return Model(
        Scenario(zone="Europe/Riga"),
        channels=(Channel("viber"), Channel("sms", address="phone"), Channel("email")),
        segments=(
            Segment("gold", Contacts("people.csv", where=(Test("tier", "is", ("gold",)),)), zone="Europe/London"),
            Segment("silver", Contacts("people.csv", where=(Test("tier", "is", ("silver",)),))),
            Segment("new", Headcount(10)),
        ),
        chains=(Chain("greet", (Send(("viber",)), Send(("sms",))), saying=Saying(text="Hi {first_name|there}")),),
    )
