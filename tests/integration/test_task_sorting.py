"""Open tasks in every order and page by page: together the pages are the whole list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from api.engine import Engine
from domain.commands import CreateDeployment, StartProcessInstance
from projections.external_task.query import SORT_COLUMNS, ExternalTaskQuery, list_statement
from projections.querying import Page, Sorting
from tests.integration.engines import fetched
from tests.integration.models import model, scope

pytestmark = pytest.mark.anyio

PAGE = 3
NOW = 2_000_000_000_000
ID, DEFINITION_ID, KEY, TENANT, LOCK, CREATED, PRIORITY = 4, 7, 8, 11, 5, 6, 16
"""Places in a row."""
ORDERED_BY = {
    "id": ID,
    "lockExpirationTime": LOCK,
    "processInstanceId": ID,
    "processDefinitionId": DEFINITION_ID,
    "processDefinitionKey": KEY,
    "tenantId": TENANT,
    "taskPriority": PRIORITY,
    "createTime": CREATED,
}

NOTHING: Mapping[str, Any] = {"lockExpirationTime": 0, "tenantId": ""}
"""What a task without a value is sorted as."""


@pytest.fixture
async def tasks(engine: Engine) -> Engine:
    """Tasks of processes whose names sort otherwise than they were deployed, of tenants and of nobody; some are locked."""
    for key, tenant in (("b", "red"), ("A", None), ("a", "blue"), ("b", None), ("a", None)):
        await engine.submit(CreateDeployment("d", None, tenant, (model(key, scope("start > work > end")),)))
        for _ in range(2):
            await engine.submit(StartProcessInstance(definition_key=key, tenant_id=tenant))
    await fetched(engine, "work", most=4)
    return engine


async def listed(engine: Engine, sorting: Sorting, page: Page | None = None, **filters: object) -> list[Any]:
    return await engine.query(*list_statement(ExternalTaskQuery(filters=filters, sorting=sorting, page=page or Page()), NOW))


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("key", SORT_COLUMNS)
async def test_every_order_is_kept_over_all_pages(tasks: Engine, key: str, direction: str) -> None:
    sorting = [(key, direction), ("id", "asc")]

    whole = await listed(tasks, sorting)
    pages = [row for first in range(0, 10, PAGE) for row in await listed(tasks, sorting, Page(first, PAGE))]

    assert len({row[ID] for row in whole}) == 10
    assert pages == whole
    values = [NOTHING[key] if row[ORDERED_BY[key]] is None else row[ORDERED_BY[key]] for row in whole]
    assert values == sorted(values, reverse=direction == "desc")


async def test_a_filter_holds_on_every_page(tasks: Engine) -> None:
    sorting = [("tenantId", "desc"), ("processDefinitionKey", "asc")]

    rows = [row for first in range(0, 10, PAGE) for row in await listed(tasks, sorting, Page(first, PAGE), processDefinitionKey="b")]

    assert [(row[KEY], row[TENANT]) for row in rows] == [("b", "red"), ("b", "red"), ("b", None), ("b", None)]
