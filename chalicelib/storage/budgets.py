"""Keeps how many mails went out, and how many enrollments began, on each day.

A reservation is one conditional update, never part of a transaction: the rows are shared by all who
send that day, and a transaction that waits for them would make everybody wait for each other. What
is given back, which is seldom, is one; a reservation that meets it waits.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.domain.errors import StaleWriteError, ThrottledError
from chalicelib.domain.ids import SequenceId, TenantId
from chalicelib.storage import budget_keys, keys, reading
from chalicelib.storage.outages import code_of, is_refused
from chalicelib.storage.rows.budgets import DayRow
from chalicelib.storage.transaction import RETRY_AFTER_S, Transaction

_KEPT_FOR: Final = timedelta(days=60)
_NOTES: Final = 60
"""With a name of eight characters each they take up less than 800 bytes."""
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Share:
    """One mail's part of the allowance of one scope on one day."""

    scope: str
    day: date

    def __str__(self) -> str:
        """Spell it for the ledger."""
        return f"{self.day.isoformat()}#{self.scope}"

    @classmethod
    def read(cls, text: str) -> "Share":
        """Read what `str` wrote."""
        day, scope = text.split("#", 1)
        return cls(scope, date.fromisoformat(day))


class BudgetStore:
    """The day counters of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def reserve(self, share: Share, cap: int, *, taker: str) -> int | None:
        """Take a share unless the day is full; then return how many asked in vain so far.

        One that `taker` took before, and whose worker never came to use it, is its own still:
        nobody asked in vain (0).
        """
        row = self._row(share)
        for _ in range(_TRIES):
            if _is_taken(row, cap, share.day, taker):
                return None
            used, is_its_own = _stands(row, taker)
            if is_its_own:
                return 0
            if used >= cap:
                _update(row, [DayRow.refused.add(1)])
                return int(row.refused)
            # A share came back, or another's note was written over its own, this very moment.
        raise ThrottledError(retry_after=1)

    def release(self, share: Share) -> None:
        """Give a share back: its mail has certainly not gone out.

        A transaction, for its repetition after a lost answer gives nothing back twice.
        """
        with Transaction() as tx:
            tx.update(self._row(share), [DayRow.used.add(-1)])

    def give_back(self, share: Share, *, taker: str) -> None:
        """Give a share back that `taker` never used; it has but one, however many tried for it."""
        note, name = _note(taker)
        try:
            _update(self._row(share), [DayRow.used.add(-1), note.remove()], note == name)
        except UpdateError as error:
            if not is_refused(error):
                raise

    def used(self, share: Share) -> int:
        """Return how much of a day is used."""
        row = self._row(share)
        try:
            row.refresh(consistent_read=True)
        except DayRow.DoesNotExist:
            return 0
        return int(row.used)

    def places_from(self, sequence_id: SequenceId, day: date) -> dict[date, int]:
        """Return how many enrollments begin on each day from `day` on, read strongly."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        raws = reading.between(pk, budget_keys.places(day), f"{budget_keys.PLACES}~")
        rows = [DayRow.from_raw_data(raw) for raw in raws]
        return {
            date.fromisoformat(row.sk.removeprefix(budget_keys.PLACES)): int(row.used)
            for row in rows
        }

    def take_place(self, tx: Transaction, sequence_id: SequenceId, day: date, most: int) -> None:
        """Add one enrollment that begins on `day`; if it is full by now, decide anew."""
        row = DayRow(pk=keys.sequence(self._tenant_id, sequence_id), sk=budget_keys.places(day))
        tx.update(
            row,
            [DayRow.used.add(1), DayRow.expires_at.set(_garbage_at(day))],
            DayRow.used.does_not_exist() | (DayRow.used < most),
            refusal=StaleWriteError(kind="place", id=sequence_id),
        )

    def free_place(self, tx: Transaction, sequence_id: SequenceId, day: date) -> None:
        """Let another enrollment begin on `day`: who had a place then will not.

        A day that is long over may have no row any more; the one made then goes, too.
        """
        row = DayRow(pk=keys.sequence(self._tenant_id, sequence_id), sk=budget_keys.places(day))
        tx.update(row, [DayRow.used.add(-1), DayRow.expires_at.set(_garbage_at(day))])

    def _row(self, share: Share) -> DayRow:
        return DayRow(
            pk=budget_keys.budget(self._tenant_id, share.scope), sk=budget_keys.on_day(share.day)
        )


def _update(row: DayRow, actions: Sequence[Action], condition: Condition | None = None) -> None:
    """Change a row; while a transaction has it, which the SDK does not wait for, ask again."""
    for pause_s in RETRY_AFTER_S:
        try:
            row.update(actions=list(actions), condition=condition)
        except UpdateError as error:
            if code_of(error) != "TransactionConflictException":
                raise
            time.sleep(pause_s)
        else:
            return
    row.update(actions=list(actions), condition=condition)


def _is_taken(row: DayRow, cap: int, day: date, taker: str) -> bool:
    """Take a share in the name of `taker`, if there is one left and they have none; whether so."""
    note, name = _note(taker)
    is_free = DayRow.used.does_not_exist() | (DayRow.used < cap)
    is_new = note.does_not_exist() | (note != name)
    taking = [DayRow.used.add(1), DayRow.expires_at.set(_garbage_at(day)), note.set(name)]
    try:
        _update(row, taking, is_free & is_new)
    except UpdateError as error:
        if not is_refused(error):
            raise
        return False
    return True


def _stands(row: DayRow, taker: str) -> tuple[int, bool]:
    """Return how much of a day is used, and whether a share of it stands noted as the taker's."""
    note, name = _note(taker)
    (raw,) = reading.many([(row.pk, row.sk)]) or [{}]
    return int(raw.get("used", {}).get("N", 0)), raw.get(note.path[0], {}).get("S") == name


def _note(taker: str) -> tuple[Path, str]:
    """Return where a day's row notes who took a share, and how they are called there.

    There is room for the latest few, in a row that costs one unit to write all the same.
    """
    digest = sha256(taker.encode()).hexdigest()
    return Path(f"by{int(digest[:4], 16) % _NOTES:02d}"), digest[4:12]


def _garbage_at(day: date) -> int:
    return int((datetime(day.year, day.month, day.day, tzinfo=UTC) + _KEPT_FOR).timestamp())
