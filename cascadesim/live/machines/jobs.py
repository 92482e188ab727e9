"""DBOS: its queue of jobs, the ticks that begin them, and the tidying up after them.

DBOS leaves four things to whoever uses it, and each has its place here. The jobs of a worker that died stay with
its id until the same id starts again: so no limit counts running jobs over all workers (one on those of a single
worker does not mind), no job is waited for, and the rows come back by their lease. Jobs are taken only by the program
version that wrote them, which is a hash of the source: so the version is a constant, as a job says nothing that could
be misunderstood. Workers of one name take each other's jobs: so each campaign has a name of its own. And it keeps
every job that there ever was: so those of the last hour are kept, and the others deleted.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from threading import Event
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, StepOptions
from sqlalchemy import URL, Engine, create_engine, event

from cascadesim.errors import OutsideError
from cascadesim.live.machines.crew import Crew

# Some 30 s, with pauses that double from a second on; then the job has failed, and a tick brings the next one.
_RETRIED = StepOptions(name="work", retries_allowed=True, max_attempts=6, interval_seconds=1, backoff_rate=2)
_VERSION = 1  # what a job means; another number only if older programs must not do it
_EVERY_SECOND, _EVERY_MINUTE = "* * * * * *", "0 * * * * *"
_POLL = 0.1  # seconds
_GRACE = 60  # seconds in which a batch in hand comes to its end
_KEPT = timedelta(hours=1)
_DELETED_AT_ONCE = 1_000
_CONNECTIONS = 20


@contextmanager
def listening(campaign: str, crew: Crew, url: URL, workers: int, batches_per_second: int) -> Iterator[None]:
    """Inside, this process takes part in the campaign's jobs; at the end it finishes those in hand."""
    log = logging.getLogger("dbos")
    if not log.handlers:  # it would write to the terminal, with tracebacks
        log.addHandler(logging.NullHandler())
        log.propagate = False
    is_cut = Event()
    engine = _engine(url, is_cut)
    DBOS(config=_config(campaign, engine))
    queue = f"cascadesim {campaign}"
    job = _job(queue, crew, batches_per_second)
    tidy = _tidying(queue)
    try:
        DBOS.launch()
        DBOS.register_queue(
            queue,
            worker_concurrency=workers,
            limiter={"limit": batches_per_second, "period": 1.0},
            polling_interval_sec=_POLL,
            on_conflict="always_update",
        )
        DBOS.apply_schedules(
            [
                {"schedule_name": f"{queue}: tick", "workflow_fn": job, "schedule": _EVERY_SECOND, "queue_name": queue},
                {"schedule_name": f"{queue}: tidy", "workflow_fn": tidy, "schedule": _EVERY_MINUTE},
            ]
        )
        yield
    except BaseException:
        is_cut.set()
        raise
    finally:
        crew.closed.set()
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=_GRACE)
        is_cut.set()
        engine.dispose()


def _config(campaign: str, engine: Engine) -> DBOSConfig:
    name = f"cascadesim-{blake2b(campaign.encode(), digest_size=8).hexdigest()}"  # it takes no capitals, no spaces
    return {
        "name": name,
        "system_database_url": engine.url.render_as_string(hide_password=False),
        "system_database_engine": engine,
        "application_version": f"{name}-{_VERSION}",  # no two campaigns of a database may have the same
        "executor_id": f"{socket.gethostname()}:{os.getpid()}",
        "serializer": DBOSPortableJSONSerializer(),  # its own one unpickles what the database says
    }


def _engine(url: URL, is_cut: Event) -> Engine:
    """DBOS waits for a database that is away as long as it takes; once `is_cut`, it no longer does."""
    engine = create_engine(url, pool_size=_CONNECTIONS, pool_pre_ping=True)

    @event.listens_for(engine, "do_connect")
    def refuse(*_: Any) -> None:
        if is_cut.is_set():
            raise OutsideError("the process ends")

    return engine


def _job(queue: str, crew: Crew, most: int) -> Any:
    """One batch. If it found somebody it puts two more on the queue, unless enough are waiting there.

    So the jobs double from one tick's single one while people are due, and die out when nobody is.
    """

    def batch() -> int:
        if not crew.work():
            return 0
        waiting = DBOS.list_queued_workflows(queue_name=queue, status="ENQUEUED", limit=most, load_input=False)
        return min(2, most - len(waiting))

    @DBOS.workflow(name="batch")
    def job(_at: object, _context: object) -> None:
        for _ in range(DBOS.run_step({**_RETRIED, "should_retry": crew.is_worth_another_try}, batch)):
            DBOS.enqueue_workflow(queue, job, None, None)

    return job


def _tidying(queue: str) -> Any:
    def delete_some() -> int:
        before = (datetime.now(UTC) - _KEPT).isoformat()
        old = [
            *DBOS.list_workflows(queue_name=queue, end_time=before, limit=_DELETED_AT_ONCE, load_input=False),
            *DBOS.list_workflows(name="tidy", end_time=before, limit=_DELETED_AT_ONCE, load_input=False),
        ]
        DBOS.delete_workflows([job.workflow_id for job in old])
        return len(old)

    @DBOS.workflow(name="tidy")
    def tidy(_at: object, _context: object) -> None:
        while DBOS.run_step({"name": "delete"}, delete_some) >= _DELETED_AT_ONCE:
            pass

    return tidy
