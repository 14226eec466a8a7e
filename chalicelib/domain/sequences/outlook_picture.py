"""Draws what a simulation foresees: mails and steps a day, who is still inside, how it ends."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from chalicelib.domain.sequences import svg
from chalicelib.domain.sequences.simulation import Outlook
from chalicelib.domain.sequences.svg import INK, QUIET, RULE, element, words

_WIDTH: Final = 860.0
_LEFT: Final = 64.0
_RIGHT: Final = 24.0
_TALL: Final = 120.0
_STEP: Final = 186.0
_MAILS: Final = "#4f46e5"
_TASKS: Final = "#0d9488"
_INSIDE: Final = "#0369a1"
_BARS: Final = ("#4f46e5", "#0d9488", "#c2700c", "#be185d", "#64748b", "#0a66c2")
_MOST_OUTCOMES: Final = 6


def picture_of(outlook: Outlook, *, title: str) -> str:
    """Draw four panels, one above the other, over the same days."""
    days = days_of(outlook)
    mails = [sum(n for (day, _), n in outlook.sends.items() if day == each) for each in days]
    tasks = [outlook.tasks[each] for each in days]
    inside = [outlook.inside_by_day[each] for each in days]
    outcomes = outlook.outcomes.most_common(_MOST_OUTCOMES)
    height = 64 + 3 * _STEP + 46 + 28 * len(outcomes)
    panels = [
        words(title, 28, 38, fill=INK, font_size=17, font_weight=700),
        *_columns("Automatic mails a day", mails, days, 64, _MAILS),
        *_columns("Steps for people a day", tasks, days, 64 + _STEP, _TASKS),
        *_curve("Still inside", inside, days, 64 + 2 * _STEP),
        *_outcomes(outcomes, 64 + 3 * _STEP),
    ]
    return svg.picture(_WIDTH, height, title, *panels)


def days_of(outlook: Outlook) -> list[date]:
    """Return every day from the first to the last on which anything happens."""
    known = {*outlook.begun, *outlook.ended, *outlook.tasks, *(day for day, _ in outlook.sends)}
    if not known:
        return []
    first = min(known)
    return [first + timedelta(days=each) for each in range((max(known) - first).days + 1)]


def _frame(name: str, most: int, days: Sequence[date], top: float) -> Iterator[str]:
    base = top + 22 + _TALL
    yield words(name, _LEFT, top + 10, fill=INK, font_size=13, font_weight=600)
    for part in (0.0, 0.5, 1.0):
        y = base - _TALL * part
        yield element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, stroke=RULE, stroke_width=1)
        label = f"{most * part:,.0f}"
        yield words(label, _LEFT - 8, y + 4, fill=QUIET, font_size=10.5, text_anchor="end")
    every = max(1, len(days) // 8)
    for at in range(0, len(days), every):
        x = _LEFT + (at + 0.5) * (_WIDTH - _LEFT - _RIGHT) / len(days)
        label = f"{days[at]:%b} {days[at].day}"
        yield words(label, x, base + 16, fill=QUIET, font_size=10.5, text_anchor="middle")


def _columns(
    name: str, values: Sequence[int], days: Sequence[date], top: float, color: str
) -> Iterator[str]:
    most = _round(max(values, default=0))
    yield from _frame(name, most, days, top)
    wide = (_WIDTH - _LEFT - _RIGHT) / max(len(days), 1)
    for at, value in enumerate(values):
        tall = _TALL * value / most
        if value:
            yield element(
                "rect",
                svg.titled(f"{days[at]}: {value}"),
                x=_LEFT + at * wide + wide * 0.12,
                y=top + 22 + _TALL - tall,
                width=wide * 0.76,
                height=tall,
                rx=min(3.0, wide / 4),
                fill=color,
            )


def _curve(name: str, values: Sequence[int], days: Sequence[date], top: float) -> Iterator[str]:
    most = _round(max(values, default=0))
    yield from _frame(name, most, days, top)
    if not values:
        return
    base, wide = top + 22 + _TALL, (_WIDTH - _LEFT - _RIGHT) / len(days)
    points = [
        f"{_LEFT + (at + 0.5) * wide:.1f} {base - _TALL * value / most:.1f}"
        for at, value in enumerate(values)
    ]
    line = "M" + "L".join(points)
    last, first = _LEFT + (len(values) - 0.5) * wide, _LEFT + 0.5 * wide
    area = f"{line}L{last:.1f} {base:.1f}L{first:.1f} {base:.1f}z"
    yield element("path", d=area, fill=_INSIDE, fill_opacity=0.14)
    yield element("path", d=line, fill="none", stroke=_INSIDE, stroke_width=2.2)


def _outcomes(outcomes: Sequence[tuple[str, int]], top: float) -> Iterator[str]:
    yield words("How it ends", _LEFT, top + 10, fill=INK, font_size=13, font_weight=600)
    total = sum(count for _, count in outcomes) or 1
    room = _WIDTH - _RIGHT - 330
    for at, (name, count) in enumerate(outcomes):
        y = top + 24 + 28 * at
        label = svg.wrapped(name.replace("_", " "), 24, 1)[0]
        yield words(label, 210, y + 14, fill=INK, font_size=12, text_anchor="end")
        width = max(2.0, room * count / total)
        color = _BARS[at % len(_BARS)]
        yield element("rect", x=222, y=y + 1, width=width, height=18, rx=4, fill=color)
        share = f"{count:,} ({count / total:.0%})"
        yield words(share, 230 + width, y + 14, fill=QUIET, font_size=11.5)


def _round(most: int) -> int:
    """Return a round number that is not below `most`."""
    size = 1
    while size * 10 < most:
        size *= 10
    return next((size * each for each in (1, 2, 4, 5, 6, 8, 10) if size * each >= most), size * 10)
