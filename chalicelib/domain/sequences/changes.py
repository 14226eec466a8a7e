"""What an author wants a sequence to be: whether it fits, and the sequence with it.

`UNSET` means "leave it". Owner and kind of item are chosen once and cannot be changed (M9). The
flow must have a shape that can be read; whether it may run is asked when it is activated.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.domain.crm.misfits import misfits_of
from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.given import fields_given
from chalicelib.domain.sequences.definition import Sequence
from chalicelib.domain.sequences.reading import read_flow
from chalicelib.domain.sequences.settings import Settings

MOST_NAME: Final = 160
MOST_DESCRIPTION: Final = 2_000
MOST_TAGS: Final = 50
MOST_TAG: Final = 100
MOST_TAG_LEVELS: Final = 4
"""A tag is a path of names, `/` between them (Dynamics, M16)."""
EMPTY_FLOW: Final[Mapping[str, object]] = {"start": None, "steps": []}


class SequenceChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Every field of a sequence that its author may set."""

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    flow: Mapping[str, object] | UnsetType = UNSET
    settings: Mapping[str, object] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET


def problems_of(changes: SequenceChanges) -> list[Problem]:
    """Return everything that keeps the changes from being saved."""
    return [
        *_word_problems(changes),
        *_setting_problems(changes),
        *(flow_problems(changes.flow) if changes.flow is not UNSET else ()),
    ]


def applied(sequence: Sequence, changes: SequenceChanges, *, now: datetime) -> Sequence:
    """Return the sequence with the changes, which must have been checked; itself if none differ."""
    given = fields_given(changes)
    if changes.tags is not UNSET:
        given["tags"] = tuple(dict.fromkeys(changes.tags))
    if changes.settings is not UNSET:
        kept = msgspec.to_builtins(sequence.settings)
        given["settings"] = msgspec.convert({**kept, **changes.settings}, Settings)
    changed = msgspec.structs.replace(sequence, **given)
    return sequence if changed == sequence else msgspec.structs.replace(changed, updated_at=now)


def _word_problems(changes: SequenceChanges) -> Iterator[Problem]:
    if changes.name is not UNSET and not changes.name.strip():
        yield _wrong("$.name", "Give the sequence a name.")
    if changes.name is not UNSET and len(changes.name) > MOST_NAME:
        yield _wrong("$.name", f"A name has at most {MOST_NAME} characters.")
    if changes.description is not UNSET and len(changes.description) > MOST_DESCRIPTION:
        yield _wrong("$.description", f"A description has at most {MOST_DESCRIPTION} characters.")
    if changes.tags is UNSET:
        return
    if len(changes.tags) > MOST_TAGS:
        yield _wrong("$.tags", f"Give at most {MOST_TAGS} tags.")
    for at, tag in enumerate(changes.tags):
        names = tag.split("/")
        if not all(1 <= len(each.strip()) <= MOST_TAG for each in names):
            yield _wrong(f"$.tags[{at}]", f"Every name in a tag has 1 to {MOST_TAG} characters.")
        if len(names) > MOST_TAG_LEVELS:
            message = f"A tag has at most {MOST_TAG_LEVELS} levels, as in `region/north/se`."
            yield _wrong(f"$.tags[{at}]", message)


def _setting_problems(changes: SequenceChanges) -> list[Problem]:
    if changes.settings is UNSET:
        return []
    return misfits_of(changes.settings, Settings, path="$.settings")


def flow_problems(document: Mapping[str, object]) -> Iterator[Problem]:
    """Yield every fault of the shape of a flow, at its place in the body."""
    try:
        read_flow(document)
    except RuleError as error:
        for each in error.problems:
            path = each.path.replace("$", "$.flow", 1)
            yield Problem(path=path, code=each.code, message=each.message)


def _wrong(path: str, message: str) -> Problem:
    return Problem(path=path, code="wrong_value", message=message)
