"""Enrollments that nothing would ever wake again, or whose item has gone its way meanwhile.

Who follows a closed item is taken out, as if word of its closing had come, and a sequence that was
stopped behind the gates' back is stopped for them, too. The rest is reported: what no rule
foresees, a person looks at.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.crm.items import Item, ItemRef
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.jobs.job import Row
from chalicelib.domain.sequences.enrollment import Enrollment, Phase, Status
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.services import enrollments
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs.touring import Stretch

_WAKING: Final = frozenset({Status.PENDING, Status.ACTIVE})
"""Whoever is paused waits for a person; whoever is asked may, too."""
_OPEN: Final = frozenset({SendState.SENDING, SendState.UNKNOWN})
_WORD_COMES_WITHIN: Final = timedelta(days=1)


def look_after(stretch: Stretch, *, bench: Bench) -> Iterator[Row]:
    """Yield what is wrong with those inside; what can be mended without doubt is mended."""
    inside = [each for each in stretch.enrollments if not each.is_over]
    item_by_ref = _items(inside, bench)
    for each in inside:
        item = item_by_ref.get(each.item)
        if item is None:
            yield _row(each, "item_missing", is_mended=False)
        elif not item.is_open:
            enrollments.leave_if_closed(item, bench=bench)
            yield _row(each, "item_closed", is_mended=True)
        elif _is_asleep(each):
            yield _row(each, "nobody_looks", is_mended=False)


def astray(stretch: Stretch, *, bench: Bench) -> Iterator[Row]:
    """Yield that the gates took a sequence for going that was not, or not as they thought.

    An earlier release, which did not tell them, changed it. Whoever changes it this moment tells.
    """
    sequence_id = stretch.sequence.id
    with suppress(StaleWriteError):
        if stretch.ends_sequence and bench.stores.sequences.mend_going(sequence_id):
            yield {"what": "going", "sequence_id": sequence_id, "is_mended": True}


def unsettled(
    stretch: Stretch, mails: Iterable[Sequence[LedgerEntry]], *, now: datetime
) -> Iterator[Row]:
    """Yield whose mail nobody knows the fate of, and nobody will ask: it ended meanwhile.

    A worker died with it, and no word of it came in a day.
    """
    for each, entries in zip(stretch.enrollments, mails, strict=False):
        open_since = [mail.lease_until for mail in entries if mail.state in _OPEN]
        if each.is_over and open_since and now - max(open_since) > _WORD_COMES_WITHIN:
            yield _row(each, "mail_unsettled", is_mended=False)


def _items(inside: Sequence[Enrollment], bench: Bench) -> dict[ItemRef, Item]:
    found = bench.stores.items.find_many({each.item for each in inside})
    return {item.ref: item for item in found}


def _is_asleep(enrollment: Enrollment) -> bool:
    """Whether nobody will ever look at it: no instant, and no open task."""
    is_asked = enrollment.phase is Phase.ASKED and enrollment.has_task
    return enrollment.status in _WAKING and enrollment.due_at is None and not is_asked


def _row(enrollment: Enrollment, what: str, *, is_mended: bool) -> Row:
    return {
        "what": what,
        "sequence_id": enrollment.sequence_id,
        "enrollment_id": enrollment.id,
        "is_mended": is_mended,
    }
