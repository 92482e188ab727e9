"""What is wrong with single contacts, told together with numbers and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cascadesim.contacts import Contact
from cascadesim.errors import Diagnostic
from cascadesim.senders.sender import UnsendableError

_EXAMPLES = 5
_Kind = tuple[str, str, str]  # (code, what is wrong, what helps)


class Faults:
    """The faults of a run over contacts, however many, in the order of their first appearance."""

    def __init__(self) -> None:
        self._counts: Counter[_Kind] = Counter()
        self._examples: dict[_Kind, list[str]] = {}

    def note(self, contact: Contact, fault: UnsendableError) -> None:
        """Counts the fault and keeps the first contacts as examples."""
        kind = (fault.code, fault.what, fault.hint)
        self._counts[kind] += 1
        examples = self._examples.setdefault(kind, [])
        if len(examples) < _EXAMPLES:
            examples.append(f"{contact.id} {fault.example}".strip())

    def diagnostics(self) -> Iterator[Diagnostic]:
        """One diagnostic a kind of fault."""
        for (code, what, hint), examples in self._examples.items():
            count = self._counts[code, what, hint]
            some = ", ".join(examples) + (", ..." if count > len(examples) else "")
            people = "1 contact" if count == 1 else f"{count} contacts"
            yield Diagnostic(code, "error", None, f"{people}: {what} ({some})", hint)
