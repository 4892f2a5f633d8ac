"""What is open beside the tokens of an instance: incidents, subscriptions and jobs, and how facts change it."""

from __future__ import annotations

from msgspec.structs import replace

from domain.facts import Envelope, IncidentRaised, JobCreated, SubscriptionOpened
from domain.job import created
from domain.keys import with_key, without_key
from domain.state import Incident, InstanceState, Job, Subscription


def incident_raised(state: InstanceState, fact: IncidentRaised, envelope: Envelope) -> InstanceState:
    of = fact.of or fact.element_key
    incident = Incident(
        fact.key, fact.incident_type, fact.element_key, fact.element_id, fact.configuration, fact.message, raised_at=envelope.at, of=of
    )
    return replace(
        state,
        incidents=state.incidents.set(fact.key, incident),
        incident_of=state.incident_of if of == fact.key else state.incident_of.set(of, fact.key),
        held=with_key(state.held, fact.element_key, fact.key) if of == fact.key else state.held,
        next_key=max(state.next_key, fact.key + 1),
    )


def incident_closed(state: InstanceState, key: int) -> InstanceState:
    incident = state.incidents[key]
    return replace(
        state,
        incidents=state.incidents.delete(key),
        incident_of=state.incident_of if incident.of == key else state.incident_of.delete(incident.of),
        held=without_key(state.held, incident.element_key, key) if incident.of == key else state.held,
    )


def subscription_opened(state: InstanceState, fact: SubscriptionOpened, envelope: Envelope) -> InstanceState:
    subscription = Subscription(fact.key, fact.kind, fact.name, fact.element_id, fact.holder, envelope.at)
    return replace(
        state,
        subscriptions=state.subscriptions.set(fact.key, subscription),
        awaited=with_key(state.awaited, (fact.kind, fact.name), fact.key),
        held=with_key(state.held, fact.holder, fact.key),
        next_key=max(state.next_key, fact.key + 1),
    )


def subscription_closed(state: InstanceState, key: int) -> InstanceState:
    subscription = state.subscriptions[key]
    return replace(
        state,
        subscriptions=state.subscriptions.delete(key),
        awaited=without_key(state.awaited, (subscription.kind, subscription.name), key),
        held=without_key(state.held, subscription.holder, key),
    )


def job_created(state: InstanceState, fact: JobCreated, envelope: Envelope) -> InstanceState:
    assert fact.holder is not None
    return replace(
        state,
        jobs=state.jobs.set(fact.key, created(fact, envelope)),
        held=with_key(state.held, fact.holder, fact.key),
        next_key=max(state.next_key, fact.key + 1),
    )


def job_ended(state: InstanceState, job: Job) -> InstanceState:
    assert job.holder is not None
    return replace(state, jobs=state.jobs.delete(job.key), held=without_key(state.held, job.holder, job.key))
