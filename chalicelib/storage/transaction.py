"""Several writes, one outcome.

Stores add their writes to a `Transaction`; whoever began it commits. All of them happen or none.
A write whose condition fails raises the refusal that was handed in with it; a conflict with another
transaction, or a throttle, is retried a few times, for neither says anything about the data.
"""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import DomainError, StaleWriteError, ThrottledError
from chalicelib.storage import auditing
from chalicelib.storage.acting import actor
from chalicelib.storage.outages import code_of
from chalicelib.storage.rows.base import Row

RETRY_AFTER_S: Final = (0.02, 0.05, 0.12, 0.3, 0.6)
MOST_WRITES: Final = 100

_PASSING: Final = frozenset(
    {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)


class Transaction:
    """Writes that happen together; use as a context manager, or call `commit`."""

    def __init__(self) -> None:
        """Begin with nothing to write."""
        self._deletes: list[tuple[Row, Condition | None, DomainError]] = []
        self._puts: list[tuple[Row, Condition | None, DomainError]] = []
        self._updates: list[tuple[Row, Sequence[Action], Condition | None, DomainError]] = []

    def put(
        self, row: Row, condition: Condition | None = None, *, refusal: DomainError | None = None
    ) -> None:
        """Write a whole row; `refusal` is raised if `condition` fails."""
        self._puts.append((row, condition, refusal or _stale(row)))

    def update(
        self,
        row: Row,
        actions: Sequence[Action],
        condition: Condition | None = None,
        *,
        refusal: DomainError | None = None,
    ) -> None:
        """Change attributes of a row; `refusal` is raised if `condition` fails."""
        self._updates.append((row, actions, condition, refusal or _stale(row)))

    def delete(
        self, row: Row, condition: Condition | None = None, *, refusal: DomainError | None = None
    ) -> None:
        """Remove a row; `refusal` is raised if `condition` fails."""
        self._deletes.append((row, condition, refusal or _stale(row)))

    def __len__(self) -> int:
        """How many writes there are."""
        return len(self._deletes) + len(self._puts) + len(self._updates)

    def __enter__(self) -> Self:
        """Collect writes in a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit if the block ended well."""
        if kind is None:
            self.commit()

    def commit(self) -> None:
        """Write everything or nothing.

        Raises the refusal of the first write whose condition failed, or `ThrottledError` when
        conflicts do not cease.
        """
        if not len(self):
            return
        self._keep_audit()
        for pause_s in (*RETRY_AFTER_S, None):
            try:
                self._write()
            except TransactWriteError as error:
                self._raise_if_final(error)
                if pause_s is None:
                    raise ThrottledError(retry_after=1) from error
                time.sleep(pause_s)
            else:
                return

    def _keep_audit(self) -> None:
        """Add what the audit keeps, where a person acts."""
        who = actor()
        if who is None:
            return
        deleted = [row for row, *_ in self._deletes]
        for entry in auditing.entries([row for row, *_ in self._puts], deleted, who):
            self.put(entry)

    def _write(self) -> None:
        with TransactWrite(connection=Row._get_connection().connection) as writes:  # noqa: SLF001 - PynamoDB has no public way to its shared connection
            for row, condition, _ in self._deletes:
                writes.delete(row, condition=condition)
            for row, condition, _ in self._puts:
                writes.save(row, condition=condition)
            for row, actions, condition, _ in self._updates:
                writes.update(row, actions=list(actions), condition=condition)

    def _raise_if_final(self, error: TransactWriteError) -> None:
        """Raise unless every reason for the cancellation may pass by itself."""
        codes = [reason.code if reason else None for reason in error.cancellation_reasons]
        for code, refusal in zip(codes, self._refusals(), strict=False):
            if code == "ConditionalCheckFailed":
                raise refusal from error
        given = {code for code in codes if code and code != "None"}
        if not given and code_of(error) in _THROTTLES:
            return
        if not given or not given <= _PASSING:
            raise error

    def _refusals(self) -> list[DomainError]:
        """Every refusal, in the order in which PynamoDB sends the writes."""
        return [
            *(each[-1] for each in self._deletes),
            *(each[-1] for each in self._puts),
            *(each[-1] for each in self._updates),
        ]


_THROTTLES: Final = frozenset(
    {
        "TransactionInProgressException",
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
    }
)


def _stale(row: Row) -> StaleWriteError:
    return StaleWriteError(kind=type(row).__name__.removesuffix("Row").lower(), id=row.sk)
