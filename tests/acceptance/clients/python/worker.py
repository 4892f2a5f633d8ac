"""Drives a community's external-task client through one scenario: `worker.py BASE SCENARIO TOPIC`.

What it sees it prints as lines of JSON.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from typing import Any

from camunda.client.engine_client import EngineClient  # type: ignore[import-not-found]
from camunda.client.external_task_client import ExternalTaskClient  # type: ignore[import-not-found]
from camunda.external_task.external_task import ExternalTask, TaskResult  # type: ignore[import-not-found]
from camunda.external_task.external_task_worker import ExternalTaskWorker  # type: ignore[import-not-found]
from camunda.process_definition.process_definition_client import ProcessDefinitionClient  # type: ignore[import-not-found]

BASE, SCENARIO, TOPIC = sys.argv[1:4]
WORKER = "python"
SETTINGS = {"lockDuration": 40_000, "asyncResponseTimeout": 20_000, "sorting": [{"sortBy": "createTime", "sortOrder": "asc"}]}


def write(saw: str, **values: Any) -> None:
    print(json.dumps({"saw": saw, **values}), flush=True)


def waits(task: ExternalTask) -> TaskResult:
    write(
        "task",
        id=task.get_task_id(),
        activity=task.get_activity_id(),
        businessKey=task.get_business_key(),
        priority=task._context["priority"],
        properties=task.get_extension_properties(),
        variables=task.get_variables(),
    )
    return task.complete()


def variables(task: ExternalTask) -> TaskResult:
    """Answers with the same values: with their types, and, as this client is mostly used, without."""
    answer: dict[str, Any] = {}
    for name in sorted(task.get_variables()):
        typed = task.get_variable(name, with_meta=True)
        write("variable", name=name, **typed)
        if typed["type"] != "Object":
            answer[f"{name}Back"] = typed
        answer[f"{name}Bare"] = task.get_variable(name)
    answer["madeBig"] = 2**63
    answer["madeFloat"] = 1e300
    answer["madeNested"] = {"list": [1, 2.5, None, True, 'ünïcödé "quoted"'], "empty": {}}
    answer["madeTransient"] = {"value": "seen by no one", "type": "String", "valueInfo": {"transient": True}}
    return task.complete(answer, {"here": "known to the task alone"})


def failure(task: ExternalTask) -> TaskResult:
    """The client counts the retries: at first it grants those given here, then it takes one away each time."""
    seen = task._context
    write("attempt", retries=seen["retries"], message=seen["errorMessage"], details=seen["errorDetails"])
    left = 2 if seen["retries"] is None else seen["retries"] - 1
    return task.failure("no paper", f"tray {left}", max_retries=2, retry_timeout=0)


def error(task: ExternalTask) -> TaskResult:
    return task.bpmn_error("trouble", "out of stock", {"missing": 3})


def files(task: ExternalTask) -> TaskResult:
    """The client has no files of its own: they are values with a type, and its other half downloads them."""
    engine = EngineClient(BASE)
    write("file", **engine.get_process_instance_variable(task.get_process_instance_id(), "document", with_meta=True))
    content = base64.b64encode("grüße\n".encode()).decode()
    info = {"filename": "répört 1.txt", "mimeType": "text/plain", "encoding": "UTF-8"}
    return task.complete({"report": {"value": content, "type": "File", "valueInfo": info}})


def refusals(task: ExternalTask) -> TaskResult:
    client, stranger = ExternalTaskClient(WORKER, BASE), ExternalTaskClient("stranger", BASE)
    refusal(lambda: client.complete("4711", {}))
    refusal(lambda: client.failure(task.get_task_id(), "no paper", None, -1, 0))
    refusal(lambda: stranger.complete(task.get_task_id(), {}))
    return task.complete()


def refusal(call: Callable[[], object]) -> None:
    """Do what the server must refuse, and write how the client tells it."""
    try:
        call()
    except Exception as error:
        write("refusal", message=str(error))
    else:
        write("acceptance")


def processes() -> None:
    """What the client offers besides tasks: it starts processes, by key or by version tag, and finds them."""
    client = ProcessDefinitionClient(BASE)
    by_key = client.start_process(TOPIC, {"customer": "Ada", "pieces": 3}, business_key="order-7")
    by_tag = client.start_process_by_version(TOPIC, "2.", {"customer": "Eve", "pieces": 3})
    for started in (by_key, by_tag):
        write("started", id=started["id"], key=started["definitionKey"], businessKey=started["businessKey"])
    found = client.get_process_instance(TOPIC, ["customer_eq_Ada", "customer_neq_Eve"])
    write("found", ids=[instance["id"] for instance in found])


SCENARIOS = {
    "waits": waits,
    "variables": variables,
    "failure": failure,
    "error": error,
    "files": files,
    "refusals": refusals,
}


def work() -> None:
    """Poll until the scenario's last task is done; polls are announced until there is a task."""
    worker, results = ExternalTaskWorker(WORKER, BASE, SETTINGS), list[TaskResult]()
    chosen = {"process_variables": {"ready": True}, "variables": ["amount"]} if SCENARIO == "waits" else {}

    def act(task: ExternalTask) -> TaskResult:
        results.append(SCENARIOS[SCENARIO](task))
        return results[-1]

    while not results or (results[-1].is_failure() and results[-1].retries > 0):
        if not results:
            write("polling")
        worker.fetch_and_execute(TOPIC, act, **chosen)


if __name__ == "__main__":
    processes() if SCENARIO == "processes" else work()
