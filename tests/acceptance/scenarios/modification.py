"""Tokens moved by hand, and instances that begin elsewhere than at their start event."""
from bpmnkit import el, ext, io, model, scope, sub
from restkit import start

KEY = "/process-definition/key/p-__RUN__"
PLACES = ("executionIds", "executionId", "name", "activityName", "incidentIds", "incidents", "processDefinitionId")
DULL = ("durationInMillis", "processDefinitionId")


def before(activity, **more):
    return {"type": "startBeforeActivity", "activityId": activity, **more}


def after(activity, **more):
    return {"type": "startAfterActivity", "activityId": activity, **more}


def flow(transition, **more):
    return {"type": "startTransition", "transitionId": transition, **more}


def cancel(activity, **more):
    return {"type": "cancel", "activityId": activity, **more}


def tree(api, instance):
    api.get(f"/process-instance/{instance}/activity-instances", omit=PLACES, unordered="deep")


def modify(api, instance, *instructions, **more):
    api.post(f"/process-instance/{instance}/modification", {"instructions": list(instructions), **more})
    tree(api, instance)


def past(api, instance):
    api.get(f"/history/process-instance/{instance}", omit=DULL)


def fork():
    return model(scope("start > a > b > g; g > c > end; g > d > end", el("parallelGateway", "g")))


def nested():
    """`d` and `e` stand in `t`, and `t`, `b` and `c` in `s`."""
    inner = sub("t", scope("start2 > d > e > end2"))
    return model(scope("start > a > s > z > end", sub("s", scope("start1 > b > t > c > end1", inner))))


def of(api, instance, activity):
    """The id of the one activity instance of an activity in the process itself."""
    found = api.get(f"/process-instance/{instance}/activity-instances", hidden=True)["childActivityInstances"]
    (one,) = [child["id"] for child in found if child["activityId"] == activity]
    return one


def scenario_start_and_cancel(api):
    instance = start(api, fork())
    modify(api, instance, before("b"))
    modify(api, instance, cancel("a"))
    modify(api, instance, after("b"))
    modify(api, instance, cancel("b", cancelCurrentActiveActivityInstances=True))
    modify(api, instance, flow("g-c"))
    modify(api, instance, before("g"))
    modify(api, instance, before("end"))
    modify(api, instance, before("start"))
    modify(api, instance, before("b"), cancel("ghost"))
    modify(api, instance, *map(cancel, "abcd"))
    past(api, instance)


def scenario_refused(api):
    instance = start(api, fork())
    for instruction in (after("g"), after("end"), flow("ghost"), after("ghost"), {"type": "cancel", "transitionInstanceId": "ghost"}, {"type": "startTransition"}, {"type": "startAfterActivity"}, cancel("a", activityInstanceId="b"), before("b", ancestorActivityInstanceId="ghost"), before("b", variables={"p": {"value": "x", "type": "Integer"}})):
        api.post(f"/process-instance/{instance}/modification", {"instructions": [before("b"), instruction]})
    api.post(f"/process-instance/{instance}/modification", {"instructions": [{"type": "nonsense", "activityId": "a"}]}, status_only=True)
    api.post(f"/process-instance/{instance}/modification", {"instructions": [{"activityId": "a"}]}, status_only=True)
    api.post(f"/process-instance/{instance}/modification", {})
    api.post(f"/process-instance/{instance}/modification", {"instructions": None})
    tree(api, instance)


def scenario_one_activity_instance(api):
    instance = start(api, fork())
    modify(api, instance, before("a", ancestorActivityInstanceId=instance), before("b"))
    modify(api, instance, {"type": "cancel", "activityInstanceId": of(api, instance, "b")})


def scenario_into_sub_processes(api):
    instance = start(api, nested())
    for activity in "edb":
        modify(api, instance, before(activity))
    outer = of(api, instance, "s")
    modify(api, instance, before("d", ancestorActivityInstanceId=outer))
    modify(api, instance, before("s"))
    modify(api, instance, before("b"))
    modify(api, instance, before("b", ancestorActivityInstanceId=outer))
    modify(api, instance, before("d", ancestorActivityInstanceId=instance))
    modify(api, instance, before("z", ancestorActivityInstanceId=outer))
    modify(api, instance, {"type": "cancel", "activityInstanceId": outer})
    modify(api, instance, cancel("b"))
    modify(api, instance, cancel("a"), before("e"))
    modify(api, instance, cancel("e"), before("e"))
    modify(api, instance, cancel("s"))
    past(api, instance)
    api.get(f"/history/activity-instance?processInstanceId={instance}&canceled=true&sortBy=activityId&sortOrder=asc", omit=(*DULL, "executionId", "id", "parentActivityInstanceId", "taskId"))


def scenario_runs_to_the_end(api):
    instance = start(api, fork())
    modify(api, instance, cancel("a"), before("end"))
    past(api, instance)


def scenario_variables(api):
    instance = start(api, nested(), variables={"p": 0})
    modify(api, instance, before("d", variables={"p": {"value": 1}, "q": {"value": 2}, "l": {"value": 3, "local": True}}))
    modify(api, instance, before("z", variables={"r": {"value": 1, "local": False}, "m": {"value": 3, "local": True}}))
    modify(api, instance, flow("s-z", variables={"f": {"value": 1}, "n": {"value": 3, "local": True}}))
    modify(api, instance, after("s", variables={"k": {"value": 1}, "o": {"value": 3, "local": True}}))
    api.get(f"/process-instance/{instance}/variables")
    api.get(f"/variable-instance/count?processInstanceIdIn={instance}")
    api.get(f"/variable-instance?processInstanceIdIn={instance}&variableName=l", omit=("executionId", "processDefinitionId"))


def scenario_asynchronous_continuations(api):
    instance = start(api, model(scope("start > a > b > end", ext("b", c_asyncBefore="true", c_asyncAfter="true", c_topic="b-__RUN__"))))
    api.put("/job-definition/suspended", {"processDefinitionKey": "p-__RUN__", "suspended": True})
    modify(api, instance, before("b"))
    found = api.get(f"/process-instance/{instance}/activity-instances", hidden=True)["childTransitionInstances"]
    modify(api, instance, {"type": "cancel", "transitionInstanceId": found[0]["id"]})
    modify(api, instance, before("b"), before("b"))
    modify(api, instance, cancel("b"))
    modify(api, instance, after("b"))
    modify(api, instance, cancel("a"))
    past(api, instance)


def scenario_mappings_and_failures(api):
    failing = el("serviceTask", "x", c_expression="${ghost}")
    instance = start(api, model(scope("start > a > b > x > end; a > c", ext("b", io(inp="${ghost}")), failing, ext("c", io(outputs={"out": "1"}, inp="7")))))
    modify(api, instance, before("b"))
    modify(api, instance, before("x"))
    modify(api, instance, before("c"))
    modify(api, instance, cancel("c"), skipIoMappings=True)
    modify(api, instance, before("b"), skipIoMappings=True)
    api.get(f"/process-instance/{instance}/variables")
    api.put(f"/process-instance/{instance}/suspended", {"suspended": True})
    modify(api, instance, before("c"))


def begun(api, *instructions, **more):
    body = {"startInstructions": list(instructions), "withVariablesInReturn": True, **more}
    found = api.post(f"{KEY}/start", body, omit=("links", "definitionId"))
    if api.status == 200:
        past(api, found["id"])
        if not found["ended"]:
            tree(api, found["id"])


def scenario_start_instructions(api):
    api.deploy(nested())
    begun(api, before("z"))
    begun(api, before("d"))
    begun(api, after("a"))
    begun(api, flow("a-s"))
    begun(api, before("a"), before("z"))
    begun(api, before("end"))
    begun(api, before("end"), before("a"))
    begun(api, after("z"))
    begun(api, cancel("a"))
    begun(api, before("s", ancestorActivityInstanceId="ghost"))
    begun(api, before("a", variables={"v": {"value": 1}, "w": {"value": 2, "local": True}}), variables={"x": {"value": 3}}, businessKey="k")


def scenario_start_instructions_refused(api):
    api.deploy(nested())
    for instruction in (before("ghost"), after("ghost"), flow("ghost"), after("end"), {"type": "startBeforeActivity"}, {"type": "startTransition"}):
        begun(api, instruction)
    api.post(f"{KEY}/start", {"startInstructions": [{"type": "nonsense"}]}, status_only=True)


def scenario_in_the_background(api):
    instance = start(api, fork())
    path = f"/process-instance/{instance}/modification-async"
    batch = api.post(path, {"instructions": [before("b"), cancel("a")]})
    api.until(f"/history/batch/{batch['id']}", lambda found: found.get("endTime"), seconds=60)
    tree(api, instance)
    api.post(path, {"instructions": []})
    api.post(path, {"instructions": [{"type": "cancel"}]})
    api.post("/process-instance/ghost/modification-async", {"instructions": [before("b")]})
