"""What a fact makes of a process instance's state: total and silent, no decision, no clock, no refusal."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from immutables import Map
from msgspec.structs import replace

from domain import pending
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    ElementTerminated,
    Envelope,
    ErrorThrown,
    ExecutionSignalled,
    HistoryHidden,
    IncidentAnnotated,
    IncidentDeleted,
    IncidentDismissed,
    IncidentRaised,
    IncidentReported,
    IncidentResolved,
    JobCreated,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRemoved,
    JobRetriesSet,
    JobSuspensionSet,
    MessageCorrelated,
    ProcessInstanceDeleted,
    ProcessInstanceEnded,
    ProcessInstanceModified,
    ProcessInstanceResumed,
    ProcessInstanceStarted,
    ProcessInstanceSuspended,
    SequenceFlowTaken,
    SignalReceived,
    SignalThrown,
    SubscriptionClosed,
    SubscriptionOpened,
    TokenHeld,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
    VariablesModified,
    VariablesRemoved,
    VariablesSet,
)
from domain.job import JobEnded, evolve_job
from domain.keys import NO_KEYS, with_key, without_key
from domain.state import ASYNC_AFTER, HELD, IDS_PER_ELEMENT, ElementInstance, InstanceState
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
    | IncidentReported
    | IncidentDismissed
    | SubscriptionOpened
    | SubscriptionClosed
    | MessageCorrelated
    | SignalReceived
    | SignalThrown
    | ExecutionSignalled
    | TokenHeld
    | JobCreated
    | JobRemoved
    | JobExecuted
    | JobFailed
    | JobRetriesSet
    | JobDueDateSet
    | JobDueDateRecalculated
    | JobPrioritySet
    | JobSuspensionSet
    | JobDeleted
    | ProcessInstanceSuspended
    | ProcessInstanceResumed
    | ProcessInstanceDeleted
    | ProcessInstanceModified
    | ProcessInstanceEnded
    | HistoryHidden
)


def begin(instance_id: str, fact: ProcessInstanceStarted) -> InstanceState:
    """The state that the first fact of an instance makes."""
    state = InstanceState(instance_id, fact.definition_id, fact.business_key, fact.tenant_id, version=1)
    return _variables_set(state, 0, fact.variables)


def evolve(state: InstanceState, fact: InstanceFact, envelope: Envelope) -> InstanceState:
    """The state after one more fact of the instance's own stream."""
    return replace(_apply(state, fact, envelope), version=state.version + 1)


def _apply(state: InstanceState, fact: InstanceFact, envelope: Envelope) -> InstanceState:  # noqa: C901 - one branch per fact
    match fact:
        case SequenceFlowTaken(key, flow_id, scope, branch):
            return _token(state, ElementInstance(key, "", scope, flow_id, branch))
        case ElementActivated(key, element_id, scope):
            before = state.tokens.get(key)
            return _token(state, ElementInstance(key, element_id, scope, branch=before.branch if before else 0))
        case ElementCompleted(key) | ElementTerminated(key):
            return _left(state, key)
        case VariablesSet(scope, variables):
            return _variables_set(state, scope, variables)
        case VariablesRemoved(scope, names):
            return _variables_removed(state, scope, names)
        case IncidentRaised():
            return pending.incident_raised(state, fact, envelope)
        case IncidentResolved(key) | IncidentDeleted(key):
            return pending.incident_closed(state, key)
        case IncidentAnnotated(key, annotation):
            return replace(state, incidents=state.incidents.set(key, replace(state.incidents[key], annotation=annotation)))
        case TokenHeld(key, element_id, scope):
            return _token(state, ElementInstance(key, element_id, scope, HELD))
        case SubscriptionOpened():
            return pending.subscription_opened(state, fact, envelope)
        case SubscriptionClosed(key):
            return pending.subscription_closed(state, key)
        case JobCreated():
            return pending.job_created(state, fact, envelope)
        case JobExecuted() | JobRemoved() | JobDeleted():
            return _job_ended(state, fact)
        case JobFailed() | JobRetriesSet() | JobDueDateSet() | JobDueDateRecalculated() | JobPrioritySet() | JobSuspensionSet():
            return replace(state, jobs=state.jobs.set(fact.key, evolve_job(state.jobs[fact.key], fact)))
        case ProcessInstanceSuspended():
            return replace(state, suspended=True)
        case ProcessInstanceResumed():
            return replace(state, suspended=False)
        case ProcessInstanceEnded(ended):
            return replace(state, ended=ended)
        case HistoryHidden():
            return replace(state, hidden=True)
        case ProcessInstanceStarted() | ProcessInstanceDeleted() | ProcessInstanceModified() | VariablesModified() | ErrorThrown():
            return state
        case UserTaskCreated() | UserTaskCancelled() | UserTaskCompleted():
            return state
        case MessageCorrelated() | SignalReceived() | SignalThrown() | ExecutionSignalled():
            return state
        case IncidentReported() | IncidentDismissed():
            return state
        case _:
            assert_never(fact)


def _token(state: InstanceState, token: ElementInstance) -> InstanceState:
    """A token is on a flow or in an element; both have the same key, so arriving replaces being on the way."""
    key, scope = token.key, token.scope
    siblings = state.children.get(scope, NO_KEYS)
    return replace(
        state,
        tokens=state.tokens.set(key, token),
        children=state.children if key in siblings else state.children.set(scope, siblings.set(key, None)),
        places=state.places if token.flow_id is not None else with_key(state.places, (scope, token.element_id), key),
        branches=state.branches.set(token.branch, key) if token.branch else state.branches,
        next_key=max(state.next_key, key + IDS_PER_ELEMENT),
    )


def _left(state: InstanceState, key: int) -> InstanceState:
    token = state.tokens[key]
    return replace(
        state,
        tokens=state.tokens.delete(key),
        children=without_key(state.children, token.scope, key),
        places=state.places if token.flow_id is not None else without_key(state.places, (token.scope, token.element_id), key),
        branches=state.branches.delete(token.branch) if token.branch else state.branches,
        variables=state.variables.delete(key) if key in state.variables else state.variables,
    )


def _job_ended(state: InstanceState, fact: JobEnded) -> InstanceState:
    """A token that is held behind an element ends with its job."""
    job = state.jobs[fact.key]
    state = pending.job_ended(state, job)
    ends_token = isinstance(fact, JobExecuted) and job.kind == ASYNC_AFTER and state.tokens[job.holder or 0].flow_id == HELD
    return _left(state, job.holder or 0) if ends_token else state


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


_NO_VARIABLES: Map[str, Value] = Map()
