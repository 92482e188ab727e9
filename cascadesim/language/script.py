"""The way from a file to a model: read, parse, bring together, assemble, check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cascadesim.errors import Diagnostic, InputError, ScriptError
from cascadesim.language.assemble import assemble
from cascadesim.language.resolve import Loader
from cascadesim.language.rules import check_rules
from cascadesim.language.source import Files, Source, from_text, load
from cascadesim.language.statements import Faults
from cascadesim.model.model import Model


@dataclass(frozen=True, slots=True)
class Script:
    """A script that has been read.

    `diagnostics` are warnings only. `base` is the folder that file names in the model count from.
    `source_sha256` is a hash over the script and all that its meaning depends on (scripts used, texts, curves);
    contacts' files have theirs in the model. `sources` has the texts of the scripts by the name in diagnostics.
    """

    model: Model
    diagnostics: tuple[Diagnostic, ...]
    path: Path
    base: Path
    source_sha256: str
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a script: the model unless there are errors, and all that was found."""

    script: Script | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]


def read(path_or_text: Path | str) -> Script:
    """The script in a file, as a model; ScriptError with all its faults if there are errors.

    A string of several lines is the script itself, read as by `read_text`.
    """
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return read_text(path_or_text)
    return _script(examine(path_or_text))


def read_text(text: str, name: str = "<text>", base: Path = Path()) -> Script:
    """As `read`, of a text; the files it names are looked for in `base`."""
    return _script(examine_text(text, name, base))


def check(path: Path | str) -> tuple[Diagnostic, ...]:
    """All that is wrong with a script, errors and warnings; empty if it is well. Raises nothing for bad input."""
    return examine(path).diagnostics


def examine(path: Path | str) -> Reading:
    """The script in a file and all faults found; raises nothing for bad input."""
    path = Path(path)
    try:
        source = load(path)
    except InputError as error:
        return Reading(None, error.diagnostics, {})
    return _examine(source, path, path.parent)


def examine_text(text: str, name: str = "<text>", base: Path = Path()) -> Reading:
    """As `examine`, of a text."""
    try:
        source = from_text(text, name)
    except InputError as error:
        return Reading(None, error.diagnostics, {name: text})
    return _examine(source, base / name, base)


def _examine(source: Source, path: Path, base: Path) -> Reading:
    faults = Faults()
    loader = Loader(Files(base, base, faults))
    campaign = loader.campaign(source, path)
    if campaign is None or not loader.complete:
        return Reading(None, faults.sorted(), loader.sources)
    model = assemble(campaign, faults)
    check_rules(model, campaign, faults)
    found = faults.sorted()
    if faults.has_errors:
        return Reading(None, found, loader.sources)
    script = Script(model, found, path, base, _hash(source, loader.files.used), loader.sources)
    return Reading(script, found, loader.sources)


def _hash(source: Source, used: Mapping[str, str]) -> str:
    """A hash of the hashes of all files, by their names from the campaign's folder."""
    lines = [source.sha256, *(f"{sha256} {name}" for name, sha256 in sorted(used.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _script(reading: Reading) -> Script:
    if reading.script is None:
        raise ScriptError(*reading.diagnostics)
    return reading.script
