"""Deployments: which files are new, which versions processes get, and what may be deleted (REST contract §10.2)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from msgspec.structs import replace

from domain.commands import CreateDeployment, ResourceFile
from domain.deciding.deployment import (
    EarlierDeployment,
    create,
    new_files,
    refuse_same_keys,
    unknown_deployment,
)
from domain.facts import DeploymentCreated, ProcessDefinitionDeployed, Resource
from domain.ids import part_id
from domain.refusals import ExecutionFailed
from tests.unit.domain.given import INSTANCE as DEPLOYMENT
from tests.unit.domain.models import definition

A, B, C = (ResourceFile(f"{name}.bpmn", name.encode()) for name in "abc")


def deployment(*files: ResourceFile, filter_duplicates: bool = False, changed_only: bool = False) -> CreateDeployment:
    return CreateDeployment("orders", "shop", "tenant", files, filter_duplicates, changed_only)


def earlier(*files: ResourceFile) -> EarlierDeployment:
    return EarlierDeployment(DEPLOYMENT, 0, {file.name: digest(file) for file in files})


def digest(file: ResourceFile) -> bytes:
    return sha256(file.content).digest()


CHANGED = replace(A, content=b"changed")


@pytest.mark.parametrize(
    ("command", "before", "deployed"),
    [
        (deployment(A, B), None, (A, B)),
        (deployment(A, B), earlier(A, B), (A, B)),
        (deployment(A, B, filter_duplicates=True), None, (A, B)),
        (deployment(A, B, filter_duplicates=True), earlier(A, B), ()),
        (deployment(B, A, filter_duplicates=True), earlier(A, B), ()),
        (deployment(A, filter_duplicates=True), earlier(A, B), (A,)),
        (deployment(A, B, filter_duplicates=True), earlier(A), (A, B)),
        (deployment(A, C, filter_duplicates=True), earlier(A, B), (A, C)),
        (deployment(CHANGED, B, filter_duplicates=True), earlier(A, B), (CHANGED, B)),
        (deployment(CHANGED, B, changed_only=True), earlier(A, B), (CHANGED,)),
        (deployment(A, C, changed_only=True), earlier(A, B), (C,)),
        (deployment(A, B, changed_only=True), earlier(A, B), ()),
        (deployment(A, changed_only=True), earlier(A, B), ()),
        (deployment(CHANGED, B, filter_duplicates=True, changed_only=True), earlier(A, B), (CHANGED,)),
    ],
)
def test_what_is_new_depends_on_the_deployment_before(
    command: CreateDeployment, before: EarlierDeployment | None, deployed: tuple[ResourceFile, ...]
) -> None:
    assert tuple(new_files(command, before)) == deployed


def test_every_file_is_kept_and_every_process_gets_the_next_version() -> None:
    order = replace(definition("start > end"), key="order", resource="a.bpmn", name="Order", version_tag="v", history_time_to_live=5)
    invoice = replace(
        definition("start > end"), key="invoice", resource="b.bpmn", category="t", description="d", startable_in_tasklist=False
    )

    facts, definitions = create(DEPLOYMENT, deployment(A, B, C), (A, B, C), [order, invoice], {"invoice": 3})

    resources = tuple(Resource(number, file.name, digest(file)) for number, file in enumerate((A, B, C), 1))
    assert facts == [
        (0, DeploymentCreated("orders", "shop", "tenant", resources)),
        (4, ProcessDefinitionDeployed(DEPLOYMENT, "order", 1, "a.bpmn", "Order", "tests", None, "v", 5, True, "tenant")),
        (5, ProcessDefinitionDeployed(DEPLOYMENT, "invoice", 4, "b.bpmn", None, "t", "d", None, None, False, "tenant")),
    ]
    assert definitions == [
        replace(order, id=f"order:1:{part_id(DEPLOYMENT, 4)}", version=1, deployment_id=DEPLOYMENT, tenant_id="tenant"),
        replace(invoice, id=f"invoice:4:{part_id(DEPLOYMENT, 5)}", version=4, deployment_id=DEPLOYMENT, tenant_id="tenant"),
    ]


def test_files_without_a_process_are_kept_alone() -> None:
    facts, definitions = create(DEPLOYMENT, deployment(A), (A,), [], {})

    assert (facts, definitions) == ([(0, DeploymentCreated("orders", "shop", "tenant", (Resource(1, "a.bpmn", digest(A)),)))], [])


def test_a_long_key_leaves_no_room_for_it_in_the_definitions_id() -> None:
    long = replace(definition("start > end"), key="k" * 60)

    _, (deployed,) = create(DEPLOYMENT, deployment(A), (A,), [long], {})

    assert deployed.id == part_id(DEPLOYMENT, 2)


def test_two_processes_of_one_key_are_not_deployed_together() -> None:
    model = definition("start > end")

    with pytest.raises(ExecutionFailed) as refused:
        refuse_same_keys([model, model])

    assert refused.value.message == "The deployment contains definitions with the same key 'p' (id attribute), this is not allowed"


def test_processes_of_different_keys_are_deployed_together() -> None:
    model = definition("start > end")

    refuse_same_keys([model, replace(model, key="q")])


def test_a_deployment_that_does_not_exist_is_named() -> None:
    assert unknown_deployment("x").message == "Deployment with id 'x' do not exist"
