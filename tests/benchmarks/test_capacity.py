"""The capacity page says what its figures, prices and the deployment give, and nothing else."""

from pathlib import Path

from benchmarks.capacity.limits import knobs, limits
from benchmarks.capacity.model import at
from benchmarks.capacity.page import SIZES, filled_in

PAGE = Path(__file__).parents[2] / "docs" / "capacity.md"


def used(size: int) -> dict[str, float]:
    return {each.turn: each.used for each in limits(at(size), knobs())}


def test_the_capacity_page_is_computed_from_what_was_measured() -> None:
    page = PAGE.read_text()

    assert filled_in(page) == page, "run `make capacity`"
    assert "| | 1 k |" in page.replace("|  |", "| |")


def test_the_knobs_of_the_page_are_those_that_are_deployed() -> None:
    it = knobs()

    assert (it.per_tick, it.shards, it.workers, it.send_every_ms) == (6000, 16, 20, 1500)


def test_a_thousand_enrollments_touch_no_limit_and_very_many_touch_the_quota_of_mails_first() -> (
    None
):
    few, many = used(SIZES[0]), used(SIZES[-1])

    assert max(few.values()) < 0.05
    assert max(many, key=lambda turn: many[turn]) == "ask SES for more"
    assert many["`DUE_SHARDS`, live"] < 0.5


def test_what_is_paid_grows_with_what_is_due() -> None:
    small, large = at(SIZES[1]).dollars(), at(SIZES[2]).dollars()

    assert all(large[service] > 10 * small[service] for service in small)
