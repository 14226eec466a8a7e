"""A mail that its author sends to nobody but themselves, to see how it looks."""

from typing import Final

from chalicelib.domain.crm.addresses import domain_of
from chalicelib.domain.crm.sending_domains import DomainStatus
from chalicelib.domain.crm.users import User
from chalicelib.domain.errors import StateError, ThrottledError
from chalicelib.domain.ids import DomainName
from chalicelib.domain.mail.composing import Draft, compose
from chalicelib.domain.mail.html import sanitize, text_of
from chalicelib.gateways.mailer import Fate, SendError
from chalicelib.services.decisions import Bench
from chalicelib.storage import switches

_WAIT_S: Final = 60


class TestMailError(StateError):
    """The test mail did not go out."""

    __test__ = False  # pytest takes the name for a test's
    code = "test_not_sent"
    sentence = "The test mail was not sent: {why}."


def send(user: User, *, subject: str, html: str, bench: Bench) -> None:
    """Mail a text to its author; raises TestMailError, or ThrottledError when it may go later."""
    _insist_on_sending(user, bench)
    draft = Draft(
        sender_name=user.name,
        sender=user.email,
        reply_to=(user.email,),
        to=(user.email,),
        subject=" ".join(f"[Test] {subject}".split()),
        html=html,
        text=text_of(sanitize(html)),
    )
    _send(draft, bench)


def _insist_on_sending(user: User, bench: Bench) -> None:
    tenant = bench.stores.tenant.get()
    if tenant.is_suspended or not tenant.is_sending or switches.is_platform_off():
        raise TestMailError(why="sending is switched off")
    domain = bench.stores.domains.find(DomainName(domain_of(user.email)))
    if domain is None or domain.status is not DomainStatus.VERIFIED:
        raise TestMailError(why=f"the domain of {user.email} is not verified")


def _send(draft: Draft, bench: Bench) -> None:
    tags = {"tenant": bench.stores.tenant_id, "purpose": "test"}
    try:
        bench.outside.notifier.send(
            mime=compose(draft), sender=draft.sender, recipients=list(draft.to), tags=tags
        )
    except SendError as error:
        if error.fate is Fate.LATER:
            raise ThrottledError(retry_after=_WAIT_S) from error
        if error.fate is Fate.UNKNOWN:
            raise TestMailError(
                why="no answer came; it may have left, look before you repeat"
            ) from error
        raise TestMailError(why=f"the mail service refused it ({error.code})") from error
