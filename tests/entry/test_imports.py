"""Imports: a form to upload by, a job that reads the file, a row told for each row."""

import csv
import io
from typing import Any

import boto3
import pytest

from chalicelib.storage.stores import Stores
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.entry.conftest import OLGA, Api
from tests.entry.test_jobs import work
from tests.services.runner import Runner

PEOPLE = (
    "key,name,emails,country,organization_key\n"
    "p-1,Paula,paula@acme.test,DE,\n"
    "p-2,=Peter,nobody,DE,\n"
    ",Pia,,,o-9\n"
    "p-1,Paul,,,\n"
    "p-3,,,,\n"
)


@pytest.fixture
def ready(api: Api, stores: Stores, doubles: Doubles) -> Api:
    """Set up the queues with a tenant."""
    Runner(stores, doubles).set_up_work()
    return api


def made(api: Api, kind: str, format_: str = "csv") -> dict[str, Any]:
    answer = api.post("/v1/imports", {"kind": kind, "format": format_})
    assert answer.status_code == 201
    shown: dict[str, Any] = answer.json_body["data"]
    return shown


def uploaded(shown: dict[str, Any], content: str) -> None:
    """Upload as the form would; the doors do not see it."""
    boto3.client("s3").put_object(
        Bucket=BUCKET, Key=shown["upload"]["fields"]["key"], Body=content.encode()
    )


def imported(api: Api, kind: str, content: str, format_: str = "csv") -> dict[str, Any]:
    shown = made(api, kind, format_)
    uploaded(shown, content)
    assert api.post(f"/v1/imports/{shown['id']}/start").status_code == 202
    work(api)
    job: dict[str, Any] = api.get(f"/v1/jobs/{shown['job_id']}").json_body["data"]
    return job


def test_the_form_takes_our_key_and_twenty_megabytes(ready: Api) -> None:
    shown = made(ready, "person")

    assert shown["state"] == "waiting"
    assert shown["upload"]["fields"]["key"] == f"jobs/aaaaaaaaaa/{shown['id']}/upload"
    assert shown["upload"]["most_bytes"] == 20_000_000
    assert {"policy", "x-amz-signature"} <= set(shown["upload"]["fields"])


def test_every_row_is_told_with_its_number(ready: Api) -> None:
    job = imported(ready, "person", PEOPLE)

    assert (job["state"], job["done"], job["total"]) == ("done", 5, 5)
    assert job["report"] == {"created": 1, "updated": 0, "unchanged": 0, "refused": 4}
    told = [
        (row["row"], row["result"], [(each["path"], each["code"]) for each in row["problems"]])
        for row in job["results"]
    ]
    assert told == [
        (2, "created", []),
        (3, "refused", [("emails[0].address", "wrong_address")]),
        (4, "refused", [("organization_id", "not_found")]),
        (5, "refused", [("key", "given_twice")]),
        (6, "refused", [("name", "missing_field")]),
    ]
    person = ready.get(f"/v1/persons/{job['results'][0]['id']}").json_body["data"]
    assert (person["name"], person["country"]) == ("Paula", "DE")
    assert person["emails"] == [{"address": "paula@acme.test", "primary": True}]


def test_the_results_are_a_file_without_formulas(ready: Api) -> None:
    job = imported(ready, "person", PEOPLE.replace("p-2,", "=p-2,"))

    key = f"jobs/aaaaaaaaaa/{job['id']}/results.csv"
    body = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert f"/{key}?" in job["result_url"]
    assert "X-Amz-Expires=60" in job["result_url"]
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6"]
    assert rows[1]["key"] == "'=p-2"
    assert rows[1]["problems"].startswith("emails[0].address: Give an e-mail address")


def test_a_second_import_changes_the_items_of_its_keys(ready: Api) -> None:
    first = imported(ready, "organization", "key,name,country\no-1,Acme,DE\no-2,Bolt,DE\n")

    second = imported(ready, "organization", "key,name,country\no-1,Acme,FR\no-2,Bolt,DE\n")

    assert [row["result"] for row in second["results"]] == ["updated", "unchanged"]
    ids = [row["id"] for row in first["results"]]
    assert [row["id"] for row in second["results"]] == ids
    assert ready.get(f"/v1/organizations/{ids[0]}").json_body["data"]["country"] == "FR"


def test_items_name_each_other_by_key(ready: Api) -> None:
    imported(ready, "organization", "key,name\no-1,Acme\n")
    imported(ready, "person", "key,name,organization_key\np-1,Paula,o-1\n")

    lines = '{"title": "Chairs", "person_key": "p-1", "value": 40, "custom_fields": {"vip": true}}'
    job = imported(ready, "deal", f"{lines}\n", "jsonl")

    [row] = job["results"]
    deal = ready.get(f"/v1/deals/{row['id']}").json_body["data"]
    person = ready.get(f"/v1/persons/{deal['person_id']}").json_body["data"]
    assert (deal["value"], deal["custom_fields"], person["name"]) == (40, {"vip": True}, "Paula")


def test_a_file_that_is_none_ends_the_job_with_its_reason(ready: Api) -> None:
    job = imported(ready, "lead", "")

    assert (job["state"], job["trouble"]) == ("failed", "The file has no rows.")


def test_an_import_without_a_file_is_not_started(ready: Api) -> None:
    shown = made(ready, "lead")

    refused = ready.post(f"/v1/imports/{shown['id']}/start")

    assert refused.status_code == 422
    assert refused.json_body["errors"][0]["code"] == "nothing_uploaded"


def test_starting_twice_is_starting_once(ready: Api) -> None:
    shown = made(ready, "lead")
    uploaded(shown, "title\nForty chairs\n")

    ready.post(f"/v1/imports/{shown['id']}/start")
    assert ready.post(f"/v1/imports/{shown['id']}/start").status_code == 202
    work(ready)

    job = ready.get(f"/v1/jobs/{shown['id']}").json_body["data"]
    assert job["report"]["created"] == 1
    assert ready.post(f"/v1/imports/{shown['id']}/start").json_body["code"] == "illegal_move"


def test_strangers_do_not_start_it(ready: Api) -> None:
    shown = made(ready, "lead")

    assert ready.of(OLGA).post(f"/v1/imports/{shown['id']}/start").status_code == 404


def test_a_repeated_request_does_not_show_the_form_again(ready: Api) -> None:
    once = ready.having(idempotency_key="k1")
    once.post("/v1/imports", {"kind": "lead"})

    again = once.post("/v1/imports", {"kind": "lead"}).json_body["data"]

    assert again["secret_shown"] is True
    assert "upload" not in again
