"""The queue in this process: what is put there, and what is deleted."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from dbos import DBOS

from cascadesim.live.machines import jobs
from cascadesim.live.machines.crew import Crew
from cascadesim.live.sql.engines import url_of
from tests.live.stores import server

pytestmark = pytest.mark.postgres


def test_jobs_that_are_old_are_deleted_whatever_became_of_them(monkeypatch):
    def no_runner() -> None:
        raise KeyError("a fault: the jobs that follow do nothing")

    name = "tidied"
    with jobs.listening(name, Crew(no_runner), url_of(server()), workers=1, batches_per_second=5):
        time.sleep(2.5)  # a tick or two
        DBOS.trigger_schedule(f"cascadesim {name}: tidy").get_result()
        queue = f"cascadesim {name}"
        before = DBOS.list_workflows(queue_name=queue)
        assert before
        assert [job.executor_id for job in before if job.status == "SUCCESS"]
        monkeypatch.setattr(jobs, "_KEPT", timedelta(0))
        DBOS.trigger_schedule(f"cascadesim {name}: tidy")  # it deletes itself too: there is no result to wait for
        deadline = time.monotonic() + 10
        while {job.workflow_id for job in DBOS.list_workflows(queue_name=queue)} & {job.workflow_id for job in before}:
            assert time.monotonic() < deadline
            time.sleep(0.1)
