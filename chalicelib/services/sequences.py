"""What an author does with a sequence: draft, see, change, copy, delete."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from msgspec import UNSET, structs

from chalicelib.domain.crm.items import ENROLLABLE, ItemKind
from chalicelib.domain.crm.settings import settings_in
from chalicelib.domain.crm.users import Caller, User
from chalicelib.domain.errors import Problem, RuleError, StaleWriteError, StateError
from chalicelib.domain.ids import SequenceId, UserId
from chalicelib.domain.sequences import access
from chalicelib.domain.sequences.catalog import find_template
from chalicelib.domain.sequences.changes import (
    EMPTY_FLOW,
    MOST_NAME,
    SequenceChanges,
    applied,
    problems_of,
)
from chalicelib.domain.sequences.definition import Sequence, SequenceStatus
from chalicelib.domain.sequences.own_templates import OWN, OwnTemplate
from chalicelib.domain.sequences.templates import SequenceTemplate
from chalicelib.gateways.mint import Mint
from chalicelib.services import sequence_lifecycle as lifecycle
from chalicelib.services.anew import decided_for
from chalicelib.services.decisions import Bench
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores

_Moved = TypeVar("_Moved")


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceFilter:
    """Which sequences somebody wants to see."""

    item_kind: ItemKind | None = None
    status: SequenceStatus | None = None
    owner_id: UserId | None = None
    tag: str | None = None

    def takes(self, sequence: Sequence) -> bool:
        """Whether the sequence is wanted."""
        return (
            self.item_kind in {None, sequence.item_kind}
            and self.status in {None, sequence.status}
            and self.owner_id in {None, sequence.owner_id}
            and (self.tag is None or any(_is_below(each, self.tag) for each in sequence.tags))
        )


def _is_below(tag: str, wanted: str) -> bool:
    """Whether a tag is the one that is wanted, or lies below it."""
    return f"{tag}/".startswith(f"{wanted}/")


def create(
    *,
    changes: SequenceChanges,
    item_kind: ItemKind | None,
    template_key: str | None,
    language: str | None = None,
    caller: Caller,
    stores: Stores,
    mint: Mint,
    now: datetime,
) -> Sequence:
    """Make a draft: from scratch, or an independent copy of a template (PD-SEQ-04)."""
    user = _author(caller, stores)
    problems = problems_of(changes)
    template = None
    if template_key is not None:
        template = _template(template_key, stores)
        problems += _template_problems(template, changes, item_kind)
    document, language_problems = _in_language(template, language)
    problems += language_problems
    if item_kind is not None and item_kind not in ENROLLABLE:
        message = "Sequences are for a lead, a deal, a person or an organization."
        problems.append(Problem(path="$.item_kind", code="wrong_value", message=message))
    if problems:
        raise RuleError(*problems)
    kind = item_kind or (template.item_kind if template else ItemKind.LEAD)
    draft = _draft(user, mint=mint, now=now, kind=kind)
    if document is not None:
        draft = structs.replace(draft, flow=document)
    return stores.sequences.save(applied(draft, changes, now=now))


def get(sequence_id: SequenceId, *, caller: Caller, stores: Stores) -> Sequence:
    """Return a sequence that the caller may see; any other is missing (D365-SEQ-07)."""
    sequence = stores.sequences.get(sequence_id)
    access.insist_on_seeing(sequence, stores.users.get(caller.user_id))
    return sequence


def list_page(
    *,
    wanted: SequenceFilter,
    limit: int,
    cursor: Mapping[str, object] | None,
    caller: Caller,
    stores: Stores,
) -> Listing[Sequence]:
    """Return part of the sequences that are wanted and may be seen, oldest first."""
    user = stores.users.get(caller.user_id)
    return stores.sequences.list_page(
        limit=limit,
        cursor=cursor,
        keep=lambda each: wanted.takes(each) and access.may_see(each, user),
    )


def change(
    sequence_id: SequenceId,
    *,
    changes: SequenceChanges,
    change_note: str = "",
    read_version: int | None,
    caller: Caller,
    stores: Stores,
    now: datetime,
) -> Sequence:
    """Change a sequence; a new flow of one that runs is checked and published."""

    def change_it(sequence: Sequence) -> Sequence:
        if problems := problems_of(changes):
            raise RuleError(*problems)
        changed = applied(sequence, changes, now=now)
        if changed is sequence:
            return sequence
        if sequence.status in lifecycle.RUNNING and not _runs_alike(sequence, changed):
            return lifecycle.publish(changed, change_note=change_note, stores=stores, now=now)
        return stores.sequences.save(changed)

    return move(
        sequence_id,
        "change",
        change_it,
        read_version=read_version,
        caller=caller,
        stores=stores,
    )


def copy(
    sequence_id: SequenceId,
    *,
    name: str | None,
    caller: Caller,
    stores: Stores,
    mint: Mint,
    now: datetime,
) -> Sequence:
    """Make a draft of one's own from any sequence that one may see (D365-SEQ-08)."""
    original = get(sequence_id, caller=caller, stores=stores)
    user = _author(caller, stores)
    changes = SequenceChanges(
        name=name if name is not None else f"Copy of {original.name}"[:MOST_NAME],
        description=original.description,
        flow=original.flow,
        tags=original.tags,
    )
    if problems := problems_of(SequenceChanges(name=changes.name)):
        raise RuleError(*problems)
    draft = _draft(user, mint=mint, now=now, kind=original.item_kind)
    draft = structs.replace(draft, settings=original.settings)
    return stores.sequences.save(applied(draft, changes, now=now))


def delete(
    sequence_id: SequenceId,
    *,
    disconnects: bool,
    read_version: int | None,
    caller: Caller,
    bench: Bench,
) -> int:
    """Delete a sequence for good (M11); return how many items it let go."""

    def stop(sequence: Sequence) -> int:
        if sequence.status in lifecycle.RUNNING and not disconnects:
            remedy = "repeat with `?disconnect=true` to take its items out, or deactivate it first"
            raise StateError(kind="sequence", state=sequence.status, remedy=remedy)
        return lifecycle.stop(sequence, SequenceStatus.DELETED, by=caller.user_id, bench=bench)

    return move(
        sequence_id, "delete", stop, read_version=read_version, caller=caller, stores=bench.stores
    )


def move(
    sequence_id: SequenceId,
    action: str,
    moved: Callable[[Sequence], _Moved],
    *,
    read_version: int | None = None,
    caller: Caller,
    stores: Stores,
) -> _Moved:
    """Return what `moved` makes of a sequence that the caller may change.

    Who names no version wants it so whatever somebody edits at that moment.
    """

    def decide() -> _Moved:
        sequence = changeable(sequence_id, action, caller=caller, stores=stores)
        insist_on_version(sequence, read_version)
        return moved(sequence)

    return decided_for(read_version, decide)


def changeable(sequence_id: SequenceId, action: str, *, caller: Caller, stores: Stores) -> Sequence:
    """Return a sequence that the caller may change."""
    sequence = stores.sequences.get(sequence_id)
    access.insist_on_changing(sequence, stores.users.get(caller.user_id), action)
    return sequence


def insist_on_version(sequence: Sequence, read_version: int | None) -> None:
    """Refuse to change what has changed since the caller read it."""
    if read_version is not None and read_version != sequence.version:
        raise StaleWriteError(kind="sequence", id=sequence.id)


def _author(caller: Caller, stores: Stores) -> User:
    """Return the caller, who may make sequences."""
    user = stores.users.get(caller.user_id)
    allowed = settings_in(stores.tenant.get()).restrict_sequence_creation_to
    access.insist_on_creating(user, allowed)
    return user


def _template(key: str, stores: Stores) -> SequenceTemplate | OwnTemplate | None:
    return stores.sequence_templates.find(key) if key.startswith(OWN) else find_template(key)


def _in_language(
    template: SequenceTemplate | OwnTemplate | None, language: str | None
) -> tuple[Mapping[str, object] | None, list[Problem]]:
    """Return the template's flow with its texts in a language, or why there is none."""
    if language is None or template is None:
        is_pointless = language is not None
        message = "Give `language` beside the key of a ready-made template."
        problem = Problem(path="$.language", code="wrong_value", message=message)
        return (template.flow if template else None), [problem] if is_pointless else []
    known = template.languages if isinstance(template, SequenceTemplate) else ()
    document = template.flow_in(language) if isinstance(template, SequenceTemplate) else None
    if document is not None:
        return document, []
    message = f"This template is there in {', '.join(known)}." if known else "It has one language."
    return None, [Problem(path="$.language", code="wrong_value", message=message)]


def _template_problems(
    template: SequenceTemplate | OwnTemplate | None, changes: SequenceChanges, kind: ItemKind | None
) -> list[Problem]:
    if template is None:
        message = "There is no such template; `GET /v1/sequence-templates` lists them."
        return [Problem(path="$.template_key", code="not_found", message=message)]
    problems = []
    if changes.flow is not UNSET:
        message = "Give either a flow or a template."
        problems.append(Problem(path="$.flow", code="not_both", message=message))
    if kind not in {None, template.item_kind}:
        message = f"This template is for a {template.item_kind}."
        problems.append(Problem(path="$.item_kind", code="wrong_kind", message=message))
    return problems


def _draft(user: User, *, mint: Mint, now: datetime, kind: ItemKind) -> Sequence:
    return Sequence(
        id=SequenceId(mint.new_id(now)),
        name="",
        item_kind=kind,
        owner_id=user.id,
        business_unit=user.business_unit,
        flow=EMPTY_FLOW,
        created_at=now,
        updated_at=now,
    )


def _runs_alike(before: Sequence, after: Sequence) -> bool:
    return before.flow == after.flow and before.settings == after.settings
