"""What the lines of `0.2.1.json` say: the facts that release 0.2.1 brought or gave new fields, with every field filled."""

from __future__ import annotations

from domain.facts import (
    BatchCompleted,
    BatchCreated,
    BatchDeleted,
    BatchHistoryDeleted,
    BatchJobCreated,
    BatchResumed,
    BatchSeeded,
    BatchStarted,
    BatchSuspended,
    DeploymentCreated,
    Fact,
    HistoryTimeToLiveSet,
    ProcessDefinitionResumed,
    ProcessDefinitionSuspended,
    ProcessInstanceModified,
    ProcessInstanceStarted,
    Resource,
    SuspensionScheduled,
)
from domain.instructions import CancelElement, CancelInstance, CancelTransition, StartAfter, StartBefore, StartOnFlow
from domain.operations import SetRetriesOfTasks
from tests.unit.projections.golden_facts.release_0_1_0 import LOCAL, VARIABLES
from tests.unit.projections.golden_facts.release_0_2_0 import DUE, INSTANCE, JOB_DEFINITION

BATCH = "0193f000-0000-7abc-8abc-deb000000000"
TASK = "0193f000-0000-7abc-8abc-def00000000a"
STARTS = (
    StartBefore("work", f"part:{INSTANCE}", VARIABLES, LOCAL),
    StartAfter("look", f"part:{INSTANCE}", VARIABLES, LOCAL),
    StartOnFlow("flow", f"part:{INSTANCE}", VARIABLES, LOCAL),
)

FACTS: tuple[Fact, ...] = (
    DeploymentCreated("orders", "shop", "tenant", (Resource(1, "order.bpmn", b"\x01\x02"),), DUE),
    BatchCreated(SetRetriesOfTasks(5), (TASK, "gone"), 50, "tenant"),
    BatchSeeded(50),
    BatchStarted(),
    BatchSuspended(),
    BatchResumed(),
    BatchCompleted(),
    BatchDeleted(True),
    BatchHistoryDeleted(),
    BatchJobCreated(BATCH, "execution", TASK, DUE, "tenant"),
    ProcessDefinitionSuspended("order:2:id", True),
    ProcessDefinitionResumed("order:2:id", True),
    HistoryTimeToLiveSet("order:2:id", 30),
    SuspensionScheduled(DUE, True, (JOB_DEFINITION,), "order", True, True, "tenant"),
    ProcessInstanceStarted("order:2:id", "order 1", VARIABLES, "tenant", "start", STARTS, True),
    ProcessInstanceModified((*STARTS, CancelElement("work"), CancelInstance(f"work:{INSTANCE}"), CancelTransition(INSTANCE)), True, "why"),
)
