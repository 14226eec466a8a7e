"""A user is made inactive: what they were at is let go, or another user goes on with it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import RuleError
from chalicelib.domain.ids import EnrollmentId, UserId
from chalicelib.domain.sequences.enrollment import Count, Status
from chalicelib.domain.sequences.tasks import TaskState
from chalicelib.services import users, working
from chalicelib.services.users import UserChanges
from tests.builders import a_user, an_admin, an_admin_caller
from tests.services.runner import SALLY, SEQUENCE, Runner

DAY = timedelta(days=1)
HUGO = UserId("user-hugo")


@pytest.fixture
def at_call(runner: Runner) -> EnrollmentId:
    """Sally's only enrollment stands at its call."""
    runner.stores.users.save(an_admin())
    runner.stores.users.save(a_colleague(HUGO))
    enrolled = runner.enroll()
    runner.drain()
    runner.wait(2 * DAY + timedelta(hours=1))
    runner.wait(3 * DAY)
    assert [task.step_id for task in runner.tasks()] == ["c1"]
    return enrolled


def a_colleague(user_id: UserId) -> User:
    return replace(a_user(), id=user_id, email=f"{user_id}@northwind.test", confirmed_addresses=())


def leave(runner: Runner, user_id: UserId = SALLY, *, reassign_to: UserId | None = None) -> None:
    users.change(
        user_id,
        changes=UserChanges(is_active=False),
        read_version=None,
        reassign_to=reassign_to,
        caller=an_admin_caller(),
        bench=runner.bench,
    )


def test_what_a_user_was_at_is_let_go_when_they_leave(
    runner: Runner, at_call: EnrollmentId
) -> None:
    (task,) = runner.tasks()

    leave(runner)
    assert runner.do_jobs() == 1

    head = runner.head(at_call)
    assert (head.status, head.reason) == (Status.EXITED, "owner_removed")
    assert runner.stores.tasks.get(task.id).state is TaskState.CANCELLED
    assert runner.stores.counts.of(SEQUENCE)[Count.IN_PROGRESS] == 0


def test_another_user_goes_on_with_it(runner: Runner, at_call: EnrollmentId) -> None:
    leave(runner, reassign_to=HUGO)
    assert runner.do_jobs() == 1

    head = runner.head(at_call)
    assert (head.status, head.owner_id) == (Status.ACTIVE, HUGO)
    assert runner.tasks() == []
    (task,) = runner.stores.tasks.page(HUGO, limit=10, cursor=None)[0]
    assert (task.step_id, task.assignee_id) == ("c1", HUGO)


def test_a_task_of_somebody_elses_enrollment_goes_back_to_its_owner(
    runner: Runner, at_call: EnrollmentId
) -> None:
    (task,) = runner.tasks()
    working.assign(task.id, user_id=HUGO, bench=runner.bench)

    leave(runner, HUGO)
    assert runner.do_jobs() == 1

    assert runner.head(at_call).status is Status.ACTIVE
    assert [each.assignee_id for each in runner.tasks()] == [SALLY]


def test_who_is_back_before_the_job_keeps_it_all(runner: Runner, at_call: EnrollmentId) -> None:
    leave(runner)
    users.change(
        SALLY,
        changes=UserChanges(is_active=True),
        read_version=None,
        caller=an_admin_caller(),
        bench=runner.bench,
    )

    assert runner.do_jobs() == 1

    assert runner.head(at_call).status is Status.ACTIVE


@pytest.mark.parametrize("heir_id", [SALLY, UserId("nobody")])
def test_only_another_active_user_can_go_on(
    runner: Runner, at_call: EnrollmentId, heir_id: UserId
) -> None:
    with pytest.raises(RuleError) as refused:
        leave(runner, reassign_to=heir_id)

    assert [each.path for each in refused.value.problems] == ["$.reassign_to"]
    assert runner.stores.users.get(SALLY).is_active
    assert not runner.head(at_call).is_over
