"""The process that goes on while things break: three tasks in a row, the second of them beside another one."""

from __future__ import annotations

from tests.integration.models import model, scope, task

KEY = "unbroken"
TOPICS = ("first", "left", "right", "last")
PARALLEL = '<parallelGateway id="fork"/><parallelGateway id="join"/>'
MODEL = model(
    KEY,
    scope("start > first > fork; fork > left > join; fork > right > join; join > last > end", PARALLEL, *(task(name) for name in TOPICS)),
)
