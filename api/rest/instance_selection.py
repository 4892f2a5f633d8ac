"""Which process instances a command about many is for: a list of ids and queries of running and of past ones, together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.engine import Engine
from api.rest.coercions import Object, Texts
from api.rest.history_process_instance_filters import filters_of_body as history_filters
from api.rest.json_body import JsonObject
from api.rest.process_instance_filters import filters_of_body
from projections.history.process_instance.query import ids as historic_instance_ids
from projections.process_instance.query import ids as instance_ids


class InstancesDto(JsonObject):
    """The union of all that is named; a query `{}` names everything."""

    process_instance_ids: Texts = None
    process_instance_query: Object = None
    historic_process_instance_query: Object = None

    @property
    def names_some(self) -> bool:
        """Tell whether anything is named at all."""
        return self.process_instance_ids is not None or self.has_query

    @property
    def has_query(self) -> bool:
        return self.process_instance_query is not None or self.historic_process_instance_query is not None


async def selected_instances(engine: Engine, body: InstancesDto) -> list[str]:
    """Their ids, each once, as they were given; a null in the list is an id that nothing has."""
    selected = dict.fromkeys(id or "" for id in body.process_instance_ids or ())
    if body.process_instance_query is not None:
        selected.update(dict.fromkeys(await found_now(engine, body.process_instance_query)))
    if body.historic_process_instance_query is not None:
        selected.update(dict.fromkeys(await found_in_history(engine, body.historic_process_instance_query)))
    return list(selected)


async def found_now(engine: Engine, query: Mapping[str, Any]) -> list[str]:
    """The ids of the running instances that a query finds."""
    return [id for (id,) in await engine.query(*instance_ids(filters_of_body(query)))]


async def found_in_history(engine: Engine, query: Mapping[str, Any], *, unfinished: bool = False) -> list[str]:
    """The ids of the instances that a query of history finds: running and past ones, or the running ones among them."""
    filters = history_filters(query) | ({"unfinished": True} if unfinished else {})
    return [id for (id,) in await engine.query_history(*historic_instance_ids(filters))]
