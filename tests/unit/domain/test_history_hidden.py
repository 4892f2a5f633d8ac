"""Deleting an ended instance from history: a fact, and no more."""

from __future__ import annotations

from domain.facts import HistoryHidden
from domain.refusals import NotFound
from tests.unit.domain.commands import delete, hide_history
from tests.unit.domain.given import INSTANCE, Instance, Refused, of_instance, started
from tests.unit.domain.models import definition

UNKNOWN = Refused(NotFound, f"Historic process instance with id {INSTANCE} does not exist")


def ended() -> Instance:
    """An instance that was deleted."""
    instance = started(definition("start > a"))
    instance.when(delete())
    return instance


def test_an_ended_instance_is_hidden() -> None:
    instance = ended()

    facts = instance.when(hide_history())

    assert facts == of_instance(HistoryHidden())
    assert (instance.state.hidden, instance.state.ended) == (True, "EXTERNALLY_TERMINATED")


def test_a_running_instance_cannot_be_hidden() -> None:
    assert started(definition("start > a")).refusal(hide_history()) == UNKNOWN


def test_what_is_hidden_is_not_found_again() -> None:
    instance = ended()
    instance.when(hide_history())

    assert instance.refusal(hide_history()) == UNKNOWN
