"""Random numbers by name (S3): a function of seed, people, channel, purpose, person, replication and attempt.

Nothing is drawn by position, so a number does not move when a script's channels, segments or steps do: plans
are compared on common random numbers.
"""

from __future__ import annotations

import hashlib

from cascadesim.draws.philox import philox, uniform

_MASK = 0xFFFFFFFF


def key(seed: int, scope: str, channel: str, purpose: str) -> tuple[int, int]:
    """The two key words of a stream: 64 bits of BLAKE2b over the names."""
    name = "\0".join((str(seed), scope, channel, purpose)).encode()
    digest = hashlib.blake2b(name, digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def id_counter(contact_id: str) -> int:
    """The 64-bit counter of a contact: a hash of the id, so that other rows do not matter."""
    return int.from_bytes(hashlib.blake2b(contact_id.encode(), digest_size=8).digest(), "little")


class Streams:
    """The streams of one seed and replication; keys are computed once a name."""

    def __init__(self, seed: int, replication: int) -> None:
        self._seed = seed
        self._replication = replication
        self._keys: dict[tuple[str, str, str], tuple[int, int]] = {}

    def pair(self, scope: str, channel: str, purpose: str, counter: int, attempt: int = 0) -> tuple[float, float]:
        """Two independent uniforms in (0, 1): the first says whether, the second when."""
        name = (scope, channel, purpose)
        found = self._keys.get(name)
        if found is None:
            found = self._keys[name] = key(self._seed, scope, channel, purpose)
        w = philox(found[0], found[1], counter & _MASK, counter >> 32, self._replication, attempt)
        return uniform(w[0], w[1]), uniform(w[2], w[3])
