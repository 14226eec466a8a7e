"""The header block of a mail or part: found, unfolded and decoded, however it was written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.mail.budget import Budget
from chalicelib.domain.mail.charsets import decode
from chalicelib.domain.mail.defects import Defects
from chalicelib.domain.mail.encodings import from_base64, from_quoted_printable

# Atomic groups: a CRLF is one line end, never a CR and a LF that make an empty line.
_BLANK_LINE: Final = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")
_NAME: Final = re.compile(rb"([!-9;-~]+)[ \t]*:")
# After a broken line only a header that every mail has shows that the headers go on.
_GOES_ON: Final = re.compile(
    rb"(?:Received|Date|From|To|Subject|Message-ID|MIME-Version|Content-Type|Return-Path)[ \t]*:",
    re.IGNORECASE,
)
_ENCODED_WORD: Final = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]{0,4096})\?=")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Headers:
    """Names in lower case with their unfolded bytes, in the order of the mail."""

    fields: tuple[tuple[str, bytes], ...] = ()

    def first(self, name: str) -> str:
        """Return the first header of that name as text, or an empty text."""
        for known, value in self.fields:
            if known == name:
                return decode(value)[0]
        return ""

    def all(self, name: str) -> Iterator[str]:
        """Yield every header of that name as text, encoded words not yet decoded."""
        return (decode(value)[0] for known, value in self.fields if known == name)

    def decoded(self, name: str) -> str:
        """Return the first header of that name as people read it."""
        return decode_words(self.first(name))

    def __contains__(self, name: str) -> bool:
        """Tell whether there is such a header."""
        return any(known == name for known, _ in self.fields)


def split_headers(raw: bytes, *, budget: Budget, defects: Defects) -> tuple[Headers, bytes]:
    """Return the headers and the body behind them."""
    block, body = _split_block(raw)
    fields: list[tuple[str, bytes]] = []
    at = 0
    for line in block.splitlines(keepends=True):
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields[-1]
            fields[-1] = name, _joined(value, line, budget=budget, defects=defects)
        elif (named := _NAME.match(line)) is not None:
            if len(fields) >= budget.headers:
                defects.note("too_many_headers")
                break
            value = line[named.end() :].strip(b" \t\r\n")[: budget.header_octets]
            fields.append((named[1].decode("ascii").lower(), value))
        elif line.startswith((b"From ", b">From ")):
            pass  # An envelope, as mailboxes keep it.
        elif _GOES_ON.match(block, at + len(line)) is not None:
            defects.note("broken_header")
        else:
            # What is no header ends the headers, as every reader of mail takes it.
            defects.note("headers_end_without_blank_line")
            return Headers(tuple(fields)), raw[at:]
        at += len(line)
    return Headers(tuple(fields)), body


def _split_block(raw: bytes) -> tuple[bytes, bytes]:
    if raw[:1] in {b"\r", b"\n"}:
        return b"", raw.lstrip(b"\r\n")
    blank = _BLANK_LINE.search(raw)
    return (raw[: blank.start()], raw[blank.end() :]) if blank else (raw, b"")


def _joined(value: bytes, line: bytes, *, budget: Budget, defects: Defects) -> bytes:
    if len(value) >= budget.header_octets:
        defects.note("header_too_long")
        return value
    return value + b" " + line.strip(b" \t\r\n")


def decode_words(text: str) -> str:
    """Decode RFC 2047 words, also broken ones, and make one line of the text."""
    if "=?" in text:
        text = "".join(_decoded(text))
    return " ".join(_CONTROLS.sub(" ", text).split())


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
