"""Where something stands in a TOML file: the library that reads it does not say."""

from __future__ import annotations

import re

from cascadesim.errors import Span

_HEADER = re.compile(r"""\s*\[\s*(?P<name>[\w-]+|"[^"]*"|'[^']*')\s*(?P<more>\.[^\]]*)?\]""")
_KEY = re.compile(r"""\s*(?P<name>[\w-]+|"[^"]*"|'[^']*')\s*[=.]""")


class Places:
    """The lines of tables and of the settings in them, found by how they begin."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._found: dict[tuple[str, str | None], Span] = {}
        table = ""
        for number, line in enumerate(text.splitlines(), 1):
            if (header := _HEADER.match(line)) is not None:
                table = _bare(header["name"])
                self._note(table, None, number, line)
            elif (key := _KEY.match(line)) is not None:
                name = _bare(key["name"])
                self._note(table, name, number, line) if table else self._note(name, None, number, line)

    def of(self, table: str, key: str | None = None) -> Span | None:
        """The line of a setting, else of its table."""
        return self._found.get((table, key), self._found.get((table, None)))

    def line(self, table: str, key: str) -> str:
        """The same in words, for what must not be shown."""
        span = self.of(table, key)
        return self._file if span is None else f"{self._file}:{span.line}"

    def _note(self, table: str, key: str | None, number: int, line: str) -> None:
        start = len(line) - len(line.lstrip()) + 1
        self._found.setdefault((table, key), Span(self._file, number, start, number, len(line.rstrip()) + 1))


def _bare(name: str) -> str:
    return name.strip("\"'")
