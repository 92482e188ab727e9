"""A model as a script: the reader's inverse.

What is printed reads as exactly the model it was printed from, which is made sure of each time; a model that the
language has no words for is refused. It is the resolved form: changes, tables and what was used from other scripts
stand where they apply. Delays by a curve and texts from files stand in files beside the script.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath

from cascadesim.errors import RefusedError
from cascadesim.language.formatter import format_text
from cascadesim.language.printer.chain import chain_lines
from cascadesim.language.printer.channel import channel_lines, scenario_lines
from cascadesim.language.printer.question import question_lines
from cascadesim.language.printer.reading import refusals
from cascadesim.language.printer.segment import message_lines, segment_lines
from cascadesim.language.printer.values import Printing
from cascadesim.model.model import Model, Scenario
from cascadesim.model.question import Question
from cascadesim.model.segment import Contacts

__all__ = ["question_text", "script_of", "write_script"]


def script_of(model: Model) -> str:
    """The script that reads as this model; RefusedError says what of it no script can say.

    Read it where the files are that it names: contacts, texts and curves; `write_script` writes the latter two.
    """
    return _printed(model)[0]


def question_text(model: Model, question: Question) -> str:
    """The block that asks a question of the model."""
    lines = question_lines(Printing(frozenset(_files(model))), question)
    return format_text("\n".join(["cascade 1", *lines, ""]), "<printed>").partition("\n")[2].lstrip()


def write_script(model: Model, path: Path | str) -> None:
    """Writes the script of a model, and beside it the texts and curves that it names; refuses as `script_of`.

    A file that is there already and says something else is not overwritten, but for the script itself.
    """
    from cascadesim.plan.writing import replacing

    path = Path(path)
    text, files = _printed(model)
    wrong = [reason for name, content in files.items() if (reason := _unwritable(path, name, content))]
    if wrong:
        raise RefusedError(*wrong)
    for name, content in {**files, path.name: text}.items():
        target = path.parent / name
        if path.parent.is_dir():
            with suppress(OSError):  # `replacing` says what is wrong with a folder
                target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as draft:
            draft.write(content)


def _unwritable(path: Path, name: str, content: str) -> str | None:
    if name == path.name:
        return f"the model has a text in a file {name} too: name the script otherwise"
    if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
        return f"the file {name} does not lie beside the script: give it another name in the model"
    there = path.parent / name
    if there.exists() and (not there.is_file() or there.read_bytes() != content.encode()):
        return f"there is another {there} already: write the script to a folder of its own"
    return None


def _printed(model: Model) -> tuple[str, dict[str, str]]:
    """The script and the files that it names, by name."""
    plain = model.scenario == Scenario(currency=model.scenario.currency)
    try:
        return _print(model, with_frame=not plain)
    except RefusedError:
        if not plain:
            raise
        return _print(model, with_frame=True)  # its prices do not tell the currency


def _print(model: Model, with_frame: bool) -> tuple[str, dict[str, str]]:
    printing = Printing(frozenset(_files(model)))
    raw = "\n".join(["cascade 1", *_statements(printing, model, with_frame), ""])
    reasons = [*printing.refusals] or refusals(model, raw, printing)
    if reasons:
        raise RefusedError(*reasons)
    return format_text(raw, "<printed>"), printing.texts


def _files(model: Model) -> Iterator[str]:
    """The files that the model names."""
    for message in model.messages:
        yield from (content.file for content in message.contents if content.file is not None)
    for crowd in (segment.people for segment in model.segments):
        if isinstance(crowd, Contacts):
            yield from (crowd.file, crowd.excluded or crowd.file)


def _statements(out: Printing, model: Model, with_frame: bool) -> Iterator[str]:
    yield from scenario_lines(out, model.scenario) if with_frame else ()
    yield from (line for channel in model.channels for line in channel_lines(out, channel))
    yield from (line for segment in model.segments for line in segment_lines(out, segment))
    yield from (line for message in model.messages for line in message_lines(out, message))
    yield from (line for chain in model.chains for line in chain_lines(out, chain))
    yield from (line for question in model.questions for line in question_lines(out, question))
