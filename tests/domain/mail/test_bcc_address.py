"""How long a Smart Bcc address works."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.ids import BccId, UserId
from chalicelib.domain.mail.bcc_address import SmartBccAddress, rotated
from tests.builders import NOW


def an_address() -> SmartBccAddress:
    return SmartBccAddress(
        id=BccId("bcc-1"), user_id=UserId("user-sally"), local_part="b-old", created_at=NOW
    )


def test_a_replaced_address_works_for_a_fortnight_more() -> None:
    address = rotated(an_address(), "b-new", now=NOW)

    assert address.grace_until == NOW + timedelta(days=14)
    assert address.is_valid("b-new", NOW)
    assert address.is_valid("b-old", NOW + timedelta(days=13))
    assert not address.is_valid("b-old", NOW + timedelta(days=14))
    assert not address.is_valid("b-other", NOW)


def test_former_addresses_are_forgotten_when_their_time_is_over() -> None:
    once = rotated(an_address(), "b-new", now=NOW)

    again = rotated(once, "b-newer", now=NOW + timedelta(days=20))

    assert [each.local_part for each in again.former] == ["b-new"]
    assert an_address().grace_until is None


def test_a_revoked_address_works_no_more() -> None:
    assert not replace(an_address(), revoked_at=NOW).is_valid("b-old", NOW)
