"""Input and output parameters (BPMN page §4): inputs see the parent's scope, outputs the activity's own."""

from __future__ import annotations

from domain.context import ScopeContext
from domain.decision import Decision
from domain.expressions.parameters import evaluate_parameter
from domain.values import Value
from domain.variables import set_local, set_variables


def map_inputs(decision: Decision, key: int) -> None:
    """Make the activity's local variables. An input does not see another input of the same activity."""
    mapping = decision.element(key).mapping
    if mapping is None or not mapping.inputs or decision.skip_io_mappings:
        return
    context = ScopeContext(decision, decision.state.tokens[key].scope)
    values: dict[str, Value] = {p.name: evaluate_parameter(p.value, context) for p in mapping.inputs}
    set_local(decision, key, values)


def map_outputs(decision: Decision, key: int) -> None:
    """Carry results to the scopes around the activity; a later output sees an earlier one."""
    mapping = decision.element(key).mapping
    if mapping is None or not mapping.outputs or decision.skip_io_mappings:
        return
    outer = decision.state.tokens[key].scope
    for parameter in mapping.outputs:
        value = evaluate_parameter(parameter.value, ScopeContext(decision, key, activity=key))
        set_variables(decision, outer, {parameter.name: value})
