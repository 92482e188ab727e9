"""Several machines at one campaign: batches as short jobs on a queue of DBOS, over PostgreSQL.

To start `cascadesim send` on two machines over one PostgreSQL store is enough for most campaigns, and is quicker: each
process claims its own rows, those of a dead one come back when their lease ends, and a channel's throughput limit holds
over all of them. What this room adds is that the machines are *one service*: one limit on the batches that they begin
in a second, whatever their number; failures that are tried again, with growing pauses, instead of ending the process;
and a queue with a history of jobs that DBOS's own tools can show. It costs some ten small writes a batch, so batches
should be large (hundreds of people), and an idle campaign still costs each machine some ten queries a second.

Nothing of a campaign lies in a job. What is durable is the store, here as everywhere: a job says no more than "work
a batch", so one that is lost with its worker, or done twice, does no harm. `dbos` is in the extra `postgres`, and
nothing else in `cascadesim` imports it.
"""

from cascadesim.live.machines.serving import serve

__all__ = ["serve"]
