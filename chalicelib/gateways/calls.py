"""Posts to addresses that tenants gave: the one place that speaks to strangers.

HTTPS on port 443; a name is resolved once, every address it has must be the world's, and the
connection goes to the address that was checked. No redirect is followed, no proxy asked; five
seconds in all; of the answer no more than 64 KB is taken, and only its status is told. What a
stranger answers may be the secret of a host that only we can reach, so nobody gets to see it.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from ipaddress import ip_address
from threading import Thread
from typing import Final, Protocol

from chalicelib.domain.webhooks.parcels import Called
from chalicelib.domain.webhooks.targets import Address, Target, chosen, target_of

ALL_WITHIN_S: Final = 5.0
MOST_BYTES: Final = 65_536
_PIECE: Final = 4_096

_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})[ \r]")
_HEAD_END: Final = b"\r\n\r\n"


Resolve = Callable[[str], Sequence[Address]]
"""Finds the addresses of a host; none if it has none."""


class Calls(Protocol):
    """Tells strangers."""

    def post(self, url: str, *, headers: Mapping[str, str], body: str) -> Called:
        """Post once; whatever goes wrong is in the answer."""
        ...


class SafeCalls:
    """Calls by HTTPS, with all that keeps us from being sent where nobody should go."""

    def __init__(
        self,
        *,
        is_loopback_allowed: bool,
        resolve: Resolve | None = None,
        within_s: float = ALL_WITHIN_S,
    ) -> None:
        """On a laptop, and only there, this machine's own address may be called."""
        self._is_loopback_allowed = is_loopback_allowed
        self._resolve = resolve or _by_dns
        self._within_s = within_s

    def post(self, url: str, *, headers: Mapping[str, str], body: str) -> Called:
        """Post once within five seconds."""
        until = time.monotonic() + self._within_s
        try:
            target = target_of(url, is_loopback_allowed=self._is_loopback_allowed)
        except ValueError as refusal:
            return Called(trouble=str(refusal))
        addresses = _within(until, self._resolve, target)
        if not addresses:
            return Called(trouble="The name of its host leads to no address.")
        address = chosen(addresses, target, is_loopback_allowed=self._is_loopback_allowed)
        if address is None:
            return Called(trouble="Its host has an address that is not of the public internet.")
        sent = _request(target, headers, body.encode())
        try:
            return _call(address, target, sent, until)
        except TimeoutError:
            return Called(trouble=f"It did not answer within {self._within_s:g} seconds.")
        except ssl.SSLError as error:
            return Called(trouble=f"Its TLS cannot be trusted ({error.reason}).")
        except OSError as error:
            return Called(trouble=f"It cannot be reached ({type(error).__name__}).")


def _within(until: float, resolve: Resolve, target: Target) -> Sequence[Address]:
    """Resolve once; a resolver that takes its time is left behind."""
    found: list[Address] = []
    resolving = Thread(target=lambda: found.extend(resolve(target.host)), daemon=True)
    resolving.start()
    resolving.join(max(0.0, until - time.monotonic()))
    return [] if resolving.is_alive() else found


def _by_dns(host: str) -> Sequence[Address]:
    try:
        told = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(each[4][0]) for each in told]


def _call(address: Address, target: Target, sent: bytes, until: float) -> Called:
    with socket.create_connection((str(address), target.port), _left(until)) as plain:
        if not target.is_tls:
            return _spoken(plain, sent, until)
        plain.settimeout(_left(until))
        with _trust().wrap_socket(plain, server_hostname=target.host) as sealed:
            return _spoken(sealed, sent, until)


def _spoken(line: socket.socket, sent: bytes, until: float) -> Called:
    """Send, and read as far as the end of the answer's head."""
    line.settimeout(_left(until))
    line.sendall(sent)
    heard = b""
    while len(heard) < MOST_BYTES:
        line.settimeout(_left(until))
        piece = line.recv(min(_PIECE, MOST_BYTES - len(heard)))
        heard += piece
        head, _, rest = heard.partition(_HEAD_END)
        if len(head) < len(heard):
            status = _STATUS.match(head)
            if status is None:
                return Called(trouble="Its answer is not HTTP.")
            if status[1].startswith(b"1"):
                heard = rest  # "wait for it": the answer is still to come
                continue
            return Called(status=int(status[1]))
        if not piece:
            return Called(trouble="It hung up without an answer.")
    return Called(trouble=f"Its answer has no end within {MOST_BYTES} bytes.")


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        "Connection: close",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + _HEAD_END + body


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()
