"""Builds `winmail.dat` files as Outlook does: attributes with their lengths, one by one."""

from typing import Final

SIGNATURE: Final = b"\x78\x9f\x3e\x22\x01\x00"
UNICODE: Final = 0x001F
STRING: Final = 0x001E
BINARY: Final = 0x0102
LONG: Final = 0x0003
OBJECT: Final = 0x000D


def attribute(identifier: int, value: bytes, *, level: int = 1) -> bytes:
    """Return one attribute; the checksum is not looked at by anybody."""
    head = bytes([level]) + identifier.to_bytes(4, "little")
    return head + len(value).to_bytes(4, "little") + value + b"\x00\x00"


def properties(*each: bytes) -> bytes:
    """Return a block of properties."""
    return len(each).to_bytes(4, "little") + b"".join(each)


def a_property(kind: int, identifier: int, value: bytes, *, name: bytes = b"") -> bytes:
    """Return one property; `name` is the set and the name of one that has no number."""
    head = kind.to_bytes(2, "little") + identifier.to_bytes(2, "little") + name
    if kind == LONG:
        return head + value
    padding = b"\x00" * (-len(value) % 4)
    return head + (1).to_bytes(4, "little") + len(value).to_bytes(4, "little") + value + padding


def a_winmail(*, text: str = "", html: str = "", message_class: str = "IPM.Note") -> bytes:
    """Return a mail with one file inside, under a long and a short name."""
    utf16 = (text + "\x00").encode("utf-16-le")
    named = b"\x11" * 16 + (1).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"K\x00\x00\x00"
    body = properties(
        a_property(LONG, 0x0E17, b"\x01\x00\x00\x00"),
        a_property(UNICODE, 0x8001, b"y\x00\x00\x00", name=named),
        a_property(UNICODE, 0x1000, utf16),
        a_property(LONG, 0x3FDE, (65001).to_bytes(4, "little")),
        *([a_property(BINARY, 0x1013, html.encode())] if html else []),
    )
    file = properties(
        a_property(UNICODE, 0x3707, "Preisliste Stühle.pdf\x00".encode("utf-16-le")),
        a_property(STRING, 0x370E, b"application/PDF\x00"),
    )
    return b"".join(
        (
            SIGNATURE,
            attribute(0x00078008, f"{message_class}\x00".encode()),
            attribute(0x00069007, (1252).to_bytes(4, "little") + b"\x00" * 4),
            attribute(0x00069003, body),
            attribute(0x00069002, b"\x00" * 14, level=2),
            attribute(0x00018010, b"PREISL~1.PDF\x00", level=2),
            attribute(0x0006800F, b"%PDF-1.7", level=2),
            attribute(0x00069005, file, level=2),
        )
    )
