"""What narrows a topic subscription (REST contract §5.1), as conditions on `external_task t`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from domain.fetching import TopicSubscription, VariableCondition
from domain.values import Value
from projections.querying import Where
from projections.variable.conditions import COLUMNS, VariableFilter, variable_matches

_EXISTS = "EXISTS (SELECT FROM variable v WHERE v.scope_id = t.process_instance_id AND ({alternatives}) OFFSET 0)"
# OFFSET 0 keeps the planner from joining all variables: tasks come in their order, and each is asked until there are enough.


class Filter(msgspec.Struct, frozen=True):
    sql: str
    """Empty, or ` AND …`."""
    parameters: dict[str, object]


def filters_of(subscription: TopicSubscription, number: int) -> Filter:
    """All conditions of one subscription; parameters carry its number."""
    parameters: dict[str, object] = {}
    conditions = []
    for name, condition, value in _conditions(subscription):
        parameters[f"{name}_{number}"] = value
        conditions.append(f" AND {condition.format(p=f'%({name}_{number})s')}")
    if subscription.tenant_id_in is None and subscription.without_tenant:
        conditions.append(" AND tenant_id IS NULL")
    if subscription.process_variables:
        sql, more = _process_variables(subscription.process_variables, number)
        conditions.append(sql)
        parameters.update(more)
    where = _Numbered(parameters, number)
    conditions += [f" AND {_condition(where, wanted)}" for wanted in subscription.variable_conditions]
    return Filter("".join(conditions), parameters)


class _Numbered(Where):
    """Conditions whose parameters carry the number of their subscription."""

    def __init__(self, parameters: dict[str, object], number: int) -> None:
        super().__init__(parameters)
        self._number = number

    def parameter(self, value: object) -> str:
        name = f"condition_{self._number}_{len(self.parameters)}"
        self.parameters[name] = value
        return f"%({name})s"


def _condition(where: Where, wanted: VariableCondition) -> str:
    """A condition on a variable of the instance's own scope: by its primary key, for one task after another until there are enough."""
    alternatives = [f"({variable_matches(where, VariableFilter(wanted.name, *alternative))})" for alternative in wanted.alternatives]
    return _EXISTS.format(alternatives=" OR ".join(alternatives) or "false")


def _conditions(s: TopicSubscription) -> Iterator[tuple[str, str, object]]:
    if s.business_key is not None:
        yield "business_key", "business_key = {p}", s.business_key
    if s.definition_id is not None:
        yield "definition_id", "definition_id = {p}", s.definition_id
    if s.definition_id_in:
        yield "definition_ids", "definition_id = ANY({p}::text[])", list(s.definition_id_in)
    if s.definition_key is not None:
        yield "definition_key", "definition_key = {p}", s.definition_key
    if s.definition_key_in:
        yield "definition_keys", "definition_key = ANY({p}::text[])", list(s.definition_key_in)
    if s.version_tag is not None:
        tagged = "EXISTS (SELECT FROM process_definition d WHERE d.id = t.definition_id AND d.version_tag LIKE {p})"
        yield "version_tag", tagged, s.version_tag
    if s.tenant_id_in:
        yield "tenants", "tenant_id = ANY({p}::text[])", list(s.tenant_id_in)


def _process_variables(wanted: dict[str, Value], number: int) -> tuple[str, dict[str, object]]:
    """Alternatives, type for type, on the instance's own scope."""
    alternatives: list[str] = []
    parameters: dict[str, object] = {}
    for n, (name, value) in enumerate(wanted.items()):
        parameters[f"variable_{number}_{n}"] = name
        parameters[f"type_{number}_{n}"] = value.type
        condition = f"v.name = %(variable_{number}_{n})s AND v.type = %(type_{number}_{n})s"
        if value.type != "Null":
            parameters[f"value_{number}_{n}"] = int(value.content) if isinstance(value.content, bool) else value.content
            condition += f" AND v.{COLUMNS.get(value.type, 'text_value')} = %(value_{number}_{n})s"
        alternatives.append(f"({condition})")
    return f" AND {_EXISTS.format(alternatives=' OR '.join(alternatives))}", parameters
