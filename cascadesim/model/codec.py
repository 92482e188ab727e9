"""The model as JSON, and back: ``decode(Model, encode(model)) == model``.

One walk over the types of the dataclasses serves the encoder, the decoder and the JSON Schema, so the three
cannot drift apart. A dataclass is an object with every field as a key; where a field may hold one of several
dataclasses, the object says which in `"is"`. Durations are whole microseconds, money is written as in scripts
(`"0.045 EUR"`: exact), dates and times in ISO 8601. Source spans are left out: they belong to the script's text.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import date, datetime, time
from typing import Any, TypeVar, Union

from cascadesim.units import Duration, Money, Share

T = TypeVar("T")
_SCALARS: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Share: {"type": "number", "minimum": 0, "maximum": 1},
    Duration: {"type": "integer", "minimum": 0},
    Money: {"type": "string", "pattern": "^[0-9]+([.][0-9]+)? [A-Z]{3}$"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
}
_TAG = "is"
# Where a number may mean several things, the value says which: a keep's value is the only such field.
_TAGGED_SCALARS = {Share: "share", Duration: "duration", Money: "money", int: "count", float: "number"}


_known: dict[Any, tuple[tuple[str, Any], ...]] = {}


def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    if kind not in _known:
        hints = typing.get_type_hints(kind)
        _known[kind] = tuple((f.name, hints[f.name]) for f in dataclasses.fields(kind) if f.name != "span")
    return _known[kind]


def _alternatives(hint: Any) -> list[Any]:
    return list(typing.get_args(hint)) if typing.get_origin(hint) in (Union, types.UnionType) else [hint]


def _is_tagged(hint: Any) -> bool:
    return len([a for a in _alternatives(hint) if a is not types.NoneType]) > 1


def encode(value: Any, hint: Any = None) -> Any:
    """The value as JSON data; `hint` is the declared type, the value's own by default."""
    hint = type(value) if hint is None else hint
    if value is None:
        return None
    if isinstance(value, tuple):
        listed = next(a for a in _alternatives(hint) if typing.get_origin(a) is tuple)
        (item, *_) = typing.get_args(listed)
        return [encode(v, item) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, Money):
        data = {name: encode(getattr(value, name), kind) for name, kind in _fields(type(value))}
        return {_TAG: type(value).__name__, **data} if _is_tagged(hint) else data
    if _is_tagged(hint):
        return {_TAGGED_SCALARS[type(value)]: _scalar(value)}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, bool | str):
        return value
    return int(value) if isinstance(value, int) else float(value)


def decode(hint: type[T], data: Any) -> T:
    """The value of that type behind JSON data that satisfies `schema(hint)`; ValueError if it does not."""
    return typing.cast("T", _decode(hint, data, "$"))


def _decode(hint: Any, data: Any, path: str) -> Any:
    alternatives = [a for a in _alternatives(hint) if a is not types.NoneType]
    if data is None and len(alternatives) < len(_alternatives(hint)):
        return None
    kind = alternatives[0] if len(alternatives) == 1 else _chosen(alternatives, data, path)
    if len(alternatives) > 1:
        scalar = _TAGGED_SCALARS.get(kind)
        data = data[scalar] if scalar else {k: v for k, v in data.items() if k != _TAG}
    if typing.get_origin(kind) is tuple:
        return _decode_tuple(kind, data, path)
    if typing.get_origin(kind) is typing.Literal:
        if data not in typing.get_args(kind):
            raise ValueError(f"{path}: {data!r} is none of {', '.join(map(str, typing.get_args(kind)))}")
        return data
    if dataclasses.is_dataclass(kind) and kind is not Money:
        return _decode_object(typing.cast("type", kind), data, path)
    return _decode_scalar(kind, data, path)


def _chosen(alternatives: list[Any], data: Any, path: str) -> Any:
    if isinstance(data, dict):
        for kind in alternatives:
            if data.get(_TAG) == kind.__name__ or list(data) == [_TAGGED_SCALARS.get(kind)]:
                return kind
    raise ValueError(f"{path}: none of {', '.join(a.__name__ for a in alternatives)}")


def _decode_tuple(kind: Any, data: Any, path: str) -> tuple[Any, ...]:
    items = typing.get_args(kind)
    if not isinstance(data, list):
        raise ValueError(f"{path}: not a list")
    hints = [items[0]] * len(data) if items[-1] is Ellipsis else list(items)
    if len(hints) != len(data):
        raise ValueError(f"{path}: {len(hints)} items expected")
    return tuple(_decode(h, v, f"{path}[{i}]") for i, (h, v) in enumerate(zip(hints, data, strict=True)))


def _decode_object(kind: type[T], data: Any, path: str) -> T:
    fields = dict(_fields(kind))
    if not isinstance(data, dict) or set(data) != set(fields):
        wrong = sorted(set(data) ^ set(fields)) if isinstance(data, dict) else [kind.__name__]
        raise ValueError(f"{path}: missing or unknown: {', '.join(wrong)}")
    return kind(**{name: _decode(hint, data[name], f"{path}.{name}") for name, hint in fields.items()})


def _decode_scalar(kind: Any, data: Any, path: str) -> Any:
    try:
        if kind is Money:
            return Money.parse(data)
        if kind in (datetime, date, time):
            return kind.fromisoformat(data)
        wanted = {str: str, bool: bool}.get(kind, int | float)
        if not isinstance(data, wanted) or (isinstance(data, bool) and kind is not bool):
            raise ValueError(f"{data!r} is no {kind.__name__}")
        return kind(data)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None


def schema(kind: type) -> dict[str, Any]:
    """The closed JSON Schema of a dataclass: every key required, none unknown."""
    definitions: dict[str, Any] = {}
    root = _schema(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _schema(hint: Any, definitions: dict[str, Any], tagged: bool = False) -> dict[str, Any]:
    if typing.get_origin(hint) in (Union, types.UnionType):
        parts = [a for a in _alternatives(hint) if a is not types.NoneType]
        found = [_schema(p, definitions, len(parts) > 1) for p in parts]
        null = [{"type": "null"}] if len(parts) < len(_alternatives(hint)) else []
        return {"anyOf": found + null} if len(found + null) > 1 else found[0]
    if typing.get_origin(hint) is typing.Literal:
        return {"enum": list(typing.get_args(hint))}
    if typing.get_origin(hint) is tuple:
        items = typing.get_args(hint)
        if items[-1] is Ellipsis:
            return {"type": "array", "items": _schema(items[0], definitions)}
        return {
            "type": "array",
            "prefixItems": [_schema(i, definitions) for i in items],
            "items": False,
            "minItems": len(items),
        }
    if hint in _SCALARS:
        return _object({_TAGGED_SCALARS[hint]: _SCALARS[hint]}) if tagged else _SCALARS[hint]
    name = hint.__name__ + (" of several" if tagged else "")
    if name not in definitions:
        definitions[name] = {}  # the type may hold itself
        tag = {_TAG: {"const": hint.__name__}} if tagged else {}
        definitions[name] = _object({**tag, **{n: _schema(h, definitions) for n, h in _fields(hint)}})
    return {"$ref": f"#/$defs/{name.replace(' ', '%20')}"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
