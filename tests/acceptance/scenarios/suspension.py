"""Suspension by every route, now and later, and what else changes about definitions after their deployment."""
from bpmnkit import el, model, scope, timer
from restkit import one, start

KEY = "/process-definition/key/p-__RUN__"
DULL = ("links", "createTime", "deploymentId")
LATER = "2101-01-01T00:00:00.000+0000"


def timed():
    return model(scope("start > t > after > end", el("intermediateCatchEvent", "t", timer("2101-01-01T00:00:00", "timeDate"))))


def look(api):
    api.get("/process-definition?key=p-__RUN__&sortBy=version&sortOrder=asc", omit=DULL)
    api.get("/job-definition?processDefinitionKey=p-__RUN__", omit=DULL)
    api.get("/job?processDefinitionKey=p-__RUN__", omit=DULL)
    api.get("/process-instance?processDefinitionKey=p-__RUN__", omit=DULL)


def definition(api):
    return f"/process-definition/{api.get(KEY, hidden=True)['id']}"


def scenario_of_a_definition(api):
    start(api, timed())
    path = definition(api)
    api.put(f"{path}/suspended", {"suspended": True})
    look(api)
    for start_of in (path, KEY):
        api.post(f"{start_of}/start", {})
    api.put(f"{path}/suspended", {"suspended": False})
    look(api)


def scenario_of_a_definition_with_its_instances(api):
    start(api, timed())
    (job,) = api.get("/job?processDefinitionKey=p-__RUN__", hidden=True)
    path = definition(api)
    api.put(f"{path}/suspended", {"suspended": True, "includeProcessInstances": True})
    look(api)
    api.post(f"/job/{job['id']}/execute", {})
    api.put(f"{path}/suspended", {"suspended": False})
    look(api)
    api.put(f"{path}/suspended", {"suspended": False, "includeProcessInstances": True})
    look(api)


def scenario_of_definitions_refused(api):
    for body in ({}, {"suspended": True}, {"processDefinitionId": "x"}, {"processDefinitionId": "x", "processDefinitionKey": "x"}, {"processDefinitionKey": "ghost", "suspended": True}, {"processDefinitionKey": "ghost", "suspended": True, "executionDate": "nonsense"}):
        api.put("/process-definition/suspended", body)
    for body in ({}, {"suspended": True, "processDefinitionKey": "x"}, {"suspended": True, "includeProcessInstances": True}, {"suspended": True, "processDefinitionId": "x"}, {"suspended": True, "executionDate": "nonsense"}):
        api.put("/process-definition/ghost/suspended", body)
        api.put("/process-definition/key/ghost/suspended", body)
        api.put("/process-definition/key/ghost/tenant-id/t/suspended", body)


def scenario_of_a_start_timer(api):
    api.deploy(model(scope("start > a > end", el("startEvent", "start", timer("2101-01-01T00:00:00", "timeDate")))))
    api.put("/process-definition/suspended", {"processDefinitionKey": "p-__RUN__", "suspended": True})
    look(api)
    (job,) = api.get("/job?processDefinitionKey=p-__RUN__", hidden=True)
    api.post(f"/job/{job['id']}/execute", {})
    look(api)


def scenario_of_a_message_start(api):
    api.deploy(model(scope("start > a > end", el("startEvent", "start", '<messageEventDefinition messageRef="msg_m"/>'))))
    api.put("/process-definition/suspended", {"processDefinitionKey": "p-__RUN__", "suspended": True})
    api.post("/message", {"messageName": "m-__RUN__"})


def scenario_of_tenants(api):
    for tenant in ({"tenant_id": "t1"}, {"tenant_id": "t2"}, {}):
        api.deploy(one(), **tenant)
    listed = "/process-definition?key=p-__RUN__&sortBy=tenantId&sortOrder=asc"
    api.put("/process-definition/suspended", {"processDefinitionKey": "p-__RUN__", "suspended": True, "processDefinitionTenantId": "t1"})
    api.get(listed, omit=("id", "deploymentId"))
    api.put("/process-definition/suspended", {"processDefinitionKey": "p-__RUN__", "suspended": False})
    api.put(f"{KEY}/tenant-id/t2/suspended", {"suspended": True})
    api.put(f"{KEY}/tenant-id/t2/history-time-to-live", {"historyTimeToLive": 3})
    api.get(listed, omit=("id", "deploymentId"))
    api.delete(f"{KEY}/tenant-id/t2/delete")
    api.delete(f"{KEY}/delete")
    api.get(listed, omit=("id", "deploymentId"))
    api.delete(f"{KEY}/tenant-id/t1")
    api.delete(f"{KEY}/tenant-id/t1/delete")
    api.delete(f"{KEY}/tenant-id/t1/delete")


def scenario_later(api):
    """Nothing happens yet."""
    start(api, timed())
    path = definition(api)
    api.put(f"{path}/suspended", {"suspended": True, "includeProcessInstances": True, "executionDate": LATER})
    api.put("/process-definition/suspended", {"processDefinitionKey": "p-__RUN__", "suspended": True, "executionDate": LATER})
    api.put("/job-definition/suspended", {"suspended": True, "processDefinitionKey": "p-__RUN__", "executionDate": LATER})
    look(api)


def scenario_later_than_a_past_date(api):
    """A date in the past is due at once."""
    start(api, timed())
    path = definition(api)
    api.put(f"{path}/suspended", {"suspended": True, "includeProcessInstances": True, "executionDate": "2013-01-01T00:00:00.000+0000"})
    api.until(path, lambda found: found["suspended"])
    look(api)


def scenario_of_instances(api):
    instances = [start(api, timed()), start(api), start(api)]
    api.put("/process-instance/suspended", {"suspended": True, "processInstanceIds": [instances[0], "ghost"]})
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__&suspended=true")
    api.put("/process-instance/suspended", {"suspended": True, "processInstanceIds": [instances[0]], "processInstanceQuery": {"processInstanceIds": [instances[1]]}, "historicProcessInstanceQuery": {"processInstanceIds": [instances[2]]}})
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__&suspended=true")
    api.get("/job/count?processDefinitionKey=p-__RUN__&suspended=true")
    for body in ({}, {"suspended": True}, {"suspended": True, "processInstanceIds": []}, {"suspended": True, "processInstanceIds": [None]}, {"suspended": True, "processInstanceQuery": {"processDefinitionKey": "ghost"}}, {"suspended": True, "historicProcessInstanceQuery": {"processDefinitionKey": "ghost"}}, {"suspended": True, "processDefinitionId": "x", "processDefinitionKey": "y"}, {"suspended": True, "processDefinitionId": "x", "processInstanceIds": ["y"]}, {"suspended": True, "processDefinitionId": "x"}, {"suspended": True, "processDefinitionKey": "x"}):
        api.put("/process-instance/suspended", body)


def scenario_of_jobs(api):
    instance = start(api, timed())
    definition_id = api.get(KEY, hidden=True)["id"]
    (job_definition,) = api.get("/job-definition?processDefinitionKey=p-__RUN__", hidden=True)
    key = {"processDefinitionKey": "p-__RUN__"}
    for body in ({"suspended": True, "processInstanceId": instance}, {"processDefinitionId": definition_id}, {"suspended": True, **key}, {"processDefinitionWithoutTenantId": True, **key}, {"suspended": True, "processDefinitionTenantId": "x", **key}, {"suspended": True, "jobDefinitionId": job_definition["id"]}, {"jobDefinitionId": "ghost"}):
        api.put("/job/suspended", body)
        api.get("/job/count?suspended=true&processDefinitionKey=p-__RUN__")
    for body in ({}, {"suspended": True}, {"jobDefinitionId": "x", "processInstanceId": "y"}, {"jobId": "x"}, {"jobDefinitionId": "x", "processDefinitionKey": "y"}):
        api.put("/job/suspended", body)


def scenario_of_job_definitions(api):
    start(api, timed())
    (found,) = api.get("/job-definition?processDefinitionKey=p-__RUN__", hidden=True)
    path = f"/job-definition/{found['id']}"
    api.put(f"{path}/suspended", {"suspended": True})
    look(api)
    api.put(f"{path}/suspended", {"suspended": True, "includeJobs": True})
    look(api)
    api.put("/job-definition/suspended", {"suspended": False, "processDefinitionKey": "p-__RUN__", "includeJobs": True})
    look(api)
    api.put("/job-definition/ghost/suspended", {"suspended": True})
    api.put(f"{path}/suspended", {"suspended": True, "executionDate": "nonsense"})
    for body in ({}, {"suspended": True}, {"processDefinitionId": "x", "processDefinitionKey": "y"}):
        api.put("/job-definition/suspended", body)


def scenario_retries_of_job_definitions(api):
    start(api, timed())
    (found,) = api.get("/job-definition?processDefinitionKey=p-__RUN__", hidden=True)
    (job,) = api.get("/job?processDefinitionKey=p-__RUN__", hidden=True)
    for body in ({"retries": 5}, {"retries": -1}, {"retries": 5, "dueDate": "2103-01-01T00:00:00.000+0000"}):
        api.put(f"/job-definition/{found['id']}/retries", body)
        api.get(f"/job/{job['id']}", omit=DULL)
        api.put(f"/job/{job['id']}/retries", {"retries": 0}, hidden=True)
    api.put("/job-definition/ghost/retries", {"retries": 1})


def scenario_time_to_live(api):
    api.deploy(one())
    for days in ("5", 0, None):
        api.put(f"{KEY}/history-time-to-live", {"historyTimeToLive": days})
        api.get(KEY, omit=("id", "deploymentId"))
    api.put(f"{KEY}/history-time-to-live", {"historyTimeToLive": "P5D"}, status_only=True)
    for body in ({}, {"historyTimeToLive": 3}, {"historyTimeToLive": -3}):
        api.put("/process-definition/key/ghost/history-time-to-live", body)
        api.put("/process-definition/key/ghost/tenant-id/t/history-time-to-live", body)


def scenario_deletion_by_key(api):
    api.deploy(one())
    start(api)
    api.deploy(one(task={"c_priority": "3"}), name="second")
    api.delete(f"{KEY}/delete")
    api.delete(f"{KEY}/delete?cascade=true")
    api.get("/process-definition/count?key=p-__RUN__")
    api.get("/history/process-instance/count?processDefinitionKey=p-__RUN__")
    api.deploy(one(task={"c_priority": "4"}), name="third")
    api.get(KEY, omit=("deploymentId",))
    api.delete(f"{KEY}?skipCustomListeners=true&skipIoMappings=true")
    api.delete("/process-definition/key/ghost/tenant-id/t/delete")
    api.delete("/process-definition/key/ghost/tenant-id/t")


def scenario_deletion_of_the_latest_version(api):
    """What starts instances goes back to the version before."""
    begin = model(scope("start > a > end", el("startEvent", "start", '<messageEventDefinition messageRef="msg_m"/>')))
    api.deploy(begin)
    api.deploy((begin[0], begin[1].replace('isExecutable="true"', 'isExecutable="true" name="two"')), name="second")
    api.get("/event-subscription?eventName=m-__RUN__", omit=("createdDate",), hidden=True)
    api.delete(definition(api))
    api.get(KEY, omit=("deploymentId",))
    api.post("/message", {"messageName": "m-__RUN__"})
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__")
