"""Whose mail was forwarded to us, and what it said.

Only claims of the user who forwards: never proof of who wrote what. An attached mail says it best;
else a line by which a client marks a forward, in one of the languages clients write; else a block
of headers, unless the subject says that this is an answer; else, where the subject says that it is
a forward, the line that says who wrote when.
"""

from collections.abc import Sequence
from typing import Final

from chalicelib.domain.mail.attributions import Attribution
from chalicelib.domain.mail.body import Body
from chalicelib.domain.mail.header_blocks import HeaderBlock, read_block
from chalicelib.domain.mail.labels import Label
from chalicelib.domain.mail.lines import Line, unquoted
from chalicelib.domain.mail.message import Forwarded
from chalicelib.domain.mail.people import people_in, sender_of
from chalicelib.domain.mail.phrases import says_answer, says_forward, without_mark
from chalicelib.domain.mail.written_dates import read_written_date

_BEHIND_A_MARK: Final = 6
_DEEPEST: Final = 5


def read_forward(body: Body, *, subject: str = "", is_in_reply: bool = False) -> Forwarded | None:
    """Return the mail inside a body; None where it is an answer, or nothing is inside.

    `is_in_reply`: its headers name a mail that it answers. Forwards may do so as well, but then
    the subject says what they are.
    """
    is_answer = says_answer(subject) or (is_in_reply and not says_forward(subject))
    return _read(body, subject=subject, is_answer=is_answer, depth=0)


def _read(body: Body, *, subject: str, is_answer: bool, depth: int) -> Forwarded | None:
    lines = body.lines
    for at in sorted(body.telling):
        line = lines[at]
        if line.marks_forward:
            return _marked(lines, at, how="separator", depth=depth)
        if line.marks_original:
            return None if is_answer else _marked(lines, at, how="original_rule", depth=depth)
        block = body.block(at)
        if block is not None:
            return None if is_answer else _of_block(lines, at, block, "headers", depth)
        attribution = body.attribution(at)
        if attribution is not None:
            is_forward = says_forward(subject) and not is_answer
            return _of_attribution(lines, at, attribution, subject, depth) if is_forward else None
    return None


def _marked(lines: Sequence[Line], at: int, *, how: str, depth: int) -> Forwarded:
    """Read what stands behind the line that marks a forward; headers may be missing there."""
    begin = _next_said(lines, at + 1)
    block = HeaderBlock(end=begin)
    if begin < len(lines):
        is_label = lines[begin].label is not None
        block = read_block(lines, begin) if is_label else _behind_rule(lines, begin, block)
    return _of_block(lines, at, block, how, depth)


def _behind_rule(lines: Sequence[Line], begin: int, without: HeaderBlock) -> HeaderBlock:
    """Read the block below a second line that only rules off, or above which a name stands."""
    for at in range(begin, min(begin + _BEHIND_A_MARK, len(lines))):
        if lines[at].label is not None:
            block = read_block(lines, at)
            return block if block.is_plain else without
        if lines[at].text and not lines[at].is_ruled and not lines[at].marks_forward:
            return without
    return without


def _of_block(
    lines: Sequence[Line], at: int, block: HeaderBlock, how: str, depth: int
) -> Forwarded:
    fields = block.fields
    first = block.end - 1 if fields else block.end
    body = _body(lines, block.end, quoted=lines[first].depth if first < len(lines) else 0)
    date = fields.get(Label.DATE, "")
    return Forwarded(
        how=how,
        from_=sender_of(fields.get(Label.FROM, "")),
        to=people_in(fields.get(Label.TO, "")),
        cc=people_in(fields.get(Label.CC, "")),
        subject=fields.get(Label.SUBJECT, ""),
        date=date,
        dated_at=read_written_date(date),
        body=body,
        text_above=_above(lines, at),
        inside=_inside(body, depth),
    )


def _of_attribution(
    lines: Sequence[Line], at: int, said: Attribution, subject: str, depth: int
) -> Forwarded:
    begin = _next_said(lines, said.end)
    body = _body(lines, begin, quoted=lines[begin].depth if begin < len(lines) else 0)
    sender, date = said.parts
    return Forwarded(
        how="attribution",
        from_=sender_of(sender),
        subject=without_mark(subject),
        date=date,
        dated_at=read_written_date(date),
        body=body,
        text_above=_above(lines, at),
        inside=_inside(body, depth),
    )


def _inside(body: str, depth: int) -> Forwarded | None:
    if depth >= _DEEPEST:
        return None
    return _read(Body(body), subject="", is_answer=False, depth=depth + 1)


def _next_said(lines: Sequence[Line], at: int) -> int:
    while at < len(lines) and not lines[at].text:
        at += 1
    return at


def _above(lines: Sequence[Line], at: int) -> str:
    """Return the text above, without a line that only rules off."""
    while at > 0 and (not lines[at - 1].text or lines[at - 1].is_ruled):
        at -= 1
    return "\n".join(line.whole for line in lines[:at]).strip("\ufeff \t\n")


def _body(lines: Sequence[Line], begin: int, *, quoted: int) -> str:
    """Return what was said in it; where it is quoted, as far as the quotation goes."""
    end = len(lines)
    if quoted:
        end = begin
        for at in range(begin, len(lines)):
            if lines[at].depth >= quoted:
                end = at + 1
            elif lines[at].text:
                break
    return "\n".join(_dedented(unquoted(line, quoted)) for line in lines[begin:end]).strip()


def _dedented(line: str) -> str:
    return line.removeprefix("    ").rstrip()
