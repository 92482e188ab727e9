"""Several machines at one campaign: batches as short jobs on a queue of DBOS, over PostgreSQL.

To start `cascadesim send` on two machines over one PostgreSQL store is enough for most campaigns, and is quicker: each
process claims its own rows, those of a dead one come back when their lease ends, and a channel's throughput limit holds
over all of them. What this room adds is one limit on the batches that all machines together begin in a second,
whatever their number, and a queue with a history of jobs that DBOS's own tools can show. What it costs: a job has
transactions of its own, so a machine with batches of 50 comes to about a third of a plain runner's steps, with batches
of 500 to nearly as many; and one that has nothing to do still asks the database some sixty times a second.

Nothing of a campaign lies in a job. What is durable is the store, here as everywhere: a job says no more than "work
a batch", so one that is lost with its worker, or done twice, does no harm. `dbos` is in the extra `postgres`, and
nothing else in `cascadesim` imports it.
"""

from cascadesim.live.machines.serving import serve

__all__ = ["serve"]
