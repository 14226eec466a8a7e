"""Whom a mail was exchanged with, as far as the tenant knows them: persons and what is open there.

The tenant's own users and our own addresses are never counterparts: a colleague in Cc links
nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.items import ItemKind, ItemRef, OpenItem
from chalicelib.domain.ids import ItemId
from chalicelib.domain.mail.message import Mailbox
from chalicelib.storage.stores import Stores

_MOST_ADDRESSES: Final = 50
"""A mail to more people is a mailing; its first addresses say enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparts:
    """The persons behind some addresses, their organizations, and all that is open for them."""

    persons: tuple[ItemId, ...] = ()
    organizations: tuple[ItemId, ...] = ()
    open_items: tuple[OpenItem, ...] = ()


def outsiders(mailboxes: Iterable[Mailbox], *, stores: Stores, inbound_domain: str) -> list[str]:
    """Return the addresses that are neither a user's nor our own, each once."""
    named = dict.fromkeys(each.address for each in mailboxes if each.address)
    foreign = [each for each in named if domain_of(each) != inbound_domain.lower()]
    return [each for each in foreign[:_MOST_ADDRESSES] if not stores.users.find_by_address(each)]


def match(addresses: Iterable[str], *, stores: Stores) -> Counterparts:
    """Return who is known under these addresses, and every open item of theirs."""
    persons = list(
        dict.fromkeys(person for each in addresses for person in stores.items.persons_with(each))
    )
    known = stores.items.find_many([ItemRef(ItemKind.PERSON, each) for each in persons])
    organizations = dict.fromkeys(each.organization_id for each in known if each.organization_id)
    return Counterparts(
        persons=tuple(persons),
        organizations=tuple(organizations),
        open_items=tuple(item for person in persons for item in stores.items.open_items_of(person)),
    )
