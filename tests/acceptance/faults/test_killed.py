"""`kill -9` at any moment under load: what was acknowledged stays, nothing happens twice, and everything goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psutil

from api.embedded import EmbeddedPostgres
from tests.acceptance.faults import agreement
from tests.acceptance.faults.chain import MODEL, TOPICS
from tests.acceptance.faults.crew import Client, crew
from tests.acceptance.faults.forked_server import ForkedServer
from tests.acceptance.faults.ledger import Ledger
from tests.acceptance.faults.log import Log
from tests.acceptance.faults.outlet import Outlet
from tests.acceptance.shared_server import deploy
from tests.databases import fresh_database
from tests.server import RunningServer, replay_everything

SERVER_ROUNDS, DATABASE_ROUNDS, OWN_DATABASE_ROUNDS = 40, 15, 3
FEWEST, MOST = 1, 40
"""Acknowledged answers between two deaths."""


def test_a_server_that_is_killed_loses_and_doubles_nothing(postgres: EmbeddedPostgres) -> None:
    draw, ledger = Random(40), Ledger()
    with fresh_database(postgres) as database:
        with RunningServer(database) as server:
            deploy(server.base, MODEL.name, MODEL.content)
        outlet = Outlet("")

        with crew(outlet, ledger, draw):
            for _ in range(SERVER_ROUNDS):
                with ForkedServer(database) as doomed:
                    outlet.move(doomed.base)
                    ledger.grow(draw.randint(FEWEST, MOST))
                    doomed.kill()
                    assert "Traceback" not in doomed.complaints
            last = RunningServer(database)
            outlet.move(last.base)

        with last:
            everything_is_there(database, last, outlet, ledger)
        replay_everything(database)


def test_a_database_that_is_killed_loses_and_doubles_nothing(mortal_postgres: EmbeddedPostgres) -> None:
    draw, ledger = Random(15), Ledger()
    with fresh_database(mortal_postgres) as database:
        with RunningServer(database) as server:
            deploy(server.base, MODEL.name, MODEL.content)
            outlet = Outlet(server.base)

            with crew(outlet, ledger, draw):
                for _ in range(DATABASE_ROUNDS):
                    ledger.grow(draw.randint(FEWEST, MOST))
                    draw.choice((kill_postmaster, kill_everything, kill_a_backend))(mortal_postgres, draw)
                ledger.grow(MOST)

            everything_is_there(database, server, outlet, ledger)
            assert "Traceback" not in server.complaints
        replay_everything(database)


def test_a_server_that_is_killed_beside_its_own_database_finds_everything_again(reachable_folder: Path) -> None:
    draw, ledger, outlet = Random(3), Ledger(), Outlet("")
    with orphans_ended(reachable_folder):
        with own_server(reachable_folder) as server:
            deploy(server.base, MODEL.name, MODEL.content)

        with crew(outlet, ledger, draw):
            for _ in range(OWN_DATABASE_ROUNDS):
                with own_server(reachable_folder) as server:
                    outlet.move(server.base)
                    ledger.grow(draw.randint(FEWEST, MOST))
                    server.kill()
                    assert "Traceback" not in server.complaints
            last = own_server(reachable_folder)
            outlet.move(last.base)

        with last:
            database = EmbeddedPostgres(reachable_folder).running_elsewhere()
            assert database
            everything_is_there(database, last, outlet, ledger)
            replay_everything(database)


def own_server(folder: Path) -> RunningServer:
    """A server that brings its PostgreSQL."""
    return RunningServer("", DATA_DIR=str(folder))


@contextmanager
def orphans_ended(folder: Path) -> Iterator[None]:
    """End the PostgreSQL that a killed server has left, if nobody else did."""
    try:
        yield
    finally:
        if EmbeddedPostgres(folder).running_elsewhere():
            with EmbeddedPostgres(folder):
                pass


def everything_is_there(database: str, server: RunningServer, outlet: Outlet, ledger: Ledger) -> None:
    """Hold what clients were told against what is stored, now and when every instance was carried to its end."""
    facts_state_and_read_models_agree(database, server)
    Client("the last one", outlet, ledger, Random(0)).finish()
    log = facts_state_and_read_models_agree(database, server)

    assert ledger.strange == []
    assert (log.broken_streams(), log.streams_after_their_end()) == ([], [])
    assert sorted(log.started()) == sorted(ledger.started.items())
    assert sorted(log.ended()) == sorted(ledger.started.values())
    completed = dict(log.completed())
    assert len(log.completed()) == len(completed) == len(TOPICS) * len(ledger.started)
    assert ledger.completed.items() <= completed.items()
    assert ledger.refused.isdisjoint(completed.values())


def facts_state_and_read_models_agree(database: str, server: RunningServer) -> Log:
    """Ask all three while nobody works; what was recorded so far."""
    log = Log(database)
    running = agreement.in_live_state(server.address, [instance for _, instance in log.started()])

    assert agreement.in_facts(log) == running.keys()
    assert agreement.in_read_models(server.base) == running
    return log


def kill_postmaster(postgres: EmbeddedPostgres, draw: Random) -> None:
    """Leave the other processes of the server to notice it."""
    os.kill(postgres.process_id, signal.SIGKILL)


def kill_everything(postgres: EmbeddedPostgres, draw: Random) -> None:
    """As when the machine stops."""
    for process in (psutil.Process(postgres.process_id), *backends(postgres)):
        end(process)


def kill_a_backend(postgres: EmbeddedPostgres, draw: Random) -> None:
    """The server then takes all others with it, and recovers."""
    end(draw.choice(backends(postgres)))


def backends(postgres: EmbeddedPostgres) -> list[psutil.Process]:
    """The processes of the server beside the first one."""
    return psutil.Process(postgres.process_id).children()


def end(process: psutil.Process) -> None:
    """Kill a process that may have ended by itself."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
