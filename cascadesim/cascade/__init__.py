"""The state machine of a cascade: what happens next to one recipient.

Pure functions over frozen values. Engines drive it with simulated time, the runner with real time and real
receipts, the rehearsal with both; none of them knows a rule that is not written here. The rules, in short
(their numbers are cited all over the project):

S1 Time
    Whole microseconds since the campaign's start. A delay is rounded up and is at least one: a message causes
    nothing at its own instant. At equal times, what is delivered or done comes before decisions and dispatches.
    Quiet hours, reaction hours and `wait until` read the wall clock in the recipient's zone, as it is at that
    instant; windows hold their first instant, not their last; a reading that daylight saving skips means the
    first instant after the gap.
S2 Recipients
    All of a segment at the start, or a Poisson stream of arrivals, or contacts from a file, whose cells say on
    which channels each is reached. Everybody is followed for the horizon, from their own entry. Who acts at the
    same time goes by place: person i of N who enter together has (2i + 1) / 2N, then the segment's name decides;
    later entrants follow by entry, segment and number.
S3 Draws
    Every random number is a function of names: seed, people, channel, purpose, person, replication, attempt.
    Plans are compared on common random numbers, and engines draw equal recipients.
S4 Dependence
    Reach is joint, of maximum entropy given what the script ties together. Given their reach and their hidden
    kind, a factor on open and answer rates, all of a person's messages are independent.
S5 Step
    Who has stopped does nothing more. A channel that does not reach the recipient is skipped at once, with its
    wait, at no cost; a parallel send when none of its channels does. `if` reads what has been reported up to
    now. Paths meet again after the block. Everybody else queues for the step's channels.
S6 Dispatch
    A channel with a throughput is one first-in-first-out server for everybody: slot m of a busy period begun at
    b is b + floor(m x per / count). For whom the next slot falls in quiet hours takes none, blocks nobody, and
    queues anew at the end of the window. Immediately before dispatch the stop state is read again: who has
    stopped, or is past the horizon, is dropped, and the next in line gets the slot. The messages of one send do
    not stop each other.
S7 Delivery, S8 Reaction
    Delivered with the channel's rate after its delay; opened (a call: answered) with the segment's rate given
    delivery; clicks and replies are shares of opens. Reactions outside the segment's reaction hours move to
    their next start; for calls those hours are quiet hours instead, and answers do not move.
S9 Late reactions
    Count until the horizon, also when later steps have gone out.
S10 Wait
    From dispatch, of a parallel send from its last. `but 10 min if undelivered` ends it there if none of the
    send's messages is reported delivered by then; `or until clicked` ends it when such an event of this send is
    reported. The last wait changes nothing.
S11 Stop
    At the first stop event that is reported; unsubscribing always stops. Messages out are not recalled, and
    their events count. Outside events stop where they are named.
S12 Covered
    A covering event at or before its deadline from entry, reported or not.
S13 Cost
    By message sent, part sent, state reached, minute of an answered call, and by campaign; bases add up; events
    up to the horizon are billed. Money is whole billionths.
S14 Outcome, S15 Exact scope, S16 Certificate
    See `cascadesim.engines` and `cascadesim.optimizer`.
"""

from cascadesim.cascade.journey import (
    OUTSIDE,
    Journey,
    Phase,
    begin,
    decide,
    dropped,
    is_wanted,
    may_go_on,
    sent,
    tell,
    tell_outside,
    tell_stop,
)
from cascadesim.cascade.lanes import DROP, GO, Lane, Served, next_slot, serve, verdict
from cascadesim.cascade.program import Program, covers_outside, is_event
from cascadesim.cascade.routes import choose

__all__ = [
    "DROP",
    "GO",
    "OUTSIDE",
    "Journey",
    "Lane",
    "Phase",
    "Program",
    "Served",
    "begin",
    "choose",
    "covers_outside",
    "decide",
    "dropped",
    "is_event",
    "is_wanted",
    "may_go_on",
    "next_slot",
    "sent",
    "serve",
    "tell",
    "tell_outside",
    "tell_stop",
    "verdict",
]
