"""How an enrollment is shown."""

from datetime import datetime

from chalicelib.domain.sequences.enrollment import Enrollment, Phase


def body_of(it: Enrollment) -> dict[str, object]:
    """Show an enrollment without its history."""
    return {
        "id": it.id,
        "sequence_id": it.sequence_id,
        "flow_version": it.flow_version,
        "item": {"kind": it.item.kind, "id": it.item.id},
        "owner_id": it.owner_id,
        "status": it.status,
        "reason": it.reason,
        "outcome": it.outcome,
        "current_step_id": it.step_id,
        "due_at": _due_at(it),
        "why_then": it.why_then,
        "started_at": it.started_at,
        "ended_at": it.ended_at,
        "version": it.version,
    }


def _due_at(it: Enrollment) -> datetime | None:
    """Return when something happens by itself, or when its task is due."""
    if it.is_over:
        return None
    return it.planned_at if it.phase is Phase.ASKED else it.due_at
