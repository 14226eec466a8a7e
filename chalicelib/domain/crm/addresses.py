"""An e-mail address, normalised, so that the same mailbox is always spelled the same.

Local parts are lower-cased although SMTP would allow them to differ: no provider of note does, and
people write them as they please.
"""

import re
import unicodedata
from typing import Final

MOST_CHARACTERS: Final = 254

_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_FEWEST_LABELS: Final = 2


def normalized(address: str) -> str:
    """Spell an address in the one way we keep it; what is no address is only lower-cased."""
    if not address.isascii():
        address = unicodedata.normalize("NFC", address)
    text = address.strip().lower()
    local, at, domain = text.rpartition("@")
    return f"{local}{at}{_ascii(domain.rstrip('.'))}" if at else text


def parse_address(text: str) -> str | None:
    """Return the normalised address, or None if no mail could be sent there.

    SES takes no letters beyond ASCII before the `@`; a domain may be in any script.
    """
    address = normalized(text)
    local, _, domain = address.rpartition("@")
    is_local = bool(_LOCAL.fullmatch(local)) and not _has_stray_dot(local)
    if not (is_local and is_domain(domain) and len(address) <= MOST_CHARACTERS):
        return None
    return address


def domain_of(address: str) -> str:
    """Return what stands behind the `@` of a normalised address."""
    return address.rpartition("@")[2]


def is_domain(text: str) -> bool:
    """Whether mail could be addressed to a domain of this (normalised) name."""
    labels = text.split(".")
    return len(labels) >= _FEWEST_LABELS and all(_LABEL.fullmatch(label) for label in labels)


def _has_stray_dot(local: str) -> bool:
    return local.startswith(".") or local.endswith(".") or ".." in local


def _ascii(domain: str) -> str:
    """Write a domain of any script as it goes over the wire."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
