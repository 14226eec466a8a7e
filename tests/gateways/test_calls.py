"""Calls to strangers: one resolution, one connection, one answer, within bounds."""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from threading import Event, Thread

import pytest

from chalicelib.domain.webhooks.parcels import Called
from chalicelib.domain.webhooks.targets import Address
from chalicelib.gateways.calls import SafeCalls

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
HERE = "127.0.0.1"


@contextmanager
def a_stranger(*pieces: bytes, hangs: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Listen on this machine; answer every call with `pieces`."""
    heard: list[bytes] = []
    listener = socket.create_server((HERE, 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line, suppress(OSError):  # whoever calls may hang up before the end
                heard.append(line.recv(65_536))
                for piece in pieces:
                    line.sendall(piece)
                if hangs:
                    line.recv(1)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://{HERE}:{listener.getsockname()[1]}/hook?a=1", heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)


def resolving(*addresses: str) -> tuple[Callable[[str], Sequence[Address]], list[str]]:
    """Return a resolver that always says `addresses`, and what it was asked."""
    asked: list[str] = []

    def resolve(host: str) -> Sequence[Address]:
        asked.append(host)
        return [ip_address(each) for each in addresses]

    return resolve, asked


def call(url: str, *, within_s: float = 5.0) -> Called:
    calls = SafeCalls(is_loopback_allowed=True, within_s=within_s)
    return calls.post(url, headers={"sekvens-signature": "t=1,v1=00"}, body='{"id":"ä"}')


def test_a_call_posts_what_it_was_given_and_tells_the_status() -> None:
    with a_stranger(OK) as (url, heard):
        called = call(url)

    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert called == Called(status=200)
    assert head.split(b"\r\n")[0] == b"POST /hook?a=1 HTTP/1.1"
    assert b"Content-Length: 11" in head
    assert b"sekvens-signature: t=1,v1=00" in head
    assert body == '{"id":"ä"}'.encode()


def test_a_redirect_is_told_and_not_followed() -> None:
    with a_stranger(OK) as (elsewhere, never):
        moved = f"HTTP/1.1 307 Elsewhere\r\nLocation: {elsewhere}\r\n\r\n".encode()
        with a_stranger(moved) as (url, heard):
            called = call(url)

    assert called == Called(status=307)
    assert (len(heard), len(never)) == (1, 0)


def test_a_stranger_that_says_wait_is_waited_for() -> None:
    with a_stranger(b"HTTP/1.1 100 Continue\r\n\r\n", OK) as (url, _):
        assert call(url) == Called(status=200)


def test_a_stranger_that_does_not_answer_is_left_in_time() -> None:
    with a_stranger(b"HTTP/1.1 200 OK\r\n", hangs=True) as (url, _):
        assert call(url, within_s=0.2).trouble == "It did not answer within 0.2 seconds."


def test_a_resolver_that_does_not_answer_is_left_in_time() -> None:
    ended = Event()

    def resolve(_: str) -> Sequence[Address]:
        ended.wait(5)
        return []

    calls = SafeCalls(is_loopback_allowed=False, resolve=resolve, within_s=0.2)
    called = calls.post("https://hooks.northwind.example/", headers={}, body="")

    ended.set()
    assert called.trouble == "The name of its host leads to no address."


def test_no_more_than_64_kb_of_an_answer_are_taken() -> None:
    endless = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000

    with a_stranger(endless, hangs=True) as (url, _):
        assert call(url).trouble == "Its answer has no end within 65536 bytes."


@pytest.mark.parametrize(
    "answer, trouble",
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "Its answer is not HTTP."),
        (b"HTTP/1.1 2xx Fine\r\n\r\n", "Its answer is not HTTP."),
        (b"", "It hung up without an answer."),
    ],
)
def test_what_is_no_answer_is_a_failure(answer: bytes, trouble: str) -> None:
    with a_stranger(answer) as (url, _):
        assert call(url).trouble == trouble


def test_nobody_there_is_a_failure() -> None:
    with a_stranger(OK) as (url, _):
        gone = url

    assert call(gone).trouble == "It cannot be reached (ConnectionRefusedError)."


@pytest.mark.parametrize("addresses", [("10.0.0.1",), ("8.8.8.8", "169.254.169.254"), ("::1",)])
def test_a_name_that_leads_to_us_is_not_called(addresses: tuple[str, ...]) -> None:
    resolve, asked = resolving(*addresses)
    calls = SafeCalls(is_loopback_allowed=True, resolve=resolve)

    called = calls.post("https://rebound.northwind.example/", headers={}, body="")

    assert called.trouble == "Its host has an address that is not of the public internet."
    assert asked == ["rebound.northwind.example"]


def test_a_name_is_resolved_once_and_that_address_is_called() -> None:
    with a_stranger(OK) as (url, _):
        resolve, asked = resolving(HERE)
        calls = SafeCalls(is_loopback_allowed=True, resolve=resolve)
        called = calls.post(url, headers={}, body="")

    assert (called, asked) == (Called(status=200), [HERE])


def test_on_aws_nothing_of_this_machine_is_called() -> None:
    with a_stranger(OK) as (url, heard):
        called = SafeCalls(is_loopback_allowed=False).post(url, headers={}, body="")

    assert called.trouble == ("Give an HTTPS URL on port 443, such as https://example.com/sekvens.")
    assert heard == []


def test_certificates_are_verified() -> None:
    from chalicelib.gateways.calls import _trust  # noqa: PLC0415 - the one thing no stranger shows

    assert _trust().verify_mode is ssl.CERT_REQUIRED
    assert _trust().check_hostname
