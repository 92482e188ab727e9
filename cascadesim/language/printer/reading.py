"""A printed script read back: only what comes out as the model it was printed from is given out."""

from __future__ import annotations

import dataclasses
import reprlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cascadesim.errors import InputError, Span
from cascadesim.language.assemble import assemble
from cascadesim.language.printer.values import Printing
from cascadesim.language.resolve import Loader
from cascadesim.language.source import Files, from_text
from cascadesim.language.statements import Faults
from cascadesim.model.model import Model

_MOST = 10
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


class _Carried(Files):
    """The files that a model carries in itself, as they would be read from a disk."""

    __slots__ = ("printing",)

    def __init__(self, printing: Printing, faults: Faults) -> None:
        super().__init__(Path(), Path(), faults)
        self.printing = printing

    def text(self, file: str, span: Span) -> str | None:
        return self.printing.texts[file].encode().decode("utf-8-sig").replace("\r\n", "\n")

    def sha256(self, file: str, span: Span) -> str | None:
        return self.printing.hashes[file]


def refusals(model: Model, text: str, printing: Printing) -> list[str]:
    """What of the model the text does not say."""
    faults = Faults()
    try:
        campaign = Loader(_Carried(printing, faults)).campaign(from_text(text, "<printed>"))
    except InputError as error:
        return [diagnostic.message for diagnostic in error.diagnostics]
    lines = text.split("\n")
    errors = [fault for fault in faults.found if fault.severity == "error"]
    if errors or campaign is None:
        return [f"`{lines[f.span.line - 1].strip()}`: {f.message}" if f.span else f.message for f in errors][:_MOST]
    return [*_differences("", model, assemble(campaign, faults))][:_MOST]


def _differences(place: str, wanted: Any, read: Any) -> Iterator[str]:
    """Where two values differ, and how."""
    if dataclasses.is_dataclass(wanted) and type(wanted) is type(read):
        for field in dataclasses.fields(wanted):
            if field.compare:
                yield from _differences(f"{place} {field.name}", getattr(wanted, field.name), getattr(read, field.name))
    elif isinstance(wanted, tuple) and isinstance(read, tuple) and len(wanted) == len(read):
        for number, (one, other) in enumerate(zip(wanted, read, strict=True), 1):
            yield from _differences(f"{place} {getattr(one, 'name', number)}", one, other)
    elif wanted != read:
        yield f"{place.strip()}: {_SHORT.repr(wanted)} cannot be said in a script: {_SHORT.repr(read)} would be read"
