"""Enrolls whoever is found: all items that fit a filter, such as the open leads of no sequence.

The list is read page by page while the job runs, so it takes who fits when its page is read. What
was begun for an item is marked in the transaction that begins it, as with a list of ids.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from chalicelib.domain.crm.item_filter import ItemFilter
from chalicelib.domain.crm.item_sight import may_see
from chalicelib.domain.crm.items import Item, ItemStatus
from chalicelib.domain.crm.searching import words_asked
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import ItemId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, Page, Row
from chalicelib.services import enrollments
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking
from chalicelib.services.jobs.enrolling_terms import Terms
from chalicelib.services.outcomes import Outcome
from chalicelib.storage.transaction import Transaction

ITEMS_A_PAGE: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to enroll: items of the sequence's kind that fit all of it."""

    status: ItemStatus | None = None
    owner_id: UserId | None = None
    tag: str | None = None
    q: str | None = None
    without_sequence: bool = True
    """Only those that are in no sequence now."""


def ask(terms: Terms, *, wanted: Wanted, caller_id: UserId, bench: Bench) -> Job:
    """Begin enrolling; what makes the direct request fail as a whole is refused here and now."""
    terms.insist(caller_id, bench=bench)
    about = {**msgspec.to_builtins(terms), "wanted": msgspec.to_builtins(wanted)}
    return asking.ask(JobKind.ENROLL_FOUND, asked_by=caller_id, about=about, bench=bench)


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Enroll the rest of those who fit, page by page."""
    wanted = msgspec.convert(job.about["wanted"], Wanted)
    kind = bench.stores.sequences.get(Terms.of(job).sequence_id).item_kind
    viewer = bench.stores.users.get(job.asked_by)
    enrolled, done = int(str(job.report.get("enrolled", 0))), job.done
    cursor: Mapping[str, object] | None = job.position or None
    while True:
        listing = bench.stores.item_lists.page(
            kind,
            wanted=_filter(wanted),
            limit=ITEMS_A_PAGE,
            cursor=cursor,
            sees=lambda item: _sees(item, viewer, bench),
        )
        rows = _enrolled(job, _free(listing.rows, job, wanted, bench), bench)
        enrolled += sum(bool(row["enrolled"]) for row in rows)
        done += len(rows)
        cursor = listing.cursor
        report = {"enrolled": enrolled, "refused": done - enrolled}
        yield Page(rows=rows, done=done, position=cursor or {}, report=report)
        if cursor is None:
            return


def _filter(wanted: Wanted) -> ItemFilter:
    return ItemFilter(
        owner_id=wanted.owner_id,
        status=wanted.status,
        tag=wanted.tag,
        words=words_asked(wanted.q or ""),
    )


def _sees(item: Item, viewer: User, bench: Bench) -> bool:
    if item.is_forgotten(bench.now()):
        return False
    if item.owner_id == viewer.id:
        return True
    return may_see(item, owner=bench.stores.users.find(item.owner_id), viewer=viewer)


def _free(
    items: Sequence[Item], job: Job, wanted: Wanted, bench: Bench
) -> list[tuple[ItemId, Row | None]]:
    """Return who is to be enrolled; of those an earlier try of this page enrolled, their row."""
    ids = [item.ref.id for item in items]
    marks = bench.stores.jobs.marks(job.id, ids) if job.tries > 1 else {}
    return [
        (item.ref.id, marks.get(item.ref.id))
        for item in items
        if item.ref.id in marks
        or not (wanted.without_sequence and enrollments.running(item.ref, bench=bench))
    ]


def _enrolled(job: Job, found: list[tuple[ItemId, Row | None]], bench: Bench) -> list[Row]:
    def mark(tx: Transaction, outcome: Outcome) -> None:
        bench.stores.jobs.mark(tx, job, outcome.item_id, outcome.told())

    new = [item_id for item_id, known in found if known is None]
    outcomes = Terms.of(job).enroll(new, job, mark, bench=bench)
    told = {outcome.item_id: outcome.told() for outcome in outcomes}
    return [known or told[item_id] for item_id, known in found]
