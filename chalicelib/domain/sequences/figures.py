"""What a step's figures are, and which line of history adds to which."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from chalicelib.domain.sequences.ledger import MailStatus


class Figure(StrEnum):
    """A number per step."""

    REACHED = "reached"
    COMPLETED = "completed"
    SKIPPED = "skipped"
    EXITED = "exited"
    FAILED = "failed"
    SENT = "sent"
    DELIVERED = "delivered"
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    BOUNCED = "bounced"
    GOAL = "goal"
    MACHINE_OPENED = "machine_opened"


_LEFT_BY_STATE: Final[Mapping[str, tuple[Figure, ...]]] = MappingProxyType(
    {
        "reached": (Figure.REACHED,),
        "completed": (Figure.COMPLETED,),
        "yes": (Figure.COMPLETED,),
        "no": (Figure.COMPLETED,),
        "sent": (Figure.SENT, Figure.COMPLETED),
        "skipped": (Figure.SKIPPED,),
        "failed": (Figure.FAILED,),
        "received": (Figure.REPLIED,),
        "goal": (Figure.GOAL,),
        "drawn": (Figure.REACHED,),
    }
)
_BY_TYPE: Final[Mapping[str, tuple[Figure, ...]]] = MappingProxyType(
    {"exit": (Figure.EXITED,), "pause": ()}
)

BY_MAIL_STATUS: Final[Mapping[MailStatus, Figure]] = MappingProxyType(
    {
        MailStatus.DELIVERED: Figure.DELIVERED,
        MailStatus.OPENED: Figure.OPENED,
        MailStatus.CLICKED: Figure.CLICKED,
        MailStatus.BOUNCED: Figure.BOUNCED,
    }
)


LEFT: Final = frozenset({"completed", "yes", "no", "sent", "skipped"})
"""States of a line of history that leaves its step behind."""
CONVERTED: Final = "#converted"
"""Whose item was won or converted, in the sequence or after it."""
_PER_OCTAVE: Final = 4


VERSION_ALONE: Final = frozenset({"drawn", "goal"})
"""States of a version of an A/B test: its step was reached, and left, in other lines."""


def keys_of(step_id: str, state: str, version: str | None) -> tuple[str, ...]:
    """Return whose figures a line of history adds to: the step's, those of its version."""
    if version is None:
        return (step_id,)
    by_version = f"{step_id}#{version}"
    return (by_version,) if state in VERSION_ALONE else (step_id, by_version)


def figures_of(kind: str, state: str) -> tuple[Figure, ...]:
    """Return the figures that a line of history of this type and state adds one to."""
    if kind == "end" and state != "reached":
        return (Figure.COMPLETED,)  # an end's state is its outcome
    return _BY_TYPE[kind] if kind in _BY_TYPE else _LEFT_BY_STATE.get(state, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """All figures of one step."""

    values: Mapping[Figure, int]

    @property
    def waiting(self) -> int:
        """How many enrollments stand at the step now.

        Of a period or a version more may have left than have reached it: who came before, or was
        moved there.
        """
        left = (Figure.COMPLETED, Figure.SKIPPED, Figure.EXITED, Figure.FAILED)
        reached = self.values.get(Figure.REACHED, 0)
        return max(0, reached - sum(self.values.get(each, 0) for each in left))


def ending_of(kind: str, state: str, reason: str | None = None) -> str | None:
    """Return the key under which the end of an enrollment is counted, if the line is one.

    Failures are told among the exits, by their reason: people ask why somebody left, not how.
    """
    if state == "failed" and reason is not None:
        return f"#exit#{reason}"
    if kind in {"exit", "end"} and state != "reached":
        return f"#{kind}#{state}"
    return None


def bucket_of(took_s: int) -> int:
    """Return which bucket a length of time falls into: four for every doubling, from a minute."""
    return round(_PER_OCTAVE * math.log2(1 + took_s / 60))


def median_of(count_by_bucket: Mapping[int, int]) -> timedelta | None:
    """Return the median to within a tenth."""
    half = (sum(count_by_bucket.values()) + 1) // 2
    for bucket in sorted(count_by_bucket):
        half -= count_by_bucket[bucket]
        if half <= 0:
            return timedelta(minutes=round(2 ** (bucket / _PER_OCTAVE) - 1))
    return None
