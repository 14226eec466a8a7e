"""Keeps what was sent, or may have been, per step."""

from dataclasses import replace

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition

from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import EnrollmentId, StepId, TenantId
from chalicelib.domain.sequences.ledger import LedgerEntry, SendState
from chalicelib.storage import keys, reading
from chalicelib.storage.rows.ledger import LedgerRow
from chalicelib.storage.transaction import Transaction


class LedgerStore:
    """The ledger of one tenant."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def find(self, enrollment_id: EnrollmentId, step_id: StepId) -> LedgerEntry | None:
        """Read the entry of a step strongly."""
        pk = keys.enrollment(self._tenant_id, enrollment_id)
        try:
            row = LedgerRow.get(pk, keys.ledger(step_id), consistent_read=True)
        except DoesNotExist:
            return None
        return row.to_domain()

    def of_enrollment(self, enrollment_id: EnrollmentId) -> list[LedgerEntry]:
        """Return every mail of an enrollment."""
        pk = keys.enrollment(self._tenant_id, enrollment_id)
        raws = reading.between(pk, keys.LEDGER, f"{keys.LEDGER}~")
        return [LedgerRow.from_raw_data(raw).to_domain() for raw in raws]

    def claim(self, tx: Transaction, entry: LedgerEntry, *, is_by_hand: bool) -> None:
        """Write `sending`, unless a mail of this step went out or may have.

        A person who was told "perhaps sent", looked, and asks for it again may: that is the one way
        to a second attempt at what is unknown.
        """
        open_states = [SendState.FAILED, SendState.WITHDRAWN]
        if is_by_hand:
            open_states.append(SendState.UNKNOWN)
        tx.put(
            LedgerRow.of(self._tenant_id, entry),
            LedgerRow.pk.does_not_exist() | LedgerRow.state.is_in(*open_states),
            refusal=StaleWriteError(kind="ledger", id=entry.step_id),
        )

    def revise(self, tx: Transaction, before: LedgerEntry, after: LedgerEntry) -> None:
        """Write `after` if the row still stands as `before`."""
        was: Condition = LedgerRow.revision == before.revision
        if not before.revision:
            was = LedgerRow.revision.does_not_exist()
        tx.put(
            LedgerRow.of(self._tenant_id, replace(after, revision=before.revision + 1)),
            (LedgerRow.attempt == before.attempt) & (LedgerRow.state == before.state) & was,
            refusal=StaleWriteError(kind="ledger", id=before.step_id),
        )
