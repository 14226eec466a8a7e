"""Where a signature begins: by a ruled line, a farewell, a telephone's own words, a name alone.

Read from the bottom up within the last lines, and never from the first line on: somebody who
writes nothing but their name has said that.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from chalicelib.domain.mail.farewells import CLOSINGS, DEVICES, SENT_FROM, THANKS
from chalicelib.domain.mail.phrases import folded

_TAIL: Final = 30
_LONGEST_LINE: Final = 80
_LONGEST_FAREWELL: Final = 50
_LONGEST_START: Final = 120
_STROKES: Final = frozenset("-_*=/~\u2013\u2014")
_MOST_BELOW_RULE: Final = 12
_MOST_BELOW_LONG_RULE: Final = 5
_MOST_BELOW_FAREWELL: Final = 9
_MOST_BELOW_THANKS: Final = 4
_MOST_WORDS_OF_NAME: Final = 4
_MOST_WORDS_SENT: Final = 14
_FEW_WORDS_SENT: Final = 7
_SHORT_WORDS: Final = 5
_FEW: Final = 3
_RULE: Final = re.compile(r"[-\u2013\u2014]{1,40}|_{2,100}|\*{3,80}|={3,80}|[-_ ]{4,80}")
_NAME: Final = re.compile(r"[-\u2013\u2014/~]{1,2} ?[^\W\d_][^\d_,;:!?()]{0,40}\.?")
_ENDS: Final = " \t,.!;:~*_-\u2013\u2014\N{NO-BREAK SPACE}、。，！\N{HORIZONTAL ELLIPSIS}"


def split_signature(text: str) -> tuple[str, str]:
    """Return the text without its signature, and the signature."""
    lines = text.split("\n")
    said = [at for at, line in enumerate(lines) if line.strip()]
    begin = len(lines)
    below: list[str] = []
    for place in range(len(said) - 1, max(0, len(said) - _TAIL - 1), -1):
        line, above = lines[said[place]].strip(), lines[said[place - 1]].strip()
        is_last = begin == len(lines) and not below
        if _begins(line, above, below, is_last=is_last):
            begin = said[place]
            below = []
        else:
            below.insert(0, line)
    if begin == len(lines):
        return text, ""
    return "\n".join(lines[:begin]).rstrip(), "\n".join(lines[begin:]).strip()


def is_only_signature(lines: Sequence[str]) -> bool:
    """Tell whether nothing but a signature with its ruled line stands here."""
    said = [line.strip() for line in lines if line.strip()]
    if not said:
        return True
    is_begun = bool(_RULE.fullmatch(said[0][:_LONGEST_START])) or _is_sent_from(said[0])
    return is_begun and _are_short(said[1:], _MOST_BELOW_RULE)


def _begins(line: str, above: str, below: Sequence[str], *, is_last: bool) -> bool:
    """Tell whether a signature begins at this line, given the line above and those below it."""
    if len(line) > _LONGEST_START or len(below) > _MOST_BELOW_RULE:
        return False
    if line[0] in _STROKES:
        if _RULE.fullmatch(line):
            # Long rules set sections apart as well.
            is_usual = len(line) <= _FEW or line[0] == "_"
            most = _MOST_BELOW_RULE if is_usual else _MOST_BELOW_LONG_RULE
            return not is_last and _are_short(below, most)
        if not below and _is_name(line):
            # One stroke makes a name, several make a list.
            return not above.startswith(line[0])
    if _is_sent_from(line):
        return _are_short(below, _FEW)
    return any(begins(line, below) for begins in _FAREWELLS)


def _is_closing(line: str, below: Sequence[str]) -> bool:
    if len(line) > _LONGEST_FAREWELL or not _are_short(below, _MOST_BELOW_FAREWELL):
        return False
    said = folded(line.strip(_ENDS))
    return (
        said in CLOSINGS
        or (said.startswith(_CLOSING_STARTS) and len(said.split()) <= _SHORT_WORDS)
        or _is_closing_and_name(said, below)
    )


def _is_closing_and_name(said: str, below: Sequence[str]) -> bool:
    """`Regards, Roman` on one line."""
    first, comma, name = said.partition(",")
    return (
        bool(comma) and first.strip() in CLOSINGS and len(name.split()) <= _FEW and not below[_FEW:]
    )


_CLOSING_STARTS: Final = tuple(f"{words} " for words in sorted(CLOSINGS) if " " in words)


def _is_thanks(line: str, below: Sequence[str]) -> bool:
    """Thanks are a farewell only where nothing but a name and what belongs to it follows."""
    if folded(line.strip(_ENDS)) not in THANKS or not below:
        return False
    return _are_short(below, _MOST_BELOW_THANKS) and _could_be_name(below[0])


_FAREWELLS: Final[tuple[Callable[[str, Sequence[str]], bool], ...]] = (_is_closing, _is_thanks)


def _could_be_name(line: str) -> bool:
    words = line.strip(_ENDS).split()
    is_asking = "?" in line or any(letter.isdigit() for letter in line)
    return 0 < len(words) <= _MOST_WORDS_OF_NAME and not is_asking and words[0][:1].isupper()


def _is_name(line: str) -> bool:
    """`-Roman`, `- roman`, `/Anna`: the writer's name behind a stroke, and nothing else."""
    return _NAME.fullmatch(line) is not None and len(line.split()) <= _MOST_WORDS_OF_NAME


def _is_sent_from(line: str) -> bool:
    said = folded(line.strip("<>()[]*_ \t"))
    words = said.split()
    if not said.startswith(SENT_FROM) or len(words) > _MOST_WORDS_SENT:
        return False
    if any(device in said for device in DEVICES):
        return ", " not in said or len(words) <= _FEW_WORDS_SENT
    return len(words) <= _FEW_WORDS_SENT and "," not in said


def _are_short(lines: Sequence[str], most: int) -> bool:
    return len(lines) <= most and all(len(line) <= _LONGEST_LINE for line in lines)
