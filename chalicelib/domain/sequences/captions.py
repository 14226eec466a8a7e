"""What stands in the box of a step, wherever a flow is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, assert_never

from chalicelib.domain.crm.comparisons import Comparison
from chalicelib.domain.sequences.definition import (
    AbTestStep,
    ActivityStep,
    AdvanceStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    ItemAction,
    LinkedInStep,
    Step,
    UpdateFieldStep,
    WaitStep,
)

_UNITS: Final = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
    (timedelta(seconds=1), "second"),
)
_ASKED: Final[Mapping[Asked, str]] = MappingProxyType(
    {
        Asked.REPLIED: "Replied",
        Asked.OPENED: "Opened",
        Asked.CLICKED: "Clicked",
        Asked.ATTACHMENT_OPENED: "Attachment opened",
        Asked.ANSWERED: "Answered",
    }
)


class Shape(StrEnum):
    """What kind of box."""

    CARD = "card"
    PILL = "pill"
    QUESTION = "question"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """The words of a box: what kind of step (empty for waits, questions, ends), and which one."""

    shape: Shape
    look: str
    """Which icon and color: `email`, `automatic`, `call` …"""
    kind: str = ""
    title: str

    @property
    def text(self) -> str:
        """All of it in one line."""
        return f"{self.kind}: {self.title}" if self.kind and self.title else self.kind or self.title


def caption(step: Step) -> Caption:
    """Say what stands in the box of `step`."""
    match step:
        case AbTestStep():
            kind = f"A/B test {step.share_a} : {100 - step.share_a}"
            title = step.name or step.a.subject or step.b.subject or "without a subject"
            return Caption(shape=Shape.CARD, look="ab", kind=kind, title=title)
        case EmailStep():
            kind = "Automatic e-mail" if step.automatic else "E-mail"
            title = step.name or step.subject or "without a subject"
            look = "automatic" if step.automatic else "email"
            return Caption(shape=Shape.CARD, look=look, kind=kind, title=title)
        case ActivityStep():
            kind, title = step.activity_type.capitalize(), step.name or step.subject
            return Caption(shape=Shape.CARD, look=step.activity_type, kind=kind, title=title)
        case LinkedInStep():
            kind = f"LinkedIn {step.action.value.replace('_', ' ')}"
            title = step.name or step.subject or ""
            return Caption(shape=Shape.CARD, look="linkedin", kind=kind, title=title)
        case UpdateFieldStep():
            title = step.name or f"{step.field} = {step.value}"
            return Caption(shape=Shape.CARD, look="update", kind="Update field", title=title)
        case AdvanceStep():
            title = step.name or step.sequence_id
            kind = "Advance to sequence"
            return Caption(shape=Shape.CARD, look="advance", kind=kind, title=title)
        case WaitStep():
            title = f"Wait {in_words(step.wait_for)}" + (" of work" if step.working_time else "")
            return Caption(shape=Shape.PILL, look="wait", title=title)
        case ConditionStep():
            return Caption(shape=Shape.QUESTION, look="question", title=_question(step))
        case EndStep():
            return Caption(shape=Shape.END, look="end", title=step.outcome + _fate(step))
        case _:
            assert_never(step)


def in_words(length: timedelta) -> str:
    """Say a length of time as people do: `2 days`, `1 day 12 hours`."""
    words = []
    for unit, name in _UNITS:
        count, length = divmod(length, unit)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words) or "no time"


def _question(step: ConditionStep) -> str:
    asked = _asked(step)
    return f"{asked} within {in_words(step.within)}?" if step.within else f"{asked}?"


def _asked(step: ConditionStep) -> str:
    if step.outcomes:
        return f"Outcome {' or '.join(step.outcomes)}"
    if step.stages:
        return f"Stage {' or '.join(step.stages)}"
    if step.on is Asked.FIELD:
        return _compared(step.comparison)
    if step.results:
        word = " or " if step.on is Asked.ANY_OF else " and "
        joined = word.join(_ASKED.get(each, each.value).lower() for each in step.results)
        return joined.capitalize()
    return _ASKED.get(step.on, step.on.value)


def _compared(asked: Comparison) -> str:
    if asked.every or asked.some:
        word = " and " if asked.every else " or "
        return word.join(_compared(each) for each in asked.every or asked.some)
    operator = asked.operator.value.replace("_", " ") if asked.operator else ""
    value = asked.value
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return f"{asked.field} {operator} {'' if shown is None else shown}".strip()


def _fate(step: EndStep) -> str:
    action: ItemAction | None = step.item_action
    if action is None:
        return ""
    if action.set_status is not None:
        return f" (set to {action.set_status})"
    return f" (tag: {action.add_tag})"
