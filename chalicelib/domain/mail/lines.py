"""The lines of a body, each looked at once: its quote marks, its words, whether it is a rule.

Whatever decides about a body decides on these. A line is capped before anything looks at it, so a
body costs its length and no more.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from chalicelib.domain.mail.client_marks import Mark
from chalicelib.domain.mail.labels import Label, label_of
from chalicelib.domain.mail.phrases import FORWARDED, ORIGINAL, WROTE, folded

LONGEST: Final = 1000
_DEEPEST: Final = 50
_INVISIBLE: Final = dict.fromkeys(
    map(
        ord,
        "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)
_QUOTE: Final = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_RULE_ENDS: Final = "-_=*~ \t\N{EM DASH}\N{EN DASH}\N{BOX DRAWINGS LIGHT HORIZONTAL}<>"
RULES: Final = frozenset("-_=*<~\N{EM DASH}\N{EN DASH}\N{BOX DRAWINGS LIGHT HORIZONTAL}")
COLONS: Final = frozenset(":\N{FULLWIDTH COLON}")
_LAST: Final = frozenset(":>\N{FULLWIDTH COLON}")
_LAST_WORDS: Final = frozenset(word.split()[-1] for word in WROTE)
_SHORT_RULE: Final = 3
_LONGEST_PHRASE: Final = 80
_PHRASE_ENDS: Final = ":\N{FULLWIDTH COLON} \t.\N{NO-BREAK SPACE}"
_RULED_PHRASE: Final = re.compile(r"-{3,12} ?([^-]{3,60}?) ?-{3,12} ?")
_PIECES: Final = re.compile(r"-{2,}|/|\|")


class Line:
    """One line, and what can be told of it alone."""

    __slots__ = ("depth", "label", "mark", "may_end", "text", "whole")

    def __init__(self, whole: str, depth: int, text: str) -> None:
        """Take a line apart; `text` is capped, without quote marks and white space around it."""
        self.whole = whole
        """As it stands in the body."""
        self.depth = depth
        """How many quote marks stand before it."""
        self.text = text
        self.label: tuple[Label, str] | None = label_of(text)
        """The header it is, and its value."""
        self.may_end = bool(text) and _may_end(text)
        """Whether `On … wrote:` may end with this line, by its last word or letter."""
        self.mark: Mark | None = None
        """What the client that wrote the HTML says begins here."""

    @property
    def is_ruled(self) -> bool:
        """Whether nothing but a ruled line stands here."""
        text = self.text
        return text[:1] in RULES and len(text) >= _SHORT_RULE and not text.strip(_RULE_ENDS)

    @property
    def marks_forward(self) -> bool:
        """Whether it is what a client writes above a mail it forwards."""
        return self._says(FORWARDED)

    @property
    def marks_original(self) -> bool:
        """Whether it is what a client writes above a mail it answers, and sometimes forwards."""
        return self.text[:1] in RULES and self._says(ORIGINAL)

    def _says(self, table: frozenset[str]) -> bool:
        text = self.text
        if not text or not (text[0] in RULES or text[-1] in COLONS) or len(text) > _LONGEST_PHRASE:
            return False
        said = folded(text.strip(_RULE_ENDS).strip(_PHRASE_ENDS))
        return bool(said) and (said in table or _in_pieces(said, table))


def _in_pieces(said: str, table: frozenset[str]) -> bool:
    """Tell whether a phrase stands in a line that says it twice, in two languages."""
    pieces = _PIECES.split(said)
    return len(pieces) > 1 and any(piece.strip(_PHRASE_ENDS) in table for piece in pieces)


def _may_end(text: str) -> bool:
    last = text[-1]
    if last in "-_*":
        text = text.rstrip(" -_*")
        last = text[-1:]
    if last in _LAST:
        return True
    word = text[text.rfind(" ") + 1 :].rstrip(".")
    return folded(word) in _LAST_WORDS or word[-2:] in _LAST_WORDS


def scan(lines: Sequence[str], marks: Mapping[int, Mark]) -> list[Line]:
    """Return the lines of a body, taken apart, with what clients marked."""
    scanned: list[Line] = []
    for at, whole in enumerate(lines):
        line = _line(whole)
        line.mark = marks.get(at)
        scanned.extend(_parted(line) if line.text[:_SHORT_RULE] == "---" else (line,))
    return scanned


def _parted(line: Line) -> tuple[Line, ...]:
    """Part `----- Forwarded message ----- From: …`, as HTML read as text may have it."""
    found = _RULED_PHRASE.match(line.text)
    if found is None or folded(found[1]) not in FORWARDED | ORIGINAL:
        return (line,)
    above, below = line.text[: found.end()], _line(line.text[found.end() :])
    if below.label is None:
        return (line,)
    first = Line(above, line.depth, above)
    first.mark = line.mark
    return first, below


def _line(whole: str) -> Line:
    start = whole[:LONGEST]
    if not start.isascii():
        start = start.translate(_INVISIBLE).replace("\N{NO-BREAK SPACE}", " ")
    quoted = _QUOTE.match(start) if ">" in start[:4] else None
    if quoted is None:
        return Line(whole, 0, start.strip())
    if start.rstrip().endswith("<<"):
        # `>>> look here <<<` is an ornament, not a quotation.
        return Line(whole, 0, start.strip())
    depth = min(quoted[0].count(">"), _DEEPEST)
    return Line(whole, depth, start[quoted.end() :].strip())


def unquoted(line: Line, depth: int) -> str:
    """Return the line without `depth` of its quote marks."""
    rest = line.whole
    for _ in range(min(depth, line.depth)):
        rest = rest.translate(_INVISIBLE).lstrip(" \t")[1:] if rest[:1] != ">" else rest[1:]
        rest = rest.removeprefix(" ")
    return rest
