"""A chain compiled for a vendor that takes a list of channels: all of it but the vendor's own fields."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from cascadesim.contacts import Contact
from cascadesim.model.chain import Chain
from cascadesim.model.model import Model
from cascadesim.plan import Plan, PlanSegment
from cascadesim.senders import codes
from cascadesim.senders.addresses import one_address
from cascadesim.senders.capabilities import Capability
from cascadesim.senders.failover import changes, hops_of, mine, partly, played
from cascadesim.senders.sender import CompiledChain, Request, Settings, StepReport, UnsendableError, step_report
from cascadesim.senders.wording import wording_of

SAYS_NOTHING = 'it says nothing: add `saying "..."` to the chain, or a text to the message'
ENGLISH = "en"


class ListChain(CompiledChain):
    """One entry's chain as a list of steps with time-outs. A vendor's file writes the request along some of them.

    `needs_senders`: every message says whom it is from, so that a channel without a sender keeps a placeholder.
    """

    needs_senders = True

    def __init__(self, capability: Capability, plan: Plan, entry: PlanSegment, settings: Settings) -> None:
        self.capability = capability
        self.settings = settings
        self.campaign = plan.sha256[:8]
        self.hops = hops_of(capability, plan.model, entry)
        self.wordings = tuple(wording_of(plan.model, entry.chain, s, s.channels[0]) for s in entry.chain.sends)
        self._horizon = plan.model.scenario.horizon
        self._model, self._entry = plan.model, entry
        self._prepare()
        self.steps = tuple(self._report(plan, entry, n) for n in range(len(self.hops)))
        self.columns = {hop.column: f"the addresses of channel {hop.channel}" for hop in self.hops}
        self.columns |= {name: f"the placeholder {{{name}}}" for wording in self.wordings for name in wording.needs}
        unsaid = [hop.channel for hop in self.hops if self.needs_senders and hop.channel not in settings.senders]
        self.blanks = tuple(dict.fromkeys(_blank(channel) for channel in unsaid))
        self.played = played(capability, plan.model, entry, self.hops)

    def partly(self, n: int) -> tuple[Model, Chain] | None:
        """See `CompiledChain.partly`."""
        is_list = self.played is not None and self.played.is_linear
        return partly(self.capability, self._model, self._entry, self.hops, n) if is_list else None

    def _prepare(self) -> None:
        """What a vendor's file works out before the report is made."""

    def _report(self, plan: Plan, entry: PlanSegment, n: int) -> StepReport:
        changed = [*changes(self.capability, plan.model, entry, n, self.hops), *self.content_changes(n)]
        return step_report(entry, n + 1, self.hops[n].channel, self.content_refusals(n), changed)

    def content_refusals(self, n: int) -> Iterator[str]:
        """Why step n (from 0) cannot say what it says, a sentence each."""
        wording = self.wordings[n]
        if not (wording.raw or "").strip() and self.template(n) is None:
            yield SAYS_NOTHING
        if wording.is_html:
            yield f"its text is HTML, and {self.capability.vendor} takes plain texts: add `text on {wording.channel}`"

    def content_changes(self, n: int) -> Iterator[str]:
        """What changes in what step n (from 0) says, a sentence each."""
        wording, template = self.wordings[n], self.template(n)
        if template is None:
            yield from wording.left_out(self.hops[n].there.carries)
        elif self.settings.language is None:
            yield f'the template "{template}" is asked for in English: no language is set'

    def request(self, contact: Contact) -> Request | None:
        """The contact's request, along the channels that reach them."""
        steps = mine(self.hops, contact, self._horizon)
        return self.compose(steps, contact) if steps else None

    @abstractmethod
    def compose(self, steps: Sequence[int], contact: Contact) -> Request | None:
        """The contact's request along these steps (from 0), at least one; UnsendableError."""

    # What vendors' files ask for.
    def template(self, n: int) -> str | None:
        """The registered template that step n is sent as. Its button and picture are registered with it."""
        return self.wordings[n].template if "template" in self.hops[n].there.carries else None

    @property
    def language(self) -> str:
        """The language of templates."""
        return self.settings.language or ENGLISH

    def sender(self, n: int) -> str:
        """Whom step n is from."""
        return self.settings.senders.get(self.hops[n].channel, _blank(self.hops[n].channel))

    def address(self, n: int, contact: Contact) -> str:
        """Where step n goes."""
        hop = self.hops[n]
        assert hop.there.address is not None
        return one_address(hop.there.address, {hop.channel: hop.column}, contact)

    def text(self, n: int, contact: Contact) -> str:
        """What step n says to the contact: something, and no longer than the vendor takes."""
        text = self.wordings[n].text(contact)
        if not text.strip():
            hint = "fill the cells, or write a fallback: {first_name|there}"
            raise UnsendableError(codes.NOTHING_TO_PUT, f"the text on {self.wordings[n].channel} is empty", hint)
        longest = self.hops[n].there.longest_text
        return text if longest is None else bounded(text, longest, f"the text on {self.wordings[n].channel}")

    def button(self, n: int, contact: Contact, label: int, target: int) -> tuple[str, str] | None:
        """The button's label and target, if the channel carries it; no longer than these (characters)."""
        if "button" not in self.hops[n].there.carries or "button" not in self.wordings[n].parts:
            return None
        channel = self.hops[n].channel
        shown = bounded(self.wordings[n].filled("button", contact) or "", label, f"the button's label on {channel}")
        return shown, bounded(self.wordings[n].target(contact), target, f"the button's target on {channel}")

    def image(self, n: int, contact: Contact, longest: int) -> str | None:
        """The picture's address, if the channel carries it; no longer than this (characters)."""
        if "image" not in self.hops[n].there.carries:
            return None
        found = self.wordings[n].filled("image", contact)
        return None if found is None else bounded(found, longest, f"the picture's address on {self.hops[n].channel}")

    def message_id(self, contact: Contact) -> str:
        """The same for the same plan and contact, so that a repeated request can be told."""
        plain = f"{self.campaign}-{contact.id}"
        if len(plain) <= self.capability.id_length and plain.isascii() and plain.isprintable():
            return plain
        return f"{self.campaign}-{blake2b(contact.id.encode(), digest_size=20).hexdigest()}"


def bounded(text: str, longest: int, what: str) -> str:
    """The text; UnsendableError if it has more characters than that."""
    if len(text) > longest:
        hint = "shorten it, or what is put into it"
        raise UnsendableError(codes.TOO_LONG, f"{what} has over {longest} characters", hint, str(len(text)))
    return text


def _blank(channel: str) -> str:
    return f"{{sender of {channel}}}"
