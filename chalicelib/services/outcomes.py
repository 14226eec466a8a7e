"""What became of each item of an enrolling request, and how it is told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain.ids import EnrollmentId, ItemId
from chalicelib.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item of an enrolling request."""

    item_id: ItemId
    enrolled: bool
    enrollment_id: EnrollmentId | None = None
    code: str | None = None
    message: str | None = None
    warnings: tuple[str, ...] = ()

    def told(self) -> Mapping[str, object]:
        """Return the row that people see, at once or as a result of a job."""
        row: dict[str, object] = {
            "item_id": self.item_id,
            "enrolled": self.enrolled,
            "warnings": list(self.warnings),
        }
        optional = {
            "enrollment_id": self.enrollment_id,
            "code": self.code,
            "message": self.message,
        }
        return {**row, **{name: value for name, value in optional.items() if value is not None}}


Mark = Callable[[Transaction, Outcome], None]
"""Adds what must be known of a begun enrollment to the transaction that begins it."""
