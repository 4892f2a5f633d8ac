"""The command line against a running server: what deploy, start, tasks and history print, what they refuse, and with which exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.embedded import EmbeddedPostgres
from tests.acceptance.commands import NO_ID, done, gesta, one_task, refused, started, table, written
from tests.acceptance.shared_server import deploy, get, lock, post, shared_server
from tests.integration.models import model, scope, task

BAD = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="t"><process id="bad" isExecutable="true">
  <startEvent id="start"/>
  <sequenceFlow id="f" sourceRef="start" targetRef="work"/>
  <serviceTask id="work" camunda:type="external"/>
  <serviceTask id="more"/>
</process></definitions>
"""


@pytest.fixture(scope="module")
def base(postgres: EmbeddedPostgres) -> Iterator[str]:
    with shared_server(postgres) as server:
        yield server.base


def test_several_files_are_one_deployment(base: str, tmp_path: Path) -> None:
    files = written(tmp_path, alpha=one_task("alpha"), beta=one_task("beta"))

    printed = done(base, "deploy", *files, "--name", "both", "--tenant", "red")

    (deployment,) = get(base, "/deployment", name="both")
    definitions = get(base, "/process-definition", deploymentId=deployment["id"], sortBy="key", sortOrder="asc")
    assert deployment["tenantId"] == "red"
    assert printed.splitlines()[0] == f"Deployment {deployment['id']}"
    assert table(printed) == [
        ["alpha", "1", definitions[0]["id"], "alpha.bpmn"],
        ["beta", "1", definitions[1]["id"], "beta.bpmn"],
    ]


def test_a_deployment_as_json_is_the_servers_answer(base: str, tmp_path: Path) -> None:
    (tmp_path / "Prüfung 1.bpmn").write_bytes(one_task("gamma"))

    deployed = json.loads(done(base, "deploy", str(tmp_path / "Prüfung 1.bpmn"), "--json"))

    ((id, definition),) = deployed["deployedProcessDefinitions"].items()
    assert get(base, f"/process-definition/{id}") == definition
    assert (definition["key"], definition["resource"]) == ("gamma", "Prüfung 1.bpmn")
    assert get(base, f"/deployment/{deployed['id']}")["deploymentTime"] == deployed["deploymentTime"]


def test_files_that_bring_nothing_to_start_are_deployed_with_a_warning(base: str, tmp_path: Path) -> None:
    draft, *_ = written(tmp_path, draft=one_task("draft").replace(b'isExecutable="true"', b'isExecutable="false"'))
    (tmp_path / "form.html").write_text("<form/>")

    ran = gesta(base, "deploy", draft, str(tmp_path / "form.html"), "--json")

    assert (ran.returncode, json.loads(ran.stdout)["deployedProcessDefinitions"]) == (0, None)
    assert ran.stderr.splitlines() == [
        'gesta: warning: draft.bpmn has no process with isExecutable="true"; it is stored, and nothing of it can be started',
        "gesta: warning: form.html is no model: its name does not end in .bpmn; it is stored, and nothing of it can be started",
    ]


def test_a_model_with_errors_is_refused_with_line_column_and_element_of_each(base: str, tmp_path: Path) -> None:
    files = written(tmp_path, good=one_task("good"), bad=BAD.encode())

    first, second = refused(gesta(base, "deploy", *files)).split("; ")

    assert first == "bad.bpmn, line 5, column 51 (work): External tasks must specify a 'topic' attribute in the camunda namespace"
    assert second.startswith("bad.bpmn, line 6, column 27 (more): One of the attributes 'class', 'delegateExpression', 'type', or")
    assert get(base, "/process-definition", key="good") == []


def test_a_file_that_is_no_xml_is_refused_in_the_servers_words(base: str, tmp_path: Path) -> None:
    (broken,) = written(tmp_path, broken=b"<definitions")

    assert refused(gesta(base, "deploy", broken)).startswith("the server refuses: ENGINE-09003 Could not parse 'broken.bpmn'.")


def test_files_that_cannot_be_read_are_refused(base: str, tmp_path: Path) -> None:
    missing, folder = tmp_path / "missing.bpmn", tmp_path

    assert refused(gesta(base, "deploy", str(missing))) == f"the file '{missing}' cannot be read: No such file or directory"
    assert refused(gesta(base, "deploy", str(folder))) == f"the file '{folder}' cannot be read: Is a directory"


def test_two_files_of_one_name_are_refused(base: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    files = written(tmp_path, same=one_task("same")) + written(tmp_path / "other", same=one_task("same"))

    assert refused(gesta(base, "deploy", *files)).startswith("two files are named 'same.bpmn'")


def test_an_instance_is_started_with_typed_variables(base: str, tmp_path: Path) -> None:
    definition = deploy(base, "typed.bpmn", one_task("typed"))
    (tmp_path / "note.txt").write_text("hello")
    texts = ["n=5", "d=1.5", "b=true", "nothing=null", 'list=[1, "x"]', "text=hello", "long:Long=5", "digits:String=5"]
    given = [argument for text in [*texts, f"file:File={tmp_path / 'note.txt'}"] for argument in ("--var", text)]

    rows = dict(table(done(base, "start", "typed", *given, "--business-key", "bk-1")))

    assert rows == {"Process instance": rows["Process instance"], "Definition": definition, "Business key": "bk-1", "State": "running"}
    found = get(base, f"/process-instance/{rows['Process instance']}/variables", deserializeValues="false")
    assert {name: (entry["type"], entry["value"]) for name, entry in found.items()} == {
        "n": ("Integer", 5),
        "d": ("Double", 1.5),
        "b": ("Boolean", True),
        "nothing": ("Null", None),
        "list": ("Json", '[1, "x"]'),
        "text": ("String", "hello"),
        "long": ("Long", 5),
        "digits": ("String", "5"),
        "file": ("File", None),
    }
    assert found["file"]["valueInfo"] == {"filename": "note.txt", "mimeType": "text/plain"}


def test_a_started_instance_as_json_is_the_servers_answer(base: str) -> None:
    deploy(base, "ofgreen.bpmn", model("ofgreen", scope("start > end")).content, tenant="green")

    answer = json.loads(done(base, "start", "ofgreen", "--tenant", "green", "--json"))

    assert (answer["definitionKey"], answer["tenantId"], answer["ended"], answer["businessKey"]) == ("ofgreen", "green", True, None)


def test_an_instance_that_ran_through_is_ended(base: str) -> None:
    deploy(base, "through.bpmn", model("through", scope("start > end")).content)

    assert ["State", "ended"] in table(done(base, "start", "through"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nope"], "the server refuses: No matching process definition with key: nope and no tenant-id"),
        (["nope", "--tenant", "red"], "the server refuses: No matching process definition with key: nope and tenant-id: red"),
        (["a/b ?"], "no engine's REST API answers at "),
        (["nope", "--var", "x"], "--var x: a variable is name=value, or name:Type=value"),
        (["nope", "--var", "x:Text=1"], "--var x:Text=1: 'Text' is no type; allowed are Boolean, Bytes, "),
        (["nope", "--var", "f:File=/nowhere"], "the file '/nowhere' cannot be read: No such file or directory"),
    ],
)
def test_a_start_that_makes_no_sense_is_refused(base: str, arguments: list[str], complaint: str) -> None:
    assert refused(gesta(base, "start", *arguments)).startswith(complaint)


def test_a_value_that_the_server_does_not_take_is_refused_in_its_words(base: str) -> None:
    definition = deploy(base, "dated.bpmn", one_task("dated"))

    told = refused(gesta(base, "start", "dated", "--var", "due:Date=tomorrow"))

    reason = "Cannot convert value 'tomorrow' of type 'Date' to java type java.util.Date"
    assert told == f"the server refuses: Cannot instantiate process definition {definition}: {reason}"


def test_open_tasks_are_listed_with_their_locks(base: str) -> None:
    instance = started(base, "listed", businessKey="bk-2")
    (free,) = get(base, "/external-task", topicName="listed")

    (before,) = table(done(base, "tasks", "--topic", "listed"))
    lock(base, "listed", worker="anna")
    (locked,) = table(done(base, "tasks", "--topic", "listed"))
    post(base, f"/external-task/{free['id']}/failure", {"workerId": "anna", "retries": 2, "retryTimeout": 0})
    (expired,) = table(done(base, "tasks", "--topic", "listed"))

    assert before[:9] == ["listed", free["id"], "work", instance, "bk-2", "", "free", "-", "0"]
    assert locked[:6] == ["listed", free["id"], "work", instance, "bk-2", "anna"]
    assert locked[6].startswith("locked until ")
    assert expired[5:9] == ["anna", "expired", "2", "0"]


def test_tasks_come_by_priority_and_it_is_said_how_many_there_are_in_all(base: str) -> None:
    deploy(base, "many.bpmn", model("many", scope("start > work > end", task("work", topic="many", priority="${p}"))).content)
    for priority in (1, 3, 2):
        post(base, "/process-definition/key/many/start", {"variables": {"p": {"value": priority}}})

    printed = done(base, "tasks", "--topic", "many", "--limit", "2")

    assert [row[8] for row in table(printed)] == ["3", "2"]
    assert printed.splitlines()[-1] == "2 of 3 open external tasks"


def test_tasks_of_an_instance_as_json(base: str) -> None:
    instance = started(base, "ofone")
    post(base, "/process-definition/key/ofone/start", {})

    listed = json.loads(done(base, "tasks", "--instance", instance, "--json"))

    assert listed == {"count": 1, "tasks": get(base, "/external-task", processInstanceId=instance)}


def test_no_tasks_are_no_error(base: str) -> None:
    assert done(base, "tasks", "--topic", "nobodys") == "0 open external tasks\n"


def test_the_history_of_an_instance_is_its_facts_in_order_consequences_indented(base: str) -> None:
    instance = started(base, "past")
    (locked,) = lock(base, "past", worker="anna")
    post(base, f"/external-task/{locked['id']}/complete", {"workerId": "anna", "variables": {"ok": {"value": True}}})
    address = base.removesuffix("/engine-rest")
    facts = get(address, f"/gesta/process-instance/{instance}/facts")

    printed = done(base, "history", instance)

    assert printed.startswith(f"All facts of process instance {instance}, ")
    rows = [line.split("│") for line in printed.splitlines() if line.startswith("│")]
    indent = {True: " ", False: "   "}
    assert [row[3].rstrip() for row in rows] == [indent[fact["cause"]] + fact["fact"] for fact in facts]
    assert [row[1].strip() for row in rows] == [str(fact["position"]) for fact in facts]
    by = [row[4].strip() for row in rows]
    completed = next(n for n, fact in enumerate(facts) if fact["fact"] == "ExternalTaskCompleted")
    assert set(by[: completed - 1]) == {""} and set(by[completed - 1 :]) == {"anna"}
    assert rows[completed][6].strip() == 'variables={"ok": true}'
    assert json.loads(done(base, "history", instance, "--json")) == facts


def test_the_history_of_a_task_is_found_by_its_id(base: str) -> None:
    started(base, "trodden")
    (locked,) = lock(base, "trodden", worker="anna")

    printed = done(base, "history", locked["id"])

    assert printed.startswith(f"All facts of external task {locked['id']}, ")
    assert [row[2:5] for row in table(printed)] == [
        ["ExternalTaskCreated", "", f"…{locked['id'][-7:]}"],
        ["ExternalTaskLocked", "anna", f"…{locked['id'][-7:]}"],
    ]


def test_an_id_without_facts_is_refused(base: str) -> None:
    told = f"'{NO_ID}' is neither a process instance nor an external task that the server at {base} has facts of"
    assert refused(gesta(base, "history", NO_ID)) == told


def test_what_is_no_id_is_refused(base: str) -> None:
    assert refused(gesta(base, "history", "order-17")).startswith("'order-17' is no id; one looks like ")
