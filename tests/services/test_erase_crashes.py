"""A person whose eraser is killed at any call is erased by the next one, wholly and once."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import boto3
import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemRef
from chalicelib.domain.crm.suppressions import SuppressionReason
from chalicelib.domain.ids import EnrollmentId, ItemId, StepId
from chalicelib.domain.jobs.job import JobKind, JobState
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services import enrolling, smart_bcc
from chalicelib.services.jobs import asking
from chalicelib.services.jobs.kinds import work_of
from chalicelib.services.jobs.working import carry_on
from chalicelib.storage import keys
from chalicelib.storage.rows.tasks import TaskRow
from chalicelib.storage.stores import Stores
from tests.builders import NOW, TENANT, a_lead, a_person
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.letters import PostOffice, a_letter
from tests.services.runner import SALLY, SEQUENCE, Runner
from tests.services.test_runner_crashes import Fuse, PowerCut

pytestmark = pytest.mark.slow

STRIDE: Final = 5
"""Every fifth call; a whole erasing makes about fifty."""


@pytest.fixture
def runner(shared_stores: Stores, doubles: Doubles) -> Runner:
    """Set up the runner on ministack: moto copies the whole table at every transaction."""
    made = Runner(shared_stores, doubles)
    made.set_up()
    return made


def a_known_person(runner: Runner, number: int) -> ItemRef:
    """Keep a person with a lead, a mail that went out, a draft, a thread and a suppression."""
    name, address = f"Quentin Quill{number}", f"q{number}@erase.test"
    person = replace(
        a_person(),
        ref=ItemRef(ItemKind.PERSON, ItemId(f"person-{number}")),
        title=name,
        emails=(EmailAddress(address, is_primary=True),),
    )
    lead = replace(
        a_lead(),
        ref=ItemRef(ItemKind.LEAD, ItemId(f"lead-q{number}")),
        title=f"Chairs for {name}",
        person_id=person.ref.id,
    )
    runner.stores.items.create(person)
    runner.stores.items.create(lead)
    [row] = enrolling.enroll(SEQUENCE, item_ids=[lead.ref.id], caller_id=SALLY, bench=runner.bench)
    assert row.enrollment_id is not None, row
    runner.drain()
    assert runner.stores.ledger.of_enrollment(row.enrollment_id) != []
    write_draft(row.enrollment_id, lead.ref, name, address)
    mail_to(runner, name, address, number)
    runner.stores.addresses.suppress(address, SuppressionReason.COMPLAINED, NOW)
    return person.ref


def write_draft(enrollment_id: EnrollmentId, item: ItemRef, name: str, address: str) -> None:
    step_id = StepId("c1")
    draft = Task(
        id=keys.task_id(enrollment_id, step_id),
        enrollment_id=enrollment_id,
        step_id=step_id,
        sequence_id=SEQUENCE,
        flow_version=1,
        item=item,
        type="email",
        assignee_id=SALLY,
        due_at=NOW,
        subject=f"For you, {name}",
        body=f"<p>Dear {name}</p>",
        to=(address,),
    )
    TaskRow.of(TENANT, draft).save()


def mail_to(runner: Runner, name: str, address: str, number: int) -> None:
    bcc = smart_bcc.create(
        SALLY, item=None, stores=runner.stores, outside=runner.doubles.outside, now=NOW
    )
    letter = replace(
        a_letter(),
        to=f"{name} <{address}>",
        subject=f"Chairs for {name}",
        message_id=f"erase-{number}@northwind.test",
        text=f"Dear {name}.",
    )
    place = f"{bcc.local_part}@{runner.doubles.outside.inbound_domain}"
    PostOffice(runner.doubles).deliver(letter.octets, place)


def erase(runner: Runner, person: ItemRef, fuse: Fuse, burns_at: int | None) -> bool:
    """Erase, and if killed behind the call of this number, let the next worker go on."""
    job = asking.ask(
        JobKind.ERASE_PERSON, asked_by=SALLY, about={"person_id": person.id}, bench=runner.bench
    )
    fuse.calls, fuse.burns_at, fuse.is_after = 0, burns_at, True
    is_cut = False
    try:
        carry_on(job.id, work_of=work_of, bench=runner.bench)
    except PowerCut:
        is_cut, fuse.burns_at = True, None
        runner.doubles.clock.advance(timedelta(minutes=3))
        carry_on(job.id, work_of=work_of, bench=runner.bench)
    fuse.burns_at = None
    assert runner.stores.jobs.get(job.id).state is JobState.DONE
    return is_cut


def traces(*words: str) -> list[str]:
    """Return where one of the words still stands: rows, and files of the tenant."""
    rows = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]
    found = [
        f"{row['pk']['S']} {row['sk']['S']}"
        for row in rows
        if any(word in str(row).lower() for word in words)
    ]
    s3 = boto3.client("s3")
    for each in s3.list_objects_v2(Bucket=BUCKET, Prefix="t/").get("Contents", []):
        body = s3.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read().decode(errors="replace")
        if any(word in body.lower() for word in words):
            found.append(each["Key"])
    return found


def test_wherever_the_eraser_is_killed_nothing_of_the_person_is_left(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    fuse = Fuse()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda client, *asked: fuse.guard(call, client, *asked)
    )
    at, is_cut = 0, True
    while is_cut:
        is_cut = erase(runner, a_known_person(runner, at), fuse, at)
        at += STRIDE

    assert at > 40
    assert traces("quill", "@erase.test") == []


def test_what_is_looked_for_stands_there_before(runner: Runner) -> None:
    a_known_person(runner, 1)

    found = traces("quill", "@erase.test")

    assert {place.split(" ")[-1].split("#")[0] for place in found} >= {"head", "ledger", "task"}
    assert [place for place in found if place.startswith("t/")] != []
