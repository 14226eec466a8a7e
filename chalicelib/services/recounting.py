"""Counts anew what is counted in passing, and says where the two differ (`domain` recount).

A sequence whose counts differ is walked a second time; only if nothing moved in between is the
difference a drift, and mended, on the condition that nobody else did. Figures come in later than
what they count, so they are mended only where nothing has happened for longer than a tally can be
on its way; what the mail service tells is reported and left alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import msgspec

from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.jobs.job import Job, Page, Row
from chalicelib.domain.sequences import recount
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.figures import Figure
from chalicelib.domain.sequences.ledger import LedgerEntry
from chalicelib.services import strays
from chalicelib.services.decisions import Bench
from chalicelib.services.jobs.touring import Stretch, tour
from chalicelib.storage import spelling

SETTLED_AFTER: Final = timedelta(days=6)
"""Longer than the stream (24 h) and the queue of tallies (4 days) keep a change together."""
NIGHTS: Final = 7
"""Figures need every line of history: each sequence has one night of the week."""
EVERY_NIGHT: Final = "all"
_IN_DOUBT: Final = frozenset({"counts_moving", "figures_on_their_way"})
_COUNTED: Final = (Count.IN_PROGRESS, Count.COMPLETED, Count.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What one walk through one sequence has met so far; kept in the job's position."""

    is_second: bool = False
    met: str = ""
    met_first: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    figures: Mapping[str, int] = field(default_factory=dict)
    latest: str = ""
    before: Mapping[str, int] = field(default_factory=dict)
    shard: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Story:
    history: Sequence[Record]
    mails: Sequence[LedgerEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    rows: tuple[Row, ...] = ()
    again: Walk | None = None


def work(job: Job, bench: Bench) -> Iterator[Page]:
    """Walk through all sequences; the results are what was found wrong, the report sums it up."""
    position: Mapping[str, object] = job.position
    done, found = job.done, Counter(_numbers(job.report))
    while stretch := next(tour(position, bench=bench), None):
        walk = _walk_at(position, stretch, bench)
        stories = () if walk.is_second else _stories(stretch, job, bench)
        walk = _walked(walk, stretch, stories)
        rows = [] if walk.is_second else list(strays.look_after(stretch, bench=bench))
        rows.extend(strays.astray(stretch, bench=bench))
        rows.extend(strays.unsettled(stretch, [each.mails for each in stories], now=bench.now()))
        verdict = _Verdict(again=walk)
        if stretch.ends_sequence:
            verdict = _judge(walk, stretch, job, bench)
            rows.extend(verdict.rows)
        ends = stretch.ends_all and verdict.again is None
        position = _position(stretch, verdict)
        found.update(str(row["what"]) for row in rows)
        done += max(len(stretch.enrollments), len(rows))
        yield Page(rows=rows, done=done, position=position, report=dict(found))
        if ends:
            return


def drifts_in(recounted: Job) -> int:
    """Return how many things were wrong beyond doubt."""
    found = _numbers(recounted.report)
    return sum(number for what, number in found.items() if what not in _IN_DOUBT)


def _position(stretch: Stretch, verdict: _Verdict) -> Mapping[str, object]:
    if verdict.again is None:
        return stretch.then
    where = stretch.again if stretch.ends_sequence else stretch.then
    return {**where, "walk": msgspec.to_builtins(verdict.again)}


def _walk_at(position: Mapping[str, object], stretch: Stretch, bench: Bench) -> Walk:
    kept = position.get("walk")
    if kept is not None:
        return msgspec.convert(kept, Walk)
    return Walk(before=_counts(stretch.sequence.id, bench))


def _stories(stretch: Stretch, job: Job, bench: Bench) -> Sequence[_Story]:
    """Return every line of history and every mail of a stretch, in a night that asks for them."""
    if not _wants_figures(job, stretch.sequence.id):
        return ()
    return [
        _Story(
            history=bench.stores.enrollments.history(each.id),
            mails=bench.stores.ledger.of_enrollment(each.id),
        )
        for each in stretch.enrollments
    ]


def _walked(walk: Walk, stretch: Stretch, stories: Sequence[_Story]) -> Walk:
    """Add a stretch to a walk."""
    counts, figures, latest = Counter(walk.counts), Counter(walk.figures), walk.latest
    counts.update(recount.counts_of(stretch.enrollments))
    met = recount.print_of(walk.met, stretch.enrollments)
    for each in stories:
        figures.update(recount.figures_from(each.history, each.mails))
        latest = max([latest, *(spelling.instant(line.at) for line in each.history)])
    return replace(walk, counts=dict(counts), met=met, figures=dict(figures), latest=latest)


def _judge(walk: Walk, stretch: Stretch, job: Job, bench: Bench) -> _Verdict:
    """Say what is wrong with a sequence walked through, or that it must be walked once more."""
    sequence_id = stretch.sequence.id
    is_so = _counts(sequence_id, bench)
    by = recount.drift({each: walk.counts.get(each, 0) for each in _COUNTED}, is_so)
    rows: list[Row] = []
    if by and not walk.is_second:
        shard = bench.stores.counts.of_shard(sequence_id)
        again = Walk(is_second=True, met_first=walk.met, before=is_so, shard=_named(shard))
        return _Verdict(rows=tuple(_figure_rows(walk, sequence_id, job, bench)), again=again)
    if by:
        has_moved = walk.met != walk.met_first or is_so != walk.before
        is_mended = not has_moved and _mend_counts(sequence_id, by, walk.shard, bench)
        what = "counts_moving" if has_moved else "counts"
        rows.append(_row(sequence_id, what, by, is_mended=is_mended))
    if not walk.is_second:
        rows.extend(_figure_rows(walk, sequence_id, job, bench))
    return _Verdict(rows=tuple(rows))


def _mend_counts(
    sequence_id: SequenceId, by: Mapping[str, int], shard: Mapping[str, int], bench: Bench
) -> bool:
    change = {Count(name): number for name, number in by.items()}
    was = {Count(name): number for name, number in shard.items()}
    try:
        bench.stores.counts.mend(sequence_id, by=change, was=was)
    except StaleWriteError:
        return False
    return True


def _figure_rows(walk: Walk, sequence_id: SequenceId, job: Job, bench: Bench) -> Iterator[Row]:
    if not _wants_figures(job, sequence_id):
        return
    kept = bench.stores.figures.of(sequence_id)
    is_so = recount.flattened({key: each.values for key, each in kept.items()})
    by = recount.drift(walk.figures, is_so)
    if not by:
        return
    is_settled = walk.latest < spelling.instant(bench.now() - SETTLED_AFTER)
    wrong = {name: walk.figures.get(name, 0) for name in by if _is_of_history(name)}
    is_mended = is_settled and bool(wrong) and _mend_figures(sequence_id, wrong, is_so, bench)
    what = "figures" if is_settled else "figures_on_their_way"
    yield _row(sequence_id, what, by, is_mended=is_mended)


def _is_of_history(name: str) -> bool:
    return Figure(name.rpartition("/")[2]) not in recount.OF_MAIL


def _mend_figures(
    sequence_id: SequenceId, ought: Mapping[str, int], is_so: Mapping[str, int], bench: Bench
) -> bool:
    try:
        for name, number in ought.items():
            key, _, figure = name.rpartition("/")
            bench.stores.figures.mend(
                sequence_id, StepId(key), Figure(figure), was=is_so.get(name, 0), ought=number
            )
    except StaleWriteError:
        return False
    return True


def _wants_figures(job: Job, sequence_id: SequenceId) -> bool:
    asked = str(job.about.get("figures"))
    if asked == EVERY_NIGHT:
        return True
    night = date.fromisoformat(asked).toordinal() % NIGHTS
    return spelling.spread(sequence_id, NIGHTS) == night


def _counts(sequence_id: SequenceId, bench: Bench) -> dict[str, int]:
    return _named(bench.stores.counts.of(sequence_id))


def _named(counts: Mapping[Count, int]) -> dict[str, int]:
    return {str(each): number for each, number in counts.items()}


def _row(
    sequence_id: SequenceId, what: str, by: Mapping[str, int], *, is_mended: bool
) -> dict[str, object]:
    return {"what": what, "sequence_id": sequence_id, "by": dict(by), "is_mended": is_mended}


def _numbers(report: Mapping[str, object]) -> dict[str, int]:
    return {name: number for name, number in report.items() if isinstance(number, int)}
