"""On which executions activities ran: branches keep theirs, and who stays alone goes on with the one of the scope."""
from bpmnkit import boundary, el, message, model, scope, sub
from restkit import start

SHORT = ("durationInMillis", "removalTime")


def elements(**tags):
    return [el(tag, id) for tag, ids in tags.items() for id in ids.split()]


def done(api, instance, *activities):
    for activity in activities:
        (task,) = api.get(f"/task?processInstanceId={instance}&taskDefinitionKey={activity}", hidden=True)
        api.post(f"/task/{task['id']}/complete", {}, hidden=True)


def told(api, instance, activities):
    for activity in activities.split():
        api.get(f"/history/activity-instance?processInstanceId={instance}&activityId={activity}&sortBy=startTime&sortOrder=asc", omit=SHORT)


def scenario_fork_and_join(api):
    flows = "start > fork; fork > a > u > join; fork > x > b > join; join > c > end"
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork join", exclusiveGateway="x", task="a b c", userTask="u"))))
    told(api, instance, "a u x b join")
    done(api, instance, "u")
    told(api, instance, "start fork a u x b join c end")


def scenario_branch_that_ends(api):
    flows = "start > fork; fork > u > x > end1; fork > v > g > y > w > end2"
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork", exclusiveGateway="g", task="x y", userTask="u v w"))))
    told(api, instance, "u v")
    done(api, instance, "u", "v")
    told(api, instance, "u x end1 v g y w")


def scenario_branches_of_branches(api):
    flows = "start > fork; fork > u > f2; f2 > x > ux > end1; f2 > y > uy > end2; fork > v > z > end3"
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork f2", task="x y z", userTask="u ux uy v"))))
    done(api, instance, "u", "ux", "uy", "v")
    told(api, instance, "u f2 x ux end1 y uy end2 v z end3")


def scenario_join_beside_others(api):
    flows = "start > fork; fork > a > ua > join; fork > b > ub > join; fork > c > uc > d > end2; join > e > ue > f > end"
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork join", task="a b c d e f", userTask="ua ub uc ue"))))
    done(api, instance, "ua", "ub", "ue", "uc")
    told(api, instance, "a ua b ub join e ue f end c uc d end2")


def scenario_sub_process_beside_others(api):
    inner = scope("start2 > f3 > p > up > j3; f3 > q > uq > j3; j3 > r > end2", *elements(parallelGateway="f3 j3", task="p q r", userTask="up uq"))
    flows = "start > fork; fork > s > x > end1; fork > v > end3"
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork", task="x", userTask="v"), sub("s", inner))))
    done(api, instance, "up", "uq")
    told(api, instance, "s start2 f3 p up q uq j3 r end2 x end1 v")


def scenario_boundary_event_beside_others(api):
    flows = "start > fork; fork > v > end2; fork > u > end1; late > x > w > end9"
    late = boundary("late", "u", message())
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork", task="x", userTask="u v w"), late)))
    api.post("/message", {"messageName": "m-__RUN__"}, hidden=True)
    done(api, instance, "w")
    told(api, instance, "u late x w v")


def scenario_terminated_beside_others(api):
    flows = "start > fork; fork > u > stop; fork > v > end2; fork > w > end3"
    stop = el("endEvent", "stop", el("terminateEventDefinition"))
    instance = start(api, model(scope(flows, *elements(parallelGateway="fork", userTask="u v w"), stop)))
    done(api, instance, "u")
    told(api, instance, "u stop v w")


def scenario_deleted(api):
    instance = start(api, model(scope("start > fork; fork > u > end1; fork > v > end2", *elements(parallelGateway="fork", userTask="u v"))))
    api.delete(f"/process-instance/{instance}", hidden=True)
    told(api, instance, "fork u v")


def scenario_deleted_alone(api):
    instance = start(api, model(scope("start > fork; fork > u > end1; fork > v > end2", *elements(parallelGateway="fork", userTask="u v"))))
    done(api, instance, "u")
    told(api, instance, "u v")
    api.delete(f"/process-instance/{instance}", hidden=True)
    told(api, instance, "fork u end1 v")
