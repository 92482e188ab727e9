"""Chains and questions as statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cascadesim.language.printer.channel import weekday_of
from cascadesim.language.printer.values import Printing, clock_of, length_of, listed, share_of, title_of
from cascadesim.model import chain as m

_LEVEL = "    "


def chain_lines(out: Printing, chain: m.Chain) -> Iterator[str]:
    """A chain."""
    name = out.name(chain.name, "chain")
    yield f"chain {name}{title_of(chain.title, out)}{audience_of(chain.segments, out)}"
    if chain.saying is not None:
        yield f"    {saying_of(out, chain.saying)}"
    if chain.stop_when:
        yield f"    stop when {events_of(out, chain.stop_when)}"
    if not (chain.body or chain.saying or chain.stop_when):
        out.refuse(f"chain {chain.name} says nothing: add a step, or a Hole for what is still to be written")
    yield from _body(out, chain.body, _LEVEL)


def audience_of(segments: tuple[str, ...] | None, out: Printing) -> str:
    """A heading's ` for loyal and new`."""
    return "" if segments is None else f" for {listed(out.names(segments))}"


def saying_of(out: Printing, saying: m.Saying) -> str:
    """`saying basket` or `saying "text"`."""
    return f"saying {out.name(saying.message) if saying.message is not None else out.string(saying.text or '')}"


def events_of(out: Printing, events: Iterable[m.Event]) -> str:
    """`opened, call answered or "order_placed"`."""
    return listed((_event(out, event) for event in events), "or")


def _event(out: Printing, event: m.Event) -> str:
    if event.outside is not None:
        return out.string(event.outside)
    return f"{out.name(event.channel)} {event.state}" if event.channel is not None else str(event.state)


def unless_of(after: int | None) -> str:
    """` but 10 min if undelivered`."""
    return "" if after is None else f" but {length_of(after)} if undelivered"


# ---- steps


def _body(out: Printing, body: tuple[m.Node, ...], indent: str) -> Iterator[str]:
    for node in body:
        if isinstance(node, m.If):
            yield from _choice(out, node, indent)
        elif isinstance(node, m.Split):
            yield f"{indent}split"
            yield from _arms(out, node, indent + _LEVEL)
        else:
            yield f"{indent}{_step(out, node)}"


def _step(out: Printing, node: m.Send | m.Pause | m.WaitUntil | m.Stop | m.Hole) -> str:
    if isinstance(node, m.Send):
        words = "" if node.saying is None else f" {saying_of(out, node.saying)}"
        wait = "" if node.wait is None else f", {_wait(out, node.wait)}"
        return f"send {' and '.join(out.names(node.channels))}{words}{wait}"
    if isinstance(node, m.Pause):
        return _wait(out, node.wait)
    if isinstance(node, m.WaitUntil):
        day = "" if node.day is None else f"{weekday_of(node.day)} "
        return f"wait until {day}{clock_of(node.at)}"
    return "stop" if isinstance(node, m.Stop) else "..."


def _wait(out: Printing, wait: m.Wait) -> str:
    until = f" or until {events_of(out, wait.until)}" if wait.until else ""
    return f"wait {length_of(wait.lasting)}{unless_of(wait.undelivered_after)}{until}"


def _choice(out: Printing, node: m.If, indent: str) -> Iterator[str]:
    word = "if"
    for branch in node.branches:
        yield f"{indent}{word} {_condition(out, branch.condition)}"
        yield from _body(out, branch.body, indent + _LEVEL)
        word = "otherwise if"
    if node.otherwise:
        yield f"{indent}otherwise"
        yield from _body(out, node.otherwise, indent + _LEVEL)


def _arms(out: Printing, node: m.Split, indent: str) -> Iterator[str]:
    for arm in node.arms:
        portion = "the rest" if arm.share is None else share_of(arm.share)
        yield f"{indent}{portion}{title_of(arm.name, out)}"
        yield from _body(out, arm.body, indent + _LEVEL)


# ---- conditions


def _condition(out: Printing, condition: m.Condition) -> str:
    match condition:
        case m.And(parts):
            return " and ".join(_part(out, part) for part in parts)
        case m.Or(parts):
            return " or ".join(_part(out, part) for part in parts)
        case m.Not(m.InSegment(names)):
            return f"segment is not {_one_of(out.names(names))}"
        case m.Not(part):
            return f"not {_part(out, part)}"
        case _:
            return _fact(out, condition)


def _part(out: Printing, condition: m.Condition) -> str:
    """A condition within another: in brackets, where they say what belongs together."""
    text = _condition(out, condition)
    return f"({text})" if isinstance(condition, m.And | m.Or) else text


def _fact(out: Printing, fact: m.Condition) -> str:
    match fact:
        case m.InSegment(names):
            return f"segment is {_one_of(out.names(names))}"
        case m.Reachable(channel):
            return f"reachable on {out.name(channel)}"
        case m.Reported(channel, state, but_not):
            return f"{out.name(channel)} {state}{'' if but_not is None else f' but not {but_not}'}"
        case m.Undelivered(channel):
            return "undelivered" if channel is None else f"{out.name(channel)} undelivered"
        case m.DayIs(days):
            return f"day is {_one_of([weekday_of(day) for day in days])}"
        case m.TimeBetween(hours):
            return f"time between {clock_of(hours.start)} and {clock_of(hours.end)}"
    raise AssertionError("conditions in conditions are taken apart before")


def _one_of(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"one of {', '.join(words)}"
