"""The block of headers inside a body: `From: … Sent: … To: … Subject: …`, in any language.

Clients put it above what they forward or quote: plain, with quote marks, in bold, with blank lines
in between, values wrapped over lines, or all on one line. It is read line by line from a line that
is a label; what is no label ends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.mail.labels import WRITTEN_LABELS, Label, known_label
from chalicelib.domain.mail.lines import Line

_MOST_LINES: Final = 40
_MOST_BLANKS: Final = 2
_ENOUGH: Final = 3
_TWO: Final = 2
_LONGEST_VALUE: Final = 10_000
_PEOPLE: Final = frozenset({Label.FROM, Label.TO, Label.CC, Label.REPLY_TO})
_ON_ONE_LINE: Final = re.compile(
    r"(?<![a-z])("
    + "|".join(re.escape(word) for word in sorted(WRITTEN_LABELS, key=len, reverse=True))
    + r")\s?[:\uff1a]\s?"
)


@dataclass(slots=True, kw_only=True)
class HeaderBlock:
    """The fields of a block and the first line behind it."""

    fields: dict[Label, str] = field(default_factory=dict)
    end: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether it is one beyond doubt: three headers, or two that hold what they should."""
        if Label.FROM not in self.fields and Label.DATE not in self.fields:
            return False
        told = [name for name in self.fields if name is not Label.REPLY_TO]
        if len(told) >= _ENOUGH:
            return any(_is_well_formed(name, self.fields[name]) for name in told)
        return len(told) == _TWO and all(_is_well_formed(name, self.fields[name]) for name in told)


def read_block(lines: Sequence[Line], at: int) -> HeaderBlock:
    """Read the block that begins at this line; without fields if none begins there."""
    block = HeaderBlock(end=at)
    last: Label | None = None
    stop = min(at + _MOST_LINES, len(lines))
    here = at
    while here < stop:
        line = lines[here]
        label = line.label
        if label is not None and label[0] not in block.fields:
            last = _take(block, label)
            block.end = here + 1
        elif not line.text:
            following = _behind_blanks(lines, here, block)
            if following is None:
                break
            here = following
            continue
        elif last is not None and _is_wrapped(lines, here, block, last):
            block.fields[last] = f"{block.fields[last]} {line.text.strip('*')}".strip()[
                :_LONGEST_VALUE
            ]
            block.end = here + 1
        else:
            break
        here += 1
    return block


def _take(block: HeaderBlock, labeled: tuple[Label, str]) -> Label:
    """Add a header, and those that stand behind it on the same line."""
    label, value = labeled
    pieces = [value] if label is Label.SUBJECT else _ON_ONE_LINE.split(value)
    behind = [name for name in map(known_label, pieces[1::2]) if name is not None]
    # One label behind a space may be part of a name; two are not, nor is one without a space.
    is_stuck = len(behind) >= _TWO or not pieces[0][-1:].isspace()
    if behind and is_stuck and label not in behind:
        value = pieces[0]
        for name, text in zip(behind, pieces[2::2], strict=True):
            block.fields.setdefault(name, text.strip())
    block.fields[label] = value.strip()
    return label


def _behind_blanks(lines: Sequence[Line], at: int, block: HeaderBlock) -> int | None:
    """Return the next line if it goes on with the block in spite of blank lines."""
    for here in range(at, min(at + _MOST_BLANKS + 1, len(lines))):
        label = lines[here].label
        if label is not None:
            name, value = label
            is_new = name not in block.fields and _is_well_formed(name, value)
            return here if is_new else None
        if lines[here].text:
            return None
    return None


def _is_wrapped(lines: Sequence[Line], at: int, block: HeaderBlock, last: Label) -> bool:
    """Tell whether a line without a label goes on with the value above it."""
    value = block.fields[last]
    if last in _PEOPLE and _is_open(value, lines[at].text):
        return True
    if not value:
        # The value stands below its label: cells of a table, read as text.
        return True
    for line in lines[at + 1 : at + 1 + _TWO]:
        if line.label is not None:
            return line.label[0] not in block.fields
        if not line.text:
            return False
    return False


def _is_open(value: str, text: str) -> bool:
    return (
        value.endswith((",", ";"))
        or value.count("<") > value.count(">")
        or value.count("[") > value.count("]")
        or ("@" not in value and text.startswith(("<", "[")) and "@" in text)
    )


def _is_well_formed(label: Label, value: str) -> bool:
    match label:
        case Label.FROM | Label.TO | Label.CC:
            return "@" in value
        case Label.DATE:
            return any(letter.isdigit() for letter in value)
        case _:
            return bool(value)
