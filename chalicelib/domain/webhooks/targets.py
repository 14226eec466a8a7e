"""Where a webhook may be: HTTPS on port 443 of a host whose every address is the world's.

The URL is checked when a webhook is made; the addresses of its host are checked at each call, for
names can be pointed elsewhere at any time. Whoever calls connects to the address that was checked.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from chalicelib.domain.errors import Problem

HTTPS_PORT: Final = 443
LONGEST_URL: Final = 1_000

Address = IPv4Address | IPv6Address

_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_NEVER: Final[tuple[IPv4Network | IPv6Network, ...]] = (
    *(IPv4Network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10")),
    IPv6Network("fec0::/10"),
)
"""What `is_global` of some Python releases takes for the world's, and is not, or is not routed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that may be called, taken apart."""

    host: str
    port: int
    path: str
    is_tls: bool = True

    @property
    def authority(self) -> str:
        """What the header `Host` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.is_tls else f"{host}:{self.port}"


class _NoTargetError(ValueError):
    """The URL may not be called; the argument says why."""


def check_url(url: str, *, is_loopback_allowed: bool) -> Iterator[Problem]:
    """Say what is wrong with a webhook's URL, as far as the URL alone tells."""
    try:
        target_of(url, is_loopback_allowed=is_loopback_allowed)
    except _NoTargetError as refusal:
        yield Problem(path="$.url", code="wrong_value", message=str(refusal))


def target_of(url: str, *, is_loopback_allowed: bool) -> Target:
    """Take a URL apart; raises ValueError with a sentence that says why it may not be called."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _NoTargetError(f"Give a URL of at most {LONGEST_URL} ASCII characters, no spaces.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _NoTargetError("This is no URL.") from None
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _NoTargetError("Leave out user, password and fragment; posts are signed.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    literal = _literal(host)
    if is_loopback_allowed and parts.scheme == "http" and literal and literal.is_loopback:
        return Target(host=host, port=port or 80, path=path, is_tls=False)
    if parts.scheme != "https" or port not in {None, HTTPS_PORT} or not host:
        raise _NoTargetError("Give an HTTPS URL on port 443, such as https://example.com/sekvens.")
    if literal is None and ("." not in host.strip(".") or len(host) > 253):  # noqa: PLR2004
        raise _NoTargetError("Give the full name of a host, such as example.com.")
    if literal is not None and not is_of_the_world(literal):
        raise _NoTargetError("This address is not one of the public internet.")
    return Target(host=host, port=HTTPS_PORT, path=path)


def chosen(
    addresses: Collection[Address], target: Target, *, is_loopback_allowed: bool
) -> Address | None:
    """Return the address to connect to; None if there is none, or one is not public."""
    if not target.is_tls:
        allowed = is_loopback_allowed and all(each.is_loopback for each in addresses)
    else:
        allowed = all(is_of_the_world(each) for each in addresses)
    return next(iter(addresses), None) if allowed else None


def is_of_the_world(address: Address) -> bool:
    """Whether anybody on the internet could be asked at this address; hidden ones are found."""
    inner = _hidden_in(address) if isinstance(address, IPv6Address) else None
    if inner is not None:
        return is_of_the_world(inner)
    if any(address in network for network in _NEVER):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def _hidden_in(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a translator would find in this one."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
