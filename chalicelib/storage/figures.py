"""Keeps step figures, tallied from the table's stream, each change exactly once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.errors import StaleWriteError, StateError
from chalicelib.domain.ids import SequenceId, StepId, TenantId
from chalicelib.domain.sequences.figures import Figure, StepFigures
from chalicelib.storage import keys, reading, sequence_keys
from chalicelib.storage.rows.figures import FigureRow, TalliedRow, TookRow
from chalicelib.storage.transaction import MOST_WRITES, Transaction

_REMEMBERED_FOR: Final = timedelta(days=7)
"""Longer than a stream (24 h) and a queue (4 days) keep a change together."""

_ATTRIBUTE: Final = {figure: getattr(FigureRow, figure.value) for figure in Figure}

Added = Mapping[StepId, Mapping[Figure, int]]


class TalliedError(StateError):
    """The change was tallied before."""

    sentence = "This change was tallied before."


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Of which version and day a change is, and how long steps had taken (key, bucket)."""

    flow_version: int | None = None
    day: date | None = None
    took: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """What one change of the table adds."""

    event_id: str
    added: Added
    scope: Scope


class FigureStore:
    """The step figures of one tenant's sequences."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def add(
        self,
        sequence_id: SequenceId,
        added: Added,
        *,
        event_id: str,
        now: datetime,
        scope: Scope | None = None,
        remembered_for: timedelta = _REMEMBERED_FOR,
    ) -> None:
        """Add what one change did, in all and within its scope; the same again adds nothing."""
        change = Tallied(event_id=event_id, added=added, scope=scope or Scope())
        self.add_together(sequence_id, [change], now=now, remembered_for=remembered_for)

    def add_together(
        self,
        sequence_id: SequenceId,
        changes: Collection[Tallied],
        *,
        now: datetime,
        remembered_for: timedelta = _REMEMBERED_FOR,
    ) -> bool:
        """Add what several changes did, all or none; whether they were added.

        They are not if one of them was added before, or if they are too many for one transaction:
        what several add to one row is written once.
        """
        pk = keys.sequence(self._tenant_id, sequence_id)
        expires_at = int((now + remembered_for).timestamp())
        tx = Transaction()
        for change in changes:
            marker_pk = keys.tallied(self._tenant_id, change.event_id)
            marker = TalliedRow(pk=marker_pk, sk=keys.HEAD, expires_at=expires_at)
            tx.put(marker, TalliedRow.pk.does_not_exist(), refusal=TalliedError())
        for sk, by_figure in _sums(changes).items():
            actions = [_ATTRIBUTE[each].add(by) for each, by in by_figure.items()]
            tx.update(FigureRow(pk=pk, sk=sk), actions)
        for sk, left in _took(changes).items():
            tx.update(TookRow(pk=pk, sk=sk), [TookRow.left.add(left)])
        if len(tx) > MOST_WRITES and len(changes) > 1:
            return False
        try:
            tx.commit()
        except TalliedError:
            return False
        return True

    def mend(
        self, sequence_id: SequenceId, key: StepId, figure: Figure, *, was: int, ought: int
    ) -> None:
        """Set a figure of all versions and days, if it `was` that; raises StaleWriteError."""
        attribute = _ATTRIBUTE[figure]
        is_so = attribute == was if was else attribute.does_not_exist() | (attribute == 0)
        row = FigureRow(pk=keys.sequence(self._tenant_id, sequence_id), sk=keys.figures(key))
        with Transaction() as tx:
            refusal = StaleWriteError(kind="figures", id=key)
            tx.update(row, [attribute.set(ought)], is_so, refusal=refusal)

    def of(
        self, sequence_id: SequenceId, *, flow_version: int | None = None
    ) -> dict[StepId, StepFigures]:
        """Return the figures of every step that was ever reached, in all or in one version."""
        low, high = keys.figures(StepId("")), keys.figures(StepId("~"))
        if flow_version is not None:
            low = sequence_keys.figures_of_version(flow_version, "")
            high = sequence_keys.figures_of_version(flow_version, "~")
        return self._between(sequence_id, low, high, at=low.count("#"))

    def of_days(
        self, sequence_id: SequenceId, since: date, until: date
    ) -> dict[StepId, StepFigures]:
        """Return the figures of the days from `since` until `until`, both included."""
        low = sequence_keys.figures_of_day(since, "")
        high = sequence_keys.figures_of_day(until, "~")
        return self._between(sequence_id, low, high, at=2)

    def took(self, sequence_id: SequenceId) -> dict[StepId, dict[int, int]]:
        """Return how many left each step after about so long, by bucket."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        found: dict[StepId, dict[int, int]] = {}
        for raw in reading.between(pk, sequence_keys.TOOK, f"{sequence_keys.TOOK}~"):
            row = TookRow.from_raw_data(raw)
            key, _, bucket = row.sk.removeprefix(sequence_keys.TOOK).rpartition("#")
            found.setdefault(StepId(key), {})[int(bucket)] = int(row.left or 0)
        return found

    def _between(
        self, sequence_id: SequenceId, low: str, high: str, *, at: int
    ) -> dict[StepId, StepFigures]:
        """Sum rows by key, which stands behind the `at`-th `#` of the sort key."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        sums: dict[StepId, dict[Figure, int]] = {}
        for raw in reading.between(pk, low, high):
            row = FigureRow.from_raw_data(raw)
            values = sums.setdefault(StepId(row.sk.split("#", at)[at]), dict.fromkeys(Figure, 0))
            for each in Figure:
                values[each] += int(getattr(row, each.value) or 0)
        return {key: StepFigures(values=values) for key, values in sums.items()}


def _sums(changes: Collection[Tallied]) -> dict[str, Counter[Figure]]:
    """Return by sort key what all the changes add to a row."""
    sums: dict[str, Counter[Figure]] = defaultdict(Counter)
    for change in changes:
        for key, by_figure in change.added.items():
            for sk in _sort_keys(key, change.scope):
                sums[sk].update(by_figure)
    return sums


def _took(changes: Collection[Tallied]) -> Counter[str]:
    """Return by sort key how many left a step after about so long."""
    return Counter(
        sequence_keys.took(took_at, bucket)
        for change in changes
        for took_at, bucket in change.scope.took
    )


def _sort_keys(key: StepId, scope: Scope) -> list[str]:
    """Return every row that a change of this key adds to."""
    sort_keys = [keys.figures(key)]
    if scope.flow_version is not None:
        sort_keys.append(sequence_keys.figures_of_version(scope.flow_version, key))
    if scope.day is not None:
        sort_keys.append(sequence_keys.figures_of_day(scope.day, key))
    return sort_keys
