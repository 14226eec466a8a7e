"""Mail to an enrollment's Reply-To address: filed in its thread, and heard by the enrollment.

Evidence that somebody answered may stop a sequence even where it does not suffice to show the mail:
a follow-up to somebody who answered costs more than a pause.
"""

from chalicelib.domain.crm.items import Item, ItemKind, ItemRef
from chalicelib.domain.crm.users import User
from chalicelib.domain.mail.acceptance import (
    Refusal,
    is_authenticated,
    refuse_own_mail,
    refuse_reply,
)
from chalicelib.domain.mail.filed import Outcome
from chalicelib.domain.mail.message import Direction
from chalicelib.domain.mail.reply_token import ReplyToken
from chalicelib.gateways.outside import Outside
from chalicelib.services import answers, counterparts, filing, newcomers
from chalicelib.services.answers import Answer
from chalicelib.services.mailroom import Case, Settled
from chalicelib.services.reading_out import keep_apart


def take_in(case: Case, token: ReplyToken, *, outside: Outside) -> Settled:
    """Tell the enrollment of an answer, then file it; raises MissingError where there is none.

    First things first: were it not to be filed, the next mail would still not go out.
    """
    enrollment = case.stores.enrollments.get(token.enrollment_id)
    answer = Answer(
        case=case,
        enrollment=enrollment,
        enrolled=_addresses_of(enrollment.item, case),
        colleague=_colleague(case),
    )
    refusal = _refuse(answer)
    answers.tell(answer, refusal, outside=outside)
    if refusal is not None:
        keep_apart(case)
        return Settled(outcome=Outcome.QUARANTINED, reason=refusal)
    filed = filing.file(case, _purpose(answer, outside=outside))
    outcome = Outcome.DUPLICATE if filed.is_duplicate else Outcome.STORED
    return Settled(outcome=outcome, thread_id=filed.thread_id)


def _addresses_of(ref: ItemRef, case: Case) -> frozenset[str]:
    """Return the addresses of the person that an item is about."""
    items = case.stores.items
    item: Item | None = items.find(ref)
    if item is not None and item.person_id is not None and ref.kind is not ItemKind.PERSON:
        item = items.find(ItemRef(ItemKind.PERSON, item.person_id))
    return frozenset(each.address for each in item.emails) if item else frozenset()


def _colleague(case: Case) -> User | None:
    senders = (case.stores.users.find_by_address(each.address) for each in case.message.from_)
    return next((user for user in senders if user), None)


def _refuse(answer: Answer) -> Refusal | None:
    """A bounce comes from some machine that nobody knows; it is shown if it names our recipient."""
    message, receipt = answer.case.message, answer.case.receipt
    if answer.case.is_vouched:
        return None
    if answer.colleague is not None:
        confirmed = answer.colleague.confirmed_addresses
        return refuse_own_mail(message, receipt, confirmed=confirmed)
    bounced = frozenset(each.address for each in message.failed)
    refusal = refuse_reply(message, receipt, participants=answer.enrolled)
    return None if refusal is Refusal.STRANGER_IN_THREAD and bounced & answer.enrolled else refusal


def _purpose(answer: Answer, *, outside: Outside) -> filing.Purpose:
    case, enrollment = answer.case, answer.enrollment
    message = case.message
    everybody = counterparts.outsiders(
        (*message.from_, *message.recipients),
        stores=case.stores,
        inbound_domain=outside.inbound_domain,
    )
    owner = case.stores.users.get(enrollment.owner_id)
    if not answer.colleague and is_authenticated(message, case.receipt):
        newcomers.make(
            message.from_,
            case=case,
            owner=owner,
            inbound_domain=outside.inbound_domain,
            now=outside.clock.now(),
        )
    return filing.Purpose(
        owner=owner,
        direction=Direction.OUTGOING if answer.colleague else Direction.INCOMING,
        counterparts=counterparts.match(
            dict.fromkeys((*sorted(answer.enrolled), *everybody)), stores=case.stores
        ),
        enrolled=filing.Enrolled(id=enrollment.id, item=enrollment.item),
    )
