"""Where webhooks may be: the world's HTTPS, and nothing that only we can reach."""

from ipaddress import ip_address

import pytest

from chalicelib.domain.webhooks.targets import check_url, chosen, is_of_the_world, target_of


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.northwind.example/sekvens?of=us",
        "https://hooks.northwind.example:443/",
        "https://8.8.8.8/hook",
        "https://[2606:4700:4700::1111]/hook",
    ],
)
def test_https_of_the_world_is_taken(url: str) -> None:
    assert list(check_url(url, is_loopback_allowed=False)) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.northwind.example/",
        "https://hooks.northwind.example:8443/",
        "https://hooks.northwind.example:0/",
        "https://hooks.northwind.example:port/",
        "https://user:secret@hooks.northwind.example/",
        "https://hooks.northwind.example/#part",
        "https://hooks.northwind.example/a b",
        "https://hooks.northwind.example/\r\nX-Evil: 1",
        "https://hööks.example/",
        "https://localhost/",
        "https://localhost./",
        "https:///path",
        "https://[::1",
        "ftp://hooks.northwind.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/",
        "https://127.0.0.1/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:169.254.169.254]/",
        "http://127.0.0.1:9000/hook",
        "",
        "https://hooks.northwind.example/" + "a" * 1000,
    ],
)
def test_anything_else_is_refused_with_a_sentence(url: str) -> None:
    (problem,) = check_url(url, is_loopback_allowed=False)

    assert (problem.path, problem.code) == ("$.url", "wrong_value")
    assert problem.message.endswith(".")


def test_a_laptop_may_call_itself_and_no_neighbor() -> None:
    taken = target_of("http://127.0.0.1:9000/hook", is_loopback_allowed=True)

    assert (taken.port, taken.is_tls, taken.authority) == (9000, False, "127.0.0.1:9000")
    for refused in ("http://10.0.0.8:9000/", "http://localhost:9000/", "https://10.0.0.8/"):
        assert list(check_url(refused, is_loopback_allowed=True)) != []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - refused here
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_the_worlds_is_known_however_it_hides(address: str) -> None:
    assert not is_of_the_world(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_world_is_known(address: str) -> None:
    assert is_of_the_world(ip_address(address))


def test_a_host_with_a_single_address_of_ours_is_not_called_at_all() -> None:
    target = target_of("https://hooks.northwind.example/", is_loopback_allowed=False)
    public, private = ip_address("8.8.8.8"), ip_address("10.0.0.1")

    assert chosen([public], target, is_loopback_allowed=False) == public
    assert chosen([public, private], target, is_loopback_allowed=False) is None
    assert chosen([], target, is_loopback_allowed=False) is None


def test_a_laptop_calls_itself_by_plain_http_only() -> None:
    named = target_of("https://hooks.northwind.example/", is_loopback_allowed=True)
    literal = target_of("http://127.0.0.1:9000/", is_loopback_allowed=True)
    here = ip_address("127.0.0.1")

    assert chosen([here], named, is_loopback_allowed=True) is None
    assert chosen([here], literal, is_loopback_allowed=True) == here
    assert chosen([here], literal, is_loopback_allowed=False) is None
