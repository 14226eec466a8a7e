"""What happens to mails on their way: cut short, other line ends, no charset, bytes changed."""

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.corpus.golden import CORPUS

_CHARSET: Final = re.compile(rb";[ \t\r\n]*charset=(?:\"[^\"]*\"|[^\s;]*)", re.IGNORECASE)
_SOME: Final = 3
_BODIES: Final = {".txt": b"text/plain", ".html": b"text/html"}


def mails() -> list[Path]:
    """Return the mails of our corpus, or of the directory that SEKVENS_MAILS names."""
    directory = Path(os.environ.get("SEKVENS_MAILS", CORPUS))
    return sorted(each for each in directory.rglob("*") if each.suffix in {".eml", *_BODIES})


def octets_of(mail: Path) -> bytes:
    """Return a mail; a body alone gets a header."""
    octets = mail.read_bytes()
    kind = _BODIES.get(mail.suffix)
    return b"Content-Type: " + kind + b"; charset=utf-8\n\n" + octets if kind else octets


def distorted(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a mail in every shape in which it may arrive, with the name of the shape."""
    for tenth in range(10):
        yield f"cut at {tenth} tenths", raw[: len(raw) * tenth // 10]
    unix = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for name, end in (("LF", b"\n"), ("CRLF", b"\r\n"), ("CR", b"\r"), ("LFCR", b"\n\r")):
        yield f"lines end with {name}", unix.replace(b"\n", end)
    yield "no charset", _CHARSET.sub(b"", raw)
    yield "another charset", _CHARSET.sub(b"; charset=utf-16", raw)
    yield "no encoding", re.sub(rb"(?im)^Content-Transfer-Encoding", b"X-Encoding", raw)
    yield "bytes without the eighth bit", bytes(octet & 0x7F for octet in raw[:100_000])
    dice = random.Random(len(raw))
    for _ in range(_SOME):
        changed = bytearray(raw)
        for _ in range(len(raw) // 200 + 1 if raw else 0):
            changed[dice.randrange(len(raw))] = dice.randrange(256)
        yield "bytes changed", bytes(changed)
