"""The memory of a reading: the most that a fresh process held while it read one mail.

The budget is 120 MB and sixteen times the size of the mail.
"""

import subprocess
import sys
import tempfile
from base64 import encodebytes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.mail.corpus import Corpus
from chalicelib.domain.mail.parsing import parse_message

_MEGABYTE: Final = 1024 * 1024
_LARGEST: Final = 5
_MADE: Final = (1, 5, 20, 40)
_BUDGET: Final = 120
_FOR_EACH: Final = 16


def memory(corpus: Corpus) -> str:
    """Return the peaks, as lines for people."""
    lines = ["most memory held, in MB (size, peak, budget):"]
    with tempfile.TemporaryDirectory() as directory:
        for name, raw in _mails(corpus):
            path = Path(directory) / "mail.eml"
            path.write_bytes(raw)
            size = len(raw) / _MEGABYTE
            told = subprocess.run(
                [sys.executable, "-m", "benchmarks.mail.memory", str(path)],
                check=True,
                capture_output=True,
                text=True,
            )
            budget = _BUDGET + _FOR_EACH * size
            lines.append(f"{size:6.1f} {float(told.stdout):6.0f} {budget:6.0f}  {name}")
    return "\n".join(lines)


def _mails(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    largest = sorted(corpus.mails(), key=lambda entry: len(entry.raw), reverse=True)
    yield from ((entry.path, entry.raw) for entry in largest[:_LARGEST])
    for size in _MADE:
        octets = size * _MEGABYTE
        yield f"{size} MB of an attachment", _attachment(octets)
        yield (
            f"{size} MB of text",
            b"Subject: x\n\n" + b"On Monday, a@b.test wrote:\n" * (octets // 27),
        )
        yield (
            f"{size} MB of HTML",
            b"Content-Type: text/html\n\n" + b"<p class=a>Forty <b>chairs</b></p>" * (octets // 34),
        )


def _attachment(octets: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
    head += b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    return head + encodebytes(b"chair" * (octets // 5))[:octets] + b"\n--b--\n"


def _peak() -> float:
    """Linux's own figure: that of `getrusage` counts what the parent held before."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    parse_message(Path(sys.argv[1]).read_bytes())
    print(_peak())
