"""What is made of the word table: the tables of the reference, and the TextMate grammar.

`python -m cascadesim.language.reference` writes them into `grammars/`; with `--check` it only says what is stale.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from cascadesim.language.grammar import GRAMMARS, reserved_words
from cascadesim.language.highlighting import textmate
from cascadesim.language.words import SECTIONS, statements, units, word_table

_MARK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def generated() -> dict[Path, str]:
    """What each generated file should hold."""
    reference = GRAMMARS / "README.md"
    written = _MARK.sub(lambda m: f"{m[1]}{table(m[2])}{m[3]}", reference.read_text(encoding="utf-8"))
    colours = json.dumps(textmate(), indent=2, ensure_ascii=False) + "\n"
    return {reference: written, GRAMMARS / "cascade.tmLanguage.json": colours}


def table(section: str) -> str:
    """A table of the reference: the statements of a section, all words, all units, or the words that are no names."""
    if section == "words":
        return _rows(("word", "in", "meaning"), _words())
    if section == "units":
        return _rows(("unit", "meaning"), _units())
    if section == "reserved":
        return f"{' '.join(f'`{word}`' for word in sorted(reserved_words()))}\n"
    assert section in SECTIONS, f"the word table has no section {section}"
    rows = ((f"`{s.example}`", s.meaning) for s in statements() if s.section == section)
    return _rows(("example", "meaning"), rows)


def _words() -> Iterator[tuple[str, ...]]:
    for word in sorted(word_table().values(), key=lambda word: word.word):
        yield f"`{word.word}`", ", ".join(word.places), f"{word.meaning} `{word.example}`"


def _units() -> Iterator[tuple[str, ...]]:
    for meaning in dict.fromkeys(word.meaning for word in units().values()):
        spellings = [f"`{word.word}`" for word in units().values() if word.meaning == meaning]
        yield ", ".join(spellings), meaning


def _rows(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    cells = [heading, *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    first, *others = [f"| {' | '.join(row)} |\n" for row in cells]
    return "".join([first, f"|{'---|' * len(heading)}\n", *others])


def main(arguments: list[str]) -> int:
    """Writes what is stale, or says so; the exit status."""
    stale = [path for path, text in generated().items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in stale:
        if "--check" in arguments:
            print(f"{path.name} is stale: run `python -m cascadesim.language.reference`", file=sys.stderr)
        else:
            path.write_text(generated()[path], encoding="utf-8")
    return int("--check" in arguments and bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
