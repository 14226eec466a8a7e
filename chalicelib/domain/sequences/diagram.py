"""Draws a flow, or the table of moves, as Mermaid: text that any Markdown viewer turns into one."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, assert_never

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import (
    ActivityStep,
    Asked,
    ConditionStep,
    EmailStep,
    EndStep,
    Flow,
    ItemAction,
    LinkedInStep,
    Step,
    WaitStep,
    ways_out,
)
from chalicelib.domain.sequences.enrollment import OVER, Move, Status

MOST_CHARACTERS: Final = 60
"""A label's length; the rest of a long title is left out."""

_UNITS: Final = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
    (timedelta(seconds=1), "second"),
)
_ASKED: Final[Mapping[Asked, str]] = MappingProxyType(
    {Asked.REPLIED: "Replied", Asked.ANSWERED: "Answered"}
)
# What Mermaid reads as its own inside a quoted label.
_SPELLED: Final = str.maketrans({'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "'"})


def mermaid_of(flow: Flow) -> str:
    """Draw a flow, even one with problems: to a step that is missing leads a dashed line."""
    return "\n".join(["flowchart TD", *(f"    {line}" for line in _lines(flow))]) + "\n"


def mermaid_of_moves(moves: Mapping[tuple[Status, Move], Status]) -> str:
    """Draw the table of moves."""
    begins = [f"[*] --> {status}" for status in (Status.PENDING, Status.ACTIVE)]
    arrows = [f"{status} --> {after}: {move}" for (status, move), after in moves.items()]
    ends = [f"{status} --> [*]" for status in Status if status in OVER]
    return (
        "\n".join(["stateDiagram-v2", *(f"    {line}" for line in begins + arrows + ends)]) + "\n"
    )


def in_words(length: timedelta) -> str:
    """Say a length of time as people do: `2 days`, `1 day 12 hours`."""
    words = []
    for unit, name in _UNITS:
        count, length = divmod(length, unit)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(words) or "no time"


def _lines(flow: Flow) -> Iterator[str]:
    yield 'begin(["Sequence starts here"])'
    known = flow.by_id()
    yield from (_node(step) for step in flow.steps)
    if any(way is None for step in flow.steps for way in ways_out(step)):
        yield 'done(["completed"])'
    missing = {way for step in flow.steps for way in ways_out(step) if way} - set(known)
    if flow.start is not None and flow.start not in known:
        missing.add(flow.start)
    yield from (f'{_name(each)}["{_label(each)} is missing"]' for each in sorted(missing))
    if flow.start is not None:
        yield f"begin {_line(flow.start, known)} {_name(flow.start)}"
    for step in flow.steps:
        labels = ("|yes|", "|no|") if isinstance(step, ConditionStep) else ("",)
        for way, label in zip(ways_out(step), labels, strict=False):
            yield f"{_name(step.id)} {_line(way, known)}{label} {_name(way)}"


def _node(step: Step) -> str:
    text = _label(_text_of(step))
    match step:
        case ConditionStep():
            return f'{_name(step.id)}{{"{text}"}}'
        case WaitStep():
            return f'{_name(step.id)}(["{text}"])'
        case EndStep():
            return f'{_name(step.id)}(["{text}"])'
        case EmailStep() | ActivityStep() | LinkedInStep():
            return f'{_name(step.id)}["{text}"]'
        case _:
            assert_never(step)


def _text_of(step: Step) -> str:
    match step:
        case EmailStep():
            kind = "Automatic e-mail" if step.automatic else "E-mail"
            return f"{kind}: {step.name or step.subject or 'without a subject'}"
        case ActivityStep():
            return f"{step.activity_type.capitalize()}: {step.name or step.subject}"
        case LinkedInStep():
            action = step.action.value.replace("_", " ")
            return f"LinkedIn {action}: {step.name or step.subject or ''}".rstrip(": ")
        case WaitStep():
            return f"Wait {in_words(step.wait_for)}" + (" of work" if step.working_time else "")
        case ConditionStep():
            return _question(step)
        case EndStep():
            return step.outcome + _fate(step.item_action)
        case _:
            assert_never(step)


def _question(step: ConditionStep) -> str:
    if step.outcomes:
        return f"Outcome {' or '.join(step.outcomes)}?"
    asked = _ASKED.get(step.on, step.on.value)
    return f"{asked} within {in_words(step.within)}?" if step.within else f"{asked}?"


def _fate(action: ItemAction | None) -> str:
    if action is None:
        return ""
    if action.set_status is not None:
        return f" (set to {action.set_status})"
    return f" (tag: {action.add_tag})"


def _line(to: StepId | None, known: Mapping[StepId, Step]) -> str:
    return "-->" if to is None or to in known else "-.->"


def _name(step_id: StepId | None) -> str:
    """Name a node: with a prefix, for `end` and some others mean something to Mermaid."""
    if step_id is None:
        return "done"
    return "s_" + "".join(char if char.isascii() and char.isalnum() else "_" for char in step_id)


def _label(text: str) -> str:
    line = " ".join(text.split())
    short = line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1].rstrip() + "…"
    return short.translate(_SPELLED)
