"""Which models `gesta rebuild` is about."""

from __future__ import annotations

import pytest

from api.cli.rebuild import chosen_models
from api.cli.refusal import CommandRefused
from projections.history.changes import HISTORY_MODELS
from projections.history.incident.project import Incidents
from projections.history.process_instance.project import ProcessInstances


def test_models_are_named_or_all() -> None:
    assert chosen_models([], True) == HISTORY_MODELS
    assert chosen_models(["incident", "process-instance", "incident"], False) == [Incidents, ProcessInstances]


@pytest.mark.parametrize(("names", "every"), [([], False), (["incident"], True)])
def test_nothing_and_everything_with_a_name_are_refused(names: list[str], every: bool) -> None:
    with pytest.raises(CommandRefused, match="rebuild takes the names of models, or --all; there are process-instance"):
        chosen_models(names, every)


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(CommandRefused, match="there is no model 'jobs'; there are process-instance"):
        chosen_models(["jobs"], False)
