"""Draws the box of one step: card, pill, question or end, with its icon and words."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, assert_never

from chalicelib.domain.sequences import svg
from chalicelib.domain.sequences.captions import Caption, Shape
from chalicelib.domain.sequences.layout import Box
from chalicelib.domain.sequences.svg import INK, PAPER, QUIET, RULE, element, words

SIZE: Final[Mapping[Shape, Box]] = MappingProxyType(
    {
        Shape.CARD: Box(width=232, height=66),
        Shape.PILL: Box(width=150, height=34),
        Shape.QUESTION: Box(width=212, height=50),
        Shape.END: Box(width=184, height=44),
    }
)
_COLOR: Final[Mapping[str, str]] = MappingProxyType(
    {
        "automatic": "#4f46e5",
        "email": "#2563eb",
        "ab": "#7c3aed",
        "call": "#0d9488",
        "linkedin": "#0a66c2",
        "meeting": "#be185d",
        "update": "#64748b",
        "advance": "#64748b",
    }
)
_OTHER_COLOR: Final = "#c2700c"
_ENVELOPE: Final = "M-8-6h16v12h-16zM-8-6l8 7 8-7"
_ICON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "automatic": _ENVELOPE,
        "email": _ENVELOPE,
        "call": ("M-7-6c0 7 6 13 13 13l1-4-4-2-2 2c-3-1-5-3-6-6l2-2-2-4z"),
        "meeting": "M-7-6h14v13h-14zM-7-2h14M-3-8v4M3-8v4",
        "update": "M-7 7l1-4 9-9 3 3-9 9zM1-4l3 3",
        "advance": "M-7 0h13M1-5l5 5-5 5",
        "": "M-7 0l5 5 9-10",
    }
)
_LETTERS: Final[Mapping[str, str]] = MappingProxyType({"ab": "A/B", "linkedin": "in"})


def box_of(found: Caption, at: tuple[float, float]) -> str:
    """Draw the box around its middle."""
    x, y = at
    size = SIZE[found.shape]
    left, top = x - size.width / 2, y - size.height / 2
    inside: Iterator[str]
    match found.shape:
        case Shape.CARD:
            inside = _card(found, left, top, size)
        case Shape.PILL:
            inside = _pill(found, x, y, size)
        case Shape.QUESTION:
            inside = _diamond(found, x, y, size)
        case Shape.END:
            inside = _end(found, x, y, size)
        case _:
            assert_never(found.shape)
    return element("g", svg.titled(found.text), *inside)


def _card(found: Caption, left: float, top: float, size: Box) -> Iterator[str]:
    color = _COLOR.get(found.look, _OTHER_COLOR)
    yield element(
        "rect",
        x=left,
        y=top,
        width=size.width,
        height=size.height,
        rx=10,
        fill=PAPER,
        stroke=RULE,
        stroke_width=1.2,
    )
    yield element("rect", x=left + 12, y=top + 15, width=36, height=36, rx=9, fill=color)
    yield _icon(found.look, left + 30, top + 33)
    is_long = len(lines := svg.wrapped(found.title, 24, 2)) > 1
    y = top + (21 if is_long else 29)
    yield words(found.kind, left + 58, y, fill=color, font_size=10.5, font_weight=600)
    for number, line in enumerate(lines):
        y_of_line = y + 17 + 15 * number
        yield words(line, left + 58, y_of_line, fill=INK, font_size=12)


def _icon(look: str, x: float, y: float) -> str:
    if look in _LETTERS:
        return words(
            _LETTERS[look],
            x,
            y + 4.5,
            fill=PAPER,
            font_size=13,
            font_weight=700,
            text_anchor="middle",
        )
    drawn = element(
        "path",
        d=_ICON.get(look, _ICON[""]),
        transform=f"translate({x:.1f} {y:.1f})",
        fill="none",
        stroke=PAPER,
        stroke_width=1.8,
        stroke_linejoin="round",
        stroke_linecap="round",
    )
    if look != "automatic":
        return drawn
    bolt = element("circle", cx=x + 13, cy=y - 13, r=8, fill="#f59e0b", stroke=PAPER)
    flash = element(
        "path", d="M1-5-3 1h3l-1 4 4-6h-3z", transform=f"translate({x + 13} {y - 13})", fill=PAPER
    )
    return drawn + bolt + flash


def _pill(found: Caption, x: float, y: float, size: Box) -> Iterator[str]:
    yield element(
        "rect",
        x=x - size.width / 2,
        y=y - size.height / 2,
        width=size.width,
        height=size.height,
        rx=size.height / 2,
        fill="#e0f2fe",
        stroke="#bae0f7",
    )
    yield element(
        "path",
        d="M0-6.5a6.5 6.5 0 1 0 .01 0zM0-3.5v3.5l2.5 2",
        transform=f"translate({x - size.width / 2 + 20:.1f} {y:.1f})",
        fill="none",
        stroke="#0369a1",
        stroke_width=1.5,
    )
    (line,) = svg.wrapped(found.title, 18, 1)
    yield words(line, x + 12, y + 4, fill="#075985", font_size=12, text_anchor="middle")


def _diamond(found: Caption, x: float, y: float, size: Box) -> Iterator[str]:
    across, up = size.width / 2, size.height / 2
    yield element(
        "path",
        d=(
            f"M{x - across:.1f} {y:.1f}l16 {-up}h{size.width - 32}l16 {up}l-16 {up}"
            f"h{32 - size.width}z"
        ),
        fill="#fef9e7",
        stroke="#e3c565",
        stroke_width=1.2,
        stroke_linejoin="round",
    )
    lines = svg.wrapped(found.title, 24, 2)
    for number, line in enumerate(lines):
        y_of_line = y + 4.5 - 7.5 * (len(lines) - 1) + 15 * number
        yield words(
            line,
            x,
            y_of_line,
            fill="#713f12",
            font_size=12.5,
            font_weight=600,
            text_anchor="middle",
        )


def _end(found: Caption, x: float, y: float, size: Box) -> Iterator[str]:
    is_missing = found.look == "missing"
    yield element(
        "rect",
        x=x - size.width / 2,
        y=y - size.height / 2,
        width=size.width,
        height=size.height,
        rx=size.height / 2,
        fill="#fee2e2" if is_missing else "#e5e7eb",
        stroke="#ef4444" if is_missing else "#cbd5e1",
        stroke_dasharray="5 4" if is_missing else None,
    )
    outcome, _, fate = found.title.partition(" (")
    lines = svg.wrapped(outcome, 25, 1) + ([f"({fate}"[:27]] if fate else [])
    for number, line in enumerate(lines):
        yield words(
            line,
            x,
            y + 4.5 - 7.5 * (len(lines) - 1) + 15 * number,
            fill=QUIET if number else INK,
            font_size=10.5 if number else 12.5,
            font_weight=None if number else 600,
            text_anchor="middle",
        )
