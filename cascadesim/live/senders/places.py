"""Where something stands in a TOML file: the library that reads it does not say."""

from __future__ import annotations

import re

from cascadesim.errors import Span

_HEADER = re.compile(r"""\s*\[\s*(?P<name>[\w-]+|"[^"]*"|'[^']*')\s*(?P<more>\.[^\]]*)?\]""")
_KEY = re.compile(r"""\s*(?P<name>[\w-]+|"[^"]*"|'[^']*')\s*[=.]""")


class Places:
    """The lines of tables and of the settings in them, found by how they begin.

    Who is shown a place is shown its line, so there is none (`of`) for a table that is written on one line: a
    secret may be in it. In words (`line`) there is.
    """

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._found: dict[tuple[str, str | None], Span] = {}
        self._on_one_line: set[str] = set()
        table = ""
        for number, line in enumerate(text.splitlines(), 1):
            if (header := _HEADER.match(line)) is not None:
                table = _bare(header["name"])
                self._note(table, None, number, line)
            elif (key := _KEY.match(line)) is not None:
                name = _bare(key["name"])
                if table:
                    self._note(table, name, number, line)
                else:
                    self._note(name, None, number, line)
                    self._on_one_line.add(name)

    def of(self, table: str, key: str | None = None) -> Span | None:
        """The line of a setting, else of its table, if it may be shown."""
        return None if table in self._on_one_line else self._line(table, key)

    def line(self, table: str, key: str | None = None) -> str:
        """The same in words, for what must not be shown."""
        span = self._line(table, key)
        return self._file if span is None else f"{self._file}:{span.line}"

    def _line(self, table: str, key: str | None) -> Span | None:
        return self._found.get((table, key), self._found.get((table, None)))

    def _note(self, table: str, key: str | None, number: int, line: str) -> None:
        start = len(line) - len(line.lstrip()) + 1
        self._found.setdefault((table, key), Span(self._file, number, start, number, len(line.rstrip()) + 1))


def _bare(name: str) -> str:
    return name.strip("\"'")
