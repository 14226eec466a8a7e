"""What an entry of the feed says, before its merge fields are filled in."""

from typing import assert_never

from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    ConditionStep,
    EmailStep,
    EndStep,
    LinkedInStep,
    Step,
    UpdateFieldStep,
    WaitStep,
)
from chalicelib.domain.sequences.tasks import Task
from chalicelib.services.decisions import Bench
from chalicelib.services.wording import TemplateGoneError, words_of


def texts_of(step: Step, task: Task, gaps: list[str], *, bench: Bench) -> tuple[str, str, str]:
    """Return subject, body and note; a template that is gone is a gap."""
    match step:
        case EmailStep():
            return _mail(step, task, gaps, bench)
        case ActivityStep():
            return step.subject, "", step.note
        case LinkedInStep():
            return step.subject or f"LinkedIn: {step.action}", "", step.note
        case ConditionStep():
            return step.name or "Yes or No?", "", task.why
        case AdvanceStep():
            return step.name or "Hand over to the next sequence", "", task.why
        case WaitStep() | UpdateFieldStep() | EndStep():
            raise TypeError(step)
        case _:
            assert_never(step)


def _mail(step: EmailStep, task: Task, gaps: list[str], bench: Bench) -> tuple[str, str, str]:
    versions: tuple[str, ...] = ()
    country = None
    if isinstance(step, AbTestStep) or step.template_id is not None:
        head = bench.stores.enrollments.get(task.enrollment_id)
        versions, country = head.versions, head.country
    try:
        words = words_of(step, versions, country, bench=bench)
    except TemplateGoneError:
        gaps.append("the e-mail template")
        return "", "", ""
    return words.subject, words.body, ""
