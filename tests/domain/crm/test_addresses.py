"""Addresses are spelled in one way, and what is none is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.addresses import domain_of, normalized, parse_address


@pytest.mark.parametrize(
    "text, address",
    [
        ("Paula@Acme.Test", "paula@acme.test"),
        ("  paula@acme.test. ", "paula@acme.test"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("o'neil+x@acme.test", "o'neil+x@acme.test"),
    ],
)
def test_an_address_is_spelled_in_one_way(text: str, address: str) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "paula",
        "@acme.test",
        "paula@",
        "paula@localhost",
        "pau la@acme.test",
        ".paula@acme.test",
        "paula.@acme.test",
        "pau..la@acme.test",
        "paüla@acme.test",
        "paula@acme..test",
        "paula@-acme.test",
        "paula@acme.test\r\nBcc: x@y.test",
        "a@b@c.test",
        f"{'x' * 65}@acme.test",
        f"x@{'y' * 64}.test",
        f"x@{'.'.join(['y' * 60] * 5)}.test",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert parse_address(text) is None


def test_a_domain_that_idna_cannot_spell_stays_as_it_is() -> None:
    assert normalized(f"x@{'ü' * 80}.test") == f"x@{'ü' * 80}.test"


@given(st.text())
def test_spelling_twice_changes_nothing_more(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


@given(st.emails())
def test_every_address_keeps_its_domain(text: str) -> None:
    assert domain_of(normalized(text)) == normalized(text).rpartition("@")[2]
