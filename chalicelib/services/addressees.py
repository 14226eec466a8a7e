"""Whom a mail is for: read strongly, and no more of it than gates and texts ask for.

That a lead, deal or project is open is also said by a row that stands at its person and is written
with it. So one read tells both, and the item itself is read only where a text names it; so is the
organization, which is no gate to a person's mail.
"""

from dataclasses import dataclass

from chalicelib.domain.crm.items import (
    LINKABLE,
    Item,
    ItemKind,
    ItemRef,
    ItemStatus,
    organization_of,
)
from chalicelib.domain.crm.merge_fields import ITEM, Fields, fields_of, names
from chalicelib.domain.crm.users import User
from chalicelib.domain.ids import ItemId
from chalicelib.domain.sequences.enrollment import Enrollment
from chalicelib.services.decisions import Bench


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """The item that a mail is about, which is open, and whom it concerns.

    `item` and `organization` are None too where nothing has asked for them yet.
    """

    ref: ItemRef
    item: Item | None
    person: Item | None
    organization: Item | None
    organization_id: ItemId | None

    @property
    def person_id(self) -> ItemId | None:
        """The person, if there is one."""
        return self.person.ref.id if self.person else None

    @property
    def writes_to(self) -> Item | None:
        """Whose address the mail goes to."""
        return self.person or self.organization or self.item


def find(enrollment: Enrollment, *, bench: Bench) -> Addressee | ItemStatus:
    """Return whom an enrollment writes to, or how its item ended."""
    ref, items = enrollment.item, bench.stores.items
    if ref.kind in LINKABLE and enrollment.person_id is not None:
        found = items.open_with_person(ref, enrollment.person_id)
        if found is not None:
            return Addressee(
                ref=ref,
                item=None,
                person=found.person,
                organization=None,
                organization_id=found.item.organization_id or found.person.organization_id,
            )
    item = items.find(ref)
    if item is None or not item.is_open:
        return item.status if item else ItemStatus.DELETED
    return _of(item, bench)


def fields(it: Addressee, sender: User, *texts: str, bench: Bench) -> Fields:
    """Return the merge fields, reading what the texts name and no gate has read."""
    item, organization = it.item, it.organization
    if item is None and any(names(text, each) for text in texts for each in (ITEM, it.ref.kind)):
        item = bench.stores.items.find(it.ref)
    asks_organization = any(names(text, ItemKind.ORGANIZATION) for text in texts)
    if organization is None and it.organization_id is not None and asks_organization:
        organization = bench.stores.items.find(ItemRef(ItemKind.ORGANIZATION, it.organization_id))
    return fields_of(item, it.person, organization, sender)


def _of(item: Item, bench: Bench) -> Addressee:
    items = bench.stores.items
    person = item if item.ref.kind is ItemKind.PERSON else None
    if item.person_id is not None:
        person = items.find(ItemRef(ItemKind.PERSON, item.person_id))
    organization = item if item.ref.kind is ItemKind.ORGANIZATION else None
    organization_id = organization_of(item, person)
    if organization is not None:
        organization_id = organization.ref.id
    elif person is None and organization_id is not None:
        organization = items.find(ItemRef(ItemKind.ORGANIZATION, organization_id))
    return Addressee(
        ref=item.ref,
        item=item,
        person=person,
        organization=organization,
        organization_id=organization_id,
    )
