"""Reading plans: every fault of a file in one go, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote

from cascadesim.errors import Diagnostic, PlanError, Span
from cascadesim.model import codec
from cascadesim.plan.consistency import contradictions
from cascadesim.plan.document import FORMAT, Plan
from cascadesim.plan.schema import plan_schema

if TYPE_CHECKING:
    from jsonschema import FormatChecker
    from jsonschema.exceptions import ValidationError

_FAMILY = FORMAT.partition("/")[0] + "/"
_REMEDY = "make the plan anew with `cascadesim optimize --plan` or `cascadesim plan`"
_KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def read_plan(path: Path | str) -> Plan:
    """The plan in a file. PlanError with all the faults found: the file's, JSON's, the shape's, or the sense's."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise PlanError.of("C301", f"cannot read the plan {path}: {error.strerror or error}", _REMEDY) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError.of("C302", f"{path} is not a text file (byte {error.start} is not UTF-8)", _REMEDY) from error
    if "\0" in text:
        raise PlanError.of("C302", f"{path} is not a text file (it holds a NUL byte)", _REMEDY)
    return parse_plan(text, str(path))


def parse_plan(text: str, name: str = "<plan>") -> Plan:
    """The plan in a text; `name` is how errors call it. Raises PlanError as `read_plan` does."""
    data = _json(text, name)
    _check_format(data, name)
    faults = tuple(_shape_faults(data))
    if faults:
        raise PlanError(*(Diagnostic("C305", "error", None, f"{name}: {fault}", _REMEDY) for fault in faults))
    try:
        plan = codec.decode(Plan, data)
    except ValueError as error:
        raise PlanError.of("C305", f"{name}: {error}", _REMEDY) from error
    wrong = tuple(contradictions(plan))
    if wrong:
        raise PlanError(*(Diagnostic("C306", "error", None, f"{name}: {fault}", _REMEDY) for fault in wrong))
    return plan


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = Span(name, error.lineno, error.colno, error.lineno, error.colno + 1)
        raise PlanError.of("C303", f"this is not JSON: {error.msg}", _REMEDY, place) from error
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise PlanError.of("C303", f"{name} is not JSON: {reason}", _REMEDY) from error


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _check_format(data: Any, name: str) -> None:
    found = data.get("format") if isinstance(data, dict) else None
    if found == FORMAT:
        return
    if isinstance(found, str) and found.startswith(_FAMILY):
        message = f"{name} was written by another version of cascadesim: it is {found!r}, this version reads {FORMAT!r}"
        raise PlanError.of("C304", message, _REMEDY)
    raise PlanError.of("C304", f'{name} is not a plan: it does not say "format": "{FORMAT}"', _REMEDY)


def _shape_faults(data: Any) -> Iterator[str]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(plan_schema(), format_checker=_formats())
    errors = (leaf for error in validator.iter_errors(data) for leaf in _leaves(error))
    for error in sorted(errors, key=lambda e: (e.json_path, e.message)):
        yield f"{error.json_path}: {_words(error)}"


def _formats() -> FormatChecker:
    """Dates and times as the codec reads them: starts have no zone, so RFC 3339 does not fit."""
    from jsonschema import FormatChecker

    checker = FormatChecker(())
    for name, kind in (("date", date), ("time", time), ("date-time", datetime)):

        def reads(value: object, kind: type[date | time] = kind) -> bool:
            return not isinstance(value, str) or kind.fromisoformat(value) is not None

        checker.checks(name, ValueError)(reads)
    return checker


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """What is really wrong: of several kinds, the faults of the one that the object says it is."""
    if error.validator != "anyOf":
        yield error
        return
    branches: dict[Any, list[ValidationError]] = {}
    for fault in error.context or ():
        branches.setdefault(fault.schema_path[0], []).append(fault)
    meant = [faults for faults in branches.values() if not any(_is_another_kind(f, error) for f in faults)]
    if len(meant) != 1:
        yield error
        return
    for fault in meant[0]:
        yield from _leaves(fault)


def _is_another_kind(fault: ValidationError, of: ValidationError) -> bool:
    """Whether this fault says that the object is not of the branch's kind: null, or another tag."""
    depth = len(fault.absolute_path) - len(of.absolute_path)
    return (fault.validator == "const" and depth == 1) or (
        fault.validator == "type" and fault.validator_value == "null"
    )


def _words(error: ValidationError) -> str:
    """The fault in a sentence; only short values are quoted."""
    value: Any = error.validator_value
    schema: Any = error.schema
    instance: Any = error.instance
    if error.validator == "required":
        return "missing: " + error.message.split("'")[1]
    if error.validator == "additionalProperties":
        return "unknown: " + ", ".join(sorted(set(instance) - set(schema["properties"])))
    if error.validator == "anyOf":
        return "this is none of " + ", ".join(_kind_name(branch) for branch in value)
    if error.validator == "type":
        return f"{_quoted(instance)} is not {_KINDS[value]}"
    if error.validator in ("minimum", "maximum"):
        return f"{_quoted(instance)} is out of range: the {error.validator} is {value}"
    if error.validator == "enum":
        return f"{_quoted(instance)} is none of {', '.join(map(str, value))}"
    return f"{_quoted(instance)} does not fit ({error.validator}: {value})"


def _quoted(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind_name(branch: dict[str, Any]) -> str:
    if "$ref" in branch:
        return re.sub(" of several$", "", unquote(branch["$ref"].rpartition("/")[2]))
    return "null" if branch.get("type") == "null" else ", ".join(branch.get("properties", {"a value": None}))
