"""Intake that stops before any of its calls, and is done again: nothing lost, nothing doubled."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.domain.mail.filed import Handling, Outcome
from chalicelib.services import enrolling, smart_bcc
from chalicelib.services.intake_desk import Desk, release
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_lead, an_admin, an_admin_caller
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter, a_notification, an_answer
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_replies import token_of

STRIDE: Final = 1 if os.environ.get("SEKVENS_CRASH") == "all" else 5
"""Every call with `make test-crash`; else every fifth."""


class PowerCutError(BaseException):
    """The process ends here; nobody handles that."""


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
                an_answer(),
                # Twenty mails of one correspondent are a loop.
                from_=f"Paula <paula{calls}@acme.test>",
                message_id=f"{ses_id}@x.test",
                in_reply_to="",
                references=(),
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
        calls += STRIDE
    assert calls > 15


def test_wherever_a_release_stops_the_next_one_ends_right(
    stores: Stores, doubles: Doubles, runner: Runner
) -> None:
    stores.users.save(an_admin())
    address = smart_bcc.create(SALLY, item=None, stores=stores, outside=doubles.outside, now=NOW)
    office = PostOffice(doubles)
    desk = Desk(caller=an_admin_caller(), room=office.room, stores=stores, outside=doubles.outside)
    is_cut, calls = True, 0
    while is_cut:
        letter = replace(a_letter(), message_id=f"kept-{calls}@x.test", text=f"Kept {calls}.")
        [kept] = office.deliver(
            letter.octets, f"{address.local_part}@{doubles.outside.inbound_domain}", dmarc="FAIL"
        )

        is_cut = stops_before(calls, partial(release, kept.id, desk=desk))
        if is_cut and stores.deliveries.get(kept.id).is_waiting:
            release(kept.id, desk=desk)

        delivery = stores.deliveries.get(kept.id)
        assert delivery.handling is Handling.RELEASED
        assert delivery.outcome in {Outcome.STORED, Outcome.DUPLICATE}
        assert delivery.thread_id is not None
        assert stores.threads.get(delivery.thread_id).message_count == 1
        calls += STRIDE
    assert calls > 10
