"""Keeps step figures, tallied from the table's stream, each change exactly once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.errors import StateError
from chalicelib.domain.ids import SequenceId, StepId, TenantId
from chalicelib.domain.sequences.figures import Figure, StepFigures
from chalicelib.storage import keys, reading
from chalicelib.storage.rows.figures import FigureRow, TalliedRow
from chalicelib.storage.transaction import Transaction

_REMEMBERED_FOR: Final = timedelta(days=7)
"""Longer than a stream (24 h) and a queue (4 days) keep a change together."""

_ATTRIBUTE: Final = {figure: getattr(FigureRow, figure.value) for figure in Figure}


class TalliedError(StateError):
    """The change was tallied before."""

    sentence = "This change was tallied before."


class FigureStore:
    """The step figures of one tenant's sequences."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def add(
        self,
        sequence_id: SequenceId,
        added: Mapping[StepId, Mapping[Figure, int]],
        *,
        event_id: str,
        now: datetime,
    ) -> None:
        """Add what one change did; the same change again adds nothing."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        marker = TalliedRow(
            pk=keys.tallied(self._tenant_id, event_id),
            sk=keys.HEAD,
            expires_at=int((now + _REMEMBERED_FOR).timestamp()),
        )
        try:
            with Transaction() as tx:
                tx.put(marker, TalliedRow.pk.does_not_exist(), refusal=TalliedError())
                for step_id, by_figure in added.items():
                    row = FigureRow(pk=pk, sk=keys.figures(step_id))
                    tx.update(row, [_ATTRIBUTE[each].add(by) for each, by in by_figure.items()])
        except TalliedError:
            return

    def of(self, sequence_id: SequenceId) -> dict[StepId, StepFigures]:
        """Return the figures of every step that was ever reached."""
        pk = keys.sequence(self._tenant_id, sequence_id)
        raws = reading.between(pk, keys.figures(StepId("")), keys.figures(StepId("~")))
        rows = [FigureRow.from_raw_data(raw) for raw in raws]
        return {
            StepId(row.sk.split("#", 1)[1]): StepFigures(
                values={each: int(getattr(row, each.value) or 0) for each in Figure}
            )
            for row in rows
        }
