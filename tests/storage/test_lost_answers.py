"""What AWS did though its answer was lost, or not yet: it is asked again, and it happens once."""

from dataclasses import dataclass
from datetime import date

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import TransactWriteError, UpdateError

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.ids import AutomationId, SequenceId, UserId
from chalicelib.domain.sequences.automations import Automation, Trigger
from chalicelib.entry.faults import is_passing
from chalicelib.storage.breakers import BreakerStore
from chalicelib.storage.budgets import Share
from chalicelib.storage.stores import Stores
from tests.builders import NOW
from tests.faults import TABLE, Send, over_the_wire, refusal

SHARE = Share("tenant", date(2026, 3, 2))


@dataclass(slots=True)
class Loser:
    """Loses so many answers."""

    most: int = 1
    requests: int = 0

    def __call__(self, request: AWSPreparedRequest, send: Send) -> AWSResponse:
        self.requests += 1
        answered = send()
        if self.requests <= self.most:
            raise ReadTimeoutError(endpoint_url=request.url)
        return answered


@pytest.fixture
def loser() -> Loser:
    return Loser()


def test_a_share_is_given_back_once(shared_stores: Stores, loser: Loser) -> None:
    budgets = shared_stores.budgets
    for number in range(3):
        budgets.reserve(SHARE, cap=3, taker=f"mail-{number}")

    with over_the_wire(loser):
        budgets.release(SHARE)

    assert (budgets.used(SHARE), loser.requests) == (2, 2)


def test_a_share_is_taken_once(shared_stores: Stores, loser: Loser) -> None:
    with over_the_wire(loser):
        in_vain = shared_stores.budgets.reserve(SHARE, cap=1, taker="mail-1")

    assert (in_vain, shared_stores.budgets.used(SHARE), loser.requests) == (0, 1, 3)


def test_a_share_is_taken_when_the_transaction_that_has_its_day_is_over(
    shared_stores: Stores,
) -> None:
    requests: list[AWSPreparedRequest] = []

    def held(request: AWSPreparedRequest, send: Send) -> AWSResponse:
        requests.append(request)
        is_held = len(requests) <= 2
        return refusal(TABLE, 400, "TransactionConflictException") if is_held else send()

    with over_the_wire(held):
        in_vain = shared_stores.budgets.reserve(SHARE, cap=1, taker="mail-1")

    assert (in_vain, shared_stores.budgets.used(SHARE), len(requests)) == (None, 1, 3)


def test_an_automation_is_made_and_removed_once(shared_stores: Stores, loser: Loser) -> None:
    automations = shared_stores.automations
    with over_the_wire(loser):
        made = automations.save(an_automation())
    assert (automations.all(), made.version, loser.requests) == ([made], 1, 2)

    with over_the_wire(Loser()):
        automations.remove(made)

    assert automations.all() == []


def test_who_trips_a_breaker_knows_it(shared_stores: Stores, loser: Loser) -> None:
    breaker = BreakerStore(shared_stores.tenant_id)

    with over_the_wire(loser):
        assert breaker.trip("4 % of its mails bounce", NOW)

    assert loser.requests == 2


def test_a_write_of_which_no_answer_comes_at_all_is_an_outage_and_no_fault(
    shared_stores: Stores,
) -> None:
    with over_the_wire(Loser(most=99)):
        with pytest.raises(TransactWriteError) as several:
            shared_stores.automations.save(an_automation())
        with pytest.raises(UpdateError) as single:
            shared_stores.budgets.reserve(SHARE, cap=3, taker="mail-1")

    assert (is_passing(several.value), is_passing(single.value)) == (True, True)


def an_automation() -> Automation:
    return Automation(
        id=AutomationId("automation-1"),
        name="New leads",
        item_kind=ItemKind.LEAD,
        trigger=Trigger.ITEM_CREATED,
        sequence_id=SequenceId("sequence-1"),
        author_id=UserId("user-sally"),
        created_at=NOW,
        updated_at=NOW,
    )
