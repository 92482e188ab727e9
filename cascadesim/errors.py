"""What can go wrong, as values.

A fault in a script, a contacts file or a plan is a `Diagnostic`: it says where, what and what to do.
Diagnostics are collected, so that one run shows all the faults of a file, and travel in an exception
only when the work cannot go on::

    CascadeError                 everything that cascadesim raises on purpose
    +-- InputError               the user's input cannot be used (exit status 1); carries diagnostics
    |   +-- ScriptError          a script
    |   +-- ContactsError        a contacts file
    |   +-- PlanError            a plan document
    |   +-- QuestionError        what is asked cannot be answered (infeasible, too large)
    +-- RefusedError             an engine or a sender does not do this, and says why (exit status 1)
    +-- OutsideError             the outside failed: a disk, a database, a provider (exit status 3)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: lines and columns count from 1, `end_column` is the first column after it."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends the fault: replace what `span` covers by `replacement`.

    It is `safe` where nothing else can be meant, so that `check --fix` makes it unasked.
    """

    span: Span
    replacement: str
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault: its code (`C012`), how grave it is, where it is, what is wrong and what helps."""

    code: str
    severity: Severity
    span: Span | None
    message: str
    hint: str | None = None
    fix: Fix | None = None

    def __str__(self) -> str:
        place = f"{self.span.file}:{self.span.line}:{self.span.column}: " if self.span else ""
        return f"{place}{self.severity}[{self.code}]: {self.message}"


class CascadeError(Exception):
    """Everything that cascadesim raises on purpose."""


class InputError(CascadeError):
    """The user's input cannot be used; `diagnostics` says where and what to do."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(str(d) for d in diagnostics))

    @classmethod
    def of(cls, code: str, message: str, hint: str | None = None, span: Span | None = None) -> InputError:
        """The error with one diagnostic."""
        return cls(Diagnostic(code, "error", span, message, hint))


class ScriptError(InputError):
    """A script cannot be read."""


class ContactsError(InputError):
    """A contacts file cannot be used."""


class PlanError(InputError):
    """A plan document cannot be used."""


class QuestionError(InputError):
    """What is asked of the optimizer cannot be answered."""


class RefusedError(CascadeError):
    """An engine or a sender does not do this; `reasons` says why, one sentence each."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


class OutsideError(CascadeError):
    """The outside failed: a disk, a database, a provider."""
