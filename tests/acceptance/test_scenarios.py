"""Every scenario that was recorded on Camunda 7.24 is answered the same by gesta, or stands by name in a list that only shrinks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Played
from tests.acceptance.oracle import golden
from tests.acceptance.oracle.compare import difference, same
from tests.acceptance.oracle.play import Scenario, scenarios, stopped

HERE = Path(__file__).resolve().parent
NOT_YET = HERE / "not_yet.txt"
DIFFERENCES = HERE.parent.parent / "docs" / "differences.md"

SCENARIOS = {scenario.name: scenario for scenario in scenarios()}
LISTED = [line.strip() for line in NOT_YET.read_text().splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_answers_are_those_of_camunda(scenario: Scenario, played: Played) -> None:
    wanted = golden.wanted(scenario.name)
    assert wanted is not None, "no golden file: make record"

    got = played[scenario.name].result()

    if scenario.name in LISTED:
        assert not same(wanted, got), f"{scenario.name} is supported now: take its name off {NOT_YET.name}"
    elif not same(wanted, got):
        pytest.fail("\n".join(difference(wanted, got)), pytrace=False)


def test_list_of_what_is_not_yet_supported_names_each_scenario_once_in_order() -> None:
    assert sorted(set(LISTED)) == LISTED


def test_list_of_what_is_not_yet_supported_names_only_scenarios() -> None:
    assert [name for name in LISTED if name not in SCENARIOS] == []


def test_every_golden_file_belongs_to_a_scenario() -> None:
    recorded = {file.stem for folder in (golden.CAMUNDA, golden.GESTA) for file in folder.glob("*.json")}

    assert sorted(recorded - set(SCENARIOS)) == []


def test_no_scenario_was_stopped_while_it_was_recorded() -> None:
    assert [name for name in SCENARIOS if (wanted := golden.wanted(name)) and stopped(wanted)] == []


@pytest.mark.parametrize("name", sorted(file.stem for file in golden.GESTA.glob("*.json")))
def test_deliberate_difference_is_real_and_explained(name: str) -> None:
    camunda, gesta = golden.read(golden.CAMUNDA, name), golden.read(golden.GESTA, name)

    assert camunda and gesta
    assert not same(camunda, gesta), "gesta answers as Camunda does: remove its own golden file"
    assert f"`{name}`" in DIFFERENCES.read_text(), f"docs/differences.md does not explain {name}"
