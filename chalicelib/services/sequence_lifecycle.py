"""From draft to running and back: check, activate, publish, stop."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from msgspec import structs

from chalicelib.domain.errors import IllegalMoveError, Problem, RuleError, StateError
from chalicelib.domain.ids import UserId
from chalicelib.domain.sequences import holds
from chalicelib.domain.sequences.definition import (
    Flow,
    FlowVersion,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.enrollment import Count
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.services import flow_checks, following
from chalicelib.services.decisions import Bench
from chalicelib.storage.stores import Stores
from chalicelib.storage.transaction import Transaction

RUNNING: Final = frozenset({SequenceStatus.ACTIVE, SequenceStatus.PAUSED})
"""They take up one of the tenant's 250 places (D365-SEQ-26)."""


class FlowNotReadyError(RuleError):
    """The flow has problems that keep it from running; all of them at once."""

    code = "flow_not_ready"
    sentence = "{count} problem(s) keep this sequence from running."


class StillLettingGoError(StateError):
    """Items of its former life are on their way out."""

    code = "still_letting_go"
    sentence = "Its items are still being taken out; try again in a minute."


def activate(sequence: Sequence, *, stores: Stores, now: datetime) -> Sequence:
    """Let a draft or inactive sequence take items; its flow is published if nobody has seen it.

    Raises `FlowNotReadyError` with every problem, or `ActiveSequenceLimitError` for the 251st.
    """
    if sequence.status in RUNNING:
        raise IllegalMoveError(
            kind="sequence", id=sequence.id, status=sequence.status, move="activate"
        )
    if stores.counts.of(sequence.id)[Count.IN_PROGRESS]:
        raise StillLettingGoError(kind="sequence", state=sequence.status, remedy="")
    flow = _checked(sequence, stores=stores)
    active = structs.replace(sequence, status=SequenceStatus.ACTIVE, updated_at=now)
    with Transaction() as tx:
        if not _is_published(sequence, flow, stores=stores):
            active = _publish(tx, active, flow, change_note="", stores=stores, now=now)
        saved = stores.sequences.put(tx, active)
        stores.sequences.count_in(tx)
    return saved


def publish(sequence: Sequence, *, change_note: str, stores: Stores, now: datetime) -> Sequence:
    """Give a running sequence a new flow; those who are in it stay on the one they began with."""
    flow = _checked(sequence, stores=stores)
    with Transaction() as tx:
        published = _publish(tx, sequence, flow, change_note=change_note, stores=stores, now=now)
        return stores.sequences.put(tx, published)


def pause(sequence: Sequence, *, stores: Stores, now: datetime) -> Sequence:
    """Hold a sequence with all that is in it: nothing is sent, and every clock stands still."""
    if sequence.status is not SequenceStatus.ACTIVE:
        raise IllegalMoveError(
            kind="sequence", id=sequence.id, status=sequence.status, move="pause"
        )
    with Transaction() as tx:
        return stores.sequences.put(tx, holds.paused(sequence, now))


def resume(sequence: Sequence, *, by: UserId, bench: Bench) -> Sequence:
    """Let a held sequence go on: whatever was planned comes later by the length of the pause."""
    if sequence.status is not SequenceStatus.PAUSED:
        raise IllegalMoveError(
            kind="sequence", id=sequence.id, status=sequence.status, move="resume"
        )
    with Transaction() as tx:
        running = bench.stores.sequences.put(tx, holds.resumed(sequence, bench.now()))
        job = following.intend(tx, sequence.id, None, asked_by=by, bench=bench)
    following.follow(job, bench=bench)
    return running


def stop(sequence: Sequence, status: SequenceStatus, *, by: UserId, bench: Bench) -> int:
    """Make a sequence inactive or deleted; return how many items it let go.

    Once its status is written no gate lets a mail of it pass; those inside are taken out.
    """
    now = bench.now()
    stopped = structs.replace(
        sequence, status=status, holds=holds.ended(sequence, now), updated_at=now
    )
    with Transaction() as tx:
        bench.stores.sequences.put(tx, stopped)
        if sequence.status in RUNNING:
            bench.stores.sequences.count_out(tx)
        reason = holds.ENDED_BY[status]
        job = following.intend(tx, sequence.id, reason, asked_by=by, bench=bench)
    return following.follow(job, bench=bench)


def deactivate(sequence: Sequence, *, by: UserId, bench: Bench) -> int:
    """Let a running sequence take no more items; return how many it let go."""
    if sequence.status not in RUNNING:
        raise IllegalMoveError(
            kind="sequence", id=sequence.id, status=sequence.status, move="deactivate"
        )
    return stop(sequence, SequenceStatus.INACTIVE, by=by, bench=bench)


def _checked(sequence: Sequence, *, stores: Stores) -> Flow:
    if problems := flow_checks.problems_of(sequence, stores=stores):
        raise FlowNotReadyError(*(_placed(each, sequence) for each in problems))
    return read_flow(sequence.flow)


def _placed(problem: Problem, sequence: Sequence) -> Problem:
    """Say where in the document a step's problem stands, as all other refusals do."""
    steps = sequence.flow.get("steps")
    known = steps if isinstance(steps, list) else []
    ids = [each.get("id") for each in known if isinstance(each, dict)]
    if problem.path in ids:
        return replace(problem, path=f"$.flow.steps[{ids.index(problem.path)}]")
    return replace(problem, path=problem.path.replace("$", "$.flow", 1))


def _is_published(sequence: Sequence, flow: Flow, *, stores: Stores) -> bool:
    if sequence.flow_version is None:
        return False
    latest = stores.sequences.flow_version(sequence.id, sequence.flow_version)
    return latest.flow == flow and latest.settings == sequence.settings


def _publish(
    tx: Transaction,
    sequence: Sequence,
    flow: Flow,
    *,
    change_note: str,
    stores: Stores,
    now: datetime,
) -> Sequence:
    number = (sequence.flow_version or 0) + 1
    stores.sequences.publish(
        tx,
        FlowVersion(
            sequence_id=sequence.id,
            number=number,
            flow=flow,
            document=sequence.flow,
            settings=sequence.settings,
            change_note=change_note,
            published_at=now,
        ),
    )
    return structs.replace(sequence, flow_version=number)
