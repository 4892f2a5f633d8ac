"""A variable of 50 MB: kept whole, given back whole, others are answered meanwhile, and memory comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from api.settings import MEBIBYTE
from tests.acceptance.bad_input.target import Target
from tests.acceptance.bad_input.wire import PATIENCE

LARGE = "ü" * (25 * MEBIBYTE)
"""50 MB as UTF-8."""
TIMES = 4
MOST_KEPT = 400 * MEBIBYTE
"""Fewer than all of them: what was overwritten is let go."""


@pytest.fixture
def address(changing_target: Target) -> str:
    return f"{changing_target.server.base}/process-instance/{changing_target.instance}/variables/large"


def test_it_is_kept_whole(changing_target: Target, address: str) -> None:
    put = httpx.put(address, json={"value": LARGE, "type": "String"}, timeout=PATIENCE)
    found = httpx.get(address, timeout=PATIENCE).json()
    among_all = httpx.get(address.removesuffix("/large"), timeout=PATIENCE).json()
    removed = httpx.delete(address)

    assert (put.status_code, removed.status_code) == (204, 204)
    assert found["value"] == LARGE
    assert among_all["large"]["value"] == LARGE


def test_others_are_answered_meanwhile_and_memory_comes_back(changing_target: Target, address: str) -> None:
    process = psutil.Process(changing_target.server.process.pid)
    before = process.memory_info().rss

    with ThreadPoolExecutor(1) as pool, httpx.Client(base_url=changing_target.server.address, timeout=PATIENCE) as client:
        for _ in range(TIMES):
            sending, answered = pool.submit(httpx.put, address, json={"value": LARGE, "type": "String"}, timeout=PATIENCE), 0
            while not sending.done():
                answered += client.get("/gesta/health/live").is_success
            assert sending.result().status_code == 204
            assert answered
    httpx.delete(address).raise_for_status()

    assert process.memory_info().rss - before < MOST_KEPT
