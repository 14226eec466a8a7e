"""What Outlook packs into `winmail.dat`: the texts and files of a mail (MS-OXTNEF).

Attributes stand one behind the other, each with its length; properties likewise. Nothing is read
beyond the bytes there are, and no byte twice, so a file costs its length whatever it claims. Text
that exists as compressed RTF only stays in the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from chalicelib.domain.mail.charsets import decode

TNEF_TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SIGNATURE: Final = b"\x78\x9f\x3e\x22"
_HEADER: Final = 6
_MOST: Final = 5000
"""Attributes and properties; a mail with a hundred files needs some thousand."""
_MOST_FILES: Final = 500
_LONGEST_NAME: Final = 500


class _Attribute(IntEnum):
    """What a piece of the file is."""

    MESSAGE_CLASS = 0x8008
    BODY = 0x800C
    PROPERTIES = 0x9003
    CODE_PAGE = 0x9007
    FILE_BEGINS = 0x9002
    FILE_TITLE = 0x8010
    FILE_DATA = 0x800F
    FILE_PROPERTIES = 0x9005


class _Property(IntEnum):
    """What a property of a mail or file is (MS-OXPROPS)."""

    BODY = 0x1000
    HTML = 0x1013
    DATA = 0x3701
    SHORT_NAME = 0x3704
    LONG_NAME = 0x3707
    MIME_TYPE = 0x370E
    CONTENT_ID = 0x3712
    CODE_PAGE = 0x3FDE
    """In which the HTML is written."""


_PAGES: Final = {
    65001: "utf-8", 20127: "ascii", 50220: "iso-2022-jp", 51949: "euc-kr", 54936: "gb18030",
    20866: "koi8-r", 21866: "koi8-u",
    **{28590 + part: f"iso-8859-{part}" for part in range(1, 16)},
}  # fmt: skip
_MANY: Final = 0x1000
_NAMED: Final = 0x8000
_UNICODE: Final = 0x001F
_VARIABLE: Final = frozenset({0x000D, 0x001E, _UNICODE, 0x0102})
_SIZES: Final = {
    0x0002: 4, 0x0003: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x000B: 4,
    0x0014: 8, 0x0040: 8, 0x0048: 16,
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class TnefFile:
    """One file inside."""

    name: str = ""
    content_type: str = ""
    content: bytes = b""
    is_inline: bool = False


@dataclass(slots=True, kw_only=True)
class Tnef:
    """What is inside; `is_whole` unless it ends in the midst of something."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)
    is_whole: bool = True


class _Torn(Exception):  # noqa: N818 - no error: the end of what can be read
    """The bytes end, or say something impossible."""


def is_tnef(octets: bytes) -> bool:
    """Tell by the first bytes."""
    return octets.startswith(_SIGNATURE)


def message_class(octets: bytes) -> str:
    """Return what Outlook calls a mail of this kind (`IPM.Schedule.Meeting.Resp.Pos`)."""
    try:
        for identifier, value in _attributes(octets):
            if identifier == _Attribute.MESSAGE_CLASS:
                return _text(value)[:_LONGEST_NAME]
    except _Torn:
        return ""
    return ""


def parse_tnef(octets: bytes) -> Tnef:
    """Read as much as there is."""
    tnef = Tnef()
    page = ""
    try:
        for identifier, value in _attributes(octets):
            match identifier:
                case _Attribute.CODE_PAGE:
                    page = _code_page(value)
                case _Attribute.BODY:
                    tnef.text = tnef.text or _text(value, page)
                case _Attribute.PROPERTIES:
                    _take_body(tnef, value, page)
                case _:
                    _take_file(tnef, identifier, value, page)
    except _Torn:
        tnef.is_whole = False
    return tnef


def _take_body(tnef: Tnef, octets: bytes, page: str) -> None:
    html: tuple[int, bytes] | None = None
    page_of_html = page
    for kind, identifier, value in _properties(octets):
        match identifier:
            case _Property.BODY:
                tnef.text = _string(kind, value, page) or tnef.text
            case _Property.HTML:
                html = kind, value
            case _Property.CODE_PAGE:
                page_of_html = _code_page(value)
            case _:
                pass
    if html is not None:
        tnef.html = _string(*html, page_of_html)


def _code_page(value: bytes) -> str:
    number = int.from_bytes(value[:4], "little")
    return _PAGES.get(number, f"cp{number}")


def _take_file(tnef: Tnef, identifier: int, value: bytes, page: str) -> None:
    if identifier == _Attribute.FILE_BEGINS and len(tnef.files) < _MOST_FILES:
        tnef.files.append(TnefFile())
    if not tnef.files:
        return
    last = tnef.files[-1]
    match identifier:
        case _Attribute.FILE_TITLE:
            last.name = last.name or _text(value, page)[:_LONGEST_NAME]
        case _Attribute.FILE_DATA:
            last.content = value
        case _Attribute.FILE_PROPERTIES:
            _take_properties(last, value, page)
        case _:
            pass


def _take_properties(file: TnefFile, octets: bytes, page: str) -> None:
    for kind, identifier, value in _properties(octets):
        match identifier:
            case _Property.LONG_NAME:
                file.name = _string(kind, value, page)[:_LONGEST_NAME] or file.name
            case _Property.SHORT_NAME:
                file.name = file.name or _string(kind, value, page)[:_LONGEST_NAME]
            case _Property.MIME_TYPE:
                file.content_type = _string(kind, value, page)[:_LONGEST_NAME].lower()
            case _Property.CONTENT_ID:
                file.is_inline = True
            case _Property.DATA:
                file.content = file.content or value
            case _:
                pass


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield every attribute: one byte of level, its id and type, its length, value, checksum."""
    if not is_tnef(octets):
        raise _Torn
    reader = _Reader(octets, _HEADER)
    for _ in range(_MOST):
        if not reader.is_left:
            return
        reader.take(1)
        identifier = reader.number(2)
        reader.take(2)
        value = reader.take(reader.number(4))
        reader.take(2)
        yield identifier, value
    raise _Torn


def _properties(octets: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield every property: its kind, its id, and the first of its values."""
    reader = _Reader(octets, 0)
    for _ in range(min(reader.number(4), _MOST)):
        kind, identifier = reader.number(2), reader.number(2)
        if identifier >= _NAMED:
            _pass_name(reader)
        plain = kind & ~_MANY
        is_variable = plain in _VARIABLE
        count = reader.number(4) if is_variable or kind & _MANY else 1
        values = [_value(reader, plain, is_variable=is_variable) for _ in range(min(count, _MOST))]
        yield plain, identifier, values[0] if values else b""


def _pass_name(reader: "_Reader") -> None:
    """A property without a number has the id of a set, and a number or a text in it."""
    reader.take(16)
    is_text = reader.number(4) == 1
    reader.take(reader.padded(reader.number(4)) if is_text else 4)


def _value(reader: "_Reader", kind: int, *, is_variable: bool) -> bytes:
    if is_variable:
        length = reader.number(4)
        value = reader.take(length)
        reader.take(reader.padded(length) - length)
        return value
    size = _SIZES.get(kind)
    if size is None:
        raise _Torn
    return reader.take(size)


class _Reader:
    """Takes bytes off the front."""

    def __init__(self, octets: bytes, at: int) -> None:
        self._octets = octets
        self._at = at

    @property
    def is_left(self) -> bool:
        return self._at < len(self._octets)

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._octets):
            raise _Torn
        taken = self._octets[self._at : end]
        self._at = end
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    @staticmethod
    def padded(length: int) -> int:
        """Values end at a multiple of four bytes."""
        return length + (-length % 4)


def _string(kind: int, value: bytes, page: str) -> str:
    if kind == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\x00")
    return _text(value, page)


def _text(value: bytes, page: str = "") -> str:
    return decode(value.rstrip(b"\x00"), page)[0]
