"""Commands drawn at random, always the same for the same seed: whatever workers and users may ask of a running instance."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from domain.commands import FailExternalTask
from domain.elements import ProcessDefinition
from domain.ids import part_id
from domain.instructions import (
    CancelElement,
    CancelInstance,
    CancelTransition,
    Instruction,
    StartAfter,
    StartBefore,
    StartOnFlow,
)
from domain.refusals import Refusal
from domain.values import Value
from tests.unit.domain import commands as asks
from tests.unit.domain.given import INSTANCE, AnyCommand, Instance, Plain, transient, values

NAMES = ("n", "x", "y", "new")
WORKERS = ("v", "w")
CODES = ("E", "F", "G")


class Anything:
    """A stream of commands about one instance."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def play(self, definition: ProcessDefinition, length: int) -> Instance:
        """Start an instance and ask `length` things of it, or fewer if it ends before. What is refused leaves nothing."""
        instance = Instance(definition, replayed=False)
        instance.when(asks.start(n=self._random.randint(0, 4)))
        for _ in range(length):
            if instance.state.ended is not None:
                break
            instance.at += self._random.choice((0, 1, 1000, 70_000))
            before = instance.state, len(instance.records)
            try:
                instance.when(self._command(instance))
            except Refusal:
                assert (instance.state, len(instance.records)) == before
        if instance.state.ended is not None and self._random.random() < 0.5:
            instance.when(asks.hide_history())
        return instance

    def _command(self, instance: Instance) -> AnyCommand:
        about_tasks = [self._of_task] * 6 if instance.history.open_tasks else []
        about_users = [self._of_user] if instance.history.open_user_tasks else []
        about_events = [self._of_event] * 3 if instance.state.subscriptions else []
        about_jobs = [self._of_job] * 3 if instance.state.jobs else []
        return self._random.choice([*about_tasks, *about_users, *about_events, *about_jobs, self._of_instance])(instance)

    def _of_task(self, instance: Instance) -> AnyCommand:
        random, task = self._random, self._random.choice(instance.history.open_tasks)
        key, worker = task.key, random.choice((task.worker_id or "w", *WORKERS))
        local = values(**self._variables())
        makers: list[Callable[[], AnyCommand]] = [
            lambda: asks.lock(key, worker),
            lambda: asks.lock(key, worker),
            lambda: asks.extend(key, worker),
            lambda: asks.unlock(key),
            lambda: asks.complete(key, local, worker, **self._variables()),
            lambda: asks.complete(key, None, worker),
            lambda: FailExternalTask(
                task.id, worker, random.choice((None, "boom")), "trace", random.randint(0, 2), random.choice((0, 500))
            ),
            lambda: FailExternalTask(task.id, worker, "boom", None, random.randint(0, 2), 0, values(**self._variables()), local),
            lambda: asks.bpmn_error(key, random.choice(CODES), random.choice((None, "text")), worker, **self._variables()),
            lambda: asks.set_retries(key, random.randint(0, 2)),
            lambda: asks.set_priority(key, random.randint(-5, 5)),
        ]
        return random.choice(makers)()

    def _of_user(self, instance: Instance) -> AnyCommand:
        return asks.complete_user_task(self._random.choice(instance.history.open_user_tasks).task.key, **self._variables())

    def _of_event(self, instance: Instance) -> AnyCommand:
        random, waiting = self._random, self._random.choice([*sorted(instance.state.subscriptions.items())])[1]
        one, other = values(**self._variables()), values(**self._variables())
        if waiting.kind == "message":
            return asks.message(waiting.holder, random.choice((waiting.name, waiting.name, "other")), one, other, **self._variables())
        return asks.signal(waiting.name, random.choice((None, waiting.holder)), **self._variables())

    def _of_job(self, instance: Instance) -> AnyCommand:
        random, key = self._random, self._random.choice(sorted(instance.state.jobs))
        makers: list[Callable[[], AnyCommand]] = [
            *[lambda: asks.execute(key)] * 6,
            *[lambda: asks.fail_job(key)] * 2,
            lambda: asks.set_job_retries(key, random.randint(0, 3), random.choice((None, instance.at))),
            lambda: asks.set_due(key, random.choice((None, instance.at + 1000)), random.random() < 0.5),
            lambda: asks.recalculate(key, random.random() < 0.5),
            lambda: asks.set_job_priority(key, random.randint(-5, 5)),
            lambda: asks.suspend_job(key, random.random() < 0.5),
        ]
        return asks.delete_job(key) if random.random() < 0.02 else random.choice(makers)()

    def _of_instance(self, instance: Instance) -> AnyCommand:
        random = self._random
        scope = random.choice([0, *(element.key for element in instance.state.elements)])
        gone = random.sample(NAMES[1:], random.randint(0, 2))
        makers: list[Callable[[], AnyCommand]] = [
            lambda: asks.modify(scope, *gone, local=random.random() < 0.5, **self._variables()),
            lambda: asks.modify(scope, *gone, local=random.random() < 0.5, **self._variables()),
            asks.suspend,
            asks.resume,
            asks.resume,
            lambda: asks.annotate(random.choice([*sorted(instance.state.incidents), 0]), random.choice((None, "looked at"))),
            lambda: asks.create_incident(scope + random.randint(0, 3)),
            *[lambda: asks.resolve_incident(random.choice([*sorted(instance.state.incidents), 0]))] * 2,
            lambda: asks.move_on(scope + random.choice((0, 1, 3)), **self._variables()),
            lambda: asks.modify_tokens(*self._instructions(instance), skip_io_mappings=random.random() < 0.2),
        ]
        return asks.delete("enough", random.random() < 0.5) if random.random() < 0.05 else random.choice(makers)()

    def _instructions(self, instance: Instance) -> list[Instruction]:
        return [self._instruction(instance) for _ in range(self._random.randint(1, 3))]

    def _instruction(self, instance: Instance) -> Instruction:
        random, definition = self._random, instance.definition
        element, flow = random.choice([*definition.elements]), random.choice([*definition.flows])
        active = [f"{token.element_id}:{part_id(INSTANCE, token.key)}" for token in instance.state.elements]
        ancestor = random.choice([None, None, None, INSTANCE, *active])
        one, other = values(**self._variables()), values(**self._variables())
        makers: list[Callable[[], Instruction]] = [
            lambda: StartBefore(element, ancestor, one, other),
            lambda: StartBefore(element, None, one, other),
            lambda: StartAfter(element, ancestor, one, other),
            lambda: StartOnFlow(flow, ancestor, one, other),
            lambda: CancelElement(element),
            lambda: CancelInstance(random.choice([*active, "ghost"])),
            lambda: CancelTransition(part_id(INSTANCE, random.choice([0, *instance.state.jobs]))),
        ]
        return random.choice(makers)()

    def _variables(self) -> dict[str, Plain]:
        return {name: self._value() for name in self._random.sample(NAMES, self._random.choice((0, 0, 1, 2)))}

    def _value(self) -> Plain:
        random = self._random
        plain: tuple[Plain, ...] = (random.randint(0, 12), random.randint(0, 12), float("nan"), 1.5, "text", None, True)
        value = random.choice((*plain, Value("Bytes", b"\x00"), Value("Json", '{"a":1}')))
        return transient(value) if random.random() < 0.1 else value
