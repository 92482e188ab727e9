"""What a receipt says, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, get_args

from cascadesim.live.rows import Acceptance
from cascadesim.model.rates import State

Word = State | Acceptance

WORDS: tuple[Word, ...] = (*get_args(Acceptance), *get_args(State))
"""All that a receipt may say of a message."""


class Said(NamedTuple):
    """A receipt as a provider states it: its id there, the message's key, what happened, when (Unix microseconds).

    None: it does not say when.
    """

    id: str
    key: str
    word: Word
    at: int | None


READ: tuple[Word, ...] = ("delivered", "opened")
"""What a vendor's `read` says: who has read a message has it, also if the report of that is lost."""


def said_of(key: str, words: Sequence[Word], at: int | None) -> list[Said]:
    """What a vendor that numbers no receipts says of a message: each word counts once, however often it is said."""
    return [Said(f"{word}:{key}", key, word, at) for word in words]
