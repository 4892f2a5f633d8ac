"""What the lines of `0.2.0.json` say: the facts that release 0.2.0 brought or gave new fields, with every field filled."""

from __future__ import annotations

from domain.facts import (
    ExecutionSignalled,
    Fact,
    HistoryHidden,
    IncidentDismissed,
    IncidentRaised,
    IncidentReported,
    JobCreated,
    JobDefinition,
    JobDefinitionsSuspended,
    JobDeleted,
    JobDueDateRecalculated,
    JobDueDateSet,
    JobExecuted,
    JobFailed,
    JobPrioritySet,
    JobRemoved,
    JobRetriesSet,
    JobSuspensionSet,
    MessageCorrelated,
    MessageSent,
    ProcessDefinitionDeleted,
    ProcessDefinitionDeployed,
    ProcessInstanceStarted,
    SequenceFlowTaken,
    SignalReceived,
    SignalSent,
    SignalThrown,
    StartSubscriptionClosed,
    StartSubscriptionOpened,
    SubscriptionClosed,
    SubscriptionOpened,
    TokenHeld,
    UserTaskCreated,
)
from tests.unit.projections.golden_facts.release_0_1_0 import LOCAL, VARIABLES

JOB = "0193f000-0000-7abc-8abc-def00000000e"
JOB_DEFINITION = "0193f000-0000-7abc-8abc-def000000100"
EXECUTION = "0193f000-0000-7abc-8abc-def000000009"
INSTANCE = "0193f000-0000-7abc-8abc-def000000000"
DUE, LATER = 1_700_000_060_000, 1_700_000_090_000

FACTS: tuple[Fact, ...] = (
    ProcessDefinitionDeployed(
        "deployment",
        "order",
        2,
        "order.bpmn",
        "Order",
        "shop",
        "sells",
        "v2",
        180,
        False,
        "tenant",
        (JobDefinition("wait", "timer-intermediate-transition", "DURATION: PT1H"), JobDefinition("work", "async-continuation", "async")),
    ),
    ProcessDefinitionDeleted("order:2:id", True),
    StartSubscriptionOpened("start", "message", "order placed", "order:2:id", "tenant"),
    StartSubscriptionClosed("start"),
    JobDefinitionsSuspended((JOB_DEFINITION,), True, True),
    ProcessInstanceStarted("order:2:id", "order 1", VARIABLES, "tenant", "start"),
    HistoryHidden(),
    SequenceFlowTaken(16, "flow", 8, 4),
    UserTaskCreated(
        12, "look", "order:2:id", 9, "Look", "closely", "mary", "ann", 1, 2, 70, "embedded:form", ("a", "b"), ("g", "h"), "tenant", 8
    ),
    IncidentRaised(20, "failedJob", 8, "work", "order:2:id", JOB, "boom", "tenant", 14, 9, "next", JOB_DEFINITION),
    IncidentReported(9, "stuck", "configuration", "boom"),
    IncidentDismissed(12),
    SubscriptionOpened(13, "message", "paid", "boundary", 8, "order:2:id", "tenant"),
    SubscriptionClosed(13),
    MessageCorrelated(13, VARIABLES, LOCAL, LOCAL),
    MessageSent("paid", "order 1", INSTANCE, VARIABLES, LOCAL, "tenant", (EXECUTION, INSTANCE)),
    SignalReceived("alarm", VARIABLES, 8),
    SignalThrown(8, "alarm", VARIABLES, "order 1"),
    SignalSent("alarm", EXECUTION, "tenant", (INSTANCE,)),
    ExecutionSignalled(9, VARIABLES),
    TokenHeld(16, "work", 8),
    JobCreated(14, "timer", "wait", "order:2:id", 8, 9, DUE, "R3/PT1H", 50, "tenant", 1000, 4),
    JobRemoved(14),
    JobExecuted(14),
    JobFailed(14, "boom", "next", 2, DUE, True),
    JobRetriesSet(14, 5, DUE),
    JobDueDateSet(14, LATER, True),
    JobDueDateRecalculated(14, LATER, True),
    JobPrioritySet(14, -5),
    JobSuspensionSet(14, True),
    JobDeleted(14),
)
