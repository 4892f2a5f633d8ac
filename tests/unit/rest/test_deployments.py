"""Deployments: the form's parts, the answer, and files as downloads."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from api.rest.deployments import DeploymentWithDefinitionsDto, attachment, media_type, write_deployed
from domain.elements import ProcessDefinition
from domain.outcomes import Deployed


def a_request() -> Request:
    scope = {"type": "http", "scheme": "http", "server": ("gesta", 8080), "path": "/engine-rest/deployment/create", "headers": []}
    return Request({**scope, "query_string": b"", "method": "POST"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.bpmn", "application/xml"),
        ("a.bpmn20.xml", "application/xml"),
        ("a.txt", "text/plain"),
        ("a.TXT", "application/octet-stream"),
        ("txt", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("a.json", "application/json"),
    ],
)
def test_media_types_go_by_the_suffix(name: str, kind: str) -> None:
    assert media_type(name) == kind


def test_a_download_has_the_files_own_name() -> None:
    assert attachment("dir/y;z.txt") == "attachment; filename=\"y;z.txt\"; filename*=UTF-8''y%3Bz.txt"
    assert attachment("ü x.txt") == "attachment; filename=\"ü x.txt\"; filename*=UTF-8''%C3%BC%20x.txt"


def test_a_name_cannot_break_out_of_its_header() -> None:
    header = attachment('a"\r\nx: y.txt')
    assert "\r" not in header and "\n" not in header
    assert header.count('"') == 2


def test_names_that_no_header_can_hold_are_still_downloads() -> None:
    attachment("漢字😀.txt").encode("latin-1")


def test_nothing_new_is_null() -> None:
    written = write_deployed(a_request(), Deployed("d", "n", None, 0, None, ()))
    assert written["deployedProcessDefinitions"] is None
    assert written["links"] == [{"method": "GET", "href": "http://gesta:8080/engine-rest/deployment/d", "rel": "self"}]


def test_new_definitions_stand_under_their_ids() -> None:
    definition = ProcessDefinition(key="k", start="s", elements={}, id="k:1:x", version=1, deployment_id="d", resource="k.bpmn")
    written = write_deployed(a_request(), Deployed("d", None, None, 0, "red", (definition,)))
    answer = DeploymentWithDefinitionsDto.model_validate(written)
    assert answer.deployed_process_definitions is not None
    assert answer.deployed_process_definitions["k:1:x"].version == 1
    assert answer.tenant_id == "red"
