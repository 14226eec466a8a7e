"""What every HTTP door has in common."""

import json

import boto3
import pytest

from chalicelib.domain.errors import MalformedError
from chalicelib.entry.cursors import read_cursor, write_cursor
from tests.entry.conftest import ADAM, Api


def test_the_api_says_that_it_is_up_to_whoever_asks(api: Api) -> None:
    answer = api.of("nobody").get("/v1/health")

    assert answer.status_code == 200
    assert answer.json_body["data"]["status"] == "ok"


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5_000])
def test_a_bad_token_opens_nothing(api: Api, token: str) -> None:
    answer = api.of(token).get("/v1/users/me")

    assert answer.status_code == 401
    assert answer.json_body["code"] == "unauthorized"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_may_come_in_a_header_of_its_own(api: Api) -> None:
    answer = api.of("").having(Authorization="", x_api_token=ADAM).get("/v1/users/me")

    assert answer.json_body["data"]["name"] == "Adam Admin"


def test_a_problem_has_every_member_that_the_contract_names(api: Api) -> None:
    answer = api.get("/v1/leads/nothing")

    assert answer.status_code == 404
    assert answer.json_body.keys() == {
        "type",
        "title",
        "status",
        "code",
        "detail",
        "errors",
        "request_id",
    }
    assert answer.headers["x-request-id"] == answer.json_body["request_id"]


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff", b'{"title": "\xff"}', b'{"title": "\\ud800"}', b"{'title': 'x'}"],
)
def test_a_body_that_is_not_json_is_400(api: Api, body: bytes) -> None:
    answer = api.post("/v1/leads", body)

    assert (answer.status_code, answer.json_body["code"]) == (400, "malformed")


def test_a_body_nested_without_end_is_refused(api: Api) -> None:
    answer = api.post("/v1/leads", b'{"custom_fields": ' + b'{"a":' * 100_000)

    assert (answer.status_code, answer.json_body["code"]) == (400, "malformed")


def test_an_unknown_field_is_named(api: Api) -> None:
    answer = api.post("/v1/leads", {"title": "x", "titel": "y"})

    assert answer.status_code == 422
    assert answer.json_body["errors"] == [
        {
            "path": "titel",
            "code": "unknown_field",
            "message": "This field is not known here (known: owner_id, tags, custom_fields, "
            "person_id, organization_id, status, status_reason, title).",
        }
    ]


def test_a_wrong_type_is_named_by_its_path(api: Api) -> None:
    answer = api.post("/v1/persons", {"name": "P", "emails": [{"address": 3}]})

    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["path"] == "emails[0].address"


def test_another_media_type_is_415_as_a_problem(api: Api) -> None:
    answer = api.having(Content_Type="text/plain").post("/v1/leads", {"title": "x"})

    assert (answer.status_code, answer.json_body["code"]) == (415, "unsupported_media_type")


def test_an_unknown_method_is_405_as_a_problem(api: Api) -> None:
    answer = api.delete("/v1/leads")

    assert (answer.status_code, answer.json_body["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_a_body_over_a_megabyte_is_413(api: Api) -> None:
    answer = api.post("/v1/leads", {"title": "x" * 1_000_001})

    assert (answer.status_code, answer.json_body["code"]) == (413, "too_large")


def test_an_unknown_query_parameter_is_refused_not_ignored(api: Api) -> None:
    answer = api.get("/v1/leads?colour=red&sorting=title")

    assert answer.status_code == 422
    assert [each["path"] for each in answer.json_body["errors"]] == ["colour", "sorting"]


@pytest.mark.parametrize("limit", ["0", "501", "-1", "ten", "1.5", "²"])
def test_a_limit_out_of_range_is_422(api: Api, limit: str) -> None:
    assert api.get(f"/v1/leads?limit={limit}").status_code == 422


def test_a_tampered_cursor_is_400(api: Api) -> None:
    for _ in range(2):
        api.post("/v1/leads", {"title": "x"})
    first = api.get("/v1/leads?limit=1").json_body
    cursor = first["additional_data"]["next_cursor"]

    tampered = api.get(f"/v1/leads?cursor={'A' + cursor[1:]}x")
    elsewhere = api.get(f"/v1/deals?cursor={cursor}")
    right = api.get(f"/v1/leads?limit=1&cursor={cursor}")

    assert (tampered.status_code, elsewhere.status_code) == (400, 400)
    assert right.status_code == 200
    assert right.json_body["data"][0]["id"] != first["data"][0]["id"]


def test_a_cursor_sealed_with_an_older_key_still_opens() -> None:
    old, new = (("b", b"old"),), (("a", b"new"), ("b", b"old"))
    cursor = write_cursor({"at": 1}, scope="t", keys=old)

    assert read_cursor(cursor, scope="t", keys=new) == {"at": 1}
    with pytest.raises(MalformedError):
        read_cursor(cursor, scope="u", keys=new)


def test_an_id_that_cannot_be_one_is_404(api: Api) -> None:
    for wrong in ("x" * 3_000, "%C3%A4", "a b"):
        assert api.get(f"/v1/leads/{wrong}").status_code == 404


def test_a_bug_leaks_nothing(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("dynamodb").delete_table(TableName="sekvens-test")

    answer = api.get("/v1/leads/lead-1")

    assert answer.status_code == 500
    assert answer.json_body["code"] == "internal_error"
    assert "sekvens-test" not in json.dumps(answer.json_body)


def test_a_number_of_five_thousand_digits_is_refused(api: Api) -> None:
    lead_id = api.post("/v1/leads", {"title": "Acme"}).json_body["data"]["id"]

    listed = api.get(f"/v1/leads?limit={'9' * 5_000}")
    patched = api.having(If_Match=f'"{"9" * 5_000}"').patch(f"/v1/leads/{lead_id}", {"title": "x"})

    assert (listed.status_code, listed.json_body["errors"][0]["path"]) == (422, "limit")
    assert (patched.status_code, patched.json_body["code"]) == (400, "malformed")


@pytest.mark.parametrize("body", [b'{"value":1e400}', b'{"custom_fields":{"size":-1e400}}'])
def test_a_number_beyond_all_numbers_is_refused(api: Api, body: bytes) -> None:
    assert api.post("/v1/deals", body).status_code == 400


def test_everything_that_does_not_fit_a_body_is_told_at_once(api: Api) -> None:
    wrong = {"name": 5, "emails": [{"address": 7}, "x"], "tags": "outbound", "colour": "red"}

    answer = api.post("/v1/persons", wrong)

    told = [(each["path"], each["code"]) for each in answer.json_body["errors"]]
    assert (answer.status_code, sorted(told)) == (
        422,
        [
            ("colour", "unknown_field"),
            ("emails[0].address", "wrong_value"),
            ("emails[1]", "wrong_value"),
            ("name", "wrong_value"),
            ("tags", "wrong_value"),
        ],
    )
    assert "str" not in " ".join(each["message"] for each in answer.json_body["errors"])


def test_every_answer_ends_its_line(api: Api) -> None:
    assert api.get("/v1/users/me").body.endswith(b"}\n")
    assert api.get("/v1/leads/none").body.endswith(b"}\n")
