"""What would cost too much to foresee, or lies beyond the calendar, is refused."""

import pytest

from tests.entry.conftest import Api
from tests.entry.test_sequence_lifecycle import a_call, a_flow
from tests.entry.test_sequences import made


def test_no_larger_flow_is_drawn_than_may_run(api: Api) -> None:
    steps = [a_call(f"c{at}", next=f"c{at + 1}") for at in range(200)]
    sequence = made(api, flow=a_flow(*steps, a_call("c200")))

    answer = api.get(f"/v1/sequences/{sequence['id']}/diagram")

    assert answer.status_code == 422
    assert answer.json_body["errors"][0]["code"] == "too_many_nodes"


@pytest.mark.parametrize("door", ["preview", "simulate"])
@pytest.mark.parametrize("start_at", ["9999-12-31T23:00:00Z", "0001-01-01T00:00:00Z"])
def test_nothing_is_foreseen_beyond_the_calendar(api: Api, door: str, start_at: str) -> None:
    path = f"/v1/sequences/{made(api, flow=a_flow(a_call('c1')))['id']}"

    answer = api.post(f"{path}/{door}", {"records": 1} if door == "simulate" else {})
    late = api.post(
        f"{path}/{door}", {**({"records": 1} if door == "simulate" else {}), "start_at": start_at}
    )

    assert answer.status_code == 200
    assert late.status_code == 422
    assert late.json_body["errors"][0]["path"] == "start_at"
