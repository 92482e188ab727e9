"""Names across files: what a script uses, changes and tabulates, brought together as one campaign."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lark import Token, Tree

from cascadesim.errors import InputError, Span
from cascadesim.language.grammar import reserved_words, tree_of
from cascadesim.language.mentions import mentions
from cascadesim.language.names import reserved, undefined
from cascadesim.language.noise import Noise, Unread
from cascadesim.language.reader import read_document
from cascadesim.language.source import Files, Source, load
from cascadesim.language.statements import Block, Document, Kind, Line, Use

DEFINED: tuple[Kind, ...] = ("channel", "segment", "message", "chain")
"""The kinds of blocks that have names, and that another script can use."""


@dataclass
class Campaign:
    """A script with all that it uses: blocks by kind and name.

    Scenario and questions are those of the script itself: what it uses only lends it definitions. `elsewhere` has
    the channels that these scripts define, used or not, and their files. `faulty` has the lines that could not be
    read as they are, by file and number, `unread` their words: whatever they name may be used by them.
    """

    main: str
    defined: dict[Kind, dict[str, Block]] = field(default_factory=lambda: {kind: {} for kind in DEFINED})
    scenarios: list[Block] = field(default_factory=list)
    questions: list[Block] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    faulty: set[tuple[str, int]] = field(default_factory=set)

    @property
    def is_library(self) -> bool:
        """Whether it only lends definitions: nothing in it runs, so it need not say when, or in which currency."""
        return not (self.scenarios or self.questions or self.defined["chain"])

    @cached_property
    def in_play(self) -> frozenset[str]:
        """The channels that matter: the script's own, and of those it uses the ones that it mentions.

        A script may take a whole file of channels; what stands there of others makes no demands on it.
        """
        own = {name for name, block in self.defined["channel"].items() if block.span.file == self.main}
        blocks = (*self.questions, *self.defined["chain"].values())
        lines = [line for block in blocks for line in block.lines]
        chosen = {name for line in lines if line.rule == "choose" for name in line.value}
        return frozenset(
            own | chosen | {name for line in lines for kind, name in mentions(line.value) if kind == "channel"}
        )

    def block(self, kind: Kind, name: str) -> Block | None:
        """The block of that kind and name."""
        return self.defined[kind].get(name)


class Loader:
    """Reads a script and, once each, the scripts that it uses. `sources` has their texts by name."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.faults = files.faults
        self.sources: dict[str, str] = {}
        self.noise = Noise()
        self._campaigns: dict[Path, Campaign | None] = {}
        self._open: list[tuple[Path, str]] = []

    def campaign(self, source: Source, path: Path | None = None, files: Files | None = None) -> Campaign:
        """The campaign of a script: what could be read of it."""
        self.sources[source.name] = source.text
        files = files or self.files
        document = read_document(self._tree(source), source, files, self.faults)
        self._open.append((Path(os.path.realpath(path or source.name)), source.name))
        campaign = self._brought_together(document, source, files)
        self._open.pop()
        return campaign

    def _tree(self, source: Source) -> Tree[Token]:
        tree = tree_of(source.text)
        if tree is not None:
            return tree
        from cascadesim.language.recovery import recover  # its many patterns are for scripts that need them

        found = recover(source)
        self.faults.found.extend(found.faults)
        self.noise.add(source.name, found.unread, found.faults, found.headings)
        return found.tree

    def _brought_together(self, document: Document, source: Source, files: Files) -> Campaign:
        campaign = Campaign(source.name)
        for use in document.uses:
            self._use(campaign, use, files)
        for block in document.blocks:
            self._define(campaign, block)
        for block in document.blocks:
            if block.kind == "change":
                self._change(campaign, block)
        for block in document.blocks:
            if block.kind == "table":
                self._tabulate(campaign, block)
        for name, block in campaign.defined["channel"].items():
            campaign.elsewhere.setdefault(name, block.span.file)
        campaign.faulty |= self.noise.lines
        campaign.unread |= {word for unread in self.noise.unread for word in unread.words}
        return campaign

    def _use(self, campaign: Campaign, use: Use, files: Files) -> None:
        used = self._used(use, files)
        if used is None:
            return
        campaign.elsewhere |= used.elsewhere
        if use.names is None:
            for kind in DEFINED:
                for block in used.defined[kind].values():
                    self._add(campaign, kind, block, use.span)
            return
        for name in use.names:
            kinds = [kind for kind in DEFINED if name in used.defined[kind]]
            if not kinds:
                known = [known for kind in DEFINED for known in used.defined[kind]]
                self.faults.found.append(undefined("C023", name, f"{use.file} defines no {name}", known))
            for kind in kinds:
                self._add(campaign, kind, used.defined[kind][name], name.span)

    def _used(self, use: Use, files: Files) -> Campaign | None:
        path = Path(os.path.realpath(files.folder / use.file))
        open_names = [name for opened, name in self._open if opened == path]
        if open_names:
            self._cycle(use, path)
            return None
        if path not in self._campaigns:
            self._campaigns[path] = self._load(use, path, files)
        return self._campaigns[path]

    def _load(self, use: Use, path: Path, files: Files) -> Campaign | None:
        beside = files.folder / use.file
        try:
            source = load(beside)
        except InputError as error:
            self.faults.found.extend(replace(d, span=d.span or use.span) for d in error.diagnostics)
            self._without(use)
            return None
        self.files.used[files.name(use.file)] = source.sha256
        return self.campaign(source, path, files.beside(beside.parent))

    def _without(self, use: Use) -> None:
        """Remembers what cannot be known because a script that is used cannot be read."""
        names = frozenset(use.names or ())
        self.noise.unread.append(Unread("", 0, "", "", "use", names, defines=True, anything=use.names is None))

    def _cycle(self, use: Use, path: Path) -> None:
        self._without(use)
        opened = [p for p, _ in self._open]
        names = [name for _, name in self._open[opened.index(path) :]]
        if len(names) == 1:
            message = f"{names[0]} uses itself"
        else:
            message = f"{names[0]} uses " + ", which uses ".join([*names[1:], names[0]])
        self.faults.error("C035", use.span, message, "move what both need into a third file")

    def _define(self, campaign: Campaign, block: Block) -> None:
        if block.kind == "scenario":
            campaign.scenarios.append(block)
        elif block.kind == "optimize":
            campaign.questions.append(block)
        elif block.kind in DEFINED and block.name is not None:
            if block.name in reserved_words():
                self.faults.error("C018", block.name.span, *reserved(block.kind, block.name))
            self._add(campaign, block.kind, block, block.name.span)

    def _add(self, campaign: Campaign, kind: Kind, block: Block, span: Span | None) -> None:
        assert block.name is not None
        before = campaign.defined[kind].setdefault(block.name, block)
        if before is block:
            return
        place = before.span
        hint = f"`change {block.name}` replaces single lines of it" if kind == "channel" else "give it another name"
        where = f"in line {place.line}" if span and place.file == span.file else f"in {place.file}, line {place.line}"
        self.faults.error("C033", span, f"there is a {kind} {block.name} already, {where}", hint)

    def _change(self, campaign: Campaign, block: Block) -> None:
        assert block.name is not None
        channels = campaign.defined["channel"]
        if block.name in channels:
            channels[block.name] = channels[block.name].changed(block)
        else:
            message = f"there is no channel {block.name}"
            self.faults.found.append(undefined("C025", block.name, message, channels))

    def _tabulate(self, campaign: Campaign, block: Block) -> None:
        """A table's cells become lines of the segments that its rows name."""
        segments = campaign.defined["segment"]
        for line in block.all("row"):
            name, cells = line.value
            if name not in segments:
                self.faults.found.append(undefined("C020", name, f"there is no segment {name}", segments))
                continue
            added = tuple(Line(cell.rate.verb, "cell", cell, cell.rate.span) for cell in cells)
            segments[name] = replace(segments[name], lines=segments[name].lines + added)
