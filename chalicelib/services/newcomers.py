"""Correspondents whom the tenant does not know: offered as new persons, or made at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef
from chalicelib.domain.crm.settings import CreatePersons, settings_in
from chalicelib.domain.crm.users import Caller, User
from chalicelib.domain.errors import StaleWriteError
from chalicelib.domain.ids import ItemId, ThreadId
from chalicelib.domain.mail.filed import FiledMessage
from chalicelib.domain.mail.message import Mailbox
from chalicelib.domain.mail.newcomers import is_mailing, why_not_offered
from chalicelib.services import counterparts, threads
from chalicelib.services.mailroom import Case
from chalicelib.storage.spelling import digest
from chalicelib.storage.stores import Stores

_MOST_MESSAGES: Final = 50
_MOST_NEW: Final = 5
"""Persons that one mail may make; a mail to more is a mailing, whatever it says."""
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """Somebody who takes part in a thread: known, offered as a new person, or why not."""

    mailbox: Mailbox
    person_id: ItemId | None
    why_not: str | None

    @property
    def is_offered(self) -> bool:
        """Whether a person may be made of them."""
        return self.person_id is None and self.why_not is None


def of_thread(
    thread_id: ThreadId, *, caller: Caller, stores: Stores, inbound_domain: str
) -> list[Correspondent]:
    """Return who takes part in a thread, the tenant's own users aside."""
    thread = threads.get(thread_id, caller=caller, stores=stores)
    page = stores.messages.list_page(thread.id, limit=_MOST_MESSAGES, cursor=None)
    named: dict[str, tuple[Mailbox, FiledMessage]] = {}
    for message in page.rows:
        for mailbox in (*message.from_, *message.to, *message.cc):
            named.setdefault(mailbox.address, (mailbox, message))
    strangers = counterparts.outsiders(
        (mailbox for mailbox, _ in named.values()), stores=stores, inbound_domain=inbound_domain
    )
    own = _own_domains(stores.users.get(thread.owner_id), inbound_domain)
    return [_correspondent(*named[each], own=own, stores=stores) for each in strangers]


def _correspondent(
    mailbox: Mailbox, message: FiledMessage, *, own: frozenset[str], stores: Stores
) -> Correspondent:
    persons = stores.items.persons_with(mailbox.address)
    why_not = why_not_offered(
        mailbox, kind=message.kind, is_mailing=message.is_mailing, own_domains=own
    )
    return Correspondent(
        mailbox=mailbox, person_id=persons[0] if persons else None, why_not=why_not
    )


def make(
    mailboxes: Iterable[Mailbox], *, case: Case, owner: User, inbound_domain: str, now: datetime
) -> None:
    """Make persons of unknown correspondents, where the tenant wants that; again changes nothing.

    Only of what was proven to be its sender's: else anybody could fill the CRM with names.
    """
    stores = case.stores
    if settings_in(stores.tenant.get()).create_persons is not CreatePersons.ON:
        return
    boxes = {each.address: each for each in mailboxes}
    strangers = counterparts.outsiders(boxes.values(), stores=stores, inbound_domain=inbound_domain)
    own = _own_domains(owner, inbound_domain)
    is_to_many = is_mailing(case.arrival.octets) or len(strangers) > _MOST_NEW
    for each in strangers:
        why_not = why_not_offered(
            boxes[each], kind=case.message.kind, is_mailing=is_to_many, own_domains=own
        )
        if why_not is None and not stores.items.persons_with(each):
            _make(boxes[each], owner, stores, now)


def _make(mailbox: Mailbox, owner: User, stores: Stores, now: datetime) -> None:
    """Two mails of one newcomer make one person: the address is the person's name in the table."""
    ref = ItemRef(ItemKind.PERSON, ItemId(digest("newcomer", mailbox.address)))
    if stores.items.find(ref) is not None:
        return  # made once and deleted, or given another address, by a person
    name = " ".join(mailbox.name.split())[:_LONGEST_NAME] or mailbox.address.partition("@")[0]
    person = Item(
        ref=ref,
        title=name,
        owner_id=owner.id,
        emails=(EmailAddress(mailbox.address, is_primary=True),),
        created_at=now,
        updated_at=now,
    )
    try:
        stores.items.create(person)
    except StaleWriteError:
        return  # its twin made it this very moment


def _own_domains(owner: User, inbound_domain: str) -> frozenset[str]:
    return frozenset({domain_of(owner.email), inbound_domain.lower()})
