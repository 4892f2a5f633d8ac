"""A decision in the making: facts are applied to the state at once and reacted to later, depth first, in the order of their flows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol, TypeAlias

from domain.elements import Element, ProcessDefinition
from domain.evolve import InstanceFact, evolve
from domain.external_task import ExternalTaskFact, ExternalTaskState
from domain.facts import Envelope, Fact, SignalThrown
from domain.refusals import ExecutionFailed
from domain.state import TASK, ElementInstance, InstanceState
from domain.values import Value

MOST_STEPS = 100_000
"""How often tokens may move because of one command. Without a limit, a loop without a wait state would never end."""
Reaction: TypeAlias = Literal["arrive", "complete"]


class Behaviour(Protocol):
    """What an element does with a token; one small class per kind of element."""

    def arrive(self, decision: Decision, key: int) -> None:
        """React to a token on a sequence flow that leads to the element."""

    def activate(self, decision: Decision, key: int) -> None:
        """React to being active: do the element's work, or wait for it."""

    def complete(self, decision: Decision, key: int) -> None:
        """React to the end of the element's work: leave it."""

    def terminate(self, decision: Decision, key: int) -> None:
        """Take back what waiting has opened, for the element is being cancelled."""


class Decision:
    """Collects what one command makes happen in one process instance.

    `facts` are pairs of a stream, as the ordinal of its aggregate in the instance (0: the instance itself), and a fact.
    """

    __slots__ = (
        "_agenda",
        "_behaviours",
        "at",
        "before",
        "definition",
        "envelope",
        "facts",
        "ran_out",
        "signals",
        "skip_io_mappings",
        "state",
        "stays_open",
        "task",
        "task_reported",
        "transient",
    )

    def __init__(
        self, definition: ProcessDefinition, state: InstanceState, envelope: Envelope, behaviours: Mapping[type[Element], Behaviour]
    ) -> None:
        self.definition = definition
        self.before = self.state = state
        self.envelope = envelope
        self.facts: list[tuple[int, Fact]] = []
        self.task: ExternalTaskState | None = None
        """The external task that the command is about, as `externalTask` in expressions."""
        self.task_reported: int | None = None
        """Key of the element instance whose task already ended by the command's own cause."""
        self.transient: dict[int, dict[str, Value]] = {}
        self.skip_io_mappings = False
        self.stays_open = False
        """The instance does not end yet although its last token does; `ran_out` tells that this was so."""
        self.ran_out = False
        self.at: str | None = None
        """Id of the element that is being entered or left: where the process cannot go on if it fails."""
        self.signals: list[SignalThrown] = []
        """Signals for other instances and start events."""
        self._behaviours = behaviours
        self._agenda: list[tuple[Reaction, int]] = []

    def record(self, fact: InstanceFact) -> None:
        """Note a fact of the instance and apply it."""
        self.facts.append((0, fact))
        self.state = evolve(self.state, fact, self.envelope)

    def record_for_task(self, key: int, fact: ExternalTaskFact) -> None:
        """Note a fact of the external task of the element instance `key`."""
        self.facts.append((key + TASK, fact))

    def later(self, *reactions: tuple[Reaction, int]) -> None:
        """Put reactions before whatever already waits, the first one first: a token runs on until it waits."""
        self._agenda.extend(reversed(reactions))

    def settle(self) -> None:
        """React until nothing is left to react to. Tokens that were cancelled meanwhile are passed over."""
        for _ in range(MOST_STEPS):
            if not self._agenda:
                return
            reaction, key = self._agenda.pop()
            token = self.state.tokens.get(key)
            if token is None:
                continue
            if reaction == "arrive":
                self.behaviour(self.target(token)).arrive(self, key)
            else:
                self.at = token.element_id
                self.behaviour(self.element(key)).complete(self, key)
        raise ExecutionFailed(f"The process took {MOST_STEPS} steps without coming to rest: its model has a loop that waits for nobody.")

    def behaviour(self, element: Element) -> Behaviour:
        return self._behaviours[type(element)]

    def element(self, key: int) -> Element:
        return self.definition.elements[self.state.tokens[key].element_id]

    def target(self, token: ElementInstance) -> Element:
        """The element at the end of the flow that the token is on."""
        assert token.flow_id
        return self.definition.elements[self.definition.flows[token.flow_id].target]
