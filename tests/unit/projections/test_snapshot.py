"""Snapshots hold all that the state of an instance is made of."""

from __future__ import annotations

import pytest
from immutables import Map
from msgspec.structs import replace

from domain.state import InstanceState
from projections.snapshot import decode_state, encode_state
from tests.unit.domain.anything import Anything
from tests.unit.domain.example_models import EXAMPLE_MODELS
from tests.unit.domain.given import started


def comparable(state: InstanceState) -> tuple[InstanceState, dict[int, dict[str, str]]]:
    """A state, its variables apart: not every value equals itself, but all look the same."""
    variables = {scope: {name: repr(values[name]) for name in sorted(values)} for scope, values in sorted(state.variables.items())}
    return replace(state, variables=Map()), variables


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", EXAMPLE_MODELS)
def test_a_state_comes_out_of_a_snapshot_as_it_went_in(name: str, seed: int) -> None:
    state = Anything(seed).play(EXAMPLE_MODELS[name], 8).state

    again = decode_state(encode_state(state))

    assert comparable(again) == comparable(state)


def test_a_snapshot_holds_subscriptions_jobs_and_branches() -> None:
    state = started(EXAMPLE_MODELS["events"], n=1).state

    again = decode_state(encode_state(state))

    assert again == state
    assert all((again.subscriptions, again.awaited, again.jobs, again.held))
