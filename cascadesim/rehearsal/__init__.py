"""A plan run by the live runner on a virtual clock, with drawn people: `rehearse(plan, people)`."""

from cascadesim.rehearsal.rehearsal import Rehearsal, rehearse

__all__ = ["Rehearsal", "rehearse"]
