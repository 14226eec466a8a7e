"""Enrolling whoever fits a filter, as a job: who is taken, who is left out, after a crash, too."""

from dataclasses import replace

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.ids import ItemId, JobId, UserId
from chalicelib.domain.jobs.job import JobState
from chalicelib.services.jobs import enrolling_found
from chalicelib.services.jobs.enrolling_found import Wanted
from chalicelib.services.jobs.enrolling_terms import Terms
from chalicelib.services.jobs.kinds import work_of
from chalicelib.services.jobs.working import LEASED_FOR, carry_on
from tests.builders import a_lead
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_runner_crashes import Fuse, PowerCut


def a_found_lead(number: int, tag: str = "hot") -> Item:
    ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}"))
    return replace(a_lead(), ref=ref, tags=(tag,))


def ask(runner: Runner, wanted: Wanted, *, is_dry_run: bool = False) -> JobId:
    terms = Terms(sequence_id=SEQUENCE, is_dry_run=is_dry_run)
    return enrolling_found.ask(terms, wanted=wanted, caller_id=SALLY, bench=runner.bench).id


def done(runner: Runner, job_id: JobId) -> dict[str, object]:
    """Work on a job to its end and return who was enrolled, by item."""
    while not runner.stores.jobs.get(job_id).is_over:
        carry_on(job_id, work_of=work_of, bench=runner.bench)
    assert runner.stores.jobs.get(job_id).state is JobState.DONE
    rows = runner.stores.jobs.results(job_id, limit=500, cursor=None).rows
    return {str(row["item_id"]): row["enrolled"] for row in rows}


@pytest.fixture
def leads(runner: Runner) -> Runner:
    """Give a runner with four hot leads and one cold one."""
    for number in range(2, 6):
        runner.stores.items.create(a_found_lead(number))
    runner.stores.items.create(a_found_lead(40, tag="cold"))
    return runner


def test_all_that_fit_are_enrolled(leads: Runner) -> None:
    rows = done(leads, ask(leads, Wanted(tag="hot")))

    assert rows == {f"lead-{number}": True for number in range(2, 6)}


def test_those_in_a_sequence_are_left_alone(leads: Runner) -> None:
    leads.enroll()

    rows = done(leads, ask(leads, Wanted()))

    assert "lead-1" not in rows
    assert len(rows) == 5


def test_they_are_told_of_when_asked_for_all_the_same(leads: Runner) -> None:
    leads.enroll()

    rows = done(leads, ask(leads, Wanted(without_sequence=False)))

    assert rows["lead-1"] is False


@pytest.mark.requirement("D365-SEQ-07")
def test_what_its_asker_does_not_see_is_not_taken(leads: Runner) -> None:
    hidden = replace(a_found_lead(50), owner_id=UserId("user-north"))
    leads.stores.items.create(hidden)
    leads.stores.users.save(
        replace(
            leads.stores.users.get(SALLY),
            id=UserId("user-north"),
            email="north@northwind.test",
            business_unit="North",
            confirmed_addresses=(),
            version=0,
        )
    )

    assert "lead-50" not in done(leads, ask(leads, Wanted(tag="hot")))


def test_a_dry_run_changes_nothing(leads: Runner) -> None:
    rows = done(leads, ask(leads, Wanted(tag="hot"), is_dry_run=True))

    assert len(rows) == 4
    assert leads.stores.enrollments.list_page(SEQUENCE, limit=9, cursor=None).rows == []


@pytest.mark.parametrize("burns_at", [8, 20, 40])
def test_a_crash_anywhere_enrolls_nobody_twice_and_forgets_nobody(
    leads: Runner, monkeypatch: pytest.MonkeyPatch, burns_at: int
) -> None:
    job_id = ask(leads, Wanted(tag="hot"))
    fuse = Fuse(burns_at=burns_at, is_after=True)
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(
            BaseClient, "_make_api_call", lambda *asked: fuse.guard(call, *asked), raising=True
        )
        with pytest.raises(PowerCut):
            carry_on(job_id, work_of=work_of, bench=leads.bench)
    leads.doubles.clock.advance(LEASED_FOR)

    assert done(leads, job_id) == {f"lead-{number}": True for number in range(2, 6)}
