"""Why a command is refused. A decision raises one of these; the doors map each class to an answer once."""

from __future__ import annotations


class Refusal(Exception):
    """A command that was understood and refused; its message names the thing, what is the case and what would be allowed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """The thing that a command is about does not exist (any more)."""


class NotOwner(Refusal):
    """The caller is not the worker that holds the external task's lock."""


class Rejected(Refusal):
    """The command does not fit the state of the thing (Camunda's BadUserRequestException)."""


class NotValid(Refusal):
    """What was asked for names something that is not there, or does not fit (Camunda's NotValidException)."""


class Mismatch(Refusal):
    """A message fits nobody, or too many (Camunda's MismatchingMessageCorrelationException)."""


class Suspended(Refusal):
    """The thing is suspended."""


class MissingValue(Refusal):
    """An argument that the command needs is null (Camunda's NullValueException)."""


class ExecutionFailed(Refusal):
    """The process could not go on: an expression failed, no sequence flow could be taken (Camunda's ProcessEngineException).

    `kind` is the simple name of the Java exception that a client of Camunda would be told.
    """

    def __init__(self, message: str, kind: str = "ProcessEngineException") -> None:
        super().__init__(message)
        self.kind = kind
