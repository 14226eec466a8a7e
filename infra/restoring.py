"""What an operator does after a point-in-time restore, so that nothing is sent twice.

    python -m infra.ops --table RESTORED --bucket BUCKET restore --since 2026-11-22T08:00:00Z

Sending of everybody is switched off, then the ledger is settled from the archive of SES's events.
Run again until nothing was forgotten; docs/runbooks/restore.md says what comes before and after.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Final

import boto3

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import TenantId
from chalicelib.entry.ses_words import Told, read_event, word_of
from chalicelib.gateways.clock import Clock, SystemClock
from chalicelib.gateways.mailer import SesMailer
from chalicelib.gateways.mint import RandomMint
from chalicelib.gateways.outside import Outside
from chalicelib.gateways.queues import SqsQueues
from chalicelib.services import restoring
from chalicelib.services.decisions import Bench
from chalicelib.services.restoring import Mailed
from chalicelib.storage import switches
from chalicelib.storage.archive import EventArchive
from chalicelib.storage.stores import Stores
from infra.stage_names import bucket_of

EARLIER: Final = timedelta(days=7)
"""Word of a mail may come so long after it was sent; older mails are read for it too."""
MARGIN: Final = timedelta(minutes=15)
"""What was written just before the restore point may be missing as well."""


@dataclass(slots=True)
class Tally:
    """What one run did."""

    events: int = 0
    forgotten: int = 0
    others: int = 0


def add_to(parser: ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument(
        "--since", required=True, help="the restore point, such as 2026-11-22T08:00Z"
    )
    parser.add_argument("--bucket", help="where the archive lies, if no --stage says so")
    parser.set_defaults(do=_restore)


def settle(since: datetime, *, bucket: str, clock: Clock) -> Tally:
    """Switch all sending off, and apply every event that was archived since the restore point."""
    switches.switch_platform(is_on=False)
    s3, tally = boto3.client("s3"), Tally()
    outside = quiet_outside(clock)
    archive = EventArchive(bucket=bucket, s3=s3)
    for told in archive.events_of(_days(since, clock.now()), since=since - MARGIN):
        event = read_event(told)
        read = word_of(event, outside.mailer.wire_id)
        if read is None:
            tally.others += 1
            continue
        tenant_id, word = read
        stores = Stores(TenantId(tenant_id), bucket=bucket, s3=s3)
        bench = Bench(stores=stores, outside=outside)
        tally.events += 1
        tally.forgotten += restoring.settle(word, _mailed(event), bench=bench)
    return tally


def _restore(asked: Namespace) -> int:
    since = _instant(asked.since)
    tally = settle(since, bucket=bucket_of(asked), clock=SystemClock())
    print(f"{tally.events} events of sequence mails; {tally.others} of other mails.")
    print(f"{tally.forgotten} mails the table had forgotten; now it knows them as sent.")
    print("Sending of all is off. Run this again until it finds nothing forgotten and the feedback")
    print("queue is empty; then `python -m infra.ops switch all on`.")
    return 0


def _instant(text: str) -> datetime:
    message = "Give an instant with its zone, such as 2026-11-22T08:00:00Z."
    problem = Problem(path="since", code="wrong_value", message=message)
    try:
        since = datetime.fromisoformat(text)
    except ValueError as error:
        raise RuleError(problem) from error
    if since.tzinfo is None:
        raise RuleError(problem)
    return since.astimezone(UTC)


def _days(since: datetime, now: datetime) -> Iterator[date]:
    day = (since - EARLIER).date()
    while day <= now.date():
        yield day
        day += timedelta(days=1)


def _mailed(event: Told) -> Mailed:
    mail = event["mail"]
    return Mailed(
        sender=parseaddr(str(mail.get("source", "")))[1],
        recipients=tuple(str(each) for each in mail.get("destination", ())),
        subject=str(mail.get("commonHeaders", {}).get("subject", "")),
        at=datetime.fromisoformat(mail["timestamp"]),
    )


def quiet_outside(clock: Clock) -> Outside:
    """Return an outside that sends nothing and wakes nobody: the sweep finds who is due."""
    ses, sqs = boto3.client("sesv2"), boto3.client("sqs")
    mailer = SesMailer(ses, configuration_set="", region=ses.meta.region_name)
    return Outside(
        clock=clock,
        mint=RandomMint(),
        mailer=mailer,
        notifier=mailer,
        queues=_Nobody(sqs, {}),
        mac_keys=(),
        inbound_domain="",
    )


class _Nobody(SqsQueues):
    def send_due(self, dues: object) -> None:
        """Wake nobody while sending is off."""
