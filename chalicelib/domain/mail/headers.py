"""The header block of a mail or part: found, unfolded and decoded, however it was written."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from chalicelib.domain.mail.budget import Budget
from chalicelib.domain.mail.charsets import decode
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.encodings import from_base64, from_quoted_printable

# Atomic groups: a CRLF is one line end, never a CR and a LF that make an empty line.
_BLANK_LINE: Final = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_WHITE: Final = b" \t\r\n"
# A block as nearly every mail has it, field behind field; no letter is looked at twice.
_FIELD: Final = re.compile(rb"([!-9;-~]++)[ \t]*+:([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)(?:\r?\n|\Z)")
_ENVELOPE: Final = re.compile(rb">?From [^\r\n]*\r?\n")
"""As mailboxes keep it above a mail."""
_WELL_FORMED: Final = re.compile(rb"(?:" + _FIELD.pattern + rb")*+")
_MIXED: Final = {b"\r\n\r\n": (b"\n\n", b"\r\r", b"\n\r"), b"\n\n": (b"\r",)}
_NAME: Final = re.compile(rb"([!-9;-~]+)[ \t]*:")
# After a broken line only a header that every mail has shows that the headers go on.
_GOES_ON: Final = re.compile(
    rb"(?:Received|Date|From|To|Subject|Message-ID|MIME-Version|Content-Type|Return-Path)[ \t]*:",
    re.IGNORECASE,
)
_ENCODED_WORD: Final = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]{0,4096})\?=")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Headers:
    """Names in lower case with their bytes, in the order of the mail; unfolded when asked for."""

    __slots__ = ("_fields", "_first")

    def __init__(self, fields: Sequence[tuple[str, bytes]] = ()) -> None:
        """Keep the fields, and the first of each name at hand."""
        self._fields = fields
        self._first = dict(reversed(fields))

    def first(self, name: str) -> str:
        """Return the first header of that name as text, or an empty text."""
        value = self._first.get(name)
        return decode(_unfolded(value))[0] if value else ""

    def all(self, name: str) -> Iterator[str]:
        """Yield every header of that name as text, encoded words not yet decoded."""
        return (decode(_unfolded(value))[0] for value in self.octets(name))

    def octets(self, name: str) -> Iterator[bytes]:
        """Yield every header of that name as it stands in the mail."""
        if name in self._first:
            yield from (value for known, value in self._fields if known == name)

    def decoded(self, name: str) -> str:
        """Return the first header of that name as people read it."""
        return decode_words(self.first(name))

    def has_any(self, names: frozenset[str]) -> bool:
        """Tell whether there is a header of one of those names."""
        return not names.isdisjoint(self._first)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a header."""
        return name in self._first


def _unfolded(value: bytes) -> bytes:
    value = value.strip(_WHITE)
    if b"\n" in value:
        return b" ".join([line.strip(_WHITE) for line in value.split(b"\n")])
    return value


def split_headers(raw: bytes, *, budget: Budget, defects: Defects) -> tuple[Headers, bytes]:
    """Return the headers and the body behind them."""
    block, body = _split_block(raw)
    begin = _ENVELOPE.match(block)
    at = begin.end() if begin else 0
    if _WELL_FORMED.fullmatch(block, at) is not None:
        found = _FIELD.findall(block, at)
        fields = [(name.lower().decode("ascii"), value) for name, value in found]
        if len(fields) <= budget.headers and len(block) <= budget.header_octets:
            return Headers(fields), body
    lines = _LineByLine(budget, defects)
    end = lines.read(block)
    return Headers(lines.fields), body if end is None else raw[end:]


class _LineByLine:
    """Reads a block in which anything may stand; what is no header ends it."""

    def __init__(self, budget: Budget, defects: Defects) -> None:
        self.fields: list[tuple[str, bytes]] = []
        self._budget = budget
        self._defects = defects

    def read(self, block: bytes) -> int | None:
        """Return where the body begins, if that is within the block."""
        at = 0
        for line in block.splitlines(keepends=True):
            if line[:1] in {b" ", b"\t"} and self.fields:
                self._go_on(line)
            elif (named := _NAME.match(line)) is not None:
                if len(self.fields) >= self._budget.headers:
                    self._defects.note("too_many_headers")
                    return None
                value = line[named.end() :].strip(_WHITE)[: self._budget.header_octets]
                self.fields.append((named[1].decode("ascii").lower(), value))
            elif line.startswith((b"From ", b">From ")):
                pass  # An envelope, as mailboxes keep it.
            elif _GOES_ON.match(block, at + len(line)) is not None:
                self._defects.note("broken_header")
            else:
                # What is no header ends the headers, as every reader of mail takes it.
                self._defects.note("headers_end_without_blank_line")
                return at
            at += len(line)
        return None

    def _go_on(self, line: bytes) -> None:
        name, value = self.fields[-1]
        if len(value) >= self._budget.header_octets:
            self._defects.note("header_too_long")
            return
        self.fields[-1] = name, value + b" " + line.strip(_WHITE)


def _split_block(raw: bytes) -> tuple[bytes, bytes]:
    if raw[:1] in {b"\r", b"\n"}:
        return b"", raw.lstrip(b"\r\n")
    # A plain search first, many times as fast; the pattern only where line ends are mixed.
    ends = b"\r\n\r\n" if raw[raw.find(b"\n") - 1 :][:1] == b"\r" else b"\n\n"
    at = raw.find(ends)
    if at >= 0 and not any(raw.find(odd, 0, at + 2) >= 0 for odd in _MIXED[ends]):
        return raw[:at], raw[at + len(ends) :]
    blank = _BLANK_LINE.search(raw)
    return (raw[: blank.start()], raw[blank.end() :]) if blank else (raw, b"")


def decode_words(text: str) -> str:
    """Decode RFC 2047 words, also broken ones, and make one line of the text."""
    if "=?" in text:
        text = "".join(_decoded(text))
    if not text.isprintable():
        text = _CONTROLS.sub(" ", text)
    return " ".join(text.split())


def _decoded(text: str) -> Iterator[str]:
    """Yield plain stretches and words; white space between two words is no text (RFC 2047, 6.2)."""
    end = 0
    held: list[tuple[str, bytes]] = []
    for word in _ENCODED_WORD.finditer(text):
        between = text[end : word.start()]
        if between.strip() or not held:
            yield from _flushed(held)
            held = []
            yield between
        held.append((word[1], _octets(word)))
        end = word.end()
    yield from _flushed(held)
    yield text[end:]


def _octets(word: re.Match[str]) -> bytes:
    coded = word[3].encode("latin-1", "replace")
    if word[2] in "bB":
        return from_base64(coded)
    return from_quoted_printable(coded, is_header=True)


def _flushed(held: list[tuple[str, bytes]]) -> Iterator[str]:
    """Join neighbours of one charset before decoding: some clients cut a letter in two."""
    while held:
        charset, octets = held.pop(0)
        while held and held[0][0].lower() == charset.lower():
            octets += held.pop(0)[1]
        yield decode(octets, charset)[0]
