"""Reading large models: the time to parse one grows with its tasks, not faster."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from domain.parsing import parse_model
from tests.benchmarks.models import Model, chain, fork
from tests.benchmarks.report import Report
from tests.benchmarks.timing import computed

SIZES = (100, 1_000, 10_000)
ROUNDS = 3


@pytest.mark.parametrize("build", [chain, fork], ids=["in a row", "side by side"])
def test_parsing_large_models(build: Callable[[str, int], Model], request: pytest.FixtureRequest) -> None:
    with Report(f"Parsing models of tasks {request.node.callspec.id}; ratios of the time per task, to {SIZES[0]} tasks") as report:
        base = 0.0
        for size in SIZES:
            model = build("parsed", size)
            seconds, definitions = computed(partial(parse_model, "parsed.bpmn", model.xml.encode()), ROUNDS)
            assert len(definitions[0].elements) >= size
            base = base or seconds / size
            report.add(f"{size:,} tasks, {len(model.xml) / 1024:,.0f} KB", 1000 * seconds, "ms", ratio=seconds / size / base)
