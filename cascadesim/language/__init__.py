"""From a script to the model.

| stage      | from                    | to                                       |
|------------|-------------------------|------------------------------------------|
| `source`   | a file                  | its text, or why it cannot be a script   |
| `grammar`  | a text                  | a tree                                   |
| `recovery` | a text without a tree   | its faults, and a tree of all the rest   |
| `reader`   | a tree                  | statements, with values and places       |
| `resolve`  | statements of all files | one campaign: used, changed, tabulated   |
| `assemble` | a campaign              | the model                                |
| `rules`    | model and campaign      | faults of meaning                        |
| `noise`    | all the faults          | those that are no echo of another        |
| `rendering`| a fault                 | what people read                         |

The other way round: `printer` makes a script of a model, `formatter` lays a script out.

Every stage notes faults and goes on where it can, so that one run shows them all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cascadesim.language.formatter import format_text
    from cascadesim.language.printer import script_of, write_script
    from cascadesim.language.rendering import diagnostics_json, render, render_articles, render_html
    from cascadesim.language.script import Reading, Script, check, examine, examine_text, read, read_text

__all__ = [
    "Reading",
    "Script",
    "check",
    "diagnostics_json",
    "examine",
    "examine_text",
    "format_text",
    "read",
    "read_text",
    "render",
    "render_articles",
    "render_html",
    "script_of",
    "write_script",
]

_HOMES = dict.fromkeys(__all__, "script") | {
    "diagnostics_json": "rendering",
    "format_text": "formatter",
    "render": "rendering",
    "render_articles": "rendering",
    "render_html": "rendering",
    "script_of": "printer",
    "write_script": "printer",
}


def __getattr__(name: str) -> Any:
    # The parser is loaded when the first script is read, not when the package is imported.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
