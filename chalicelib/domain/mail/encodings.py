"""Transfer encodings, decoded as far as they go."""

import binascii
import re
from typing import Final

_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_EQUALS_AT_END: Final = re.compile(rb"==(\r?\n)")
_QUAD: Final = 4


def decode_transfer(octets: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding; an unknown one leaves the bytes as they are."""
    match encoding:
        case "base64":
            return from_base64(octets)
        case "quoted-printable":
            return from_quoted_printable(octets)
        case "x-uuencode" | "uuencode" | "x-uue":
            return from_uuencode(octets)
        case _:
            return octets


def from_base64(octets: bytes) -> bytes:
    """Decode what there is: foreign letters are passed over, a broken end is left out."""
    try:
        return binascii.a2b_base64(octets)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", octets)
        if len(letters) % _QUAD == 1:
            letters = letters[:-1]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % _QUAD))


def from_quoted_printable(octets: bytes, *, is_header: bool = False) -> bytes:
    """Decode; what is not encoded stays as it is."""
    if b"==" in octets:
        # A `=` at the end of a line that was not encoded, before the one that breaks the line.
        octets = _EQUALS_AT_END.sub(rb"=3D=\1", octets)
    return binascii.a2b_qp(octets, header=is_header)


def from_uuencode(octets: bytes) -> bytes:
    """Decode the lines between `begin` and `end`; a broken line is passed over."""
    decoded: list[bytes] = []
    for line in octets.splitlines():
        if line.startswith(b"begin "):
            decoded.clear()
        elif line.strip() == b"end":
            break
        else:
            decoded.append(_uu_line(line))
    return b"".join(decoded)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""
