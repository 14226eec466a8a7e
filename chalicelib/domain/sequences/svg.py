"""SVG, spelled: elements, escaped texts, numbers without tails."""

from html import escape
from typing import Final

FONT: Final = "Inter, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
INK: Final = "#1f2937"
QUIET: Final = "#6b7280"
RULE: Final = "#d1d5db"
PAPER: Final = "#ffffff"
GROUND: Final = "#f8fafc"

Attribute = str | float | None


def element(name: str, *inside: str, **attributes: Attribute) -> str:
    """Spell one element; `_` in a name of an attribute means `-`, None leaves it out."""
    spelled = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_spelled(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{spelled}>{''.join(inside)}</{name}>" if inside else f"<{name}{spelled}/>"


def words(text: str, x: float, y: float, **attributes: Attribute) -> str:
    """Spell a text, whatever stands in it."""
    return element("text", escape(_printable(text)), x=x, y=y, **attributes)


def titled(text: str) -> str:
    """Spell what a pointer is told that rests on an element."""
    return element("title", escape(_printable(text)))


def picture(width: float, height: float, title: str, *inside: str) -> str:
    """Spell a whole picture on its own ground."""
    ground = element("rect", width=width, height=height, rx=12, fill=GROUND)
    return element(
        "svg",
        titled(title),
        ground,
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_spelled(width)} {_spelled(height)}",
        width=width,
        height=height,
        font_family=FONT,
        role="img",
    )


def wrapped(text: str, characters: int, lines: int) -> list[str]:
    """Break a text between words into as many lines as there are; what is too long ends in `…`."""
    found = [""]
    for word in text.split():
        if not found[-1] or len(found[-1]) + 1 + len(word) <= characters:
            found[-1] = f"{found[-1]} {word}".strip()
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [_short(line, characters) for line in found]


def _short(line: str, characters: int) -> str:
    return line if len(line) <= characters else line[: characters - 1].rstrip() + "…"


def _spelled(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value)


def _printable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return (
        "".join(
            char for char in text if char in "\t\n" or (char >= " " and char not in "\ufffe\uffff")
        )
        .encode("utf-8", "replace")
        .decode()
    )
