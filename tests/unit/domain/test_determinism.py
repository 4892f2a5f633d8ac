"""Whatever is asked of an instance, its log explains it, and its state fits together."""

from __future__ import annotations

from itertools import groupby

import pytest

from domain.elements import ExternalTask, UserTask
from domain.facts import FACTS, Fact, MessageSent, Recorded, SignalSent
from domain.history import History
from domain.replay import replay
from domain.state import InstanceState
from projections.fact_mapper import FactMapper
from tests.unit.domain.anything import Anything
from tests.unit.domain.example_models import EXAMPLE_MODELS
from tests.unit.domain.given import Instance

SEEDS = range(40)
LENGTH = 60


def played(name: str, seed: int) -> Instance:
    return Anything(seed).play(EXAMPLE_MODELS[name], LENGTH)


def stored_and_read(records: list[Recorded]) -> list[Recorded]:
    mapper = FactMapper()
    return [mapper.to_domain_event(mapper.to_stored_event(record)) for record in records]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EXAMPLE_MODELS)
def test_deciding_everything_again_gives_what_was_recorded(name: str, seed: int) -> None:
    instance = played(name, seed)

    differences = replay(stored_and_read(instance.records), lambda _: instance.definition)

    assert differences == []


@pytest.mark.parametrize("seed", SEEDS[:10])
@pytest.mark.parametrize("name", EXAMPLE_MODELS)
def test_the_same_commands_make_the_same_facts(name: str, seed: int) -> None:
    first, second = played(name, seed), played(name, seed)

    assert repr(first.records) == repr(second.records)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", EXAMPLE_MODELS)
def test_what_is_open_belongs_to_what_is_active(name: str, seed: int) -> None:
    records, elements = played(name, seed).records, EXAMPLE_MODELS[name].elements
    history = History()

    for _, command in groupby(records, key=lambda record: record.envelope):
        for record in command:
            history.apply(record)
        state = history.state
        assert state is not None
        active = {element.key: elements[element.element_id] for element in state.elements}
        assert [task.key for task in history.open_tasks] == [key for key in active if isinstance(active[key], ExternalTask)]
        assert [task.task.key for task in history.open_user_tasks] == [key for key in active if isinstance(active[key], UserTask)]
        failed = {task.key for task in history.open_tasks if task.retries == 0} | {
            job.key for job in state.jobs.values() if not job.retries
        }
        assert failed == set(state.incident_of)
        assert set(state.variables) <= {0, *state.tokens}
        assert_indexes_agree(state)


def assert_indexes_agree(state: InstanceState) -> None:
    """The state finds tokens in several ways, as it does what is open beside them: all of them give the same."""
    children: dict[int, set[int]] = {}
    places: dict[tuple[int, str], set[int]] = {}
    for key, token in state.tokens.items():
        children.setdefault(token.scope, set()).add(key)
        if token.flow_id is None:
            places.setdefault((token.scope, token.element_id), set()).add(key)
    assert {scope: set(keys) for scope, keys in state.children.items()} == children
    assert {place: set(keys) for place, keys in state.places.items()} == places
    assert {incident.of: key for key, incident in state.incidents.items() if incident.of != key} == dict(state.incident_of)
    assert held_by(state) == {token: set(keys) for token, keys in state.held.items()}
    assert set(state.held) <= set(state.tokens)
    assert {key for keys in state.awaited.values() for key in keys} == set(state.subscriptions)


def held_by(state: InstanceState) -> dict[int, set[int]]:
    """What ends with each token, by the things themselves."""
    held: dict[int, set[int]] = {}
    by_hand = [(incident.element_key, key) for key, incident in state.incidents.items() if incident.of == key]
    subscriptions = [(subscription.holder, key) for key, subscription in state.subscriptions.items()]
    jobs = [(job.holder or 0, key) for key, job in state.jobs.items()]
    for token, key in (*by_hand, *subscriptions, *jobs):
        held.setdefault(token, set()).add(key)
    return held


def test_an_ended_instance_leaves_nothing_open() -> None:
    instances = [played(name, seed) for name in EXAMPLE_MODELS for seed in SEEDS]
    ended = [instance for instance in instances if instance.state.ended is not None]

    left = [(len(s.tokens), len(s.incidents), len(s.subscriptions), len(s.jobs)) for s in (instance.state for instance in ended)]

    assert len(ended) > len(instances) / 4
    assert set(left) == {(0, 0, 0, 0)}
    assert not any(instance.history.open_tasks for instance in ended)


def test_the_sequences_reach_every_fact_of_instances_and_tasks() -> None:
    seen = {type(record.fact) for name in EXAMPLE_MODELS for seed in SEEDS for record in played(name, seed).records}

    missed = [name for name, cls in FACTS.items() if cls not in seen and not is_of_no_instance(cls)]

    assert missed == []


def is_of_no_instance(cls: type[Fact]) -> bool:
    return cls.__module__ in ("domain.facts.deployment", "domain.facts.batch") or cls in (MessageSent, SignalSent)
