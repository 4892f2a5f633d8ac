"""One operation fuzzed: requests that follow its description and such that do not, and what is wrong with their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy, one_of
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.acceptance.bad_input.target import CRASH
from tests.acceptance.fuzz.world import known

Operation = APIOperation[Any, Any, Any, Any]
CHECKS: list[CheckFunction] = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
LONGEST_POLL = 5
"""ms"""
PATIENCE = 60
REFUSALS = frozenset((400, 404, 405, 406, 413, 415, 431, 500))
"""The contract's (§2.2). Behind 500 is an argument that is missing or makes no sense, never a crash."""


class Unsound(Exception):
    """An answer that Camunda would not give."""


def cases(operation: Operation, ids: Mapping[str, str]) -> SearchStrategy[Case[Any]]:
    """Requests about what exists and what does not, as described and otherwise."""
    there = known(operation.path, ids)
    ways = [operation.as_strategy(GenerationMode.POSITIVE), operation.as_strategy(GenerationMode.NEGATIVE)]
    if there:
        ways = [operation.as_strategy(mode, path_parameters=dict(there)) for mode in GenerationMode] + ways
    return one_of(*ways)


def fuzz(operation: Operation, base: str, session: requests.Session, ids: Mapping[str, str], profile: settings) -> str | None:
    """Send requests; what is wrong with the first unsound answer, and how to send that request again."""

    @seed(1)
    @settings(profile, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(case=cases(operation, ids))
    def sends(case: Case[Any]) -> None:
        if isinstance(case.body, dict) and "asyncResponseTimeout" in case.body:
            case.body["asyncResponseTimeout"] = LONGEST_POLL
        answer = case.call(base_url=base, session=session, timeout=PATIENCE)
        if answer.status_code >= 300 and (answer.status_code not in REFUSALS or answer.text.find(CRASH) >= 0):
            raise Unsound(f"{answer.status_code} {answer.text}\n{case.as_curl_command(base_url=base)}")
        case.validate_response(answer, checks=CHECKS)

    try:
        sends()
    except (Unsound, FailureGroup) as fault:
        return f"{operation.label}: {fault!r}"
    return None
