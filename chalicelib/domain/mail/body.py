"""A body taken apart into lines, with what was found at each line remembered.

What is new in a mail and what it forwards are told by the same lines; each is judged once.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.mail.attributions import (
    MOST_LINES,
    Attribution,
    attribution_at,
    may_stand_at,
)
from chalicelib.domain.mail.client_marks import Mark
from chalicelib.domain.mail.header_blocks import HeaderBlock, read_block
from chalicelib.domain.mail.lines import RULES, Line, scan

_MOST_LINES: Final = 5000
_MOST_LOOKS: Final = 100
"""Closer looks at lines that may begin an attribution or a block: people's mails need a few."""


class Body:
    """The lines of a text; those beyond the budget are left as they are in `rest`."""

    def __init__(
        self, text: str, *, is_html: bool = False, marks: Mapping[int, Mark] | None = None
    ) -> None:
        """Take the text apart; `is_html` if it was read out of HTML, with the clients' marks."""
        self.text = text
        self.is_html = is_html
        whole = text.split("\n", _MOST_LINES)
        self.rest = whole.pop() if len(whole) > _MOST_LINES else ""
        self.lines: list[Line] = scan(whole, marks or {})
        self.telling = _telling(self.lines)
        """The lines at which anything but text may stand; all others are text at a glance."""
        self._looks = _MOST_LOOKS
        self._attributions: dict[int, Attribution | None] = {}
        self._blocks: dict[int, HeaderBlock | None] = {}

    def attribution(self, at: int) -> Attribution | None:
        """Return the attribution that begins at a line."""
        if at not in self._attributions:
            is_likely = may_stand_at(self.lines, at) and self._may_look()
            self._attributions[at] = attribution_at(self.lines, at) if is_likely else None
        return self._attributions[at]

    def block(self, at: int) -> HeaderBlock | None:
        """Return the block of headers that begins at a line, if it is one beyond doubt."""
        if at >= len(self.lines) or self.lines[at].label is None:
            return None
        if at not in self._blocks:
            block = read_block(self.lines, at) if self._may_look() else None
            self._blocks[at] = block if block and block.is_plain else None
        return self._blocks[at]

    def _may_look(self) -> bool:
        self._looks -= 1
        return self._looks >= 0


def _telling(lines: Sequence[Line]) -> frozenset[int]:
    places: set[int] = set()
    for at, line in enumerate(lines):
        if line.may_end:
            places.update(range(max(0, at - MOST_LINES + 1), at + 1))
        elif line.label is not None or line.text[:1] in RULES:
            places.add(at)
    return frozenset(places)
