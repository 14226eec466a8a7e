"""HTTP door to the ready-made sequences."""

import pytest

from tests.entry.conftest import Api


@pytest.mark.requirement("D365-TPL-03")
@pytest.mark.requirement("D365-TPL-05")
def test_the_six_are_listed_with_their_kind_and_size(api: Api) -> None:
    rows = api.get("/v1/sequence-templates").json_body["data"]

    assert [(row["key"], row["item_kind"], row["step_count"], row["days"]) for row in rows] == [
        ("contact_no_show", "person", 7, 5),
        ("high_volume_prospecting", "lead", 7, 9),
        ("event_invite", "person", 6, 5),
        ("product_demo", "deal", 9, 5),
        ("account_renewal", "organization", 13, 50),
        ("webinar_follow_up", "lead", 10, 7),
    ]
    assert rows[1]["name"] == "High volume outbound prospecting"
    assert rows[1]["languages"] == ["en"]
    assert rows[1]["flow"]["start"] == "a1"


@pytest.mark.requirement("D365-SEQ-16")
def test_from_an_item_only_those_for_its_kind_are_listed(api: Api) -> None:
    rows = api.get("/v1/sequence-templates?item_kind=lead").json_body["data"]

    assert [row["key"] for row in rows] == ["high_volume_prospecting", "webinar_follow_up"]


def test_they_are_listed_page_by_page(api: Api) -> None:
    first = api.get("/v1/sequence-templates?limit=4").json_body
    cursor = first["additional_data"]["next_cursor"]
    second = api.get(f"/v1/sequence-templates?limit=4&cursor={cursor}").json_body

    assert (len(first["data"]), len(second["data"])) == (4, 2)
    assert second["additional_data"]["next_cursor"] is None
