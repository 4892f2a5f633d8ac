"""Timers of events: when they are due, and the jobs that fire them (BPMN page §8)."""

from __future__ import annotations

import msgspec

from domain.calendar import anchored, due_date, due_duration, next_of_cycle
from domain.context import ScopeContext
from domain.decision import Decision
from domain.elements import BoundaryEvent, CatchEvent, FlowNode
from domain.expressions import Context, to_value
from domain.facts import JobCreated
from domain.priorities import priority_of
from domain.refusals import ExecutionFailed
from domain.state import SCOPE_EXECUTION, TIMER, Job
from domain.triggers import TimerTrigger


class Moment(msgspec.Struct, frozen=True):
    """When a timer fires; `cycle` is the text of a timer that may fire again."""

    due: int
    cycle: str | None = None


def moment_of(timer: TimerTrigger, context: Context, element_id: str, now: int) -> Moment:
    """Compute when a timer fires. Raises ExecutionFailed for what is no time."""
    value = to_value(timer.time.evaluate(context))
    if value.type == "Date" and isinstance(value.content, int):
        return Moment(value.content)
    if value.type != "String" or not isinstance(value.content, str):
        hint = "either hand in a java.util.Date or a String in format 'yyyy-MM-dd'T'hh:mm:ss'"
        raise ExecutionFailed(f"Timer '{element_id}' was not configured with a valid duration/time, {hint}")
    if timer.kind == "CYCLE":
        return Moment(_present(next_of_cycle(value.content, now)), anchored(value.content, now))
    read = due_date if timer.kind == "DATE" else due_duration
    return Moment(_present(read(value.content, now)))


def _present(due: int | None) -> int:
    if due is None:
        raise ExecutionFailed("duedate is null", "NullValueException")
    return due


def schedule(decision: Decision, key: int, event: CatchEvent | BoundaryEvent, timer: TimerTrigger) -> None:
    """Create the job of a timer that the element instance `key` waits for. Only a timer that interrupts nothing fires again."""
    context = ScopeContext(decision, key, activity=key)
    moment = moment_of(timer, context, event.id, decision.envelope.at)
    repeats = isinstance(event, BoundaryEvent) and not event.interrupting
    priority = priority_of(event.job_priority or decision.definition.job_priority, context)
    _create(decision, event.id, key, moment.due, moment.cycle if repeats else None, priority)


def next_date(job: Job, now: int) -> int | None:
    """The next date of a repeating timer. A date that is over does not come again, even in its very millisecond."""
    return None if job.repeat is None else next_of_cycle(job.repeat, now + 1 if now == job.due else now, job.offset)


def schedule_again(decision: Decision, job: Job, event: FlowNode) -> None:
    """Create the job of a repeating timer's next date, if there is one."""
    due = next_date(job, decision.envelope.at)
    if due is not None:
        assert job.holder is not None
        context = ScopeContext(decision, job.holder, activity=job.holder)
        priority = priority_of(event.job_priority or decision.definition.job_priority, context)
        _create(decision, event.id, job.holder, due, job.repeat, priority, job.offset)


def _create(decision: Decision, element_id: str, key: int, due: int, repeat: str | None, priority: int, offset: int = 0) -> None:
    state = decision.state
    decision.record(
        JobCreated(
            state.next_key,
            TIMER,
            element_id,
            state.definition_id,
            key,
            key + SCOPE_EXECUTION,
            due,
            repeat,
            priority,
            state.tenant_id,
            offset,
            state.tokens[key].scope,
        )
    )
