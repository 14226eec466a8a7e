"""The stream tells of items: who was closed leaves, whom an automation waits for enters."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from chalice.test import Client

from app import app
from chalicelib.domain.crm.items import ItemStatus
from chalicelib.services import enrollments
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row
from chalicelib.storage.stores import Stores
from infra.local.lambda_events import stream_event
from tests.builders import NOW
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.test_queue_doors import batch, failures, queued
from tests.services.runner import LEAD, SEQUENCE, Runner

BODY = {
    "name": "New leads",
    "item_kind": "lead",
    "trigger": "item_created",
    "sequence_id": str(SEQUENCE),
}


@pytest.fixture
def runner(api: Api, stores: Stores, doubles: Doubles) -> Runner:
    """Set up work for Sally, whose token `api` bears."""
    made = Runner(stores, doubles)
    made.set_up_work()
    return made


@pytest.fixture
def client(runner: Runner) -> Iterator[Client]:
    """Return what calls functions as Lambda does."""
    with Client(app) as made:
        yield made


def image(runner: Runner) -> Mapping[str, Any]:
    """Return the lead's row as the stream shows it."""
    key = {
        "pk": {"S": keys.item(runner.stores.tenant_id, LEAD)},
        "sk": {"S": keys.HEAD},
    }
    found: Mapping[str, Any] = boto3.client("dynamodb").get_item(
        TableName=Row.Meta.table_name, Key=key
    )["Item"]
    return found


def tell(client: Client, old: Mapping[str, Any] | None, new: Mapping[str, Any], event: str) -> None:
    record = {
        "eventID": event,
        "eventName": "MODIFY" if old else "INSERT",
        "eventVersion": "1.1",
        "dynamodb": {
            "ApproximateCreationDateTime": NOW,
            "SequenceNumber": "1",
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            "SizeBytes": 1,
            "Keys": {"pk": new["pk"], "sk": new["sk"]},
            "NewImage": new,
            **({"OldImage": old} if old else {}),
        },
    }
    client.lambda_.invoke(
        "table_changes", stream_event("arn:aws:stream", [record], lead=timedelta())
    )
    for body in queued("automate"):
        assert failures(client, "item_changes", batch(json.dumps(body))) == []


@pytest.mark.requirement("PD-SEQ-30")
def test_a_new_item_enters_by_an_automation(api: Api, runner: Runner, client: Client) -> None:
    made = api.of(ADAM).post("/v1/automations", BODY)
    assert made.status_code == 201

    tell(client, None, image(runner), "e" * 26)

    (running,) = enrollments.running(LEAD, bench=runner.bench)
    (run,) = (
        api.of(ADAM).get(f"/v1/automations/{made.json_body['data']['id']}/runs").json_body["data"]
    )
    assert (run["item"], run["outcome"]["enrollment_id"]) == (
        {"kind": "lead", "id": "lead-1"},
        running.id,
    )


def test_an_item_that_was_closed_by_whatever_leaves(runner: Runner, client: Client) -> None:
    runner.enroll()
    before = image(runner)
    item = runner.stores.items.get(LEAD)
    runner.stores.items.save(replace(item, status=ItemStatus.ARCHIVED))

    tell(client, before, image(runner), "f" * 26)

    assert enrollments.running(LEAD, bench=runner.bench) == []


def test_automations_are_changed_switched_off_and_removed(api: Api, runner: Runner) -> None:
    admin = api.of(ADAM)
    path = f"/v1/automations/{admin.post('/v1/automations', BODY).json_body['data']['id']}"

    off = admin.patch(path, {"on": False, "name": "Paused"}).json_body["data"]
    listed = admin.get("/v1/automations").json_body["data"]
    gone = admin.delete(path)

    assert (off["on"], off["name"], off["version"]) == (False, "Paused", 2)
    assert listed == [off]
    assert gone.status_code == 200
    assert admin.get(path).status_code == 404


def test_salespersons_make_no_automations_and_strangers_see_none(api: Api, runner: Runner) -> None:
    made = api.of(ADAM).post("/v1/automations", BODY).json_body["data"]

    refused = api.post("/v1/automations", BODY)

    assert (refused.status_code, refused.json_body["code"]) == (403, "role_missing")
    assert api.of(OLGA).get(f"/v1/automations/{made['id']}").status_code == 404
