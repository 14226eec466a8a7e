"""Lets go what a tenant keeps no longer: bytes of mail, mail kept apart, entries of the audit.

Every part goes oldest first or name by name, and deleting again changes nothing, so a job that was
cut begins where its last page ended.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from chalicelib.domain.crm.settings import Retention, settings_in
from chalicelib.domain.jobs.job import Job, Page
from chalicelib.domain.mail.filed import Delivery
from chalicelib.services.decisions import Bench

_A_PAGE: Final = 25
_PARTS: Final = ("raw_mails", "kept_apart", "audit_entries")


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Go through the parts, one after another; the report says how much of each has gone."""
    retention = settings_in(bench.stores.tenant.get()).retention
    report: dict[str, Any] = {part: job.report.get(part, 0) for part in _PARTS}
    first = str(job.position.get("part", _PARTS[0]))
    at: Any = job.position.get("at")  # as it was kept in JSON
    for part in _PARTS[_PARTS.index(first) :]:
        while True:
            count, at = _some(part, retention, at, bench)
            report[part] += count
            done = sum(report.values())
            yield Page(done=done, position=_behind(part, at), report=dict(report))
            if at is None:
                break


def _behind(part: str, at: object) -> Mapping[str, object]:
    if at is not None or part == _PARTS[-1]:
        return {"part": part, "at": at}
    return {"part": _PARTS[_PARTS.index(part) + 1], "at": None}


def _some(part: str, retention: Retention, at: Any, bench: Bench) -> tuple[int, Any]:  # noqa: ANN401 - a position, as it was kept in JSON
    """Let some of a part go; return how many, and where to go on."""
    match part:
        case "raw_mails":
            return _raw_mails(retention.raw_mail_days, at, bench)
        case "kept_apart":
            return _kept_apart(retention.intake_days, at, bench)
        case _:
            before = bench.now() - timedelta(days=retention.audit_days)
            count = bench.stores.retention.delete_audit_before(before)
            return count, {} if count else None


def _raw_mails(days: int | None, at: Any, bench: Bench) -> tuple[int, Any]:  # noqa: ANN401 - as above
    if days is None:
        return 0, None
    before = bench.now() - timedelta(days=days)
    gone = bench.stores.retention.delete_raw_before(before, behind=at or "")
    return gone.count, gone.behind


def _kept_apart(days: int, at: Any, bench: Bench) -> tuple[int, Any]:  # noqa: ANN401 - as above
    stores = bench.stores
    page = stores.deliveries.kept_apart(
        before=bench.now() - timedelta(days=days), limit=_A_PAGE, cursor=at
    )
    for each in page.rows:
        let_go(each, bench)
    return len(page.rows), page.cursor


def let_go(delivery: Delivery, bench: Bench) -> None:
    """Delete the bytes of a mail that is kept apart, unless it was filed as well; then its row."""
    key = delivery.message_key
    if key is None:
        bench.stores.retention.delete_kept_apart(delivery.id)
    else:
        body = bench.stores.messages.find_body(key)
        if body is None or body.is_kept_apart:
            bench.stores.retention.delete_kept_apart(key)
    bench.stores.deliveries.expire(delivery, bench.now())
