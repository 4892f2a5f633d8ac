"""User task: waits until somebody completes it over REST (BPMN page §6)."""

from __future__ import annotations

from domain.behaviour import ElementBehaviour
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import UserTask
from domain.executions import execution_of
from domain.facts import UserTaskCancelled, UserTaskCreated
from domain.task_attributes import date, names, priority, text


class UserTaskBehaviour(ElementBehaviour):
    def activate(self, decision: Decision, key: int) -> None:
        element = decision.element(key)
        assert isinstance(element, UserTask)
        context = ScopeContext(decision, key, activity=key)
        decision.record(
            UserTaskCreated(
                key,
                element.id,
                decision.state.definition_id,
                _execution(decision, key),
                name=text(element.task_name, context, "name"),
                description=text(element.description, context, "description"),
                assignee=text(element.assignee, context, "assignee"),
                owner=text(element.owner, context, "owner"),
                due=date(element.due_date, context, "dueDate"),
                follow_up=date(element.follow_up_date, context, "followUpDate"),
                priority=priority(element.priority, context),
                form_key=text(element.form_key, context, "formKey"),
                candidate_users=names(element.candidate_users, context, "candidateUsers"),
                candidate_groups=names(element.candidate_groups, context, "candidateGroups"),
                tenant_id=decision.state.tenant_id,
                scope=decision.state.tokens[key].scope,
            )
        )

    def terminate(self, decision: Decision, key: int) -> None:
        decision.record(UserTaskCancelled(key))


def _execution(decision: Decision, key: int) -> int:
    state = decision.state
    return execution_of(state.tokens[key], state.is_beside_others(key), decision.element(key))
