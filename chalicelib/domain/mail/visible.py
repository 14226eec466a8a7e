"""What somebody newly wrote, without the mail they answer; the whole body is always kept beside it.

Lines are classified first, then the row of classes decides: what a splitter ends, what is quoted
and what stands between. Where it is not plain what is quoted, the text is shown: losing words is
worse than showing some twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from chalicelib.domain.mail.attributions import attribution_within
from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.client_marks import Mark
from chalicelib.domain.mail.lines import Line, unquoted
from chalicelib.domain.mail.signatures import is_only_signature, split_signature

_LONG_RULE: Final = 20
_LONGEST_SIGNATURE: Final = 20
_MOST_OF_ATTRIBUTION: Final = 6
_MOST_OF_HEADERS: Final = 12
_FEW_HEADERS: Final = 4
_LONGEST_LABEL: Final = 30
_COLONS: Final = (":", "\N{FULLWIDTH COLON}")
_QUOTATIONS: Final = frozenset({Mark.QUOTED, Mark.ATTRIBUTION, Mark.REST_IS_QUOTED})
_WRAPPED_LINKS: Final = ("(http://", "(https://", "<http://", "<https://")


@dataclass(frozen=True, slots=True)
class Visible:
    """What is new in a mail, and the signature below it."""

    text: str
    signature: str = ""


def read_visible(body: Body) -> Visible:
    """Return what somebody newly wrote, and apart from it their signature."""
    kept = _Kept(rest=body.rest)
    _keep_new(body, kept)
    if kept.signature is not None:
        return kept.signature
    return Visible(*split_signature(kept.text or body.text.strip()))


def visible_text(text: str) -> str:
    """Return the new text of a mail with its signature; all of it where nothing would be left."""
    body = Body(text)
    kept = _Kept(rest=body.rest)
    _keep_new(body, kept)
    return kept.text or body.text.strip()


@dataclass(slots=True)
class _Kept:
    """The lines that are shown, and those above and below what was quoted."""

    lines: list[str] = field(default_factory=list)
    below: int | None = None
    """How many lines stand above the first quotation."""
    rest: str = ""
    """What lies beyond the lines that are looked at."""
    signed: int | None = None
    """How many lines stand above what a client says is the signature."""

    def quote(self) -> None:
        """Remember where quoting began."""
        if self.below is None:
            self.below = len(self.lines)

    @property
    def says_something(self) -> bool:
        """Whether any words are kept yet."""
        return any(line.strip() for line in self.lines)

    @property
    def signature(self) -> Visible | None:
        """The text and its signature, if a client said where that begins and it ends the text."""
        whole = self.text.split("\n") if self.signed is not None else []
        below = [line for line in whole[self.signed :] if line.strip()]
        above = "\n".join(whole[: self.signed]).strip()
        if not above or not 0 < len(below) <= _LONGEST_SIGNATURE:
            return None
        return Visible(above, "\n".join(whole[self.signed :]).strip())

    @property
    def text(self) -> str:
        """The lines as text; a signature alone below a quotation is left out."""
        lines = [*self.lines, self.rest] if self.rest else self.lines
        if self.below is not None:
            above, below = lines[: self.below], lines[self.below :]
            if is_only_signature(below) and any(line.strip() for line in above):
                lines = above
        return "\n".join(lines).strip()


def _keep_new(body: Body, kept: _Kept) -> None:
    lines = body.lines
    indents = _indents(body)
    at = 0
    while at < len(lines):
        if lines[at].depth:
            behind = _behind_quoted(lines, at)
            if behind in indents:
                kept.lines.extend(unquoted(line, line.depth) for line in lines[at:behind])
            else:
                kept.quote()
            at = behind
            continue
        marked_end = _behind_marked(lines, at, kept) if lines[at].mark else None
        if marked_end is not None:
            kept.quote()
            at = marked_end
            continue
        is_split = at in body.telling and _splits(body, at)
        said_behind = None
        if at in body.telling and not is_split:
            said_behind = _behind_attribution(body, at, kept)
        if said_behind is None and not is_split:
            kept.lines.append(lines[at].whole)
            at += 1
            continue
        kept.quote()
        if said_behind is None or not _has_quoted_behind(lines, said_behind):
            kept.rest = ""
            return
        at = said_behind


def _behind_marked(lines: Sequence[Line], at: int, kept: _Kept) -> int | None:
    """Return the line behind what a client says is not new; None where that is not to be trusted.

    Above everything else it cannot be: somebody writes below what they quote.
    """
    match lines[at].mark:
        case Mark.REST_IS_QUOTED:
            return len(lines) if kept.says_something else _quoted_soon(lines, at)
        case Mark.HEADERS if kept.says_something and _is_headed(lines, at):
            return len(lines)
        case Mark.ATTRIBUTION:
            return _quoted_soon(lines, at)
        case Mark.MAYBE_ATTRIBUTION:
            quoted = _quoted_soon(lines, at)
            said = [line.text for line in lines[at:quoted] if line.text]
            return quoted if said and said[-1].endswith(_COLONS) else None
        case Mark.SIGNATURE if kept.signed is None and kept.says_something:
            kept.signed = len(kept.lines)
    return None


def _quoted_soon(lines: Sequence[Line], at: int) -> int | None:
    """Return the first quoted line, if nothing but a few others stand above it."""
    places = range(at, min(at + _MOST_OF_ATTRIBUTION, len(lines)))
    return next((place for place in places if lines[place].depth), None)


def _is_headed(lines: Sequence[Line], at: int) -> bool:
    """Tell whether lines such as `Kimden: …` follow, in whatever language."""
    said = [line.text for line in lines[at : at + _MOST_OF_HEADERS] if line.text][:_FEW_HEADERS]
    is_label = [0 < text.find(":") <= _LONGEST_LABEL for text in said]
    return (
        sum(is_label) >= _FEW_HEADERS - 1
        and is_label[0]
        and any("@" in text or any(map(str.isdigit, text)) for text in said)
    )


def _indents(body: Body) -> frozenset[int]:
    """Return where indented text ends that only looks like a quotation.

    HTML has one element for both. Where nothing says who wrote when, and the writer goes on below,
    it is the writer's own text.
    """
    lines = body.lines
    if not body.is_html or any(line.mark in _QUOTATIONS for line in lines):
        return frozenset()
    if any(body.attribution(at) for at in body.telling):
        return frozenset()
    own = [at for at, line in enumerate(lines) if line.text and not line.depth]
    if not own or own[0] != 0:
        return frozenset()
    places = range(1, own[-1] + 1)
    return frozenset(at for at in places if lines[at - 1].depth and not lines[at].depth)


def _behind_attribution(body: Body, at: int, kept: _Kept) -> int | None:
    """Return the line behind `On … wrote:`; words before it on its line are kept."""
    if body.lines[at].may_end:
        within = attribution_within(body.lines, at)
        if within is not None:
            kept.lines.append(within.lead)
            return within.end
    said = body.attribution(at)
    return said.end if said else None


def _behind_quoted(lines: Sequence[Line], at: int) -> int:
    """Return the first line behind what is quoted; a link broken over two lines stays with it."""
    while at < len(lines):
        if not lines[at].depth and not _is_broken_off(lines, at):
            break
        at += 1
    return at


def _is_broken_off(lines: Sequence[Line], at: int) -> bool:
    """Tell whether an unquoted line is the rest of a link in the quoted line above it."""
    if at + 1 >= len(lines) or not lines[at].text or not lines[at + 1].depth:
        return False
    above, text = lines[at - 1].text, lines[at].text
    is_open = any(
        link in above and above.count(link[0]) > above.count(_CLOSING[link[0]])
        for link in _WRAPPED_LINKS
    )
    return is_open or text.startswith(_WRAPPED_LINKS)


_CLOSING: Final = {"(": ")", "<": ">"}


def _has_quoted_behind(lines: Sequence[Line], at: int) -> bool:
    """Tell whether what was announced is quoted by marks; else it goes on to the end."""
    while at < len(lines) and not lines[at].text and not lines[at].depth:
        at += 1
    return at < len(lines) and bool(lines[at].depth)


def _splits(body: Body, at: int) -> bool:
    """Tell whether everything from this line on is another mail."""
    line = body.lines[at]
    if line.marks_forward or line.marks_original:
        return True
    return _is_outlook_rule(line) or body.block(at) is not None


def _is_outlook_rule(line: Line) -> bool:
    return len(line.text) > _LONG_RULE and not line.text.strip("_")
