"""Short mails of our own to users: what became of their mail, what they must confirm.

They are automatic and say so, so that no machine answers them, and they are sent at most once.
"""

from typing import Final

from chalicelib.domain.mail.composing import Notice, compose_notice
from chalicelib.gateways.mailer import SendError
from chalicelib.gateways.outside import Outside
from chalicelib.storage.stores import Stores

_SENDER: Final = "notices"
_NAME: Final = "Sekvens"


def send_once(
    name: str, *, to: str, subject: str, text: str, stores: Stores, outside: Outside
) -> bool:
    """Send a notice unless one of this name was sent; false if it did not go out.

    Nothing waits for it: what it tells of is listed where users look, too.
    """
    if not stores.mail_guards.claim_notice(name, outside.clock.now()):
        return False
    sender = f"{_SENDER}@{outside.inbound_domain}"
    mime = compose_notice(
        Notice(sender_name=_NAME, sender=sender, to=to, subject=subject, text=text)
    )
    try:
        tags = {"notice": "yes"}
        outside.notifier.send(mime=mime, sender=sender, recipients=[to], tags=tags)
    except SendError:
        return False
    return True
