"""How an evaluation fails. `Expression.evaluate` turns each of these into the refusal that Camunda's client would read."""

from __future__ import annotations


class Failure(Exception):
    """The evaluation cannot go on; the class says which of Camunda's sentences the message gets."""

    sentence = "Error while evaluating expression: {text}. Cause: {cause}"


class UnknownProperty(Failure):
    """An identifier or a property does not exist."""

    sentence = "Unknown property used in expression: {text}. Cause: {cause}"


class UnknownMethod(Failure):
    """No method of the allow-list has that name and fits the arguments."""

    sentence = "Unknown method used in expression: {text}. Cause: {cause}"


class MethodFailed(Failure):
    """A method threw; Camunda tells the Java exception alone."""

    sentence = "{cause}"


class TooMuchWork(Failure):
    """The evaluation would take more time or memory than one expression may."""

    sentence = "Error while evaluating expression: {text}. Cause: it {cause}"
