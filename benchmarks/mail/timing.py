"""The time of a reading beside the standard library's, mail by mail in one run.

The baseline is `email` with `compat32`: parse, take eight headers, decode every leaf, text to
text. Times on a shared machine are noise; ratios within one run are not.
"""

import statistics
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message as EmailMessage
from time import perf_counter

from benchmarks.mail.corpus import Corpus
from chalicelib.domain.mail.parsing import parse_message

_HEADERS = ("from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references")
_TIMES = 3


def ratios(corpus: Corpus) -> str:
    """Return p50 and p99 of the ratios, and the slowest reading, as lines for people."""
    told: list[float] = []
    ours: list[float] = []
    for entry in corpus.mails():
        if entry.format != "eml":
            continue
        mine = _best(parse_message, entry.raw)
        told.append(mine / _best(_baseline, entry.raw))
        ours.append(mine * 1000)
    if not told:
        return "No raw mails to time."
    told.sort()
    ours.sort()
    last = len(told) - 1
    return (
        f"ratio to compat32: p50 {statistics.median(told):.2f}  p90 {told[int(last * 0.9)]:.2f}"
        f"  p99 {told[int(last * 0.99)]:.2f}\n"
        f"milliseconds: p50 {statistics.median(ours):.2f}  p99 {ours[int(last * 0.99)]:.1f}"
        f"  worst {ours[-1]:.0f}"
    )


def _best(read: Callable[[bytes], object], raw: bytes) -> float:
    """The shortest of a few runs: what the others add is other people's work."""
    times: list[float] = []
    for _ in range(_TIMES):
        began = perf_counter()
        read(raw)
        times.append(perf_counter() - began)
    return min(times)


def _decoded(part: EmailMessage) -> bytes | str:
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes) or part.get_content_maintype() != "text":
        return octets if isinstance(octets, bytes) else b""
    try:
        return octets.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return octets.decode("latin-1")


def _baseline(raw: bytes) -> int:
    try:
        message = message_from_bytes(raw)
        size = sum(len(str(message.get(name, ""))) for name in _HEADERS)
        size += sum(len(_decoded(part)) for part in message.walk() if not part.is_multipart())
    except Exception:  # noqa: BLE001 - where it raises, the time it took still counts
        return 0
    return size
