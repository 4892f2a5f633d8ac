"""The tree of what is active in an instance."""

from immutables import Map

from api.rest.activity_instances import Tree
from domain.elements import ProcessDefinition, SubProcess, UserTask
from domain.ids import part_id
from domain.state import ElementInstance, Incident, InstanceState

ID = "0193f000-0000-7abc-8abc-def000000000"
DEFINITION = ProcessDefinition(
    key="p",
    start="start",
    id="p:1:x",
    elements={
        "u": UserTask(id="u", activity_type="userTask", name="Look"),
        "s": SubProcess(id="s", activity_type="subProcess", start="start1"),
        "v": UserTask(id="v", activity_type="userTask", scope="s"),
    },
)


def state_of(*tokens: ElementInstance, incidents: Map[int, Incident] | None = None) -> InstanceState:
    """The state with these tokens."""
    children: dict[int, Map[int, None]] = {}
    for token in tokens:
        children[token.scope] = children.get(token.scope, Map()).set(token.key, None)
    by_key = Map({token.key: token for token in tokens})
    return InstanceState(ID, "p:1:x", tokens=by_key, children=Map(children), incidents=incidents or Map())


def test_a_single_user_task_runs_on_the_instance() -> None:
    root = Tree(state_of(ElementInstance(4, "u", 0)), DEFINITION).root()
    assert (root["id"], root["activityId"], root["activityType"], root["executionIds"]) == (ID, "p:1:x", "processDefinition", [ID])
    (child,) = root["childActivityInstances"]
    assert (child["id"], child["name"], child["executionIds"]) == (f"u:{part_id(ID, 4)}", "Look", [ID])
    assert child["parentActivityInstanceId"] == ID


def test_beside_others_tokens_have_executions_of_their_own() -> None:
    tokens = (ElementInstance(4, "u", 0), ElementInstance(8, "s", 0), ElementInstance(12, "v", 8), ElementInstance(16, "v", 8, flow_id="f"))
    root = Tree(state_of(*tokens), DEFINITION).root()
    assert root["executionIds"] == [ID, part_id(ID, 11)]
    user_task, sub_process = root["childActivityInstances"]
    assert user_task["executionIds"] == [part_id(ID, 7)]
    assert sub_process["executionIds"] == [part_id(ID, 9)]
    (inner,) = sub_process["childActivityInstances"]
    assert (inner["parentActivityInstanceId"], inner["executionIds"]) == (f"s:{part_id(ID, 8)}", [part_id(ID, 15)])


def test_incidents_stand_with_their_activity() -> None:
    incident = Incident(9, "failedExternalTask", 4, "u", None, "boom", 0)
    root = Tree(state_of(ElementInstance(4, "u", 0), incidents=Map({9: incident})), DEFINITION).root()
    (child,) = root["childActivityInstances"]
    assert child["incidentIds"] == [part_id(ID, 9)]
    assert child["incidents"] == [{"id": part_id(ID, 9), "activityId": "u"}]
    assert root["incidentIds"] == []
