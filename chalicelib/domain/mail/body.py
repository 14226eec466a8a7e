"""A body taken apart into lines, with what was found at each line remembered.

What is new in a mail and what it forwards are told by the same lines; each is judged once.
"""

from typing import Final

from chalicelib.domain.mail.attributions import Attribution, attribution_at
from chalicelib.domain.mail.header_blocks import HeaderBlock, read_block
from chalicelib.domain.mail.lines import Line, scan

_MOST_LINES: Final = 10_000


class Body:
    """The lines of a text; those beyond the budget are left as they are in `rest`."""

    def __init__(self, text: str, *, is_html: bool = False) -> None:
        """Take the text apart; `is_html` if it was read out of HTML."""
        self.text = text
        self.is_html = is_html
        whole = text.split("\n", _MOST_LINES)
        self.rest = whole.pop() if len(whole) > _MOST_LINES else ""
        self.lines: list[Line] = scan(whole)
        self._attributions: dict[int, Attribution | None] = {}
        self._blocks: dict[int, HeaderBlock | None] = {}

    def attribution(self, at: int) -> Attribution | None:
        """Return the attribution that begins at a line."""
        if at not in self._attributions:
            self._attributions[at] = attribution_at(self.lines, at)
        return self._attributions[at]

    def block(self, at: int) -> HeaderBlock | None:
        """Return the block of headers that begins at a line, if it is one beyond doubt."""
        if at >= len(self.lines) or self.lines[at].label is None:
            return None
        if at not in self._blocks:
            block = read_block(self.lines, at)
            self._blocks[at] = block if block.is_plain else None
        return self._blocks[at]
