"""What a tenant keeps no longer goes by night, and nothing else does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import boto3
import pytest

from chalicelib.domain.crm.users import Tenant
from chalicelib.domain.ids import ApiTokenId, JobId, MessageKey, UserId
from chalicelib.domain.jobs.job import Job, JobKind, JobState
from chalicelib.domain.mail.filed import AlreadyHandledError, Delivery, Handling
from chalicelib.services import intake_desk, smart_bcc
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import kinds, working
from chalicelib.storage.acting import Actor, acting
from chalicelib.storage.audits import AuditFilter
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_lead, a_tenant, a_user, an_admin, an_admin_caller
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.letters import Letter, PostOffice, a_letter
from tests.services.test_intake_crashes import stops_before

SALLY: Final = UserId("user-sally")
DAY: Final = timedelta(days=1)


@pytest.fixture
def bench(stores: Stores, doubles: Doubles) -> Bench:
    """Set up a tenant with Sally and an admin, at an hour at which S3 writes."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.users.save(an_admin())
    doubles.clock.instant = datetime.now(UTC)
    return Bench(stores=stores, outside=doubles.outside)


@pytest.fixture
def office(doubles: Doubles) -> PostOffice:
    """Open the post office."""
    return PostOffice(doubles)


@pytest.fixture
def bcc(bench: Bench) -> str:
    """Give Sally a Smart Bcc address."""
    outside = bench.outside
    address = smart_bcc.create(SALLY, item=None, stores=bench.stores, outside=outside, now=NOW)
    return f"{address.local_part}@{outside.inbound_domain}"


def keep(bench: Bench, **days: int | None) -> Tenant:
    tenant = bench.stores.tenant.get()
    return bench.stores.tenant.save(replace(tenant, settings={"retention": days}))


def clear(bench: Bench) -> dict[str, object]:
    """Do a whole night's clearing, and return its report."""
    job_id = JobId(f"retain-{bench.now():%Y%m%d%H%M%S%f}")
    job = Job(
        id=job_id,
        kind=JobKind.RETAIN,
        asked_by=UserId("nightly"),
        about={},
        created_at=bench.now(),
    )
    bench.stores.jobs.save(job, look_at=bench.now())
    working.carry_on(job_id, work_of=kinds.work_of, bench=bench)
    done = bench.stores.jobs.get(job_id)
    assert done.state is JobState.DONE, done
    return dict(done.report)


def wait(doubles: Doubles, by: timedelta) -> None:
    doubles.clock.advance(by)


def names(part: str) -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"t/aaaaaaaaaa/{part}/")
    return [each["Key"] for each in found.get("Contents", [])]


def unproven(number: int) -> Letter:
    return replace(a_letter(), message_id=f"unproven-{number}@x.test", text=f"Number {number}.")


def test_the_bytes_of_a_mail_go_and_what_is_read_of_it_stays(
    bench: Bench, doubles: Doubles, office: PostOffice, bcc: str
) -> None:
    [delivery] = office.deliver(a_letter().octets, bcc)
    keep(bench, raw_mail_days=30)
    wait(doubles, 29 * DAY)
    early = clear(bench)
    wait(doubles, 2 * DAY)

    report = clear(bench)

    assert (early["raw_mails"], report["raw_mails"], names("raw")) == (0, 1, [])
    assert delivery.thread_id is not None
    [message] = bench.stores.messages.list_page(delivery.thread_id, limit=5, cursor=None).rows
    assert bench.stores.messages.read_body(message.body_key).text.startswith("Here is our offer.")


def test_who_set_nothing_keeps_the_bytes_of_filed_mail_for_ever(
    bench: Bench, doubles: Doubles, office: PostOffice, bcc: str
) -> None:
    office.deliver(a_letter().octets, bcc)
    wait(doubles, 3_000 * DAY)

    report = clear(bench)

    assert (report["raw_mails"], len(names("raw"))) == (0, 1)


def kept_apart(office: PostOffice, bench: Bench, bcc: str, number: int) -> Delivery:
    [delivery] = office.deliver(unproven(number).octets, bcc, dmarc="FAIL")
    aged = replace(delivery, received_at=bench.now())
    bench.stores.deliveries.put(aged)
    return aged


def test_mail_that_waits_or_was_discarded_goes_after_its_days(
    bench: Bench, doubles: Doubles, office: PostOffice, bcc: str
) -> None:
    desk = intake_desk.Desk(
        caller=an_admin_caller(), room=office.room, stores=bench.stores, outside=bench.outside
    )
    waiting = kept_apart(office, bench, bcc, 1)
    discarded = kept_apart(office, bench, bcc, 2)
    intake_desk.discard(discarded.id, desk=desk)
    keep(bench, intake_days=10)
    wait(doubles, 9 * DAY)
    young = kept_apart(office, bench, bcc, 3)
    early = clear(bench)
    wait(doubles, 2 * DAY)

    report = clear(bench)

    assert (early["kept_apart"], report["kept_apart"]) == (0, 2)
    rows = [bench.stores.deliveries.get(each.id) for each in (waiting, discarded)]
    assert [(each.handling, each.sender, each.subject) for each in rows] == [
        (Handling.EXPIRED, "", "")
    ] * 2
    assert [each.id for each in bench.stores.deliveries.list_page(limit=5, cursor=None).rows] == [
        young.id
    ]
    assert (len(names("raw")), len(names("bodies"))) == (1, 1)
    wait(doubles, timedelta(hours=1))
    assert clear(bench)["kept_apart"] == 0
    with pytest.raises(AlreadyHandledError):
        intake_desk.release(waiting.id, desk=desk)


def test_a_mail_that_was_filed_by_another_way_keeps_its_bytes(
    bench: Bench, doubles: Doubles, office: PostOffice, bcc: str
) -> None:
    office.deliver(a_letter().octets, bcc)
    [spoofed] = office.deliver(a_letter().octets, bcc, dmarc="FAIL")
    bench.stores.deliveries.put(replace(spoofed, received_at=bench.now()))
    wait(doubles, 91 * DAY)

    report = clear(bench)

    assert report["kept_apart"] == 1
    assert (len(names("raw")), len(names("bodies"))) == (1, 1)


def test_an_entry_of_the_audit_goes_after_its_days(bench: Bench, doubles: Doubles) -> None:
    adam = Actor(user_id=UserId("user-adam"), token_id=ApiTokenId("token-1"), at=bench.now())
    with acting(adam):
        bench.stores.items.create(a_lead())
    keep(bench, audit_days=400)
    wait(doubles, 399 * DAY)
    early = clear(bench)
    wait(doubles, 2 * DAY)

    report = clear(bench)

    assert (early["audit_entries"], report["audit_entries"]) == (0, 1)
    assert bench.stores.audits.list_page(AuditFilter(), limit=5, cursor=None).rows == []


def test_wherever_a_clearing_stops_the_next_night_ends_it(
    bench: Bench, doubles: Doubles, office: PostOffice, bcc: str
) -> None:
    keep(bench, intake_days=10, raw_mail_days=30)
    is_cut, calls = True, 0
    while is_cut:
        delivery = kept_apart(office, bench, bcc, calls)
        wait(doubles, 40 * DAY)

        is_cut = stops_before(calls, partial(clear, bench))
        wait(doubles, DAY)
        clear(bench)

        assert bench.stores.deliveries.get(delivery.id).handling is Handling.EXPIRED
        assert (names("raw"), names("bodies")) == ([], [])
        calls += 3
    assert calls > 9


def test_another_tenants_mail_is_not_touched(
    bench: Bench, doubles: Doubles, others_stores: Stores
) -> None:
    theirs = others_stores.messages.keep_raw(MessageKey("theirs"), b"Theirs.")
    keep(bench, raw_mail_days=1)
    wait(doubles, 3_000 * DAY)

    clear(bench)

    assert others_stores.messages.read(theirs) == b"Theirs."
