"""Privacy: a person's file, and a person taken out of what is kept."""

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.services import smart_bcc
from chalicelib.storage.stores import Stores
from tests.builders import NOW
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.entry.conftest import ADAM, OLGA, Api
from tests.entry.mailing import mail, own_address
from tests.entry.test_jobs import work
from tests.letters import PostOffice, a_letter
from tests.services.runner import Runner

PAULA = ItemRef(ItemKind.PERSON, ItemId("person-paula"))
ADDRESS = "paula@acme.test"


@pytest.fixture
def world(api: Api, stores: Stores, doubles: Doubles) -> Api:
    """Set up Paula with a mail that Sally wrote to her, and her address suppressed."""
    Runner(stores, doubles).set_up_work()
    mail(api, a_letter(), own_address(api))
    return api.of(ADAM)


def bytes_of_the_bucket() -> str:
    s3 = boto3.client("s3")
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return "".join(
        s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode("utf-8", "replace")
        for key in keys
        if key.startswith("t/")
    )


def rows_with(text: str) -> list[str]:
    rows = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]
    return [f"{row['pk']['S']} {row['sk']['S']}" for row in rows if text in str(row).lower()]


def done(api: Api, what: str) -> dict[str, Any]:
    answer = api.post(f"/v1/persons/{PAULA.id}/{what}")
    assert answer.status_code == 202
    work(api)
    job: dict[str, Any] = api.get(f"/v1/jobs/{answer.json_body['data']['job_id']}").json_body[
        "data"
    ]
    return job


def test_a_persons_file_holds_all_that_is_kept_of_them(world: Api) -> None:
    job = done(world, "export")

    assert (job["state"], job["done"], job["total"]) == ("done", 1, 1)
    assert "X-Amz-Expires=60" in job["result_url"]
    key = f"jobs/aaaaaaaaaa/{job['id']}/person.json"
    file = json.loads(boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())
    assert file["person"]["emails"][0]["address"] == ADDRESS
    [thread] = file["threads"]
    assert thread["subject"] == "Forty chairs"
    assert ADDRESS in json.dumps(thread["messages"])


def test_an_erased_person_is_in_no_row_and_in_no_file(world: Api, stores: Stores) -> None:
    assert ADDRESS in bytes_of_the_bucket()
    assert rows_with(ADDRESS) != []

    job = done(world, "erase")

    assert (job["state"], job["report"]["threads"]) == ("done", 1)
    assert job["report"]["addresses"] == 1
    assert "ledger" in job["report"]["kept"]
    assert ADDRESS not in bytes_of_the_bucket()
    assert rows_with(ADDRESS) == []
    assert rows_with("paula prospect") == []
    assert stores.items.persons_with(ADDRESS) == []
    assert stores.items.get(PAULA).title == "Erased"
    assert world.get(f"/v1/persons/{PAULA.id}").json_body["data"]["emails"] == []


def test_an_erased_persons_mail_lies_nowhere_in_intake_either(
    world: Api, stores: Stores, doubles: Doubles
) -> None:
    office = PostOffice(doubles, count=90)
    sally = stores.users.get(UserId("user-sally"))
    bcc = smart_bcc.create(sally.id, item=None, stores=stores, outside=doubles.outside, now=NOW)
    recipient = f"{bcc.local_part}@{doubles.outside.inbound_domain}"
    from_paula = replace(a_letter(), from_=f"Paula Prospect <{ADDRESS}>", message_id="p@acme.test")
    from_eve = replace(a_letter(), from_="eve@evil.test", to="x@y.test", message_id="e@evil.test")
    [paulas] = office.deliver(from_paula.octets, recipient)
    [eves] = office.deliver(from_eve.octets, recipient)
    [shared] = office.deliver(from_paula.octets, recipient, "somebody@elsewhere.test")[:1]

    done(world, "erase")

    kept = [each.id for each in stores.deliveries.list_page(limit=9, cursor=None).rows]
    assert kept == [eves.id]
    assert (stores.deliveries.get(paulas.id).handling, rows_with(ADDRESS)) == ("expired", [])
    s3 = boto3.client("s3")
    left = [
        each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="inbound/")["Contents"]
    ]
    mails = [each for each in left if not each.endswith(".receipt.json")]
    assert mails == sorted([eves.object_key, shared.object_key])


def test_an_erased_address_stays_suppressed_by_its_hash(world: Api, stores: Stores) -> None:
    stores.addresses.suppress(ADDRESS, SuppressionReason.COMPLAINED, NOW)

    done(world, "erase")

    assert rows_with(ADDRESS) == []
    kept = stores.addresses.suppression(ADDRESS)
    assert kept is not None
    assert kept.address == "erased"


def test_erasing_twice_is_erasing_once(world: Api) -> None:
    done(world, "erase")

    again = done(world, "erase")

    assert again["state"] == "done"
    assert rows_with(ADDRESS) == []


def test_only_admins_ask_for_it_and_only_of_their_own(api: Api, world: Api) -> None:
    for what in ("export", "erase"):
        assert api.post(f"/v1/persons/{PAULA.id}/{what}").json_body["code"] == "role_missing"
        assert world.of(OLGA).post(f"/v1/persons/{PAULA.id}/{what}").status_code == 404
        assert world.post(f"/v1/persons/nobody/{what}").status_code == 404
