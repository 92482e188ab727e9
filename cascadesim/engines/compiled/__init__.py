"""The compiled engine: SimPy's twin for speed, message for message the same (S1 to S14).

It writes the rules of a cascade a second time, in `moves`, because the state machine's frozen values are what costs;
tests hold the two equal, record by record. Everything that is no rule is asked, once a case, of whoever knows it, and
written down as numbers (`tables`, `clocks`, `facts`; `layout` says what is where). Random numbers and delays are those
of `cascadesim.draws`, the same source (`fates`, `people`).

What makes it fast: the fate of a message is drawn when its slot is known, and its slot when it joins its channel, so
who stops is known in time and opens need no events. What is left are decision points, about three a person, and they
come nearly in order (`agenda`). Where no limit ties people together there is not even that: everybody goes through
their chain alone (`runs`), range by range, on all cores (`engine`).
"""
