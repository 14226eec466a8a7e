"""Draws a flow as SVG: cards for steps, pills for waits, questions with their Yes and No."""

from collections.abc import Iterator, Mapping
from typing import Final

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences import svg
from chalicelib.domain.sequences.captions import Caption, Shape, caption
from chalicelib.domain.sequences.definition import ConditionStep, Flow, ways_out
from chalicelib.domain.sequences.layout import LEAN, Box, Layout, Line, Name, laid_out
from chalicelib.domain.sequences.step_boxes import SIZE, box_of
from chalicelib.domain.sequences.svg import INK, PAPER, element, words

_MARGIN: Final = 36
_GAP_X: Final = 36
_GAP_Y: Final = 38
_STRAIGHT: Final = 0.5
_BEGIN: Final = "\0begin"
_YES: Final = "#15803d"
_NO: Final = "#b45309"


def picture_of(flow: Flow, *, title: str, waiting: Mapping[StepId, int] | None = None) -> str:
    """Draw a flow, even one with problems; `waiting` says how many stand at each step now."""
    captions = _captions(flow)
    lines, labels = _lines(flow, captions)
    boxes = {name: SIZE[found.shape] for name, found in captions.items()}
    boxes[_BEGIN] = Box(width=92, height=32)
    placed = laid_out(boxes, lines, gap_x=_GAP_X, gap_y=_GAP_Y)
    drawn = [
        *(_way(line, labels.get(line), placed, boxes) for line in lines),
        *(_label(line, labels[line], placed, boxes) for line in lines if line in labels),
        _start(placed.at[_BEGIN]),
        *(box_of(found, placed.at[name]) for name, found in captions.items()),
        *_badges(waiting or {}, placed, boxes),
    ]
    width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN
    moved = element("g", *drawn, transform=f"translate({_MARGIN} {_MARGIN})")
    return svg.picture(width, height, title, _arrowhead(), moved)


def _captions(flow: Flow) -> dict[Name, Caption]:
    known: dict[Name, Caption] = {step.id: caption(step) for step in flow.steps}
    for step in flow.steps:
        for side, way in enumerate(ways_out(step)):
            if way is None:
                known[f"{step.id}\0{side}"] = Caption(
                    shape=Shape.END, look="end", title="completed"
                )
            elif way not in known:
                known[way] = Caption(shape=Shape.END, look="missing", title=f"{way} is missing")
    return known


def _lines(flow: Flow, known: dict[Name, Caption]) -> tuple[list[Line], dict[Line, str]]:
    lines: list[Line] = []
    labels: dict[Line, str] = {}
    if flow.start is not None:
        if flow.start not in known:
            missing = f"{flow.start} is missing"
            known[flow.start] = Caption(shape=Shape.END, look="missing", title=missing)
        lines.append(Line(start=_BEGIN, end=flow.start))
    for step in flow.steps:
        is_asking = isinstance(step, ConditionStep)
        for side, way in enumerate(ways_out(step)):
            end = f"{step.id}\0{side}" if way is None else way
            line = Line(start=step.id, end=end, lean=2 * side - 1 if is_asking else 0)
            lines.append(line)
            if is_asking:
                labels[line] = "No" if side else "Yes"
    return lines, labels


def _arrowhead() -> str:
    tip = element("path", d="M0 0 8 4 0 8z", fill="#94a3b8")
    return element(
        "defs",
        element(
            "marker",
            tip,
            id="tip",
            viewBox="0 0 8 8",
            refX=7,
            refY=4,
            markerWidth=5,
            markerHeight=5,
            orient="auto",
        ),
    )


def _points(line: Line, placed: Layout, boxes: Mapping[Name, Box]) -> list[tuple[float, float]]:
    """Return where a line passes: out below, straight through each layer, in from above."""
    x, _ = placed.at[line.start]
    layer = placed.layer_of[line.start]
    y = placed.at[line.start][1] + boxes[line.start].height / 2
    if line.lean:
        y = placed.at[line.start][1]
        x += line.lean * boxes[line.start].width / 2
    points = [(x, y)]
    for number, (bend_x, _) in enumerate(placed.bends[line], layer + 1):
        top, bottom = placed.height_by_layer[number]
        points += [(bend_x, top), (bend_x, bottom)]
    end_x, end_y = placed.at[line.end]
    return [*points, (end_x, end_y - boxes[line.end].height / 2)]


def _way(line: Line, label: str | None, placed: Layout, boxes: Mapping[Name, Box]) -> str:
    points = _points(line, placed, boxes)
    (x, y), rest = points[0], points[1:]
    path = [f"M{x:.1f} {y:.1f}"]
    if line.lean:
        # A question's ways leave at its sides, and turn down at once.
        corner = x + line.lean * LEAN
        below = placed.height_by_layer[placed.layer_of[line.start]][1]
        path.append(f"Q{corner:.1f} {y:.1f} {corner:.1f} {y + 16:.1f}")
        if below > y + 16:
            path.append(f"L{corner:.1f} {below:.1f}")
        x, y = corner, max(below, y + 16)
    for to_x, to_y in rest:
        middle = (y + to_y) / 2
        if abs(to_x - x) < _STRAIGHT:
            path.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            path.append(f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return element(
        "path",
        d=" ".join(path),
        fill="none",
        stroke={"Yes": "#86c79b", "No": "#dcae7c"}.get(label or "", "#94a3b8"),
        stroke_width=1.8,
        marker_end="url(#tip)",
    )


def _label(line: Line, label: str, placed: Layout, boxes: Mapping[Name, Box]) -> str:
    x, y = placed.at[line.start]
    x += line.lean * (boxes[line.start].width / 2 + LEAN)
    color = _YES if label == "Yes" else _NO
    ground = element("rect", x=x - 16, y=y + 14, width=32, height=18, rx=9, fill=color)
    text = words(label, x, y + 27, fill=PAPER, font_size=11, font_weight=600, text_anchor="middle")
    return ground + text


def _start(at: tuple[float, float]) -> str:
    x, y = at
    pill = element("rect", x=x - 46, y=y - 16, width=92, height=32, rx=16, fill=INK)
    return pill + words(
        "Start", x, y + 4.5, fill=PAPER, font_size=13, font_weight=600, text_anchor="middle"
    )


def _badges(
    waiting: Mapping[StepId, int], placed: Layout, boxes: Mapping[Name, Box]
) -> Iterator[str]:
    for step_id, count in waiting.items():
        if not count or step_id not in placed.at:
            continue
        x, y = placed.at[step_id]
        x, y = x + boxes[step_id].width / 2 - 6, y - boxes[step_id].height / 2
        wide = 14 + 7.5 * len(f"{count:,}")
        yield element(
            "rect",
            x=x - wide / 2,
            y=y - 11,
            width=wide,
            height=22,
            rx=11,
            fill="#e11d48",
            stroke=PAPER,
            stroke_width=2,
        )
        yield words(
            f"{count:,}",
            x,
            y + 4.2,
            fill=PAPER,
            font_size=12,
            font_weight=700,
            text_anchor="middle",
        )
