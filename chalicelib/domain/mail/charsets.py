"""From bytes to text, though declared charsets lie.

The ladder: byte order mark, what is declared (by its usual meaning, not its letter), UTF-8, UTF-8
with a few broken places, windows-1252, latin-1. What is UTF-8 beyond doubt is UTF-8 whatever it is
called. The last rung takes every byte, so the ladder never fails; which rung held is told, for a
later reader to judge by.
"""

import codecs
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

_ALIASES: Final[Mapping[str, str]] = {
    # What these labels are used for is wider than what they say.
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "cp-850": "cp850",
    "utf8": "utf-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
}
_NO_ACCIDENT: Final = 3
_NO_CHARSETS: Final = frozenset(
    {
        "unicode-escape",
        "unicode_escape",
        "raw-unicode-escape",
        "raw_unicode_escape",
        "idna",
        "punycode",
        "undefined",
        "mbcs",
        "oem",
    }
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(octets: bytes, declared: str = "") -> tuple[str, str]:
    """Return the text and the rung of the ladder that held."""
    if octets.isascii() and not (declared and _is_stateful(declared)):
        return octets.decode("ascii"), "ascii"
    for mark, marked in _MARKS:
        if octets.startswith(mark):
            return octets.decode(marked, "replace"), "bom"
    rungs = [("declared", _codec(declared)), ("utf-8", "utf-8"), *_relatives(declared)]
    if _is_surely_utf8(octets):
        rungs = rungs[1:]
    for rung, codec in rungs:
        strict = _strictly(octets, codec)
        if strict is not None:
            return strict, rung
    repaired = octets.decode("utf-8", "replace")
    if _is_mostly_whole(repaired, is_declared=_codec(declared) == "utf-8"):
        return repaired, "utf-8-repaired"
    western = _strictly(octets, "cp1252")
    return (octets.decode("latin-1"), "latin-1") if western is None else (western, "cp1252")


def _relatives(declared: str) -> Sequence[tuple[str, str]]:
    """What is called ISO-2022-JP and is not, is Japanese in another dress."""
    is_japanese = declared.strip("\"' ").lower().startswith(("iso-2022-jp", "iso2022-jp"))
    return (("euc-jp", "euc_jp"), ("shift-jis", "cp932")) if is_japanese else ()


def _is_surely_utf8(octets: bytes) -> bool:
    """Tell whether this is UTF-8 whatever it is said to be: three such letters are no accident."""
    text = _strictly(octets, "utf-8")
    return text is not None and len(octets) - len(text) >= _NO_ACCIDENT


def _is_mostly_whole(repaired: str, *, is_declared: bool) -> bool:
    """Tell whether more letters beyond ASCII came out well than broken (a mail cut short, say)."""
    broken = repaired.count("\ufffd")
    whole = len(repaired.encode()) - len(repaired) - 2 * broken
    return whole >= broken if is_declared else whole > 2 * broken


def _strictly(octets: bytes, codec: str | None) -> str | None:
    if codec is None:
        return None
    try:
        text = octets.decode(codec)
        if codec == "utf-7":
            text.encode()  # its half surrogates could not be written anywhere
    except (UnicodeError, ValueError):
        return None
    return text


@lru_cache(maxsize=256)
def _codec(declared: str) -> str | None:
    """Return the codec a label stands for; None if there is none that makes text of bytes."""
    label = declared.strip("\"' \t").lower()[:64]
    label = label.split("*", 1)[0].split(" ", 1)[0]
    try:
        known = codecs.lookup(_ALIASES.get(label, label))
    except (LookupError, ValueError):
        return None
    # Codecs such as `zlib` or `unicode_escape` are no charsets, though they are codecs.
    if known.name in _NO_CHARSETS:
        return None
    return known.name if known._is_text_encoding else None  # noqa: SLF001 - told nowhere else


def _is_stateful(declared: str) -> bool:
    """Tell whether plain ASCII bytes may mean something else (ISO-2022, HZ, UTF-7)."""
    return declared.strip("\"' ").lower().startswith(("iso-2022", "iso2022", "hz", "utf-7", "utf7"))
