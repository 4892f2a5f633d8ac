"""Timers: what a hundred thousand that wait cost a server, and how late a thousand fire that come due in one second."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import psutil
import psycopg

from tests.benchmarks.driving import deploy
from tests.benchmarks.models import Model
from tests.benchmarks.report import Report
from tests.server import RunningServer

WAITING, DUE = 100_000, 1_000
CLIENTS, PATIENCE = 8, 120
LEAD = 25
"""Seconds until the timers that are started are due: all of them have to be waiting by then."""
MEBIBYTE = 1024 * 1024
DOCUMENT = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    targetNamespace="bench"><process id="timer" isExecutable="true" camunda:historyTimeToLive="P30D">
<startEvent id="start"/><sequenceFlow id="in" sourceRef="start" targetRef="wait"/>
<intermediateCatchEvent id="wait"><timerEventDefinition><timeDate>${at}</timeDate></timerEventDefinition></intermediateCatchEvent>
<sequenceFlow id="out" sourceRef="wait" targetRef="end"/><endEvent id="end"/></process></definitions>"""
TIMER = Model("timer", (), DOCUMENT)
# Purpose: rows of timers that are due in a year, such as so many waiting instances have.
SEED = f"""
INSERT INTO job SELECT r.* FROM job j CROSS JOIN generate_series(1, {WAITING}) n
    CROSS JOIN LATERAL jsonb_populate_record(j, jsonb_build_object('id', gen_random_uuid(), 'due', j.due + n)) r;
"""
FIRED = "SELECT count(*) FROM stored_events WHERE topic LIKE 'JobExecuted.%%'"


def start(client: httpx.Client, at: datetime) -> None:
    """Start an instance that waits until then."""
    variables = {"at": {"value": at.strftime("%Y-%m-%dT%H:%M:%S"), "type": "String"}}
    client.post("/process-definition/key/timer/start", json={"variables": variables}).raise_for_status()


def test_timers_that_wait_and_timers_that_come_due_together(database: str) -> None:
    with (
        RunningServer(database) as server,
        httpx.Client(base_url=server.base, timeout=60) as client,
        psycopg.connect(database, autocommit=True) as connection,
    ):
        deploy(server, TIMER)
        start(client, datetime(datetime.now(UTC).year + 1, 12, 31, tzinfo=UTC))
        process = psutil.Process(server.process.pid)
        before = process.memory_info().rss
        connection.execute(SEED.encode())
        connection.execute("VACUUM (ANALYZE) job")
        time.sleep(5)
        added = process.memory_info().rss - before

        due = datetime.fromtimestamp(int(time.time()) + LEAD, UTC)
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(lambda _: start(client, due), range(DUE)))
        started = time.time()
        lateness = fired(client, connection, due)

    with Report(f"Timers: {WAITING:,} wait, {DUE:,} come due in one second") as report:
        report.add("memory that the waiting ones add", added / MEBIBYTE, "MiB", target="<= 50")
        report.add("time left when the last one was started", due.timestamp() - started, "s")
        for name, share, target in (("p50", 0.5, ""), ("p99", 0.99, "<= 1,000"), ("last", 1.0, "")):
            report.add(f"lateness {name}", lateness[int(share * (len(lateness) - 1))], "ms", target=target)


def fired(client: httpx.Client, connection: psycopg.Connection[tuple[object, ...]], due: datetime) -> list[int]:
    """Wait until all have fired, and tell how late each was, in ms, by the ends of their instances, which history knows."""
    give_up = due.timestamp() + PATIENCE
    while time.time() < give_up:
        row = connection.execute(FIRED.encode()).fetchone()
        if row == (DUE,):
            break
        time.sleep(0.5)
    answer = client.get("/history/process-instance", params={"finished": "true", "maxResults": DUE}).json()
    assert len(answer) == DUE
    ends = [datetime.strptime(instance["endTime"], "%Y-%m-%dT%H:%M:%S.%f%z") for instance in answer]
    return sorted(round(1000 * (end - due).total_seconds()) for end in ends)
