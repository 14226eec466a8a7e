"""Takes a mail's share of every cap before it goes out, and gives it back if it did not.

Between the share and the claim on the ledger a crash may lose a share: a day then sends one mail
less than it might, never one more.
"""

from collections.abc import Collection
from zoneinfo import ZoneInfo

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
    taken: list[str] = []
    for cap in budget.caps_on(enrollment, recipients, rules):
        share = Share(cap.scope, day)
        in_vain = bench.stores.budgets.reserve(share, cap.a_day)
        if in_vain is not None:
            release(tuple(taken), bench=bench)
            times = timing.times_of(enrollment, settings, bench=bench)
            planned = budget.queued(enrollment, step, now, times, cap, in_vain, rules.time_zone)
            return MailPostponed(step_id=step.id, until=planned.at, why=planned.why)
        taken.append(str(share))
    return tuple(taken)


def release(shares: tuple[str, ...], *, bench: Bench) -> None:
    """Give shares back."""
    for each in shares:
        bench.stores.budgets.release(Share.read(each))


def settle(entry: LedgerEntry, *, bench: Bench) -> None:
    """Give back what a mail took that certainly did not go out."""
    if entry.state in _NOT_OUT:
        release(entry.shares, bench=bench)
