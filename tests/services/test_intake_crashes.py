"""Intake that stops before any of its calls, and is done again: nothing lost, nothing doubled."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.services import enrolling
from chalicelib.storage.stores import Stores
from tests.builders import a_lead
from tests.doubles import Doubles
from tests.letters import PostOffice, a_notification, an_answer
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_replies import token_of


class PowerCutError(Exception):
    """The process ends here."""


def stops_before(calls: int, run: Callable[[], object]) -> bool:
    """Run, and stop before the call to AWS that follows `calls` of them; False if none does."""
    left = calls
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counted(client: BaseClient, *asked: Any) -> Any:  # noqa: ANN401 - a vendor's signature
        nonlocal left
        if left == 0:
            raise PowerCutError
        left -= 1
        return call(client, *asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", counted)
        try:
            run()
        except PowerCutError:
            return True
        return False


def an_enrolled_lead(runner: Runner, number: int) -> EnrollmentId:
    """Enroll one more lead of Paula's, and send it its first mail."""
    lead = replace(a_lead(), ref=ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}")))
    runner.stores.items.create(lead)
    [row] = enrolling.enroll(SEQUENCE, item_ids=[lead.ref.id], caller_id=SALLY, bench=runner.bench)
    assert row.enrollment_id is not None
    runner.drain()
    return row.enrollment_id


def test_wherever_intake_stops_the_redelivery_ends_right(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    office = PostOffice(doubles)
    is_cut = True
    calls = 0
    while is_cut:
        enrollment_id = an_enrolled_lead(runner, 100 + calls)
        ses_id = f"ses-crash-{calls}"
        office.put(
            replace(
                an_answer(), message_id=f"{ses_id}@x.test", in_reply_to="", references=()
            ).octets,
            ses_id,
        )
        told = a_notification(token_of(doubles), ses_id=ses_id)

        is_cut = stops_before(calls, partial(office.notify, told))
        [delivery] = office.notify(told)

        assert delivery.outcome is Outcome.STORED
        thread = stores.threads.get(stores.threads.id_of_enrollment(enrollment_id))
        assert thread.message_count == 2
        assert len(stores.messages.list_page(thread.id, limit=9, cursor=None).rows) == 2
        assert len(stores.enrollments.stand(enrollment_id).heard) == 1
        assert runner.head(enrollment_id).outcome == "interested"
        calls += 1
    assert calls > 15
