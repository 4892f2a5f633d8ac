"""Every kind of batch, and what is refused before one begins."""
from bpmnkit import el, message, model, scope, timer
from restkit import one, start

DULL = ("createTime",)


def done(api, batch):
    return api.until(f"/history/batch/{batch['id']}", lambda found: found.get("endTime"), seconds=60)


def given_up(api, batch):
    """When an attempt was the last one."""
    api.until(f"/batch/statistics?batchId={batch['id']}", lambda found: found and found[0]["failedJobs"], seconds=60)


def waiting():
    return model(scope("start > w > end", el("intermediateCatchEvent", "w", message())))


def timed():
    return model(scope("start > t > after > end", el("intermediateCatchEvent", "t", timer("2101-01-01T00:00:00", "timeDate"))))


def scenario_delete_instances(api):
    """One that is not there is no failure."""
    instances = [start(api, one()), start(api), start(api)]
    body = {"processInstanceIds": [instances[0], "ghost"], "processInstanceQuery": {"processInstanceIds": [instances[1]]}, "historicProcessInstanceQuery": {"processInstanceIds": [instances[2]]}, "deleteReason": "because"}
    done(api, api.post("/process-instance/delete", body))
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__")
    api.get("/history/process-instance/count?processDefinitionKey=p-__RUN__&externallyTerminated=true")


def scenario_delete_instances_found_in_history(api):
    start(api, one())
    done(api, api.post("/process-instance/delete-historic-query-based", {"historicProcessInstanceQuery": {"processDefinitionKey": "p-__RUN__"}}))
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__")


def scenario_suspend_instances(api):
    instances = [start(api, one()), start(api)]
    done(api, api.post("/process-instance/suspended-async", {"suspended": True, "processInstanceIds": [*instances, "ghost"]}))
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__&suspended=true")
    done(api, api.post("/process-instance/suspended-async", {"processInstanceQuery": {"processDefinitionKey": "p-__RUN__"}}))
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__&suspended=true")


def scenario_set_variables(api):
    instances = [start(api, one()), start(api)]
    body = {"processInstanceIds": [*instances, "ghost"], "variables": {"x": {"value": 1}, "y": {"value": "t", "type": "String"}}}
    done(api, api.post("/process-instance/variables-async", body))
    for instance in instances:
        api.get(f"/process-instance/{instance}/variables")


def scenario_correlate_a_message(api):
    instances = [start(api, waiting()), start(api)]
    done(api, api.post("/process-instance/message-async", {"messageName": "m-__RUN__", "processInstanceIds": instances, "variables": {"z": {"value": 2}}}))
    api.get("/process-instance/count?processDefinitionKey=p-__RUN__")
    done(api, api.post("/process-instance/message-async", {"messageName": "m-__RUN__", "processInstanceIds": [instances[0], "ghost"]}))


def scenario_set_retries_of_jobs(api):
    instance = start(api, timed())
    (job,) = api.get(f"/job?processInstanceId={instance}", hidden=True)
    done(api, api.post("/job/retries", {"retries": 5, "jobIds": [job["id"]], "dueDate": "2102-02-02T02:02:02.000+0000"}))
    api.get(f"/job/{job['id']}", omit=DULL)
    done(api, api.post("/process-instance/job-retries", {"retries": 0, "processInstances": [instance]}))
    api.get(f"/job/{job['id']}", omit=DULL)
    api.get(f"/incident/count?processInstanceId={instance}")
    body = {"retries": 7, "historicProcessInstanceQuery": {"processDefinitionKey": "p-__RUN__"}}
    done(api, api.post("/process-instance/job-retries-historic-query-based", body))
    api.get(f"/job/{job['id']}", omit=DULL)


def scenario_failed_jobs(api):
    instance = start(api, timed())
    (job,) = api.get(f"/job?processInstanceId={instance}", hidden=True)
    batch = api.post("/job/retries", {"retries": 2, "jobQuery": {"processDefinitionKey": "p-__RUN__"}, "jobIds": ["ghost"]})
    given_up(api, batch)
    api.get(f"/job/{job['id']}", omit=DULL)
    definition = batch["batchJobDefinitionId"]
    api.get(f"/job?jobDefinitionId={definition}", omit=DULL)
    api.get(f"/job-definition/{definition}")
    api.get(f"/incident?jobDefinitionIdIn={definition}", omit=("incidentTimestamp",))
    for query in ("suspended=true", "suspended=false", "type=set-job-retries", "type=other", "withoutTenantId=true", "tenantIdIn=t"):
        api.get(f"/batch/count?batchId={batch['id']}&{query}")
    for query in ("withFailures=true", "withoutFailures=true"):
        api.get(f"/batch/statistics/count?batchId={batch['id']}&{query}")
    (failed,) = api.get(f"/job?jobDefinitionId={definition}", hidden=True)
    api.post(f"/job/{failed['id']}/execute", {})
    api.put(f"/batch/{batch['id']}/suspended", {"suspended": True})
    api.get(f"/batch/{batch['id']}")
    api.get(f"/job/{failed['id']}", omit=DULL)
    api.get(f"/job-definition/{definition}")
    api.put(f"/batch/{batch['id']}/suspended", {"suspended": True})
    api.put(f"/batch/{batch['id']}/suspended", {})
    api.get(f"/batch/{batch['id']}")
    api.delete(f"/batch/{batch['id']}")
    api.get(f"/batch/{batch['id']}")
    api.get(f"/history/batch/{batch['id']}")
    api.get(f"/job/{failed['id']}")
    api.get(f"/incident/count?jobDefinitionIdIn={definition}")
    api.get(f"/job-definition/{definition}")
    api.delete(f"/batch/{batch['id']}")
    api.delete(f"/history/batch/{batch['id']}")
    api.get(f"/history/batch/{batch['id']}")
    api.delete(f"/history/batch/{batch['id']}")


def scenario_a_failed_job_is_deleted(api):
    """With its last job a batch ends."""
    batch = api.post("/job/retries", {"retries": 2, "jobIds": ["ghost"]})
    given_up(api, batch)
    (failed,) = api.get(f"/job?jobDefinitionId={batch['batchJobDefinitionId']}", hidden=True)
    api.delete(f"/job/{failed['id']}")
    done(api, batch)


def scenario_delete_and_suspend_refused(api):
    for path in ("delete", "delete-historic-query-based"):
        for body in ({}, {"processInstanceIds": []}, {"processInstanceQuery": {"processDefinitionKey": "ghost"}}, {"historicProcessInstanceQuery": {"processDefinitionKey": "ghost"}}):
            api.post(f"/process-instance/{path}", body)
    for body in ({}, {"suspended": True}, {"suspended": True, "processInstanceIds": []}, {"suspended": True, "processInstanceIds": [None]}, {"suspended": True, "processDefinitionId": "x"}, {"suspended": True, "processInstanceQuery": {"processDefinitionKey": "ghost"}}, {"suspended": True, "historicProcessInstanceQuery": {"processDefinitionKey": "ghost"}}):
        api.post("/process-instance/suspended-async", body)


def scenario_retries_of_jobs_refused(api):
    for body in ({}, {"retries": 1}, {"retries": None}, {"retries": -1}, {"retries": 1, "jobIds": []}, {"retries": 1, "jobQuery": {"jobId": "ghost"}}, {"retries": -1, "jobIds": ["ghost"]}, {"jobIds": ["ghost"]}):
        api.post("/job/retries", body)
    for body in ({"retries": 1}, {"retries": -1}, {"retries": 1, "processInstances": []}, {"retries": 1, "processInstances": [None]}, {"retries": 1, "processInstances": ["ghost"]}, {"retries": 1, "processInstanceQuery": {"processDefinitionKey": "ghost"}}, {"retries": 1, "historicProcessInstanceQuery": {"processDefinitionKey": "ghost"}}, {"retries": -1, "processInstances": ["ghost"]}):
        api.post("/process-instance/job-retries", body)
        api.post("/process-instance/job-retries-historic-query-based", body)
    api.post("/process-instance/job-retries", {})


def scenario_variables_and_messages_refused(api):
    instance = start(api, one())
    ids, variables = {"processInstanceIds": [instance]}, {"variables": {"x": {"value": 1}}}
    for body in ({}, variables, ids, {**ids, "variables": {}}, {"processInstanceIds": [], **variables}, {"processInstanceIds": [None, "ghost"], **variables}, {**ids, "variables": {"x": {"value": "a", "type": "Integer"}}}, {"processInstanceQuery": {"processDefinitionKey": "ghost"}, **variables}):
        api.post("/process-instance/variables-async", body)
    transient = {"value": 1, "valueInfo": {"transient": True}}
    java = {"value": "aced", "type": "Object", "valueInfo": {"objectTypeName": "x", "serializationDataFormat": "application/x-java-serialized-object"}}
    for variable in (transient, java):
        api.post("/process-instance/variables-async", {**ids, "variables": {"x": variable}})
        api.post("/process-instance/message-async", {**ids, "messageName": "m", "variables": {"x": variable}}, hidden=variable is transient)
    for body in ({}, {"messageName": "m"}, {"messageName": "m", "processInstanceIds": []}, {"messageName": "m", "processInstanceQuery": {"processDefinitionKey": "ghost"}}, {**ids, "messageName": "m", "variables": {"x": {"value": "a", "type": "Integer"}}}):
        api.post("/process-instance/message-async", body)


def scenario_lists_refused(api):
    for path in ("/batch?sortBy=batchId", "/batch?suspended=x", "/batch?sortBy=startTime&sortOrder=asc", "/batch/statistics?startedBefore=x", "/batch/statistics?sortBy=colour&sortOrder=asc", "/history/batch?sortBy=colour&sortOrder=asc", "/history/batch?completed=x", "/batch/count?sortBy=colour&sortOrder=asc"):
        api.get(path)
    api.delete("/history/batch/ghost")
    api.put("/batch/ghost/suspended", {})
    api.delete("/batch/ghost?cascade=maybe")
