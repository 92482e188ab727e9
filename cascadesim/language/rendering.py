"""A diagnostic as people read it in a terminal and in a browser, and as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from cascadesim.errors import Diagnostic, Fix, Span

_COLOURS = {"error": "\033[1;31m", "warning": "\033[1;33m", "bold": "\033[1m", "quiet": "\033[34m", "hint": "\033[36m"}


def render(diagnostic: Diagnostic, sources: Mapping[str, str], colour: bool = False) -> str:
    """The message, the place, the line of the script with the fault underlined, and what helps.

    `sources` has the scripts' texts by name; without the text the place alone is shown. No newline at the end.
    """

    def paint(style: str, text: str) -> str:
        return f"{_COLOURS[style]}{text}\033[0m" if colour and text else text

    severity = paint(diagnostic.severity, f"{diagnostic.severity}[{diagnostic.code}]")
    lines = [f"{severity}: {paint('bold', diagnostic.message)}"]
    span = diagnostic.span
    if span is not None:
        lines.append(f"{paint('quiet', '  -->')} {span.file}:{span.line}:{span.column}")
        text = _line(sources, span)
        if text is not None:
            number = str(span.line)
            bar = paint("quiet", f"{' ' * len(number)} |")
            blank, carets = _underline(text, span)
            lines += [
                bar,
                f"{paint('quiet', f'{number} |')} {text}",
                f"{bar} {blank}{paint(diagnostic.severity, carets)}",
            ]
    if diagnostic.hint is not None:
        lines.append(f"{paint('hint', '  hint:')} {diagnostic.hint}")
    return "\n".join(lines)


def _line(sources: Mapping[str, str], span: Span) -> str | None:
    text = sources.get(span.file)
    lines = text.split("\n") if text is not None else []
    return lines[span.line - 1].rstrip() if span.line <= len(lines) else None


def _underline(text: str, span: Span) -> tuple[str, str]:
    """The space before the carets and the carets, as wide as what they underline is in a terminal."""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    before = "".join(c if c == "\t" else " " * _width(c) for c in text[:start])
    return before + " " * (start - len(text)), "^" * max(1, sum(map(_width, text[start:end])))


def _width(character: str) -> int:
    """How many cells of a terminal the character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def render_html(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str], title: str = "cascadesim check") -> str:
    """The diagnostics as a page for the browser. Each is an `article` of class `error` or `warning`."""
    articles = "\n".join(_article(diagnostic, sources) for diagnostic in diagnostics)
    return _PAGE.format(title=escape(title), style=_STYLE, articles=articles or "<p>Nothing is wrong.</p>")


def render_articles(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """The same `article`s without the page, for a place in another one, such as a notebook's."""
    articles = "\n".join(_article(diagnostic, sources) for diagnostic in diagnostics)
    return f'<div class="cascade-faults"><style>{_WITHIN}</style>\n{articles}\n</div>'


def _article(diagnostic: Diagnostic, sources: Mapping[str, str]) -> str:
    span = diagnostic.span
    text = _line(sources, span) if span is not None else None
    where = f'<p class="place">{escape(span.file)}:{span.line}:{span.column}</p>' if span is not None else ""
    code = f'<span class="code">{diagnostic.severity} {diagnostic.code}</span>'
    parts = [
        f"<h2>{code} {_spoken_html(diagnostic.message)}</h2>",
        where,
        _marked(text, span) if text is not None and span is not None else "",
        f'<p class="hint">{_spoken_html(diagnostic.hint)}</p>' if diagnostic.hint is not None else "",
    ]
    return "\n".join([f'<article class="{diagnostic.severity}">', *filter(None, parts), "</article>"])


def _marked(text: str, span: Span) -> str:
    """The line of the script with the fault marked."""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    mark = f"<mark>{escape(text[start:end]) or '&nbsp;'}</mark>"
    return f"<pre><b>{span.line}</b> {escape(text[:start])}{mark}{escape(text[end:])}</pre>"


def _spoken_html(text: str) -> str:
    """What stands between backticks is code."""
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{articles}
</body>
</html>
"""

_COLOURED = "--error: #c0392b; --warning: #b9770e; --soft: #8883;"

_ARTICLE = """
article { border-left: .25rem solid var(--error); padding: .1rem 0 .1rem 1rem; margin: 1.5rem 0; }
article.warning { border-color: var(--warning); }
h2 { font-size: 1rem; margin: 0; }
.code { color: var(--error); font-weight: normal; margin-right: .5em; }
.warning .code { color: var(--warning); }
.place { margin: 0; opacity: .7; font-size: .85rem; }
pre { background: var(--soft); padding: .6rem .8rem; margin: .5rem 0; overflow-x: auto; border-radius: .3rem; }
pre b { opacity: .5; font-weight: normal; margin-right: 1em; user-select: none; }
mark { background: none; color: inherit; text-decoration: underline wavy var(--error); text-underline-offset: .25em; }
.warning mark { text-decoration-color: var(--warning); }
.hint { margin: .3rem 0; }
.hint::before { content: "→ "; opacity: .6; }
code { background: var(--soft); padding: 0 .25em; border-radius: .2em; }
"""

_STYLE = f"""
:root {{ color-scheme: light dark; {_COLOURED} }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.2rem; }}
{_ARTICLE}"""

_WITHIN = f".cascade-faults {{ {_COLOURED} {_ARTICLE} }}"


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """The diagnostics as data; without a place its keys are null."""
    return [_as_data(diagnostic) for diagnostic in diagnostics]


def _as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "file": diagnostic.span.file if diagnostic.span else None,
        **_place(diagnostic.span),
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "fix": _fix(diagnostic.fix),
    }


def _place(span: Span | None) -> dict[str, int | None]:
    keys = ("line", "column", "end_line", "end_column")
    return {key: getattr(span, key) if span else None for key in keys}


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {"replacement": fix.replacement, "safe": fix.safe, "file": fix.span.file, **_place(fix.span)}
