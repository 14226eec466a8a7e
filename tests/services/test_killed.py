"""Processes killed with SIGKILL before and after each of their calls, on an AWS that stays.

The other matrices end a worker by an exception; here the kernel ends it: no `finally` runs, no
buffer is flushed, sockets break. Each point is a process of its own, forked and killed.
"""

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from botocore.client import BaseClient

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, StepId
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.reply_token import format_reply_address
from chalicelib.domain.sequences.ledger import SendState
from chalicelib.entry import wiring
from chalicelib.services import enrolling
from chalicelib.storage.stores import Stores
from tests.builders import a_lead
from tests.conftest import BUCKET, REGION, forget
from tests.doubles import Doubles, RecordingMailer
from tests.letters import PostOffice, a_notification, an_answer
from tests.services.runner import SALLY, SEQUENCE, Runner

STRIDE: Final = 1 if os.environ.get("SEKVENS_CRASH") == "all" else 7
"""Every point with `make crash`; else every seventh."""
MINUTE: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Postbox(RecordingMailer):
    """A mail service that outlives whoever hands mail in: what it took stands in a file."""

    path: Path = field(kw_only=True)
    guard: Callable[..., Any] = lambda call, *asked, **named: call(*asked, **named)

    def send(self, **asked: Any) -> str:  # noqa: ANN401 - handed on as it is
        return str(self.guard(self._take, **asked))

    def _take(self, *, tags: dict[str, str], **_: object) -> str:
        with self.path.open("a") as box:
            box.write(json.dumps([tags["enrollment"], tags["step"]]) + "\n")
            box.flush()
            os.fsync(box.fileno())
        return f"ses-{len(self.taken())}"

    def taken(self) -> Counter[tuple[str, str]]:
        """Return how often each mail was taken."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return Counter(tuple(json.loads(line)) for line in lines)


@dataclass(slots=True)
class Killer:
    """Kills its process before or after the call of a number."""

    at: int
    is_after: bool
    calls: int = 0

    def guard(self, call: Callable[..., Any], *asked: Any, **named: Any) -> Any:  # noqa: ANN401
        number = self.calls
        self.calls += 1
        if number == self.at and not self.is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = call(*asked, **named)
        if number == self.at and self.is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def killed_in(work: Callable[[], object], killer: Killer, postbox: Postbox) -> bool:
    """Work in a process of its own; return whether it was killed rather than done."""
    child = os.fork()
    if not child:  # pragma: no cover - another process
        code = 3
        try:
            forget()  # connections are not shared with the parent
            call = BaseClient._make_api_call  # type: ignore[attr-defined]
            BaseClient._make_api_call = (  # type: ignore[attr-defined]
                lambda client, *asked: killer.guard(call, client, *asked)
            )
            postbox.guard = killer.guard
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it failed by itself"
    return os.WIFSIGNALED(status)


@pytest.fixture
def runner(shared_stores: Stores, doubles: Doubles, tmp_path: Path) -> Runner:
    """Give a runner on ministack whose mail service outlives its workers."""
    boto3.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    doubles.mailer = Postbox(path=tmp_path / "postbox")
    made = Runner(shared_stores, doubles)
    made.set_up()
    wiring.mailroom()
    return made


def enrolled(runner: Runner, number: int) -> EnrollmentId:
    ref = ItemRef(ItemKind.LEAD, ItemId(f"lead-{number}"))
    runner.stores.items.create(replace(a_lead(), ref=ref))
    (row,) = enrolling.enroll(SEQUENCE, item_ids=[ref.id], caller_id=SALLY, bench=runner.bench)
    assert row.enrollment_id is not None
    return row.enrollment_id


def fresh(runner: Runner) -> Runner:
    """Return the runner as a new process sees it."""
    return replace(runner, stores=wiring.stores_for(runner.stores.tenant_id))


def test_a_worker_killed_at_any_call_sends_no_mail_twice_and_forgets_nobody(
    runner: Runner,
) -> None:
    postbox = runner.doubles.mailer
    assert isinstance(postbox, Postbox)
    points, is_cut = 0, True
    while is_cut:
        for is_after in (False, True):
            enrollment_id = enrolled(runner, 100 + 2 * points + is_after)
            killer = Killer(points, is_after)

            is_cut = killed_in(fresh(runner).drain, killer, postbox)
            for _ in range(3):
                runner.wait(20 * MINUTE)

            mails = {each: n for each, n in postbox.taken().items() if each[0] == enrollment_id}
            head = runner.head(enrollment_id)
            assert all(number == 1 for number in mails.values()), (points, is_after, mails)
            assert head.due_at is not None, (points, is_after)
            entry = runner.stores.ledger.find(enrollment_id, StepId("a1"))
            is_told = entry is None or entry.state is SendState.SENT or head.has_task
            assert is_told, (points, is_after, entry)
        points += STRIDE
    sys.stdout.write(f"worker: {2 * (points // STRIDE)} points of {2 * points}, 0 failures\n")
    assert points > 15


def answered(
    runner: Runner, office: PostOffice, number: int
) -> tuple[EnrollmentId, Mapping[str, object]]:
    """Let a lead answer its first mail; return whose answer waits, and what intake will hear."""
    enrollment_id, ses_id = enrolled(runner, number), f"ses-killed-{number}"
    runner.drain()
    answer = replace(
        an_answer(),
        from_=f"Paula <paula{number}@acme.test>",
        message_id=f"{ses_id}@x.test",
        in_reply_to="",
        references=(),
    )
    office.put(answer.octets, ses_id)
    outside = runner.doubles.outside
    address = format_reply_address(
        runner.stores.tenant_id,
        enrollment_id,
        keys=outside.mac_keys,
        domain=outside.inbound_domain,
    )
    return enrollment_id, a_notification(address, ses_id=ses_id)


def test_intake_killed_at_any_call_files_its_mail_once_when_it_comes_again(
    runner: Runner,
) -> None:
    postbox = runner.doubles.mailer
    assert isinstance(postbox, Postbox)
    office = PostOffice(runner.doubles)
    points, is_cut = 0, True
    while is_cut:
        for is_after in (False, True):
            number = 1000 + 2 * points + is_after
            enrollment_id, told = answered(runner, office, number)

            is_cut = killed_in(partial(office.notify, told), Killer(points, is_after), postbox)
            (delivery,) = office.notify(told)

            assert delivery.outcome is Outcome.STORED
            thread = runner.stores.threads.get(
                runner.stores.threads.id_of_enrollment(enrollment_id)
            )
            assert thread.message_count == 2, (points, is_after)
            assert len(runner.stores.enrollments.stand(enrollment_id).heard) == 1
        points += STRIDE
    sys.stdout.write(f"intake: {2 * (points // STRIDE)} points of {2 * points}, 0 failures\n")
    assert points > 15
