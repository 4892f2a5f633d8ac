"""`kill -9` in the middle of a batch, over and over: every item is worked on once, and the batch comes to its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import psycopg

from api.embedded import EmbeddedPostgres
from tests.acceptance.faults.chain import KEY, MODEL
from tests.acceptance.faults.forked_server import ForkedServer
from tests.acceptance.shared_server import deploy, post
from tests.databases import fresh_database
from tests.integration.engines import BROKEN_STREAMS
from tests.server import RunningServer, replay_everything

INSTANCES, DEATHS = 200, 4
FACTS = "SELECT count(*) FROM stored_events WHERE topic = %s"
EXECUTED = "JobExecuted.1"


def test_a_batch_survives_the_servers_that_work_on_it(postgres: EmbeddedPostgres) -> None:
    draw = Random(8)
    with fresh_database(postgres) as database, connected(database) as ask:
        with RunningServer(database, JOB_EXECUTOR="false") as server:
            deploy(server.base, MODEL.name, MODEL.content)
            instances = [post(server.base, f"/process-definition/key/{KEY}/start", {})["id"] for _ in range(INSTANCES)]
            variables = {"seen": {"value": True}}
            batch = post(server.base, "/process-instance/variables-async", {"processInstanceIds": instances, "variables": variables})

        for _ in range(DEATHS):
            with ForkedServer(database) as one, ForkedServer(database) as other:
                wanted = min(ask(FACTS, EXECUTED) + draw.randint(1, INSTANCES // DEATHS), INSTANCES)
                while ask(FACTS, EXECUTED) < wanted:
                    pass
                draw.choice((one, other)).kill()
        with RunningServer(database):
            while ask("SELECT count(*) FROM batch"):
                assert ask("SELECT count(*) FROM job WHERE retries < 3") == 0

        assert ask(FACTS, "VariablesModified.1") == INSTANCES
        assert ask("SELECT count(DISTINCT scope_id) FROM variable WHERE name = 'seen'") == INSTANCES
        assert ask(FACTS, "BatchCompleted.1") == ask(FACTS, "BatchStarted.1") == 1
        assert ask("SELECT count(*) FROM job") == 0
        assert ask(f"SELECT count(*) FROM ({BROKEN_STREAMS}) broken") == 0
        assert batch["totalJobs"] == INSTANCES
        replay_everything(database)


@contextmanager
def connected(database: str) -> Iterator[Any]:
    """A function that asks the database for one number."""
    with psycopg.connect(database, autocommit=True) as connection:

        def ask(sql: str, *parameters: object) -> int:
            row = connection.execute(sql.encode(), parameters).fetchone()
            assert row is not None
            return int(row[0])

        yield ask
