"""Draws a flow, or the table of moves, as Mermaid: text that any Markdown viewer turns into one."""

from collections.abc import Iterator, Mapping
from typing import Final, assert_never

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.captions import Shape, caption
from chalicelib.domain.sequences.definition import ConditionStep, Flow, Step, ways_out
from chalicelib.domain.sequences.enrollment import OVER, Move, Status

MOST_CHARACTERS: Final = 60
"""A label's length; the rest of a long title is left out."""

# What Mermaid reads as its own inside a quoted label.
_SPELLED: Final = str.maketrans({'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "'"})


def mermaid_of(flow: Flow, waiting: Mapping[StepId, int] | None = None) -> str:
    """Draw a flow, even one with problems: to a step that is missing leads a dashed line.

    `waiting` says how many stand at each step now.
    """
    lines = _lines(flow, waiting or {})
    return "\n".join(["flowchart TD", *(f"    {line}" for line in lines)]) + "\n"


def mermaid_of_moves(moves: Mapping[tuple[Status, Move], Status]) -> str:
    """Draw the table of moves."""
    begins = [f"[*] --> {status}" for status in (Status.PENDING, Status.ACTIVE)]
    arrows = [f"{status} --> {after}: {move}" for (status, move), after in moves.items()]
    ends = [f"{status} --> [*]" for status in Status if status in OVER]
    return (
        "\n".join(["stateDiagram-v2", *(f"    {line}" for line in begins + arrows + ends)]) + "\n"
    )


def _lines(flow: Flow, waiting: Mapping[StepId, int]) -> Iterator[str]:
    yield 'begin(["Sequence starts here"])'
    known = flow.by_id()
    yield from (_node(step, waiting.get(step.id, 0)) for step in flow.steps)
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


def _node(step: Step, waiting: int) -> str:
    found = caption(step)
    text = _label(found.text) + (f"<br/>{waiting} here" if waiting else "")
    match found.shape:
        case Shape.QUESTION:
            return f'{_name(step.id)}{{"{text}"}}'
        case Shape.PILL | Shape.END:
            return f'{_name(step.id)}(["{text}"])'
        case Shape.CARD:
            return f'{_name(step.id)}["{text}"]'
        case _:
            assert_never(found.shape)


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
