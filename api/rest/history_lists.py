"""Lists of history: by GET and POST, with their counts, all alike (REST contract §10.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.rest.answers import count
from api.rest.external_task_dtos import CountDto
from api.rest.hot import engine_of
from api.rest.json_body import JsonAnswer, read_object
from api.rest.openapi import takes_filters, takes_query
from api.rest.query_params import Kind, query_of, read_filters, read_json_filters, read_json_sorting, read_page, read_sorting
from api.rest.rows import RowWriter, list_answer
from domain.ids import is_id
from projections.history.listing import Listing
from projections.querying import Page, Sorting

Filters: TypeAlias = dict[str, Any]


def as_they_are(filters: Filters) -> Filters:
    """Filters that need no second thought."""
    return filters


class HistoryList(msgspec.Struct, frozen=True):
    """One list: what is asked for (`kinds`, then `meant`), where it is found, and how a row is written."""

    dto: type[JsonAnswer]
    listing: Listing
    kinds: Mapping[str, Kind]
    writer: Callable[[Request], RowWriter]
    """How rows are written may depend on the request."""
    meant: Callable[[Filters], Filters] = as_they_are
    read_body: Callable[[Mapping[str, Any]], Filters] | None = None
    """In place of `kinds` and `meant`, for a body that has more."""

    def asked(self, params: Mapping[str, str]) -> Filters:
        """The filters of a query string."""
        return self.meant(read_filters(params, self.kinds))

    def posted(self, body: Mapping[str, Any]) -> Filters:
        """The filters of a body."""
        return self.read_body(body) if self.read_body is not None else self.meant(read_json_filters(body, self.kinds))

    async def list(self, request: Request, filters: Filters, sorting: Sorting, page: Page) -> Response:
        """Answer the rows that fit."""
        rows = await engine_of(request).query_history(*self.listing.select(filters, sorting, page))
        return await list_answer(rows, self.writer(request))

    async def count(self, request: Request, filters: Filters) -> Response:
        """Answer how many rows fit."""
        rows = await engine_of(request).query_history(*self.listing.count(filters))
        return count(rows[0][0])

    async def one(self, request: Request, filters: Filters) -> dict[str, Any] | None:
        """The one row that fits, as it is written."""
        rows = await engine_of(request).query_history(*self.listing.select(filters, (), Page()))
        return self.writer(request)(rows[0]) if rows else None

    async def by_id(self, request: Request, filter: str, id: str) -> dict[str, Any] | None:
        """The row of an id; texts that are no ids find nothing."""
        return await self.one(request, {filter: id}) if is_id(id) else None


def add_reads(router: APIRouter, resource: HistoryList) -> None:
    """Mount the list and its count by GET."""
    sort_keys = resource.listing.sort_keys

    @router.get("", response_model=list[resource.dto], openapi_extra=takes_query(resource.kinds, sort_keys))  # type: ignore[name-defined]
    async def get_list(request: Request) -> Response:
        """List by the filters of the query string."""
        params = query_of(request)
        return await resource.list(request, resource.asked(params), read_sorting(params, sort_keys), read_page(params))

    @router.get("/count", response_model=CountDto, openapi_extra=takes_query(resource.kinds))
    async def get_count(request: Request) -> Response:
        """Count by the filters of the query string."""
        params = query_of(request)
        filters = resource.asked(params)
        read_sorting(params, sort_keys)
        return await resource.count(request, filters)


def add_posts(router: APIRouter, resource: HistoryList) -> None:
    """Mount the list and its count by POST."""
    sort_keys = resource.listing.sort_keys

    @router.post("", response_model=list[resource.dto], openapi_extra=takes_filters(resource.kinds, sort_keys))  # type: ignore[name-defined]
    async def post_list(request: Request) -> Response:
        """List by the filters and sorting of the body."""
        body, page = await read_object(request), read_page(query_of(request))
        return await resource.list(request, resource.posted(body), read_json_sorting(body, sort_keys), page)

    @router.post("/count", response_model=CountDto, openapi_extra=takes_filters(resource.kinds, sort_keys))
    async def post_count(request: Request) -> Response:
        """Count by the filters of the body."""
        body = await read_object(request)
        filters = resource.posted(body)
        read_json_sorting(body, sort_keys)
        return await resource.count(request, filters)
