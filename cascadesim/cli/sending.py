"""What `cascadesim send` does, step by step: read everything, say what would happen, ask, enter the people, run."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from cascadesim.cli.orders import Order
from cascadesim.cli.output import Output, Progress
from cascadesim.cli.standing import show_standing
from cascadesim.cli.stores import Held, held, opened
from cascadesim.errors import InputError, RefusedError

if TYPE_CHECKING:
    from cascadesim.live import Caps, Sender
    from cascadesim.live.entering import Door
    from cascadesim.live.service import End, Service
    from cascadesim.live.sql import Office, SqlStore
    from cascadesim.model.person import Person


def dry(out: Output, order: Order) -> None:
    """Renders every message that could go out; nothing is sent, and nothing is written."""
    from cascadesim.live.assembly import campaign_of, start_of
    from cascadesim.live.census import take_census
    from cascadesim.live.clock import unix_now
    from cascadesim.live.rendering import Rendering
    from cascadesim.reports.sending import Before, dry_report

    _read(order)
    began = start_of(order.plan.model, unix_now())
    roll = order.roll(order.door(out), 0)
    if roll is None:
        raise click.UsageError("--dry-run needs --contacts: for whom should it render?")
    campaign = campaign_of(order.name, [order.plan], began)
    rendering = Rendering(campaign, order.senders.channels)
    census = take_census(campaign, roll.checked(), rendering.see)
    before = Before(order.plan, began, census, 0, roll.in_no_segment, order.reachable.unreachable, order.caps_now())
    out.show(*dry_report(before, rendering))
    out.document(before.to_json() | rendering.to_json())


def live(out: Output, order: Order) -> None:
    """Runs the campaign, once it is confirmed."""
    _read(order)
    _log_to_stderr()
    from cascadesim.live.sql import open_store

    if order.replaces:
        _replace(out, order)
    else:
        open_store(order.store, name=order.name, plan=order.plan.sha256, document=order.plan.text).close()
    with opened(order.store, order.name) as (store, office):
        try:
            _check(order, office, store)
            _enter(out, order, store, office)
        except BaseException:
            office.withdraw()
            raise
    ended: End = "replaced"
    while ended == "replaced":  # by another process: go on by the plan that is in force now
        with opened(order.store, order.name) as (store, office):
            ended = _serve(out, order, held(store, office))
    show_standing(out, order.store, order.name, ended)


def _read(order: Order) -> None:
    """All that is wrong with the plan and the senders, before anything is written."""
    _ = order.plan, order.senders


def _check(order: Order, office: Office, store: SqlStore) -> None:
    from cascadesim.live import codes

    if order.is_machine and store.engine.dialect.name == "sqlite":
        raise RefusedError("several machines need a PostgreSQL database: a SQLite file belongs to one")
    about = office.about()
    if about.course == "cancelled":
        raise RefusedError(f"the campaign {about.name} has been cancelled, and stays so; begin another by --campaign")
    if order.is_confirmed and (caps := order.caps(about.caps)).messages is None and caps.cost is None:
        hint = "say what it may spend at most: --cap-cost or --cap-messages"
        raise InputError.of(codes.NO_CAP, "--yes lets nobody look before it sends, so it needs a cap", hint)


def _enter(out: Output, order: Order, store: SqlStore, office: Office) -> None:
    """Says who would enter and what that can cost, asks, and enters them."""
    from cascadesim.live.assembly import start_of
    from cascadesim.live.census import newcomers, take_census
    from cascadesim.live.clock import unix_now
    from cascadesim.reports.sending import Before, before_report

    about, one, door = office.about(), held(store, office), order.door(out)
    roll = order.roll(door, max(0, one.clock.now()))
    caps = order.caps(about.caps)
    census = take_census(one.campaign, () if roll is None else newcomers(store, roll.checked()))
    there, nobody = sum(office.counts().values()), 0 if roll is None else roll.in_no_segment
    before = Before(order.plan, one.began, census, there, nobody, order.reachable.unreachable, caps)
    out.show(*before_report(before, about.name, store.place, order.senders))
    _check_caps(one, caps)
    if not order.is_confirmed:
        _ask("send" if census.people else "go on", "nothing was sent")
    office.begin(start_of(order.plan.model, unix_now()))  # now that it is said to, and not when it was asked
    if caps != about.caps:
        office.limit(caps)
    if census.people:
        _enrol(out, order, door, held(store, office), census.people)


def _enrol(out: Output, order: Order, door: Door, one: Held, total: int) -> None:
    from cascadesim.live.census import newcomers
    from cascadesim.live.enrolling import enrol

    roll = order.roll(door, max(0, one.clock.now()))
    assert roll is not None
    with out.progress("entering") as progress:
        entered = enrol(one.campaign, one.store, _counted(newcomers(one.store, roll.people()), total, progress))
    one.office.note(f"{entered} people entered")


def _check_caps(one: Held, caps: Caps) -> None:
    """A cap that is reached before anything goes out is a slip."""
    sent = sum(spent.messages for spent in one.store.spent().values())
    if caps.messages is not None and sent >= caps.messages:
        raise RefusedError(f"{sent:,} messages have gone out, and the cap is {caps.messages:,}: raise --cap-messages")
    if caps.cost is not None and not one.campaign.has_room(caps, one.store.spent()):
        raise RefusedError("what has gone out, with the channels' fees, already reaches the cap: raise --cap-cost")


def _ask(what: str, otherwise: str) -> None:
    answer = click.prompt(f"\nType yes to {what}", default="no", show_default=False)
    if str(answer).strip().lower() != "yes":
        raise RefusedError(f"{otherwise}: it takes the word yes")


def _serve(out: Output, order: Order, one: Held) -> End:
    from cascadesim.live.listening import listening

    if one.office.about().course == "paused":
        out.say("The campaign is paused: `cascadesim resume` lets it go on.")
    door = one.door(order.excluded, order.senders)
    with listening(order.senders, one.intake(), one.clock, door) as where, _asking(order, one):
        if where is not None:
            out.say(f"Receipts come in at {where}.")
        return _among_machines(out, order, one) if order.is_machine else _alone(out, order, one)


def _asking(order: Order, one: Held) -> AbstractContextManager[None]:
    """Providers that can be asked are asked after messages of which nobody knows what became."""
    from cascadesim.live.asking import Inquiry, asking

    tables = order.senders.channels
    return asking(lambda: Inquiry(one.campaign, one.store, one.clock, one.intake(), tables, one.plan.model))


def _alone(out: Output, order: Order, one: Held) -> End:
    """The campaign as one process runs it."""
    from cascadesim.live.service import Service

    counts = one.office.counts()
    with _sender(out, order, one) as sender, out.progress("sending") as progress:
        service = Service(one.campaign, one.store, sender, one.clock, _ends(order, one))
        with _stoppable(service):
            return service.run(_telling(progress, counts.get("done", 0), sum(counts.values())))


def _among_machines(out: Output, order: Order, one: Held) -> End:
    """The campaign as one of several machines takes part in it; each runner has a store and providers of its own."""
    from cascadesim.live import Runner
    from cascadesim.live.machines import serve

    with ExitStack() as stack:

        def new_runner() -> Runner:
            store, _ = stack.enter_context(opened(order.store, order.name))
            sender = stack.enter_context(_sender(out, order, one))
            return Runner(one.campaign, store=store, sender=sender, clock=one.clock)

        ends = _ends(order, one)
        return serve(order.name, new_runner, order.store, ends=lambda: ends(one.clock.now()))


@contextmanager
def _sender(out: Output, order: Order, one: Held) -> Iterator[Sender]:
    from cascadesim.live.senders import open_post
    from cascadesim.live.suppression import Suppressing, SuppressionList

    stream = sys.stderr if out.as_json else sys.stdout
    lists = [SuppressionList(path) for path in order.suppress]
    with open_post(order.senders.channels, one.plan.model, one.clock, stream) as post:
        yield Suppressing(one.plan.model, lists, post) if lists else post


def _ends(order: Order, one: Held) -> Callable[[int], bool]:
    """Whoever listens goes on listening until the last horizon: late opens count (S9)."""
    horizon = int(one.plan.model.scenario.horizon)
    return lambda now: order.senders.listen is None or now >= one.office.last_queued() + horizon


def _replace(out: Output, order: Order) -> None:
    from cascadesim.live.sql.replacing import check_replacement, replace_for_those_who_wait

    with opened(order.store, order.campaign) as (store, office):
        before = held(store, office)
        if before.plans[-1].sha256 == order.plan.sha256:
            raise RefusedError("this plan is in force already")
        check_replacement(before.plan, order.plan)
        out.say(f"Those who have not started would follow {order.plan_file}, the others stay on their way.")
        if not order.is_confirmed:
            _ask("replace the plan", "nothing was changed")
        office.add_document(order.plan.sha256, order.plan.text)
        after = held(store, office)
        moved = replace_for_those_who_wait(after.campaign, store, after.clock)
        office.note(f"{moved} people who had not started follow it")
        out.say(f"{moved:,} people who had not started follow it now.\n")


def _counted(people: Iterable[Person], total: int, progress: Progress | None) -> Iterator[Person]:
    for number, person in enumerate(people):
        if progress is not None and number % 1_000 == 0:
            progress("people", number, total)
        yield person


def _telling(progress: Progress | None, before: int, total: int) -> Callable[[int], None] | None:
    return None if progress is None else lambda done: progress("people", before + done, total)


@contextmanager
def _stoppable(service: Service) -> Iterator[None]:
    """Ctrl-C and the like let the batch in hand be finished; a second Ctrl-C does not wait for it."""

    def stop(number: int, _: object) -> None:
        click.echo("\nstopping after the batch in hand", err=True)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        service.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_to_stderr() -> None:
    logger = logging.getLogger("cascadesim")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
        logger.addHandler(handler)
