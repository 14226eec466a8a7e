"""What the counts and figures of a sequence ought to be, said by its enrollments themselves.

Counted twice over, page by page, for a count takes time while life goes on: two walks that met the
same versions in the same order prove every instant between them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from chalicelib.domain.sequences.effects import Record
from chalicelib.domain.sequences.enrollment import Enrollment, count_of
from chalicelib.domain.sequences.figures import (
    BY_MAIL_STATUS,
    CONVERTED,
    Figure,
    ending_of,
    figures_of,
    keys_of,
)
from chalicelib.domain.sequences.ledger import LedgerEntry, MailStatus, gained

Figures = Mapping[str, Mapping[str, int]]
"""By key and figure."""

OF_MAIL: Final = frozenset({*BY_MAIL_STATUS.values(), Figure.MACHINE_OPENED})
"""Told by the mail service, at any time; all others by the history."""


def print_of(before: str, enrollments: Iterable[Enrollment]) -> str:
    """Return what tells one walk from another: which enrollments it met, at which versions."""
    met = "".join(f" {each.id}:{each.version}" for each in enrollments)
    return sha256(f"{before}{met}".encode()).hexdigest()


def counts_of(enrollments: Iterable[Enrollment]) -> Counter[str]:
    """Return how many of them are in which count."""
    return Counter(str(count_of(each.status, each.reason)) for each in enrollments)


def figures_from(history: Iterable[Record], mails: Iterable[LedgerEntry]) -> Counter[str]:
    """Return what one enrollment adds to which figure, by `key/figure`."""
    told: Counter[str] = Counter()
    for line in history:
        figures = figures_of(line.type, line.state)
        ending = ending_of(line.type, line.state, line.reason)
        keys = () if line.step_id is None else keys_of(line.step_id, line.state, line.version)
        for key in keys if ending is None else (ending, *keys):
            told.update(f"{key}/{figure}" for figure in figures)
    for mail in mails:
        for figure, rung in _risen(mail):
            told.update(f"{key}/{figure}" for key in keys_of(mail.step_id, rung, mail.version))
    return told


def _risen(mail: LedgerEntry) -> Iterable[tuple[Figure, str]]:
    for status in gained(MailStatus.QUEUED, (), mail.status, mail.beside):
        if status in BY_MAIL_STATUS:
            yield BY_MAIL_STATUS[status], status
    if mail.machine_opened_at is not None:
        yield Figure.MACHINE_OPENED, "opened"


def drift(ought: Mapping[str, int], is_so: Mapping[str, int]) -> dict[str, int]:
    """Return by how much to change what is, so that it is what it ought to be."""
    names = sorted({*ought, *is_so})
    by = {name: ought.get(name, 0) - is_so.get(name, 0) for name in names}
    return {name: value for name, value in by.items() if value}


def flattened(figures: Mapping[str, Mapping[Figure, int]]) -> dict[str, int]:
    """Return kept figures by `key/figure`; conversions are told by items, so not among them."""
    return {
        f"{key}/{figure}": number
        for key, values in figures.items()
        for figure, number in values.items()
        if number and key != CONVERTED
    }
