"""The people a header inside a body names, as clients write them there.

`'Doe, Jane' <jane@a.test>`, `Jane [mailto:jane@a.test]`, `jane@a.test <jane@a.test>`, names without
any address: looser than real headers, and a name that only repeats the address is no name.
"""

from typing import Final

from chalicelib.domain.mail.addresses import parse_addresses
from chalicelib.domain.mail.message import Mailbox

_MOST: Final = 200
_QUOTES: Final = "'\"“”„«»* \t\N{NO-BREAK SPACE}"
_LONGEST: Final = 200


def people_in(value: str) -> tuple[Mailbox, ...]:
    """Return everybody a value names; who has no address is named without one."""
    if "@" not in value:
        names = (name.strip(_QUOTES) for name in value.replace(",", ";").split(";")[:_MOST])
        return tuple(Mailbox("", name[:_LONGEST]) for name in names if name)
    return tuple(_cleaned(each) for each in parse_addresses(_plain(value), most=_MOST))


def sender_of(value: str) -> Mailbox | None:
    """Return the one who is said to have written it."""
    if "@" not in value:
        name = value.strip(_QUOTES)
        return Mailbox("", name[:_LONGEST]) if name else None
    return next(iter(people_in(value)), None)


def _plain(value: str) -> str:
    """Write `[a@b.test]` and `<mailto:a@b.test>` as every header does."""
    return value.replace("[", "<").replace("]", ">").replace("<mailto:", "<").replace("**", "")


def _cleaned(mailbox: Mailbox) -> Mailbox:
    name = mailbox.name.strip(_QUOTES)
    return Mailbox(mailbox.address, "" if name.lower() == mailbox.address.lower() else name)
