"""Deployments made again from what another one brought."""
from restkit import one

DULL = ("links", "deploymentTime")


def scenario_all_or_some(api):
    deployed = api.deploy(one(), one(key="q"), name="orig")
    found = {r["name"]: r["id"] for r in api.get(f"/deployment/{deployed['id']}/resources", hidden=True)}
    path = f"/deployment/{deployed['id']}/redeploy"
    for body in (None, {}, {"source": "s"}, {"resourceIds": [found["p.bpmn"]]}, {"resourceNames": ["q.bpmn"]}, {"resourceIds": [found["p.bpmn"]], "resourceNames": ["q.bpmn"]}, {"resourceIds": []}):
        api.post(path, body, omit=DULL)
        if api.status == 200:
            api.get("/process-definition/count?key=q-__RUN__")


def scenario_refused(api):
    deployed = api.deploy(one(), name="orig")
    path = f"/deployment/{deployed['id']}/redeploy"
    for body in ({"resourceNames": ["ghost", "p.bpmn"]}, {"resourceIds": ["ghost"]}, {"resourceIds": [None]}, {"resourceNames": [None]}):
        api.post(path, body)
    api.post("/deployment/ghost/redeploy", {})
