"""What a fact makes of a process instance's state: total and silent, no decision, no clock, no refusal."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias, TypeVar, assert_never

from immutables import Map
from msgspec.structs import replace

from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Envelope,
    ErrorThrown,
    IncidentAnnotated,
    IncidentDeleted,
    IncidentRaised,
    IncidentResolved,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    ProcessInstanceResumed,
    ProcessInstanceStarted,
    ProcessInstanceSuspended,
    SequenceFlowTaken,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
    VariablesModified,
    VariablesRemoved,
    VariablesSet,
)
from domain.state import IDS_PER_ELEMENT, ElementInstance, Incident, InstanceState, Keys
from domain.values import Value

InstanceFact: TypeAlias = (
    ProcessInstanceStarted
    | ElementActivated
    | ElementCompleted
    | ElementTerminated
    | SequenceFlowTaken
    | VariablesSet
    | VariablesRemoved
    | VariablesModified
    | ErrorThrown
    | UserTaskCreated
    | UserTaskCancelled
    | UserTaskCompleted
    | IncidentRaised
    | IncidentResolved
    | IncidentDeleted
    | IncidentAnnotated
    | ProcessInstanceSuspended
    | ProcessInstanceResumed
    | ProcessInstanceDeleted
    | ProcessInstanceEnded
)

K = TypeVar("K", bound=Hashable)


def begin(instance_id: str, fact: ProcessInstanceStarted) -> InstanceState:
    """The state that the first fact of an instance makes."""
    state = InstanceState(instance_id, fact.definition_id, fact.business_key, fact.tenant_id, version=1)
    return _variables_set(state, 0, fact.variables)


def evolve(state: InstanceState, fact: InstanceFact, envelope: Envelope) -> InstanceState:
    """The state after one more fact of the instance's own stream."""
    return replace(_apply(state, fact, envelope), version=state.version + 1)


def _apply(state: InstanceState, fact: InstanceFact, envelope: Envelope) -> InstanceState:  # noqa: C901 - one branch per fact
    match fact:
        case SequenceFlowTaken(key, flow_id, scope):
            return _token(state, ElementInstance(key, "", scope, flow_id))
        case ElementActivated(key, element_id, scope):
            return _token(state, ElementInstance(key, element_id, scope))
        case ElementCompleted(key) | ElementTerminated(key):
            return _left(state, key)
        case VariablesSet(scope, variables):
            return _variables_set(state, scope, variables)
        case VariablesRemoved(scope, names):
            return _variables_removed(state, scope, names)
        case IncidentRaised():
            return _incident_raised(state, fact, envelope)
        case IncidentResolved(key) | IncidentDeleted(key):
            return _incident_closed(state, key)
        case IncidentAnnotated(key, annotation):
            return replace(state, incidents=state.incidents.set(key, replace(state.incidents[key], annotation=annotation)))
        case ProcessInstanceSuspended():
            return replace(state, suspended=True)
        case ProcessInstanceResumed():
            return replace(state, suspended=False)
        case ProcessInstanceEnded(ended):
            return replace(state, ended=ended)
        case ProcessInstanceStarted() | ProcessInstanceDeleted() | VariablesModified() | ErrorThrown():
            return state
        case UserTaskCreated() | UserTaskCancelled() | UserTaskCompleted():
            return state
        case _:
            assert_never(fact)


def _token(state: InstanceState, token: ElementInstance) -> InstanceState:
    """A token is on a flow or in an element; both have the same key, so arriving replaces being on the way."""
    key, scope = token.key, token.scope
    siblings = state.children.get(scope, _NONE)
    return replace(
        state,
        tokens=state.tokens.set(key, token),
        children=state.children if key in siblings else state.children.set(scope, siblings.set(key, None)),
        places=state.places if token.flow_id else _with(state.places, (scope, token.element_id), key),
        next_key=max(state.next_key, key + IDS_PER_ELEMENT),
    )


def _left(state: InstanceState, key: int) -> InstanceState:
    token = state.tokens[key]
    return replace(
        state,
        tokens=state.tokens.delete(key),
        children=_without(state.children, token.scope, key),
        places=state.places if token.flow_id else _without(state.places, (token.scope, token.element_id), key),
        variables=state.variables.delete(key) if key in state.variables else state.variables,
    )


def _with(index: Map[K, Keys], at: K, key: int) -> Map[K, Keys]:
    return index.set(at, index.get(at, _NONE).set(key, None))


def _without(index: Map[K, Keys], at: K, key: int) -> Map[K, Keys]:
    rest = index[at].delete(key)
    return index.set(at, rest) if rest else index.delete(at)


def _variables_set(state: InstanceState, scope: int, values: dict[str, Value]) -> InstanceState:
    kept = {name: value for name, value in values.items() if not value.transient}
    if not kept:
        return state
    variables = state.variables.get(scope, _NO_VARIABLES)
    return replace(state, variables=state.variables.set(scope, variables.update(kept)))


def _variables_removed(state: InstanceState, scope: int, names: tuple[str, ...]) -> InstanceState:
    variables = state.variables[scope]
    for name in names:
        variables = variables.delete(name)
    return replace(state, variables=state.variables.set(scope, variables))


def _incident_raised(state: InstanceState, fact: IncidentRaised, envelope: Envelope) -> InstanceState:
    incident = Incident(
        fact.key, fact.incident_type, fact.element_key, fact.element_id, fact.configuration, fact.message, raised_at=envelope.at
    )
    return replace(
        state,
        incidents=state.incidents.set(fact.key, incident),
        incident_of=state.incident_of.set(fact.element_key, fact.key),
        next_key=max(state.next_key, fact.key + 1),
    )


def _incident_closed(state: InstanceState, key: int) -> InstanceState:
    return replace(
        state,
        incidents=state.incidents.delete(key),
        incident_of=state.incident_of.delete(state.incidents[key].element_key),
    )


_NONE: Keys = Map()
_NO_VARIABLES: Map[str, Value] = Map()
