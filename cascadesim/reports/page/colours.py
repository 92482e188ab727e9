"""A script in colours, as HTML."""

from __future__ import annotations

from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.style import Style
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String

from cascadesim.language.pygments_lexer import CascadeLexer


class Quiet(Style):
    """Few colours, each with a contrast of more than 4.5 on white, and told apart in grey by weight and slant."""

    background_color = "#ffffff"
    styles = {  # noqa: RUF012  (Pygments declares it so)
        Comment: "italic #5c6773",
        Keyword: "bold #0b5a40",
        Keyword.Pseudo: "bold #0b5a40",
        Name.Class: "#8a3f06",
        Name.Variable: "#8a3f06",
        Name.Function: "#8a3f06",
        Name.Constant: "#33658a",
        Number: "#2b5878",
        Operator.Word: "#0b5a40",
        String: "#33658a",
        Error: "",
    }


def coloured(script: str) -> str:
    """The script as a `<pre>`, its colours by the classes of `STYLE`."""
    return highlight(script, CascadeLexer(), _formatter())


def style() -> str:
    """The style sheet of the colours."""
    formatter: Any = _formatter()  # its stub has no types
    found: str = formatter.get_style_defs(".script")
    return "\n".join(line for line in found.splitlines() if line.startswith(".script ."))


def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(style=Quiet, cssclass="script", nowrap=False)
