"""The line a client writes above what it quotes: `On Monday, Paula <p@a.test> wrote:`.

Languages order it in every way and clients break it over lines, so it is not read by one pattern
per language. A few lines are joined and judged by what stands in them: how they begin, whether
there is a date, an address, a word for writing, and a colon at the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.mail.lines import Line
from chalicelib.domain.mail.phrases import INTROS, WROTE, folded

MOST_LINES: Final = 6
_LONGEST: Final = 400
_SHORT: Final = 120
_ENDS: Final = " \t-_>*:\N{FULLWIDTH COLON}\N{HORIZONTAL ELLIPSIS}."
_COLONS: Final = (":", "\N{FULLWIDTH COLON}")
_DATE: Final = re.compile(
    r"\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? \w{3,12}\.?,? \d{2,4}"
)
_DAY: Final = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}(?:st|nd|rd|th|\.|-)? ?(?:de |-)?[^\W\d_]{2,12}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}\b|\d{4}\s?[\u5e74\ub144]"
)
_ADDRESS: Final = re.compile(r"[^\s<>\[\]()\"'@]{1,100}@[^\s<>\[\]()\"'@]{1,250}\w")
_ON: Final = re.compile(r"(?:(?<=\s)|(?<=--))(?:On|Le|Am|El|Il|Op|Em|Den) [^\s]{1,12},? ")
_NUMBERS: Final = frozenset("0123456789")
_QUOTES: Final = "\"'“”„«» "
_PAIRS: Final = {'"': '"', "”": "„", "»": "«", "'": "'", "“": "„"}
_FILLERS: Final = frozenset(
    {"heeft", "użytkownik", "пользователь", "používateľ", "uživatel", "időpontban", "user"}
    | {"користувач", "am", "pm", "uhr", "from", "od", "от", "von", "a", "av", "by"}
)
_WROTE_WORDS: Final = frozenset(word for word in WROTE if " " not in word) | {"écrit", "scritto"}
_WROTE: Final = frozenset(WROTE)
_WROTE_UNSPACED: Final = frozenset(word[-3:] for word in WROTE if word[-1] > "\u3000") | {
    "写道",
    "寫道",
    "작성",
}
_AROUND: Final = (
    _WROTE_WORDS
    | _FILLERS
    | {"on", "at", "am", "le", "el", "il", "op", "den", "d", "em", "dnia", "dňa", "dne", "på"}
    | {"giorno", "w", "dniu", "følgende", "följande", "tarihinde", "şunu", "şunları", "ezt", "a"}
)
_BROKEN_ENDS: Final = ("<", ",", "mailto:", "(", "[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Where it ends (the first line behind it), what it says, and the words before it."""

    end: int
    said: str
    lead: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        """Who wrote, as a header would say it, and when."""
        found = _ADDRESS.search(self.said)
        if found is None:
            return "", ""
        before = self.said[: found.start()].rstrip(" <[(")
        name = _name_at_end(before)
        behind = self.said[found.end() :].lstrip(" >])")
        told = before.removesuffix(name)
        date = _without_words(told if _has_day(told) else behind)
        return f'"{name.strip(_QUOTES)}" <{found[0]}>', date


def may_stand_at(lines: Sequence[Line], at: int) -> bool:
    """Tell by the first words alone whether it is worth a closer look."""
    return bool(lines[at].text) and _may_begin(lines[at].text)


def attribution_at(lines: Sequence[Line], at: int) -> Attribution | None:
    """Return the attribution that begins on this line, if one does."""
    first = lines[at]
    said = ""
    blanks = 0
    for end in range(at, min(at + MOST_LINES, len(lines))):
        line = lines[end]
        if not line.text and end > at:
            blanks += 1
        if blanks > 1 or not _goes_on(said, line, first, is_first=end == at):
            return None
        said = f"{said} {line.text}".strip()
        if len(said) > _LONGEST:
            return None
        if line.may_end and _is_whole(said, lines, end + 1):
            return Attribution(end=end + 1, said=said)
    return None


def attribution_within(lines: Sequence[Line], at: int) -> Attribution | None:
    """Return an attribution that follows the last words of an answer on their own line."""
    text = lines[at].text
    if len(text) > _LONGEST or not text.endswith(_COLONS):
        return None
    for found in _ON.finditer(text):
        said, lead = text[found.start() :], text[: found.start()].rstrip(" -")
        if lead and _ends_with_wrote(said) and _DATE.search(said) and not _DATE.search(lead):
            return Attribution(end=at + 1, said=said, lead=lead)
    return None


def _name_at_end(text: str) -> str:
    """Return the name that stands last: in quotes, or the words behind a date or a verb."""
    closing = text[-1:]
    opening = _PAIRS.get(closing)
    if opening is not None:
        begin = text.rfind(opening, 0, -1)
        return text[begin:] if begin >= 0 else closing
    kept: list[str] = []
    for word in reversed(text.split(" ")):
        bare = folded(word.strip(_ENDS))
        is_end = any(letter.isdigit() for letter in word) or word.endswith((",", ":"))
        if is_end or bare in _WROTE_WORDS or bare in _FILLERS:
            break
        kept.append(word)
    return " ".join(reversed(kept))


def _without_words(text: str) -> str:
    """Return a date without what leads to it and away from it."""
    words = text.strip(", :").split()
    while words and folded(words[0].strip(_ENDS)) in _AROUND:
        words.pop(0)
    while words and folded(words[-1].strip(_ENDS)) in _AROUND:
        words.pop()
    return " ".join(words).strip(", :")


def _may_begin(text: str) -> bool:
    start = text[:40]
    if start[0] in "-_":
        start = start.lstrip("-_ ")
    return (
        "@" in text
        or not _NUMBERS.isdisjoint(start)
        or folded(start).startswith(INTROS)
        or _ends_with_wrote(text)
    )


def _goes_on(said: str, line: Line, first: Line, *, is_first: bool) -> bool:
    """Tell whether a line can belong to the one before it."""
    if is_first:
        return True
    if not line.text:
        # Only where the line before was plainly broken off, or ended with a date.
        return said.endswith(_BROKEN_ENDS) or bool(_DATE.search(said))
    return line.depth == first.depth or said.count("<") > said.count(">")


def _is_whole(said: str, lines: Sequence[Line], behind: int) -> bool:
    has_address = "@" in said and _ADDRESS.search(said) is not None
    has_number = not _NUMBERS.isdisjoint(said)
    if not (has_address or has_number or _ends_with_wrote(said)):
        return False
    has_date = has_number and _DATE.search(said) is not None and _has_day(said)
    ends_with_colon = said.rstrip(" *_-").endswith(_COLONS)
    if _ends_with_wrote(said):
        starts_well = folded(said.lstrip("-_ ")[:20]).startswith(INTROS)
        return (
            has_date
            or has_address
            or (starts_well and ends_with_colon and "," in said)
            or (len(said) <= _SHORT and _is_quoted(lines, behind))
        )
    if ends_with_colon and _has_wrote(said):
        return has_date or has_address
    if has_date and has_address and _is_first(_DATE, _ADDRESS, said):
        return ends_with_colon or (said.endswith(">") and _is_quoted(lines, behind))
    return False


def _is_first(one: re.Pattern[str], other: re.Pattern[str], text: str) -> bool:
    before, behind = one.search(text), other.search(text)
    return before is not None and behind is not None and before.start() < behind.start()


def _is_quoted(lines: Sequence[Line], at: int) -> bool:
    """Tell whether the next line that says something is quoted."""
    for line in lines[at : at + 4]:
        if line.depth:
            # `> wrote:` is the end of an address that was broken, not a quotation.
            return not _ends_with_wrote(line.text)
        if line.text:
            return False
    return False


def _ends_with_wrote(text: str) -> bool:
    said = folded(text[-60:].rstrip(_ENDS))
    if said[-2:] in _WROTE_UNSPACED or said[-3:] in _WROTE_UNSPACED:
        return True
    # `<a@b.test>wrote:` is how some clients write it.
    words = said[said.rfind(">") + 1 :].split()
    return any(" ".join(words[-count:]) in _WROTE for count in range(1, len(words[-4:]) + 1))


def _has_wrote(text: str) -> bool:
    words = folded(text).split()
    return any(word.strip(_ENDS) in _WROTE_WORDS for word in words)


def _has_day(text: str) -> bool:
    return _DAY.search(text) is not None
