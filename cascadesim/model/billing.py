"""What each message costs: tariffs and billed parts, looked up once for a whole simulation."""

from __future__ import annotations

from collections.abc import Iterable

from cascadesim.model.chain import Chain, Send
from cascadesim.model.content import parts_of
from cascadesim.model.model import Model
from cascadesim.model.person import Person
from cascadesim.model.prices import Tariff, tariff
from cascadesim.model.rates import State


class Billing:
    """The price list of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._tariffs: dict[tuple[str, str], Tariff] = {}
        self._sends: dict[int, tuple[Send, ...]] = {}
        self._parts: dict[tuple[int, int, str], int] = {}

    def cost(self, chain: Chain, step: int, channel: str, person: Person, states: Iterable[State]) -> int:
        """What the person's message of this step comes to, in billionths, having got to these states (S13).

        Parts are those of the text as it is rendered for the person; without a text there is one.
        """
        key = (person.segment, channel)
        found = self._tariffs.get(key)
        if found is None:
            found = self._tariffs[key] = tariff(self._model, *key)
        return found.cost(self._parts_for(chain, step, channel, person) if found.part else 1, states)

    def _parts_for(self, chain: Chain, step: int, channel: str, person: Person) -> int:
        sends = self._sends.get(id(chain))
        if sends is None:
            sends = self._sends[id(chain)] = chain.sends
        if person.columns:
            return parts_of(self._model, chain, sends[step - 1], channel, person.columns)
        key = (id(chain), step, channel)
        if key not in self._parts:
            self._parts[key] = parts_of(self._model, chain, sends[step - 1], channel, None)
        return self._parts[key]
