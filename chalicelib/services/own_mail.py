"""Mail that a user brings in by a Smart Bcc address: accepted only if it is that user's."""

from chalicelib.domain.crm.items import ItemRef
from chalicelib.domain.crm.users import User
from chalicelib.domain.mail.acceptance import Refusal, refuse_own_mail
from chalicelib.domain.mail.bcc_address import SmartBccAddress
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.message import Direction
from chalicelib.domain.mail.smart_bcc import BccScope, SmartBccName
from chalicelib.gateways.outside import Outside
from chalicelib.services import counterparts, filing, newcomers
from chalicelib.services.mailroom import Case, Settled
from chalicelib.services.reading_out import keep_apart
from chalicelib.storage.smart_bcc import Found


def take_in(case: Case, name: SmartBccName, found: Found, *, outside: Outside) -> Settled:
    """File a mail of a user, or keep it apart with the reason. Raises MissingError."""
    address = case.stores.smart_bcc.get(found.bcc_id)
    user = _user_of(case, name, address)
    refusal = _refuse(case, name, address, user, outside=outside)
    if refusal is not None:
        keep_apart(case)
        return Settled(outcome=Outcome.QUARANTINED, reason=refusal)
    addressed = _existing(case, address.item or name.alias)
    filed = filing.file(case, _purpose(case, user, addressed, outside=outside))
    outcome = Outcome.DUPLICATE if filed.is_duplicate else Outcome.STORED
    return Settled(outcome=outcome, thread_id=filed.thread_id)


def _user_of(case: Case, name: SmartBccName, address: SmartBccAddress) -> User:
    """Return whose mail it should be: an item's address serves every user, by their From."""
    sender = case.message.from_[0].address if case.message.from_ else ""
    if name.scope is BccScope.ITEM and sender:
        user = case.stores.users.find_by_address(sender)
        if user is not None:
            return user
    return case.stores.users.get(address.user_id)


def _refuse(
    case: Case, name: SmartBccName, address: SmartBccAddress, user: User, *, outside: Outside
) -> Refusal | None:
    if case.is_vouched:
        return None
    if not address.is_valid(name.local_part, outside.clock.now()):
        return Refusal.ADDRESS_REVOKED
    if not user.is_active:
        return Refusal.USER_INACTIVE
    return refuse_own_mail(case.message, case.receipt, confirmed=user.confirmed_addresses)


def _existing(case: Case, item: ItemRef | None) -> ItemRef | None:
    """Return the item whose address it is, even closed; raises MissingError for no such item."""
    return case.stores.items.get(item).ref if item else None


def _purpose(
    case: Case, user: User, addressed: ItemRef | None, *, outside: Outside
) -> filing.Purpose:
    """A mail to outsiders was sent by the user; a mail to us alone was forwarded to us."""
    domain = outside.inbound_domain
    message = case.message
    sent_to = counterparts.outsiders(message.recipients, stores=case.stores, inbound_domain=domain)
    newcomers.make(
        message.recipients,
        case=case,
        owner=user,
        inbound_domain=domain,
        now=outside.clock.now(),
    )
    claimed = counterparts.outsiders(
        message.forwarded_from, stores=case.stores, inbound_domain=domain
    )
    return filing.Purpose(
        owner=user,
        direction=Direction.OUTGOING,
        counterparts=counterparts.match(sent_to or claimed, stores=case.stores),
        addressed=addressed,
        is_forwarded=not sent_to,
    )
