"""Doors to jobs: asked for by enrolling many, worked on by a queue, shown page by page."""

import json
from dataclasses import replace

import boto3
import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.ids import ApiTokenId, ItemId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import a_lead, a_token, a_user
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.test_queue_doors import batch, failures, queued
from tests.services.runner import SEQUENCE, Runner

ENROLLMENTS = f"/v1/sequences/{SEQUENCE}/enrollments"


@pytest.fixture
def runner(api: Api, stores: Stores, doubles: Doubles) -> Runner:
    """Set up an active sequence in Sally's tenant."""
    made = Runner(stores, doubles)
    made.set_up_work()
    return made


def many(runner: Runner) -> list[str]:
    """Name a hundred and one items, of which one is there."""
    ref = ItemRef(ItemKind.LEAD, ItemId("lead-000"))
    runner.stores.items.create(replace(a_lead(), ref=ref))
    return [f"lead-{number:03d}" for number in range(101)]


def work(api: Api) -> None:
    """Do what waits in the bulk queue, every message twice."""
    while bodies := [json.dumps(body) for body in queued("bulk")]:
        assert failures(api.client, "bulk_work", batch(*bodies, *bodies)) == []


def test_enrolling_more_than_a_hundred_is_a_job_with_the_same_rows(
    runner: Runner, api: Api
) -> None:
    answer = api.post(ENROLLMENTS, {"item_ids": many(runner)})

    assert answer.status_code == 202
    path = f"/v1/jobs/{answer.json_body['data']['job_id']}"
    begun = api.get(path).json_body["data"]
    assert (begun["state"], begun["done"], begun["total"]) == ("running", 0, 101)
    work(api)
    shown = api.get(f"{path}?limit=60").json_body
    assert (shown["data"]["state"], shown["data"]["done"]) == ("done", 101)
    assert shown["data"]["report"] == {"enrolled": 1, "refused": 100}
    cursor = shown["additional_data"]["next_cursor"]
    rest = api.get(f"{path}?limit=60&cursor={cursor}").json_body
    rows = [*shown["data"]["results"], *rest["data"]["results"]]
    assert rest["additional_data"]["next_cursor"] is None
    assert [row["item_id"] for row in rows] == [f"lead-{number:03d}" for number in range(101)]
    direct = api.post(ENROLLMENTS, {"item_ids": ["lead-000", "lead-001"]}).json_body["data"]
    assert rows[1] == direct[1]
    assert (rows[0]["enrolled"], direct[0]["code"]) == (True, "already_active")


def test_what_refuses_the_direct_request_refuses_the_job(runner: Runner, api: Api) -> None:
    ids = many(runner)

    assert api.post("/v1/sequences/none/enrollments", {"item_ids": ids}).status_code == 404
    assert api.post(ENROLLMENTS, {"item_ids": ids, "owner_id": "none"}).status_code == 422
    assert api.post(ENROLLMENTS, {"item_ids": ids, "start_step_id": "no"}).status_code == 422
    assert api.post(ENROLLMENTS, {"item_ids": ["x"] * 50_001}).status_code == 422
    assert queued("bulk") == []


def test_the_same_key_begins_one_job(runner: Runner, api: Api) -> None:
    once, ids = api.having(idempotency_key="k1"), many(runner)

    first = once.post(ENROLLMENTS, {"item_ids": ids}).json_body
    second = once.post(ENROLLMENTS, {"item_ids": ids}).json_body

    assert first == second
    assert len(queued("bulk")) == 1


def test_a_job_is_seen_by_its_asker_and_by_admins_only(
    runner: Runner, api: Api, stores: Stores
) -> None:
    other = replace(
        a_user(), id=UserId("user-sam"), email="sam@northwind.test", confirmed_addresses=()
    )
    stores.users.save(other)
    token = replace(
        a_token(),
        id=ApiTokenId("token-3"),
        user_id=other.id,
        scopes=frozenset({Scope.WRITE}),
    )
    stores.tokens.add(token, secret="sekvens_of-sam")
    job_id = api.post(ENROLLMENTS, {"item_ids": many(runner)}).json_body["data"]["job_id"]

    statuses = {
        name: api.of(token).get(f"/v1/jobs/{job_id}").status_code
        for name, token in (("admin", ADAM), ("colleague", "sekvens_of-sam"), ("stranger", OLGA))
    }

    assert statuses == {"admin": 200, "colleague": 404, "stranger": 404}
    assert api.of(OLGA).post(f"/v1/jobs/{job_id}/retry").status_code == 404


def test_a_running_job_is_not_tried_again(runner: Runner, api: Api) -> None:
    job_id = api.post(ENROLLMENTS, {"item_ids": many(runner)}).json_body["data"]["job_id"]

    assert api.post(f"/v1/jobs/{job_id}/retry").json_body["code"] == "illegal_move"


def test_a_job_that_nobody_took_up_is_handed_on_by_the_sweep(
    runner: Runner, api: Api, stores: Stores
) -> None:
    job_id = api.post(ENROLLMENTS, {"item_ids": many(runner)}).json_body["data"]["job_id"]
    boto3.client("sqs").purge_queue(
        QueueUrl=boto3.client("sqs").get_queue_url(QueueName="bulk")["QueueUrl"]
    )
    job = stores.jobs.get(job_id)
    stores.jobs.save(job, look_at=job.created_at)

    failures(api.client, "shard_sweep", batch('{"shard": 0}', '{"shard": 1}'))

    assert queued("bulk") == [{"t": "aaaaaaaaaa", "j": job_id}]
