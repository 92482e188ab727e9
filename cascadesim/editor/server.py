"""The language server: what editors ask, put to the functions of this package, in the protocol's terms.

Places are the protocol's: lines and characters from 0, in UTF-16 unless the editor agrees to something else. Texts come
whole at every change: scripts are short, and what is a line end is not left to two opinions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from cascadesim import editor
from cascadesim.editor.place import lines_of
from cascadesim.errors import Diagnostic, Span
from cascadesim.language import examine_text

_PAUSE = 0.1
"""Seconds without a change after which a script is checked anew."""

_KINDS = {
    "name": lsp.CompletionItemKind.Variable,
    "word": lsp.CompletionItemKind.Keyword,
    "unit": lsp.CompletionItemKind.Unit,
}

server = LanguageServer("cascadesim", version("cascadesim"), lsp.TextDocumentSyncKind.Full)
"""The server; `start_io` runs it."""


class _Script:
    """An open script, and places in it as the protocol counts them."""

    def __init__(self, document: TextDocument) -> None:
        self.uri = document.uri
        self.version = document.version
        self.text = document.source
        path = Path(document.path or "<text>")
        self.name, self.base = path.name or "<text>", path.parent
        self._codec = document.position_codec
        self._lines = [f"{line}\n" for line in lines_of(self.text)]

    def at(self, position: lsp.Position) -> tuple[int, int]:
        """The place, in characters."""
        place = self._codec.position_from_client_units(self._lines, position)
        return place.line, place.character

    def position(self, line: int, character: int) -> lsp.Position:
        """The other way round."""
        return self._codec.position_to_client_units(self._lines, lsp.Position(line, character))

    def range(self, span: Span) -> lsp.Range:
        """The place of a span."""
        start = self.position(span.line - 1, span.column - 1)
        return lsp.Range(start, self.position(span.end_line - 1, span.end_column - 1))

    def diagnostic(self, found: Diagnostic) -> lsp.Diagnostic:
        """A fault; one of another script is shown where that script is used, else at the top."""
        message = found.message if found.hint is None else f"{found.message}\n{found.hint}"
        span = found.span or Span(self.name, 1, 1, 1, 1)
        if span.file != self.name:
            message = f"{span.file}, line {span.line}: {message}"
            rows = (number for number, line in enumerate(self._lines) if f'{Path(span.file).name}"' in line)
            line = next(rows, 0) + 1
            span = Span(self.name, line, 1, line, len(self._lines[line - 1]))
        severity = lsp.DiagnosticSeverity.Error if found.severity == "error" else lsp.DiagnosticSeverity.Warning
        return lsp.Diagnostic(self.range(span), message, severity, found.code, source="cascadesim")


def _script(uri: str) -> _Script:
    return _Script(server.workspace.get_text_document(uri))


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
@server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
def opened(params: lsp.DidOpenTextDocumentParams | lsp.DidSaveTextDocumentParams) -> None:
    """Says at once what is wrong."""
    _publish(_script(params.text_document.uri))


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
async def changed(params: lsp.DidChangeTextDocumentParams) -> None:
    """Says what is wrong when nothing has been typed for a moment."""
    await asyncio.sleep(_PAUSE)
    uri = params.text_document.uri
    if uri in server.workspace.text_documents:
        script = _script(uri)
        if script.version == params.text_document.version:
            _publish(script)


@server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def closed(params: lsp.DidCloseTextDocumentParams) -> None:
    """Takes back what was said."""
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))


def _publish(script: _Script) -> None:
    found = [script.diagnostic(d) for d in editor.check(script.text, script.name, script.base)]
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(script.uri, found, script.version))


@server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" "]))
def complete(params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
    """What may stand at the place."""
    script = _script(params.text_document.uri)
    line, character = script.at(params.position)
    return [
        lsp.CompletionItem(
            c.text,
            kind=_KINDS[c.what],
            detail=c.detail,
            documentation=_markdown(f"```cascade\n{c.example}\n```"),
            sort_text=f"{number:04}",
            text_edit=lsp.TextEdit(lsp.Range(script.position(line, c.start), script.position(line, c.end)), c.text),
        )
        for number, c in enumerate(editor.complete(script.text, line, character, script.name, script.base))
    ]


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def hover(params: lsp.HoverParams) -> lsp.Hover | None:
    """What the word means."""
    script = _script(params.text_document.uri)
    line, character = script.at(params.position)
    said = editor.hover(script.text, line, character, script.name, script.base)
    if said is None:
        return None
    return lsp.Hover(
        _markdown(said.markdown), lsp.Range(script.position(line, said.start), script.position(line, said.end))
    )


@server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
def definition(params: lsp.DefinitionParams) -> lsp.Location | None:
    """Where the name is defined."""
    script = _script(params.text_document.uri)
    span = editor.definition(script.text, *script.at(params.position), script.name, script.base)
    if span is None:
        return None
    there = script if span.file == script.name else _script(Path(span.file).resolve().as_uri())
    return lsp.Location(there.uri, there.range(span))


@server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
def formatting(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
    """The script laid out, as one change."""
    script = _script(params.text_document.uri)
    laid_out = editor.formatted(script.text)
    if laid_out == script.text:
        return []
    lines = lines_of(script.text)
    end = script.position(len(lines) - 1, len(lines[-1]))
    return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), laid_out)]


@server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """The changes that mend the faults of these lines."""
    script = _script(params.text_document.uri)
    found = editor.check(script.text, script.name, script.base)
    first, last = params.range.start.line + 1, params.range.end.line + 1
    return [
        lsp.CodeAction(
            action.title,
            lsp.CodeActionKind.QuickFix,
            [script.diagnostic(action.diagnostic)],
            is_preferred=action.fix.safe,
            edit=lsp.WorkspaceEdit({script.uri: [lsp.TextEdit(script.range(action.fix.span), action.fix.replacement)]}),
        )
        for action in editor.actions(found, script.name, first, last)
    ]


@server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
async def hints(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
    """What the script leaves unsaid. The engine works beside, so that typing goes on."""
    script = _script(params.text_document.uri)
    read = examine_text(script.text, script.name, script.base).script
    found = [*editor.delays(script.text)]
    if read is not None:
        found += await asyncio.to_thread(lambda: [*editor.figures(read, script.name)])
    return [*_shown(script, params.range, found)]


def _shown(script: _Script, asked: lsp.Range, found: Iterable[editor.Hint]) -> Iterable[lsp.InlayHint]:
    for hint in sorted(found, key=lambda hint: hint.line):
        if asked.start.line <= hint.line <= asked.end.line:
            place = script.position(hint.line, hint.character)
            yield lsp.InlayHint(place, hint.text, tooltip=hint.more, padding_left=True)


def _markdown(text: str) -> lsp.MarkupContent:
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
