"""What people do with sequence templates: look, begin with one, save their own."""

from collections.abc import Mapping

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.crm.rights import Right, require
from chalicelib.domain.crm.users import Caller
from chalicelib.domain.errors import RuleError, StaleWriteError
from chalicelib.domain.ids import SequenceId
from chalicelib.domain.sequences.own_templates import (
    OWN,
    OwnTemplate,
    TemplateChanges,
    applied,
    problems_of,
)
from chalicelib.services import sequences
from chalicelib.services.decisions import Bench
from chalicelib.storage.listing import Listing
from chalicelib.storage.stores import Stores


def list_own(
    *,
    kind: ItemKind | None,
    limit: int,
    cursor: Mapping[str, object] | None,
    stores: Stores,
) -> Listing[OwnTemplate]:
    """Return part of the tenant's own templates, oldest first."""
    return stores.sequence_templates.list_page(
        limit=limit, cursor=cursor, keep=lambda each: kind in {None, each.item_kind}
    )


def save(sequence_id: SequenceId, *, name: str, caller: Caller, bench: Bench) -> OwnTemplate:
    """Save the flow of a sequence that the caller may see (D365-TPL-02 says who may)."""
    require(caller, Right.MANAGE_SEQUENCE_TEMPLATES)
    original = sequences.get(sequence_id, caller=caller, stores=bench.stores)
    _insist(TemplateChanges(name=name))
    now = bench.now()
    template = OwnTemplate(
        key=f"{OWN}{bench.outside.mint.new_id(now)}",
        name=name,
        item_kind=original.item_kind,
        flow=original.flow,
        owner_id=caller.user_id,
        created_at=now,
        updated_at=now,
    )
    return bench.stores.sequence_templates.save(template)


def change(
    key: str,
    *,
    changes: TemplateChanges,
    read_version: int | None,
    caller: Caller,
    bench: Bench,
) -> OwnTemplate:
    """Change one of the tenant's own templates; sequences made from it stay as they are."""
    require(caller, Right.MANAGE_SEQUENCE_TEMPLATES)
    template = bench.stores.sequence_templates.get(key)
    _insist(changes)
    if read_version is not None and read_version != template.version:
        raise StaleWriteError(kind="sequence template", id=key)
    changed = applied(template, changes, now=bench.now())
    return template if changed is template else bench.stores.sequence_templates.save(changed)


def remove(key: str, *, caller: Caller, stores: Stores) -> None:
    """Remove one of the tenant's own templates."""
    require(caller, Right.MANAGE_SEQUENCE_TEMPLATES)
    stores.sequence_templates.remove(stores.sequence_templates.get(key))


def _insist(changes: TemplateChanges) -> None:
    if problems := list(problems_of(changes)):
        raise RuleError(*problems)
