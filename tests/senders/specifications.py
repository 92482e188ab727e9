"""A vendor's OpenAPI description as a closed JSON Schema: unknown keys are refused everywhere.

Descriptions build objects by `allOf`, and name the kinds of one by a discriminator, which JSON Schema does not know.
Here the parts of an object become one object with all their keys, and a discriminator the choice that it means.
`oneOf` is read as `anyOf`: Infobip's own examples satisfy several of its branches.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

Schema = dict[str, Any]
_PROSE = {"description", "title", "example", "examples", "xml", "externalDocs", "default", "deprecated", "writeOnly"}


class Specification:
    """The description in a file. `ignored` are requirements that the vendor's own examples do not meet, by the
    name of the schema (its end) that states them.
    """

    def __init__(self, path: Path, ignored: Mapping[str, set[str]] | None = None) -> None:
        self.document: Any = json.loads(path.read_text(encoding="utf-8"))
        self._ignored = ignored or {}
        self._defs: Schema = {}

    def body(self, path: str, kind: str = "application/json") -> Draft202012Validator:
        """What may be posted there, closed."""
        schema = self.document["paths"][path]["post"]["requestBody"]["content"][kind]["schema"]
        return Draft202012Validator({**self._closed(schema), "$defs": self._defs})

    def named(self, reference: str) -> Draft202012Validator:
        """What the part of the description at this place (`#/..`) allows, closed."""
        return Draft202012Validator({**self._closed({"$ref": reference}), "$defs": self._defs})

    def examples(self, path: str) -> dict[str, Any]:
        """The vendor's own example bodies, by name."""
        content = self.document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        return {name: example["value"] for name, example in content.get("examples", {}).items()}

    def _closed(self, schema: Schema) -> Schema:
        """The schema, closed; those that have a name are kept by it, for they may hold themselves."""
        if "$ref" not in schema:
            return self._object(schema)
        name = schema["$ref"].rpartition("/")[2]
        if name not in self._defs:
            self._defs[name] = {}
            self._defs[name] = self._object(self._found(schema), name)
        return {"$ref": f"#/$defs/{name}"}

    def _found(self, schema: Schema) -> Schema:
        found: Any = self.document
        for key in schema["$ref"].removeprefix("#/").split("/"):
            found = found[unquote(key).replace("~1", "/").replace("~0", "~")]
        assert isinstance(found, dict)
        return found

    def _object(self, schema: Schema, name: str = "") -> Schema:
        kinds = schema.get("discriminator", {}).get("mapping")
        if kinds and "oneOf" not in schema:
            return {"anyOf": [self._closed({"$ref": kind}) for kind in dict.fromkeys(kinds.values())]}
        merged = self._merged(schema)
        choices = [merged.pop(key) for key in ("oneOf", "anyOf") if key in merged]
        if choices:
            (branches,) = choices
            rest = {key: value for key, value in merged.items() if key not in _PROSE and key != "discriminator"}
            if not rest.get("properties"):
                return {"anyOf": [self._closed(branch) for branch in branches]}
            return {"anyOf": [self._object({"allOf": [rest, branch]}) for branch in branches]}
        return self._whole(merged, name)

    def _whole(self, merged: Schema, name: str) -> Schema:
        made = {key: value for key, value in merged.items() if key not in _PROSE and key != "discriminator"}
        if "items" in made:
            made["items"] = self._closed(made["items"])
        if "properties" in made:
            made["properties"] = {key: self._closed(part) for key, part in made["properties"].items()}
            made.setdefault("additionalProperties", False)
        if "required" in made:
            lacking = next((keys for end, keys in self._ignored.items() if name.endswith(end)), set())
            made["required"] = [key for key in made["required"] if key not in lacking]
        return made

    def _merged(self, schema: Schema) -> Schema:
        """An object with the keys of all that it is made of; a branch that it is made of stays one."""
        if "$ref" in schema:
            return self._merged(self._found(schema))
        made: Schema = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema.get("allOf", ()):
            inner = self._merged(part)
            mapping = inner.get("discriminator", {}).get("mapping")
            if mapping:
                inner = {key: value for key, value in inner.items() if key != "discriminator"}
            for key, value in inner.items():
                if key == "properties":
                    made["properties"] = _both(made.get("properties", {}), value)
                elif key == "required":
                    made["required"] = [*made.get("required", ()), *value]
                else:
                    made.setdefault(key, value)
        return made


def _both(one: Schema, other: Schema) -> Schema:
    """Properties of two parts of an object; what both name must satisfy both."""
    return {**one, **{key: {"allOf": [one[key], value]} if key in one else value for key, value in other.items()}}
