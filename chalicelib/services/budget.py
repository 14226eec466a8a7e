"""Takes a mail's share of every cap before it goes out, and gives it back if it did not.

Shares are taken in the name of the attempt: whoever tries it again, because a worker died between
the share and the claim on the ledger, has them already. Where that is no longer known, a day sends
one mail less than it might. One more only if two workers make the same attempt, one finds a further
cap full and gives back what both rely on, and that cap gets room for the other (decision 0049).
"""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from chalicelib.domain.ids import EnrollmentId, StepId, UserId
from chalicelib.domain.sequences import budget
from chalicelib.domain.sequences.definition import EmailStep
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.domain.sequences.settings import Settings
from chalicelib.domain.sequences.signals import MailPostponed
from chalicelib.services import timing
from chalicelib.services.decisions import Bench
from chalicelib.storage.budgets import Share

_NOT_OUT = frozenset({SendState.FAILED, SendState.WITHDRAWN})


def reserve(
    enrollment: Enrollment,
    step: EmailStep,
    recipients: Collection[str],
    settings: Settings,
    *,
    bench: Bench,
) -> tuple[str, ...] | MailPostponed:
    """Return the shares taken, or when to try again; a mail that a person sends needs none."""
    if enrollment.approved_by is not None:
        return ()
    now = bench.now()
    rules = bench.stores.house_rules.of(enrollment.owner_id, now).settings
    day = now.astimezone(ZoneInfo(rules.time_zone)).date()
    taker = _taker(enrollment.id, step.id, enrollment.tries + 1)
    taken: list[str] = []
    new: list[str] = []
    for cap in budget.caps_on(enrollment, recipients, rules):
        share = Share(cap.scope, day)
        in_vain = bench.stores.budgets.reserve(share, cap.a_day, taker=taker)
        if in_vain:
            # What was noted already stays: a twin that took it may be about to send.
            _give_back(tuple(new), taker, bench)
            times = timing.times_of(enrollment, settings, bench=bench)
            planned = budget.queued(enrollment, step, now, times, cap, in_vain, rules.time_zone)
            return MailPostponed(step_id=step.id, until=planned.at, why=planned.why)
        taken.append(str(share))
        new += [str(share)] if in_vain is None else []
    return tuple(taken)


def forgo(entry: LedgerEntry, *, bench: Bench) -> None:
    """Give back what an attempt took that others came before, if nobody can make it any more.

    Where its enrollment still stands at the mail, whoever makes the attempt has the same shares.
    """
    if not entry.shares:
        return
    head = bench.stores.enrollments.get(entry.enrollment_id)
    useless = entry.shares
    if not head.is_over and head.step_id == entry.step_id:
        useless = tuple(each for each in entry.shares if _is_of_another(each, head.owner_id))
    known = bench.stores.ledger.find(entry.enrollment_id, entry.step_id) if useless else None
    if known is None or known.attempt < entry.attempt:  # else a twin made it with these shares
        taker = _taker(entry.enrollment_id, entry.step_id, entry.attempt)
        _give_back(useless, taker, bench)


def _is_of_another(share: str, sender_id: UserId) -> bool:
    scope = Share.read(share).scope
    return scope.startswith(budget.OF_SENDER) and scope != budget.of_sender(sender_id)


def settle(entry: LedgerEntry, *, bench: Bench) -> None:
    """Give back what a mail took that certainly did not go out."""
    if entry.state in _NOT_OUT:
        for each in entry.shares:
            bench.stores.budgets.release(Share.read(each))


def _give_back(shares: tuple[str, ...], taker: str, bench: Bench) -> None:
    for each in shares:
        bench.stores.budgets.give_back(Share.read(each), taker=taker)


def _taker(enrollment_id: EnrollmentId, step_id: StepId, attempt: int) -> str:
    return f"{enrollment_id}/{step_id}/{attempt}"
