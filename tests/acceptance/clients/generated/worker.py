"""Makes a client of the server's own description and works with it: `worker.py BASE SCENARIO TOPIC`. Runs where it may write.

What it sees it prints as lines of JSON.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

CLIENT = "gesta_generated"
BASE, _, TOPIC = sys.argv[1:4]
WORKER = "generated"


def write(saw: str, **values: Any) -> None:
    print(json.dumps({"saw": saw, **values}), flush=True)


def generate() -> None:
    """Generate the client; whatever of the description does not become code is written as a warning."""
    Path("settings.yml").write_text("post_hooks: []\n")
    arguments = ["--url", f"{BASE}/openapi.json", "--output-path", CLIENT, "--meta", "none", "--config", "settings.yml"]
    command = [sys.executable, "-m", "openapi_python_client", "generate", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    write("generator", warnings=done.stdout.count("WARNING"))
    sys.path.insert(0, ".")


def part(name: str) -> ModuleType:
    return importlib.import_module(f"{CLIENT}.{name}")


def call(tag: str, operation: str, *place: str, **arguments: Any) -> Any:
    """Call an operation; None where it answers nothing."""
    return part(f"api.{tag}.{operation}").sync(*place, client=CLIENT_OF_SERVER, **arguments)


def deploy() -> None:
    model = (Path(__file__).parent / "work.bpmn").read_text().replace("NAME", TOPIC)
    form = part("models").CreateDeploymentDto(deployment_name=TOPIC)
    form[f"{TOPIC}.bpmn"] = part("types").File(model.encode(), f"{TOPIC}.bpmn", "application/xml")
    deployed = call("deployment", "create_deployment", body=form)
    (definition,) = deployed.deployed_process_definitions.additional_properties.values()
    write("deployed", name=deployed.name, key=definition.key, version=definition.version)


def start() -> None:
    variables = {"variables": {"amount": {"value": 3, "type": "Integer"}}}
    body = part("models").StartProcessInstanceDto.from_dict({"businessKey": "order-7", **variables})
    started = call("process_definition", "start_process_instance_by_key", TOPIC, body=body)
    write("started", id=started.id, businessKey=started.business_key, ended=started.ended)


def fetch() -> Any:
    topic = {"topicName": TOPIC, "lockDuration": 40_000, "variables": ["amount"]}
    body = part("models").FetchExternalTasksDto.from_dict({"workerId": WORKER, "maxTasks": 5, "topics": [topic]})
    (task,) = call("external_task", "fetch_and_lock", body=body)
    amount = task.variables.additional_properties["amount"]
    write("locked", worker=task.worker_id, businessKey=task.business_key, amount=amount.value, type=amount.type_)
    return task


def complete(task: Any) -> None:
    body = {"workerId": WORKER, "variables": {"total": {"value": 4.5, "type": "Double"}}}
    completed = call(
        "external_task", "complete_external_task_resource", task.id, body=part("models").CompleteExternalTaskDto.from_dict(body)
    )
    write("completed", answer=completed)


def refused(task: Any) -> None:
    """A second completion, which is an error."""
    body = part("models").CompleteExternalTaskDto.from_dict({"workerId": WORKER})
    error = call("external_task", "complete_external_task_resource", task.id, body=body)
    write("refused", type=error.type_, code=error.code)


def look(task: Any) -> None:
    count = call("external_task", "get_external_tasks_count", process_instance_id=task.process_instance_id)
    total = call("process_instance", "get_process_instance_variable", task.process_instance_id, "total")
    write("left", tasks=count.count, total=total.value)


generate()
CLIENT_OF_SERVER = part("client").Client(base_url=BASE.removesuffix("/engine-rest"), httpx_args={"trust_env": False})
deploy()
start()
mine = fetch()
complete(mine)
refused(mine)
look(mine)
