"""External-task workers in Python, for gesta and every other server that speaks Camunda 7's external-task REST API."""

from gesta_client.back_off import BackOff
from gesta_client.client import Client
from gesta_client.errors import (
    BadRequest,
    ClientError,
    Conflict,
    LockExpired,
    NotFound,
    NotOwner,
    Refused,
    ServerFailure,
    ServerUnavailable,
    Suspended,
)
from gesta_client.handling import ExternalTaskHandler
from gesta_client.options import RetryPolicy, TopicOptions, WorkerOptions
from gesta_client.service import ExternalTaskService
from gesta_client.task import ExternalTask
from gesta_client.typed import Typed
from gesta_client.variables import UnreadableVariable, Variables
from gesta_client.worker import Worker

__all__ = [
    "BackOff",
    "BadRequest",
    "Client",
    "ClientError",
    "Conflict",
    "ExternalTask",
    "ExternalTaskHandler",
    "ExternalTaskService",
    "LockExpired",
    "NotFound",
    "NotOwner",
    "Refused",
    "RetryPolicy",
    "ServerFailure",
    "ServerUnavailable",
    "Suspended",
    "TopicOptions",
    "Typed",
    "UnreadableVariable",
    "Variables",
    "Worker",
    "WorkerOptions",
]
