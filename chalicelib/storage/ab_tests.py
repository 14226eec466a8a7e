"""Keeps how A/B tests ended; a test without a row goes on."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import SequenceId, StepId, TenantId
from chalicelib.domain.sequences.ab_tests import Letter, Result, Verdict
from chalicelib.storage import keys, spelling
from chalicelib.storage.rows.base import Row
from chalicelib.storage.transaction import Transaction

_VERDICTS = "abtest#"


class VerdictRow(Row):
    """How one test ended; written once."""

    letter = UnicodeAttribute()
    result = UnicodeAttribute()
    decided_at = UnicodeAttribute()


class AbTestStore:
    """The ended tests of one tenant's sequences."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def find(self, sequence_id: SequenceId, step_id: StepId) -> Verdict | None:
        """Return how a test ended, if it has."""
        try:
            row = VerdictRow.get(
                keys.sequence(self._tenant_id, sequence_id),
                f"{_VERDICTS}{step_id}",
                consistent_read=True,
            )
        except DoesNotExist:
            return None
        return Verdict(
            letter=Letter(row.letter),
            result=Result(row.result),
            decided_at=datetime.fromisoformat(row.decided_at),
        )

    def end(self, sequence_id: SequenceId, step_id: StepId, verdict: Verdict) -> bool:
        """Write how a test ended; False if it had ended before."""
        row = VerdictRow(
            keys.sequence(self._tenant_id, sequence_id),
            f"{_VERDICTS}{step_id}",
            letter=verdict.letter.value,
            result=verdict.result.value,
            decided_at=spelling.instant(verdict.decided_at),
        )
        try:
            with Transaction() as tx:
                tx.put(row, VerdictRow.pk.does_not_exist())
        except StaleWriteError:
            return False
        return True
