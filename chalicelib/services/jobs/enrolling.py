"""Enrolls more items than one request may: the rows are those of the direct answer.

What was begun for an item is marked in the very transaction that begins it. A page that is done
again after a crash reads its marks first, and never tells an item that it is active already
because of this very job.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from chalicelib.domain.ids import ItemId, UserId
from chalicelib.domain.jobs.job import Job, JobKind, Page, Row
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs import asking
from chalicelib.services.jobs.enrolling_terms import Terms
from chalicelib.services.outcomes import Outcome
from chalicelib.storage.job_files import ASKED
from chalicelib.storage.transaction import Transaction

ITEMS_A_PAGE: Final = 25


def ask(terms: Terms, *, item_ids: Sequence[ItemId], caller_id: UserId, bench: Bench) -> Job:
    """Begin enrolling; what makes the direct request fail as a whole is refused here and now."""
    terms.insist(caller_id, bench=bench)
    return asking.ask(
        JobKind.ENROLL,
        asked_by=caller_id,
        about=msgspec.to_builtins(terms),
        asked=msgspec.json.encode(list(item_ids)),
        total=len(item_ids),
        bench=bench,
    )


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Enroll the rest of the items, page by page."""
    asked = bench.stores.job_files.find(job.id, ASKED)
    item_ids = msgspec.json.decode(asked or b"[]", type=list[ItemId])
    enrolled = int(str(job.report.get("enrolled", 0)))
    for first in range(job.done, len(item_ids), ITEMS_A_PAGE):
        numbers = range(first, min(first + ITEMS_A_PAGE, len(item_ids)))
        rows = _enrolled(job, numbers, item_ids, bench)
        enrolled += sum(bool(row["enrolled"]) for row in rows)
        done = first + len(rows)
        report = {"enrolled": enrolled, "refused": done - enrolled}
        yield Page(rows=rows, done=done, position={}, report=report)


def _enrolled(job: Job, numbers: range, item_ids: Sequence[ItemId], bench: Bench) -> list[Row]:
    """Enroll the items of one page, but for those that an earlier try of it has enrolled."""
    names = [str(at) for at in numbers]
    marks = bench.stores.jobs.marks(job.id, names) if job.tries > 1 else {}
    new = [at for at in numbers if str(at) not in marks]
    rows = _outcomes(job, new, item_ids, bench)
    return [marks.get(str(at)) or rows[at] for at in numbers]


def _outcomes(
    job: Job, numbers: Sequence[int], item_ids: Sequence[ItemId], bench: Bench
) -> dict[int, Row]:
    # An id that stands in the page twice is enrolled at its first place, if at all.
    first_at = {item_ids[at]: at for at in reversed(numbers)}

    def mark(tx: Transaction, outcome: Outcome) -> None:
        bench.stores.jobs.mark(tx, job, str(first_at[outcome.item_id]), outcome.told())

    wanted = [item_ids[at] for at in numbers]
    outcomes = Terms.of(job).enroll(wanted, job, mark, bench=bench)
    return dict(zip(numbers, (each.told() for each in outcomes), strict=True))
