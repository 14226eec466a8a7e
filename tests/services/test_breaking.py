"""A tenant whose mails bounce too often is stopped, visibly, before SES stops everybody."""

from datetime import timedelta

import pytest

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.breaker import Health, fault_of
from chalicelib.domain.sequences.ledger import MailStatus
from chalicelib.domain.sequences.signals import MailPostponed
from chalicelib.services import breaking, gates
from chalicelib.storage.breakers import BreakerStore
from chalicelib.storage.keys import tenant
from chalicelib.storage.rows.breakers import HealthRow
from infra import ops
from tests.builders import NOW, TENANT
from tests.services.runner import Runner

TODAY = NOW.date()


@pytest.mark.parametrize(
    "sent, bounced, complained, is_stopped",
    [
        (999, 999, 999, False),
        (1_000, 39, 2, False),
        (1_000, 40, 0, True),
        (1_000, 0, 3, True),
        (10_000, 399, 7, False),
        (10_000, 400, 0, True),
        (10_000, 0, 8, True),
    ],
)
def test_four_of_a_hundred_bounces_or_eight_of_ten_thousand_complaints_are_too_many(
    sent: int, bounced: int, complained: int, is_stopped: bool
) -> None:
    health = Health(sent=sent, bounced=bounced, complained=complained)

    assert (fault_of(health) is not None) is is_stopped


def a_day(runner: Runner, days_ago: int, *, sent: int, bounced: int = 0) -> None:
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    pk = f"{tenant(runner.stores.tenant_id)}#health#"
    HealthRow(pk=pk, sk=day, sent=sent, bounced=bounced).save()


def bounce(runner: Runner, event_id: str) -> bool:
    statuses = {MailStatus.SENT, MailStatus.BOUNCED}
    return breaking.count(statuses, event_id=event_id, bench=runner.bench)


def test_one_bounce_too_many_stops_the_tenant_until_the_operator_lets_it_go_on(
    runner: Runner,
) -> None:
    enrollment = runner.head(runner.enroll())
    a_day(runner, 6, sent=900, bounced=30)
    a_day(runner, 1, sent=90, bounced=9)

    told = [bounce(runner, event_id) for event_id in ("e1", "e1", "e1")]
    assert told == [False, False, False]
    a_day(runner, 2, sent=9)
    told = [bounce(runner, event_id) for event_id in ("e2", "e3")]

    assert told == [True, False]
    shut = gates.pass_all(enrollment, StepId("a1"), bench=runner.bench)
    assert isinstance(shut, MailPostponed)
    assert shut.why == (
        "sending is switched off: 41 of 1001 mails in 7 days bounced (4.1%); look at your "
        "addresses, then ask the operator"
    )

    assert ops.main(["switch", "tenant", TENANT, "on"]) == 0

    opened = gates.pass_all(enrollment, StepId("a1"), bench=runner.bench)
    assert isinstance(opened, gates.Passed)
    assert BreakerStore(TENANT).health(TODAY) == Health()


def test_what_bounced_more_than_a_week_ago_counts_no_more(runner: Runner) -> None:
    a_day(runner, 7, sent=1_000, bounced=500)
    a_day(runner, 6, sent=1_000)

    assert bounce(runner, "e1") is False
