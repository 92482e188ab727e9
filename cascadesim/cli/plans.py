"""What commands need of a plan: its people, from the contacts file that is at hand."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cascadesim.cli import codes
from cascadesim.cli.output import Output
from cascadesim.errors import Diagnostic, InputError
from cascadesim.model.model import Model
from cascadesim.model.segment import Contacts, Segment

if TYPE_CHECKING:
    from cascadesim.contacts import Contact
    from cascadesim.plan import Plan


def contacts_of(out: Output, plan: Plan, path: Path, given: Path | None) -> dict[str, list[Contact]]:
    """The contacts of the plan's segments that take them from files: from the file given, else from beside the plan.

    InputError where there is no such file, ContactsError where it cannot be used.
    """
    from cascadesim.contacts import load_segments

    if given is not None and not _from_files(plan):
        out.warn(codes.NOT_NEEDED, f"--contacts {given} is not needed: the plan takes nobody from a file")
    base = path.parent if given is None else given.parent
    model = plan.model if given is None else _from(plan.model, given.name)
    if given is None:
        _check_beside(plan, path)
    tell_changes(out, plan, base, given)
    return load_segments(model, base, plan.names)


def people_in(plan: Plan, file: Path) -> dict[str, list[Contact]]:
    """The people of the plan's segments that take them from files, all in this one; see `load_segments`."""
    from cascadesim.contacts import load_segments

    return load_segments(_from(plan.model, file.name), file.parent, plan.names)


def tell_changes(out: Output, plan: Plan, base: Path, given: Path | None) -> None:
    """Warns where a file of contacts is not as it was when the plan was made."""
    for segment, people in _from_files(plan):
        file = base / people.file if given is None else given
        if (
            people.sha256 is not None
            and file.name == Path(people.file).name
            and _sha256(file) not in (None, people.sha256)
        ):
            out.warn(
                codes.CHANGED, f"{file} has changed since the plan was made: {segment.name} may be other people now"
            )


def excluded_of(plan: Plan, base: Path) -> dict[str, frozenset[str]]:
    """Who has opted out, by segment: the ids in the plan's `except` files, looked for in `base`."""
    from cascadesim.contacts import read_excluded

    mine = tuple(plan.model.segment(name) for name in plan.names)
    return read_excluded(replace(plan.model, segments=mine), base)


def _from_files(plan: Plan) -> list[tuple[Segment, Contacts]]:
    segments = (plan.model.segment(name) for name in plan.names)
    return [(segment, segment.people) for segment in segments if isinstance(segment.people, Contacts)]


def _from(model: Model, file: str) -> Model:
    """The model with all its contacts in this one file."""
    return replace(model, segments=tuple(_moved(segment, file) for segment in model.segments))


def _moved(segment: Segment, file: str) -> Segment:
    if not isinstance(segment.people, Contacts):
        return segment
    return replace(segment, people=replace(segment.people, file=file))


def _check_beside(plan: Plan, path: Path) -> None:
    missing = [
        Diagnostic(
            codes.NO_CONTACTS,
            "error",
            None,
            f"{segment.name} takes its people from {people.file}, which is not beside {path}",
            "say where they are by --contacts FILE",
        )
        for segment, people in _from_files(plan)
        if not (path.parent / people.file).exists()
    ]
    if missing:
        raise InputError(*missing)


def _sha256(file: Path) -> str | None:
    """The file's hash; None if it cannot be read, which its reader will explain."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
