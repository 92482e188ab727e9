"""Branches that nobody can take, and steps that nobody can get to."""

from __future__ import annotations

from cascadesim.errors import Span
from cascadesim.language.rules.case import Case
from cascadesim.language.statements import place
from cascadesim.model import chain as m


def check(case: Case) -> None:
    """Notes what no recipient of the chain ever comes to."""
    for chain in case.model.chains:
        audience = frozenset(case.model.segments_of(chain.segments))
        for node in chain.nodes:
            if isinstance(node, m.If):
                _check_branches(case, node, audience)
        _check_behind(case, chain.body)


def _check_branches(case: Case, node: m.If, audience: frozenset[str]) -> None:
    """Notes a condition that is there again, and one on segments that the chain is not for."""
    before: list[m.Condition] = []
    for branch in node.branches:
        condition = branch.condition
        if condition in before:
            hint = "delete the second, or ask for something else"
            case.faults.warn("C097", _first(branch) or node.span, "the same condition has been asked above", hint)
        before.append(condition)
        if isinstance(condition, m.InSegment) and not audience & set(condition.names):
            known = case.campaign.defined["segment"].keys() >= set(condition.names)
            if known:
                message = f"the chain is not for {condition.names[0]}, so this is never true"
                hint = "add it behind the `for` of the chain, or leave this out"
                case.faults.warn("C097", place(condition.names[0], node.span), message, hint)


def _first(branch: m.Branch) -> Span | None:
    return place(branch.body[0])


def _check_behind(case: Case, body: tuple[m.Node, ...]) -> None:
    """Notes the first step after a branch or a split whose every way ends by `stop`."""
    for number, node in enumerate(body):
        if isinstance(node, m.If | m.Split):
            for way in m.ways(node):
                _check_behind(case, way)
            if _ends(node) and number + 1 < len(body):
                message = "this is never reached: every way before it ends by `stop`"
                case.faults.warn("C075", place(body[number + 1]), message, "delete it, or one of the `stop` lines")
                return


def _ends(node: m.If | m.Split) -> bool:
    return all(way and (isinstance(way[-1], m.Stop) or _last_ends(way[-1])) for way in m.ways(node))


def _last_ends(node: m.Node) -> bool:
    return isinstance(node, m.If | m.Split) and _ends(node)
