"""The log as history reads it: whole commands, and every fact that a model tells of."""

from __future__ import annotations

from domain.facts import ElementActivated, ElementCompleted, ExternalTaskLocked, ProcessInstanceEnded, SubscriptionOpened
from projections.history.changes import HISTORY_MODELS, OF_NO_INSTANCE, facts_of
from projections.history.instances import APPLIERS, Instance, Instances
from projections.history.log import topics_of, whole_commands
from tests.unit.history.stories import DEFINITION, INSTANCE, STARTED, Story


def test_a_batch_ends_before_a_command_of_which_more_may_follow() -> None:
    story = Story()
    first, second = story.command(1000, STARTED), story.command(2000, ElementActivated(4, "start", 0), ElementCompleted(4))

    assert whole_commands([*first, *second]) == first


def test_of_a_single_command_nothing_is_known_to_be_whole() -> None:
    story = Story()

    assert whole_commands(story.command(1000, STARTED, ElementActivated(4, "start", 0))) == []


def test_facts_are_read_under_the_names_of_all_their_versions() -> None:
    assert topics_of([ElementActivated]) == ["ElementActivated.1"]


def test_what_no_model_tells_of_is_not_read() -> None:
    assert not facts_of(HISTORY_MODELS) & {ExternalTaskLocked, SubscriptionOpened}


def test_models_are_told_only_of_facts_that_some_model_projects_or_an_instance_knows() -> None:
    assert facts_of(HISTORY_MODELS) >= OF_NO_INSTANCE
    assert not OF_NO_INSTANCE & set(APPLIERS)


def test_instances_that_ended_are_forgotten_and_of_too_many_the_one_not_met_for_longest() -> None:
    instances, story = Instances(2), Story()
    for name in ("a", "b", "c"):
        instances[name] = Instance(name, DEFINITION)
    instances[INSTANCE] = ended = Instance(INSTANCE, DEFINITION)
    ended.apply(story.command(1000, ProcessInstanceEnded("COMPLETED"))[0])

    instances.tidy(["a", INSTANCE])

    assert [name in instances for name in ("a", "b", "c", INSTANCE)] == [True, False, True, False]
