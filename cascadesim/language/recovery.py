"""Reading on after a fault: every line that cannot be read is told, and the rest of the script is read all the same.

The script is read line by line. The parser's state before a line is kept, so that a line that fails costs no more
than itself: another stands in for it, the one that was meant where that can be said, else a hole. What comes out is
a tree of what could be read, the faults, and the lines that are not in the tree, for `noise` to see what else they
may have caused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest

from lark import Token, Tree

from cascadesim.errors import Diagnostic
from cascadesim.language.grammar import TAB, WrongIndentError, parser
from cascadesim.language.names import similar
from cascadesim.language.noise import Unread, meant_by, words_of
from cascadesim.language.place import Place, place_in, without_comment
from cascadesim.language.source import Source
from cascadesim.language.spots import Attempt, Line, Spot, State, attempt, beginning, lines_of
from cascadesim.language.standins import fillers, fixed, guesses, placed
from cascadesim.language.syntax import explain, explain_level, explain_tab, reserved_names


@dataclass(frozen=True, slots=True)
class Recovered:
    """What could be read of a script, and what could not. `headings` are the lines at the top."""

    tree: Tree[Token]
    faults: tuple[Diagnostic, ...]
    unread: tuple[Unread, ...]
    headings: tuple[int, ...]


def recover(source: Source) -> Recovered:
    """What can be read of a script that has no tree as it is."""
    return _Walk(source).recovered()


class _Walk:
    """Goes through a script. `spot` is where it is, `width` how far the last line is taken to be indented.

    `blanked` is the indentation of a line that could not be read, while those below it go with it. `shown` is the
    script as faults are explained from: with the headings that were meant.
    """

    def __init__(self, source: Source) -> None:
        self.source = self.shown = source
        self.spot, self.width, self.last = beginning(), 0, Line(1, 0, source.line(1), 0)
        self.tokens: list[Token] = []
        self.faults: list[Diagnostic] = []
        self.unread: list[Unread] = []
        self.headings: list[int] = []
        self.kind, self.name = "", ""
        self.blanked: int | None = None
        spans = [d.span for d in reserved_names(source) if d.span is not None]
        self.reserved = {source.line(s.line)[s.column - 1 : s.end_column - 1]: s.line for s in spans}

    def recovered(self) -> Recovered:
        """What came of it."""
        lines = lines_of(self.source.text)
        for line, below in zip_longest(lines, lines[1:]):
            if self.blanked is not None and line.width > self.blanked:
                self._pass_over(line)
            else:
                self.blanked = None
                self._line(line, below)
        self._end()
        return Recovered(self._tree(), tuple(self.faults), tuple(self.unread), tuple(self.headings))

    def _tree(self) -> Tree[Token]:
        reading: State = parser().parse_interactive()
        for token in self.tokens:
            reading.feed_token(token)
        tree = reading.feed_eof(self.tokens[-1])
        assert isinstance(tree, Tree)
        return tree

    # ---- one line

    def _line(self, line: Line, below: Line | None) -> None:
        before = len(self.faults)
        if not self.tokens:
            self._version(line)
        tab = TAB.match(self.source.text, line.start)
        if tab is not None:
            self.faults.append(explain_tab(self.source, tab))
        spot = self._spot(line, told=len(self.faults) > before)
        told = any(fault.span is not None and fault.span.line == line.number for fault in self.faults[before:])
        first = attempt(spot, line.text)
        read = first if first.error is None else self._elsewhere(first, line)
        if read is None:
            self._stand_in(spot, line, below, self._fault(first, line, told))
            return
        if read is not first and read.at.columns[-1] != line.width:
            self._fault(first, line, told)
        self._take(read, line, line.text)

    def _version(self, line: Line) -> None:
        """Puts a first line where there is none."""
        first = attempt(self.spot, line.text)
        if first.error is not None and not first.tokens and not similar(line.text.split()[0], "cascade"):
            self._fault(first, line, told=False)
            self._hole(self.spot, Line(line.number, line.start, "", 0))

    def _fault(self, failed: Attempt, line: Line, told: bool) -> Diagnostic:
        """Why a line cannot be read; noted, if the line has not been told already.

        Where it only mentions what cannot be a name, that has been told.
        """
        assert failed.error is not None
        place = place_in(self.shown, line.number, failed.error, failed.after.expected)
        fault = self._written_out(explain(place), failed.at, line)
        before = place.text[: place.column - 1].replace(",", " ").split()[-1:]
        elsewhere = any(self.reserved.get(word, line.number) != line.number for word in (place.word, *before))
        if not told and not elsewhere:
            self.faults.append(fault)
        return fault

    def _written_out(self, fault: Diagnostic, spot: Spot, line: Line) -> Diagnostic:
        """The fault, with the whole line as it should be in place of an example, if its fix alone mends it."""
        mended = fixed(fault.fix, line.number, line.text)
        if mended is None or not (fault.hint or "").startswith("write: ") or attempt(spot, mended).error is not None:
            return fault
        return replace(fault, hint=f"write: {' '.join(without_comment(mended).split())}")

    # ---- indentation

    def _spot(self, line: Line, told: bool) -> Spot:
        """Where the line stands by its indentation; what is wrong with that is noted."""
        if self.spot.opens:
            if line.width > self.width:
                return self.spot.into(line, line.width)
            self._misplaced(line, "")
            inside = self.spot.into(line, line.width)
            if attempt(inside, line.text).error is None:
                return inside
            self._fill(self.spot.into(line, self.width + 1))
        columns = self.spot.columns
        if line.width > columns[-1] and not told:
            self._misplaced(line, "_INDENT")
        elif line.width < columns[-1] and line.width not in columns and not told:
            error = WrongIndentError(Token("_NL", "", end_line=line.number), line.width, list(columns))
            self.faults.append(explain_level(error, self.source))
        near = min(columns, key=lambda column: (abs(column - line.width), column))
        depths = [number for number, column in enumerate(columns, 1) if column == near]
        depth = depths[-1 if self._adjoins(line) else 0]
        if depth < len(columns) and not self.spot.can_end(line):
            self._unfinished()
            self._fill(self.spot)
        return self.spot.out(depth, line)

    def _misplaced(self, line: Line, kind: str) -> None:
        """Notes a line that is not where the lines before it let expect one."""
        column = len(line.text) - len(line.text.lstrip()) + 1
        self.faults.append(explain(Place(self.shown, line.number, column, kind, self.spot.expected)))

    def _adjoins(self, line: Line) -> bool:
        """Whether no empty line comes before it: what is set apart is not meant to go on with a block."""
        return line.number == self.last.number + 1

    def _unfinished(self) -> None:
        """Notes that something is missing behind the last line, unless that could not be read."""
        if not self.unread or self.unread[-1].line != self.last.number:
            column = len(without_comment(self.last.text)) + 1
            self.faults.append(explain(Place(self.shown, self.last.number, column, "_DEDENT", self.spot.expected)))

    def _elsewhere(self, failed: Attempt, line: Line) -> Attempt | None:
        """The line in a block where its first word belongs: around it, still open before it, or the script itself."""
        if failed.tokens or self.spot.opens or not self.spot.can_end(line):
            return None
        depth, columns = len(failed.at.columns), self.spot.columns
        same = [number for number in range(depth - 1, 0, -1) if columns[number - 1] == line.width]
        deeper = range(len(columns), depth, -1) if self._adjoins(line) else ()
        tried = dict.fromkeys((*same, *deeper, 1))
        reads = (attempt(self.spot.out(number, line), line.text) for number in tried)
        return next((read for read in reads if read.error is None), None)

    # ---- what stands in for a line

    def _stand_in(self, spot: Spot, line: Line, below: Line | None, fault: Diagnostic) -> None:
        """Goes on behind a line that cannot be read, with what was meant or with a hole."""
        deeper = below is not None and below.width > line.width
        mended = fixed(fault.fix, line.number, line.text)
        if fault.fix is not None and mended is not None and (fault.fix.safe or deeper):
            read = attempt(spot, mended)
            if read.error is None and (deeper or not read.after.opens):
                self._take(read, line, mended)
                return
        if below is not None and deeper:
            for text in guesses(line.number, line.text, below.text):
                read = attempt(spot, text)
                if read.error is None and read.after.opens:
                    self._leave_out(spot, line, fault)
                    self._take(read, line, text)
                    return
            if self._adjoins(line) and len(spot.columns) < len(self.spot.columns) and self._goes_on(below):
                spot = self.spot  # the line has lost its indentation, and is faulty besides
            else:
                self.blanked = line.width
        self._leave_out(spot, line, fault)
        self._hole(spot, line)

    def _goes_on(self, below: Line) -> bool:
        """Whether the line belongs to the block that is open now."""
        return below.width == self.spot.columns[-1] and attempt(self.spot, below.text).error is None

    def _fill(self, spot: Spot) -> None:
        """Goes on as if there were something below the last line."""
        self.unread.append(Unread(self.source.name, self.last.number, self.kind, self.name))
        self._hole(spot, self.last)

    def _hole(self, spot: Spot, line: Line) -> None:
        """Goes on with something that says nothing."""
        tried = ((text, attempt(spot, text)) for text in fillers(line.number))
        text, read = next((text, read) for text, read in tried if read.error is None and not read.after.opens)
        self._take(read, line, text)

    def _leave_out(self, spot: Spot, line: Line, fault: Diagnostic) -> None:
        """Remembers what a line may have said."""
        text = without_comment(line.text)
        found = Unread(self.source.name, line.number, self.kind, self.name, text.split()[0], words_of(text))
        found = replace(found, meant=meant_by(fault), has_figures=any(map(str.isdigit, text)))
        if len(spot.columns) == 1:
            anything = ".cascade" in text and "from" not in found.words
            found = replace(found, kind="", name="", defines=True, anything=anything)
        self.unread.append(found)

    def _pass_over(self, line: Line) -> None:
        """Leaves a line out with the one above it."""
        last, text = self.unread[-1], without_comment(line.text)
        figures = last.has_figures or any(map(str.isdigit, text))
        self.unread[-1] = replace(last, words=last.words | words_of(text), has_figures=figures)

    def _take(self, read: Attempt, line: Line, text: str) -> None:
        """Goes on behind a line that was read: as it is, or as the text that stands in for it."""
        self.tokens += [*read.at.tokens, *(placed(token, line) for token in read.tokens)]
        self.spot, self.last = read.after, line
        self.width = min(line.width, read.at.columns[-1])
        if len(read.at.columns) == 1:
            self.headings.append(line.number)
            self.kind, self.name = (*text.split(), "")[:2]
            if read.after.opens and text != line.text:
                self.shown = self.shown.with_line(line.number, text)

    def _end(self) -> None:
        """The end of the script: what is open is closed."""
        if not self.tokens:
            self._unfinished()
            self._hole(self.spot, self.last)
        if self.spot.opens:
            self._unfinished()
            self._fill(self.spot.into(self.last, self.width + 1))
        if not self.spot.can_end(self.last):
            self._unfinished()
            self._fill(self.spot)
        end = Line(self.last.number, self.last.start + len(self.last.text), "", 0)
        self.tokens += self.spot.out(1, end).tokens
