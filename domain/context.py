"""What an expression can see: the variables of its scope, and the objects `execution` and `externalTask`."""

from __future__ import annotations

from domain.decision import Decision
from domain.expressions import Bean, Date, from_value, to_value
from domain.external_task import ExternalTaskState
from domain.ids import aggregate_id, part_id
from domain.state import SCOPE_EXECUTION
from domain.values import Value
from domain.variables import local, lookup, set_local, set_variables, visible


class ScopeContext:
    """The view of one element instance (or of the process instance, key 0) during a decision."""

    authenticated_user: str | None = None

    def __init__(self, decision: Decision, scope: int, activity: int | None = None) -> None:
        """`activity` is the element instance that `execution` speaks of; None while its inputs are mapped."""
        self._decision = decision
        self._scope = scope
        self._activity = activity
        self.now = decision.envelope.at

    def variable(self, name: str) -> Value | None:
        return lookup(self._decision.state, self._scope, name, self._decision.transient)

    def bean(self, name: str) -> Bean | None:
        if name == "execution":
            return self._execution()
        if name == "externalTask" and self._decision.task is not None:
            return external_task_bean(self._decision.task, self._decision.definition.key)
        return None

    def _execution(self) -> Bean:
        state, scope, transient = self._decision.state, self._scope, self._decision.transient
        element = self._decision.element(self._activity) if self._activity else None
        return Bean(
            properties={
                "id": state.part(scope + SCOPE_EXECUTION if scope else 0),
                "processInstanceId": state.id,
                "processBusinessKey": state.business_key,
                "businessKey": state.business_key,
                "processDefinitionId": state.definition_id,
                "currentActivityId": element.id if element else None,
                "currentActivityName": element.name if element else None,
                "eventName": None,
                "tenantId": state.tenant_id,
                "variableNames": lambda: sorted(visible(state, scope, transient)),
                "variables": lambda: {name: from_value(value) for name, value in visible(state, scope, transient).items()},
            },
            methods={
                "getVariable": lambda name: self._java(self.variable(name)),
                "getVariableTyped": self.variable,
                "getVariableLocal": lambda name: self._java(local(state, scope, transient).get(name)),
                "hasVariable": lambda name: self.variable(name) is not None,
                "hasVariableLocal": lambda name: name in local(state, scope, transient),
                "setVariable": lambda name, value: set_variables(self._decision, scope, {str(name): to_value(value)}),
                "setVariableLocal": lambda name, value: set_local(self._decision, scope, {str(name): to_value(value)}),
            },
        )

    @staticmethod
    def _java(value: Value | None) -> object:
        return None if value is None else from_value(value)


class NoScope:
    """What expressions see where no instance is yet: at deployment, when start timers are scheduled."""

    authenticated_user: str | None = None

    def __init__(self, now: int) -> None:
        self.now = now

    def variable(self, name: str) -> Value | None:
        return None

    def bean(self, name: str) -> Bean | None:
        return None


def external_task_bean(task: ExternalTaskState, definition_key: str) -> Bean:
    """The object `externalTask` of error definitions (BPMN page §3)."""
    instance_id = aggregate_id(task.id)
    return Bean(
        properties={
            "id": task.id,
            "topicName": task.topic,
            "workerId": task.worker_id,
            "errorMessage": task.error_message,
            "errorDetails": task.error_details,
            "retries": task.retries,
            "priority": task.priority,
            "businessKey": task.business_key,
            "activityId": task.element_id,
            "executionId": part_id(instance_id, task.key + SCOPE_EXECUTION),
            "processInstanceId": instance_id,
            "processDefinitionId": task.definition_id,
            "processDefinitionKey": definition_key,
            "tenantId": task.tenant_id,
            "lockExpirationTime": None if task.lock_until is None else Date(task.lock_until),
            "createTime": Date(task.create_time),
        },
        methods={},
    )
