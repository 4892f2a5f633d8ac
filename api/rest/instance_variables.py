"""Variables of process instances and executions; an execution's id works for both (REST contract §9.1, §10.4)."""

from __future__ import annotations

from fastapi import APIRouter

from api.rest.variable_resource import VariableResource, add_routes
from api.rest.variable_scopes import scopes_of_execution

router = APIRouter(tags=["Variables"])

_MISSING = "execution {id} doesn't exist: execution is null"

add_routes(router, "/process-instance/{id}/variables", VariableResource("process instance", _MISSING, False, scopes_of_execution))
add_routes(router, "/execution/{id}/localVariables", VariableResource("execution", _MISSING, True, scopes_of_execution))
