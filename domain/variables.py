"""Variables across scopes (BPMN page §4): read upwards; written where they live, else on the process instance."""

from __future__ import annotations

from collections.abc import Mapping

from domain.decision import Decision
from domain.facts import VariablesSet
from domain.refusals import ExecutionFailed
from domain.state import InstanceState
from domain.values import Value, Variables

JAVA_SERIALIZATION = "application/x-java-serialized-object"


def lookup(state: InstanceState, scope: int, name: str, transient: Mapping[int, Variables]) -> Value | None:
    """Return the variable of the nearest scope that has one of this name, kept or transient."""
    for key in state.scope_chain(scope):
        for variables in (state.variables.get(key), transient.get(key)):
            if variables is not None and name in variables:
                return variables[name]
    return None


def visible(state: InstanceState, scope: int, transient: Mapping[int, Variables]) -> dict[str, Value]:
    """Every variable that a scope sees, kept or transient."""
    seen: dict[str, Value] = {}
    for key in reversed(state.scope_chain(scope)):
        seen.update(local(state, key, transient))
    return seen


def local(state: InstanceState, scope: int, transient: Mapping[int, Variables]) -> dict[str, Value]:
    """The variables that live in exactly this scope, kept or transient."""
    return {**state.variables.get(scope, {}), **transient.get(scope, {})}


def set_variables(decision: Decision, scope: int, values: Variables) -> None:
    """Set each variable in the nearest scope that has it, from `scope` upwards, else on the process instance."""
    chain = decision.state.scope_chain(scope)
    places: dict[int, dict[str, Value]] = {}
    for name, value in values.items():
        places.setdefault(_home(decision, chain, name), {})[name] = value
    for key, variables in places.items():
        set_local(decision, key, variables)


def set_local(decision: Decision, scope: int, values: Variables) -> None:
    """Set variables in exactly this scope; transient ones are kept for the rest of the decision only."""
    kept = {}
    for name, value in values.items():
        _refuse_change_of_transience(decision, scope, name, value)
        if value.transient:
            decision.transient.setdefault(scope, {})[name] = value
        else:
            kept[name] = value
    if kept:
        decision.record(VariablesSet(scope, kept))


def refuse_java_serialization(values: Variables) -> None:
    """Refuse what only a Java virtual machine could read (REST contract §3.3)."""
    for name, value in values.items():
        if value.type == "Object" and value.content is not None and (value.info or {}).get("serializationDataFormat") == JAVA_SERIALIZATION:
            raise ExecutionFailed(f"ENGINE-17007 Cannot set variable with name {name}. Java serialization format is prohibited")


def _home(decision: Decision, chain: list[int], name: str) -> int:
    return next((key for key in chain if _has(decision, key, name)), 0)


def _has(decision: Decision, scope: int, name: str) -> bool:
    return name in decision.state.variables.get(scope, {}) or name in decision.transient.get(scope, {})


def _refuse_change_of_transience(decision: Decision, scope: int, name: str, value: Value) -> None:
    kept = name in decision.state.variables.get(scope, {})
    passing = name in decision.transient.get(scope, {})
    if (value.transient and kept) or (not value.transient and passing):
        raise ExecutionFailed(f"ENGINE-17006 Cannot set transient variable with name {name} to non-transient variable and vice versa.")
