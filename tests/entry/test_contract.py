"""Every door that reads, and every example that is sent, answers as the description says."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import boto3
import pytest

from app import app
from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.mail.public_tokens import format_unsubscribe
from chalicelib.entry.bodies import read_body
from chalicelib.entry.openapi.doors import Door, doors_of
from chalicelib.entry.openapi.examples import EXAMPLES
from chalicelib.storage.stores import Stores
from tests.builders import TENANT, a_deal, a_person, a_product, a_project, an_activity
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.mailing import mail, own_address
from tests.entry.test_enrollments import at_draft
from tests.letters import a_letter
from tests.services.runner import SEQUENCE, Runner

DOORS: Final = {door.operation: door for door in doors_of(app.routes)}
KEYS: Final = (("a", b"a-key-for-tests"),)
READS: Final = [door for door in DOORS.values() if door.method == "GET"]
NEEDS_ANOTHER_WORLD: Final = frozenset({"complete_task", "mark_thread", "stop_ab_test"})
"""Their examples tell how a call went, mark a thread of one's own, and end a test; the world of
these tests has a mail to send, a thread of Sally's, and asks as an admin.
"""


@dataclass(frozen=True, slots=True)
class World:
    """A tenant with one of everything, and how its paths are spelled."""

    api: Api
    id_by_name: dict[str, str]

    def path(self, door: Door) -> str:
        items = {"deals": "deal-1", "persons": "person-paula", "projects": "project-1"}
        items |= {"organizations": "org-acme", "products": "product-1"}
        items |= {"activities": "activity-1"}
        return door.path.format(item_id=items.get(door.tag, "lead-1"), **self.id_by_name)


@pytest.fixture
def world(api: Api, stores: Stores, doubles: Doubles) -> World:
    """Set up a lead at a drafted mail, a thread, and what else there is."""
    runner = Runner(stores, doubles)
    runner.set_up_work()
    doubles.clock.instant = datetime.now(UTC) + timedelta(minutes=1)
    double = replace(a_person(), ref=ItemRef(ItemKind.PERSON, ItemId("person-double")))
    for item in (a_deal(), a_project(), a_product(), an_activity(), double):
        stores.items.create(item)
    task_id = at_draft(runner, api)
    mail(api, a_letter(), own_address(api))
    admin = api.of(ADAM)
    [thread] = api.get("/v1/threads").json_body["data"]
    [message] = api.get(f"/v1/threads/{thread['id']}/messages").json_body["data"]
    [enrollment] = api.get("/v1/items/lead/lead-1/enrollments").json_body["data"]
    boto3.client("ses").verify_domain_identity(Domain="northwind.test")
    return World(
        admin,
        {
            **_made_by(admin),
            "sequence_id": SEQUENCE,
            "enrollment_id": enrollment["id"],
            "step_id": "a1",
            "task_id": task_id,
            "thread_id": thread["id"],
            "key": message["id"],
            "user_id": "user-sally",
            "kind": "lead",
        },
    )


def _made_by(admin: Api) -> dict[str, str]:
    """Make one of everything that a door alone makes, and return their ids."""

    def made(path: str, body: object) -> dict[str, str]:
        data: dict[str, str] = admin.post(path, body).json_body["data"]
        return data

    options = {"item_kind": "project", "name": "Floor", "type": "option", "options": ["third"]}
    many = {"item_ids": ["lead-1"] * 101}
    return {
        "automation_id": made("/v1/automations", EXAMPLES["create_automation"])["id"],
        "domain": made("/v1/sending-domains", {"domain": "other.test"})["id"],
        "field_id": made("/v1/custom-fields", options)["id"],
        "suppression_id": made("/v1/suppressions", {"address": "gone@acme.test"})["id"],
        "email_template_id": made("/v1/email-templates", EXAMPLES["create_email_template"])["id"],
        "template_key": made("/v1/sequence-templates", EXAMPLES["save_template"])["key"],
        "token": format_unsubscribe(TENANT, EnrollmentId("e" * 26), "x@x.test", keys=KEYS),
        "webhook_id": made("/v1/webhooks", EXAMPLES["create_webhook"])["id"],
        "job_id": made(f"/v1/sequences/{SEQUENCE}/enrollments", many)["job_id"],
    }


def test_every_door_that_reads_answers_as_described(world: World) -> None:
    answers = {door.path: world.api.get(world.path(door)).status_code for door in READS}

    assert {path: status for path, status in answers.items() if status != 200} == {}


def test_every_example_is_taken_and_answered_as_described(world: World) -> None:
    refused = {}
    for name, body in EXAMPLES.items():
        door = DOORS[name]
        send = {"POST": world.api.post, "PUT": world.api.put, "PATCH": world.api.patch}
        answer = send[door.method](world.path(door), body)
        if answer.status_code >= 300:
            refused[name] = answer.json_body["detail"]

    assert set(refused) == NEEDS_ANOTHER_WORLD, refused


def test_every_door_that_takes_something_has_an_example() -> None:
    taking = {name for name, door in DOORS.items() if door.promise.takes is not None}

    assert set(EXAMPLES) == taking


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_body_of_its_door(name: str) -> None:
    kind = DOORS[name].promise.takes

    assert kind is not None
    assert isinstance(read_body(json.dumps(EXAMPLES[name]).encode(), kind), kind)


def test_strangers_read_the_description_without_a_token(api: Api) -> None:
    stranger = api.of("")

    described = stranger.get("/v1/openapi.json")
    page = stranger.get("/v1/docs")

    assert described.json_body["openapi"] == "3.1.0"
    assert described.json_body["servers"] == [{"url": "https://api.sekvens.test"}]
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    assert b"POST" in page.body


def test_another_tenant_reads_nothing_of_the_world(world: World) -> None:
    # Whoever holds the link of a public page may open it.
    public = {"user_id", "token"}
    own = [door for door in READS if door.parameters and not public & set(door.parameters)]

    answers = {door.path: world.api.of(OLGA).get(world.path(door)).status_code for door in own}

    assert {path: status for path, status in answers.items() if status != 404} == {}
