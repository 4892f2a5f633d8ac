"""What starts a process: messages, signals and times, while it is the latest version (BPMN page §8, §12)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.commands import StartProcessInstance
from domain.deciding.starts import open_starts, refuse_claimed_messages
from domain.elements import ProcessDefinition
from domain.facts import (
    ElementActivated,
    ElementCompleted,
    JobCreated,
    JobDefinition,
    ProcessInstanceStarted,
    StartSubscriptionOpened,
    VariablesSet,
)
from domain.ids import definition_id, derived_id
from domain.job_definitions import job_definition_id, job_definitions
from domain.refusals import ExecutionFailed
from domain.values import Value
from tests.unit.domain.commands import start
from tests.unit.domain.given import DEFINITION, INSTANCE, NOW, Instance, Refused, creates, enters, given, of_instance, values
from tests.unit.domain.models import boundary, catches, definition, external, node, on_message, on_signal, on_time, starts
from tests.unit.events.waiting import HOUR

STREAM = "0193f000-0000-7abc-8abc-def000000001"
SEVERAL = definition(
    "start > a; by_message > b; by_signal > c",
    starts("by_message", on_message("m")),
    starts("by_signal", on_signal("s")),
)


def deployed(model: ProcessDefinition, key: str = "p") -> ProcessDefinition:
    return replace(model, id=definition_id(key, 1, STREAM), key=key, resource=f"{key}.bpmn")


def test_the_event_without_trigger_is_the_one_to_start_with() -> None:
    facts = given(SEVERAL).when(start())

    assert facts[:3] == of_instance(ProcessInstanceStarted(DEFINITION), ElementActivated(4, "start", 0), ElementCompleted(4))


def test_an_instance_starts_with_the_event_that_was_set_off() -> None:
    instance = given(SEVERAL)

    facts = instance.when(StartProcessInstance(variables=values(n=1), start="by_message"))

    assert facts == [
        *of_instance(ProcessInstanceStarted(DEFINITION, None, values(n=1), None, "by_message")),
        *of_instance(ElementActivated(4, "by_message", 0), ElementCompleted(4)),
        *enters(8, "by_message", "b"),
        *creates(8, "b"),
    ]


@pytest.mark.parametrize("trigger", [on_message("m"), on_signal("s"), on_time()])
def test_the_only_start_event_starts_whoever_asks(trigger: object) -> None:
    instance = given(definition("start1 > a", starts("start1", trigger)))  # type: ignore[arg-type]

    facts = instance.when(start())

    assert facts[1:2] == of_instance(ElementActivated(4, "start1", 0))


def test_a_process_with_several_triggers_and_nothing_else_has_no_default_start() -> None:
    model = definition(
        "by_message > b; by_signal > c", starts("by_message", on_message("m")), starts("by_signal", on_signal("s")), name="P"
    )

    refusal = given(model).refusal(start())

    why = (
        "Process 'P' has no default start activity (e.g. none start event), hence you cannot use 'startProcessInstanceBy...' "
        "but have to start it using one of the modeled start events (e.g. message start events): initial is null"
    )
    assert refusal == Refused(ExecutionFailed, why, "NullValueException")


@pytest.mark.parametrize(("given_variables", "told"), [({}, [VariablesSet(0, {"who": Value("Null")})]), (values(who="ann"), [])])
def test_a_variable_tells_who_has_started_an_instance(given_variables: dict[str, Value], told: list[VariablesSet]) -> None:
    instance = Instance(definition("start > a", node("startEvent", "start", camunda_initiator="who")))

    facts = instance.when(StartProcessInstance(variables=given_variables))

    assert [fact for _, fact in facts if isinstance(fact, VariablesSet)] == told


def test_the_latest_version_listens_to_its_messages_and_signals() -> None:
    model = deployed(SEVERAL)

    assert open_starts(replace(model, tenant_id="t"), INSTANCE, NOW) == [
        (STREAM, StartSubscriptionOpened("by_message", "message", "m", model.id, "t")),
        (STREAM, StartSubscriptionOpened("by_signal", "signal", "s", model.id, "t")),
    ]


def test_a_start_timer_is_an_aggregate_of_its_own() -> None:
    event = starts("every", on_time("R3/PT1H", "timeCycle"), camunda_jobPriority="7")
    model = deployed(definition("every > a", event))

    found = open_starts(model, INSTANCE, NOW)

    job = JobCreated(0, "timer", "every", model.id, due=NOW + HOUR, repeat="R3/2023-11-14T22:13:20/PT1H", priority=7)
    assert found == [(derived_id(INSTANCE, f"{model.id}/every"), job)]


def test_a_start_timer_that_is_no_time_is_refused_at_deployment() -> None:
    model = deployed(definition("every > a", starts("every", on_time("soon"))))

    with pytest.raises(ExecutionFailed, match="Exception while resolving duedate 'soon'"):
        open_starts(model, INSTANCE, NOW)


def test_one_message_starts_one_process() -> None:
    one, other = deployed(SEVERAL), deployed(SEVERAL, "q")
    why = "there already is a message event subscription for the message with name 'm'."

    refuse_claimed_messages([one], {})
    refuse_claimed_messages([one], {"m": "p"})
    for definitions, claimed in (([one], {"m": "other"}), ([one, other], {})):
        with pytest.raises(ExecutionFailed) as refused:
            refuse_claimed_messages(definitions, claimed)
        assert refused.value.message == f"ENGINE-01011 Cannot deploy process definition '{definitions[-1].resource}': {why}"


def test_a_process_has_a_job_definition_for_everything_that_makes_jobs() -> None:
    model = definition(
        "start > a > c > end",
        starts("start", on_time("0 0 8 * * ?", "timeCycle")),
        external("a", camunda_asyncBefore="true", camunda_asyncAfter="true"),
        boundary("late", "a", on_time("PT${n}M")),
        catches("c", on_time("2030-01-01T00:00:00Z", "timeDate")),
        boundary("told", "a", on_message("m")),
    )

    assert sorted((found.element_id, found.handler, found.configuration) for found in job_definitions(model)) == [
        ("a", "async-continuation", "async-after"),
        ("a", "async-continuation", "async-before"),
        ("c", "timer-intermediate-transition", "DATE: 2030-01-01T00:00:00Z"),
        ("late", "timer-transition", "DURATION: PT${n}M"),
        ("start", "timer-start-event", "CYCLE: 0 0 8 * * ?"),
    ]
    assert isinstance(job_definitions(model)[0], JobDefinition)


def test_a_job_definition_has_the_same_id_whenever_it_is_asked_for() -> None:
    id = definition_id("p", 1, STREAM)

    kinds = {job_definition_id(id, element, kind) for element in ("a", "b") for kind in ("timer", "async-before", "async-after")}

    assert len(kinds) == 6
    assert job_definition_id(id, "a", "timer") in kinds
