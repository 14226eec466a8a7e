"""Walks past all enrollments of a tenant, sequence by sequence; may stop and go on at any page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.sequences import definition
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.services.decisions import Bench

_A_PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Part of the way: some enrollments of one sequence, and from where to go on."""

    sequence: definition.Sequence
    enrollments: Sequence[Enrollment]
    then: Mapping[str, object]
    """Position behind it; within the same sequence, or at the next one."""
    again: Mapping[str, object]
    """Position at which this sequence begins."""
    ends_sequence: bool
    ends_all: bool


def tour(position: Mapping[str, object], *, bench: Bench) -> Iterator[Stretch]:
    """Yield stretch after stretch from `position` on; nothing, for a tenant without sequences."""
    at = _part(position, "sequences")
    inside = _part(position, "enrollments")
    while True:
        listing = bench.stores.sequences.list_page(limit=1, cursor=at)
        for sequence in listing.rows:
            yield from _through(sequence, at, inside, listing.cursor, bench)
        at, inside = listing.cursor, None
        if at is None:
            return


def _through(
    sequence: definition.Sequence,
    at: Mapping[str, object] | None,
    inside: Mapping[str, object] | None,
    next_at: Mapping[str, object] | None,
    bench: Bench,
) -> Iterator[Stretch]:
    while True:
        found = bench.stores.enrollments.list_page(sequence.id, limit=_A_PAGE, cursor=inside)
        inside = found.cursor
        yield Stretch(
            sequence=sequence,
            enrollments=found.rows,
            then={"sequences": next_at} if inside is None else _within(at, inside),
            again={"sequences": at},
            ends_sequence=inside is None,
            ends_all=inside is None and next_at is None,
        )
        if inside is None:
            return


def _within(at: Mapping[str, object] | None, inside: Mapping[str, object]) -> Mapping[str, object]:
    return {"sequences": at, "enrollments": inside}


def _part(position: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    part = position.get(name)
    return part if isinstance(part, dict) else None
