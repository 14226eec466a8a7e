"""Whether somebody in flight may go on in another version of the flow, and where they land.

Whoever has passed a step that differs there stays: their past would not have been what the new flow
says. Whoever stands before one, or at one, moves; at a changed step they begin it anew.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import standing
from chalicelib.domain.sequences.definition import Flow
from chalicelib.domain.sequences.diffs import changed_steps
from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, Phase
from chalicelib.domain.sequences.walk import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Where one enrollment would go on; `obstacle` says why it stays where it is instead."""

    step_id: StepId | None
    begins_anew: bool = False
    obstacle: str | None = None


def landing(
    enrollment: Enrollment, passed: Collection[StepId], before: Flow, after: Flow
) -> Landing:
    """Return where the enrollment lands; `passed` are the steps of its history."""
    here = enrollment.step_id
    changed = changed_steps(before, after)
    behind = sorted((set(passed) - {here}) & changed)
    if behind:
        return Landing(step_id=here, obstacle=f"it has passed `{behind[0]}`, which differs")
    if enrollment.phase in {Phase.SENDING, Phase.UNKNOWN}:
        return Landing(step_id=here, obstacle="its mail is on its way; try again later")
    if here is not None and here not in after.by_id():
        return Landing(step_id=here, obstacle=f"it stands at `{here}`, which is gone")
    return Landing(step_id=here, begins_anew=here in changed)


def moved(enrollment: Enrollment, where: Landing, flow_version: int, now: datetime) -> Decision:
    """Return the enrollment in the other version of its flow."""
    why = f"moved from version {enrollment.flow_version} to {flow_version}"
    line = Record(step_id=enrollment.step_id, type="version", state="moved", at=now, why=why)
    after = replace(enrollment, flow_version=flow_version)
    if not where.begins_anew:
        return Decision(after, (line,)).fenced(enrollment)
    closing = standing.closing(enrollment, "cancelled")
    after = replace(
        after,
        phase=Phase.READY,
        planned_at=None,
        due_at=enrollment.due_at if enrollment.paused_at else now,
        has_task=False,
        approved_by=None,
        why_then="at once: the step was changed and begins anew",
    )
    return Decision(after, (*closing, line)).fenced(enrollment)
