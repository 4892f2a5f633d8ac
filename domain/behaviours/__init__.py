"""What each kind of element does with a token: one small class a file, found through one register."""

from __future__ import annotations

from collections.abc import Mapping

from domain.behaviours.boundary_event import BoundaryEventBehaviour
from domain.behaviours.catch_event import CatchEventBehaviour
from domain.behaviours.error_boundary_event import ErrorBoundaryEventBehaviour
from domain.behaviours.error_end_event import ErrorEndEventBehaviour
from domain.behaviours.exclusive_gateway import ExclusiveGatewayBehaviour
from domain.behaviours.expression_task import ExpressionTaskBehaviour
from domain.behaviours.external_task import ExternalTaskBehaviour
from domain.behaviours.parallel_gateway import ParallelGatewayBehaviour
from domain.behaviours.pass_through import PassThroughBehaviour
from domain.behaviours.receive_task import ReceiveTaskBehaviour
from domain.behaviours.signal_throw_event import SignalThrowEventBehaviour
from domain.behaviours.sub_process import SubProcessBehaviour
from domain.behaviours.terminate_end_event import TerminateEndEventBehaviour
from domain.behaviours.user_task import UserTaskBehaviour
from domain.decision import Behaviour
from domain.elements import (
    BoundaryEvent,
    CatchEvent,
    Element,
    ErrorBoundaryEvent,
    ErrorEndEvent,
    ExclusiveGateway,
    ExpressionTask,
    ExternalTask,
    NoneEndEvent,
    NoneStartEvent,
    ParallelGateway,
    PassThroughTask,
    ReceiveTask,
    SignalThrowEvent,
    SubProcess,
    TerminateEndEvent,
    TriggeredStartEvent,
    UserTask,
)

BEHAVIOURS: Mapping[type[Element], Behaviour] = {
    NoneStartEvent: PassThroughBehaviour(),
    TriggeredStartEvent: PassThroughBehaviour(),
    NoneEndEvent: PassThroughBehaviour(),
    PassThroughTask: PassThroughBehaviour(),
    ErrorEndEvent: ErrorEndEventBehaviour(),
    TerminateEndEvent: TerminateEndEventBehaviour(),
    ExternalTask: ExternalTaskBehaviour(),
    ExpressionTask: ExpressionTaskBehaviour(),
    UserTask: UserTaskBehaviour(),
    ExclusiveGateway: ExclusiveGatewayBehaviour(),
    ParallelGateway: ParallelGatewayBehaviour(),
    SubProcess: SubProcessBehaviour(),
    ReceiveTask: ReceiveTaskBehaviour(),
    CatchEvent: CatchEventBehaviour(),
    SignalThrowEvent: SignalThrowEventBehaviour(),
    BoundaryEvent: BoundaryEventBehaviour(),
    ErrorBoundaryEvent: ErrorBoundaryEventBehaviour(),
}
