"""Addresses that carry a meaning: Reply-To tokens and Smart Bcc addresses."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.items import ItemKind, ItemRef
from chalicelib.domain.ids import EnrollmentId, ItemId, TenantId
from chalicelib.domain.mail.reply_token import (
    ReplyToken,
    format_reply_address,
    parse_reply_address,
    proven_tokens,
    quoted_tokens,
)
from chalicelib.domain.mail.smart_bcc import (
    BccScope,
    SmartBccName,
    format_local_part,
    parse_local_part,
)

OLD: Final = ("a", b"an old key")
NEW: Final = ("b", b"a new key")
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
TENANTS: Final = st.text(LETTERS, min_size=10, max_size=10).map(TenantId)
ENROLLMENTS: Final = st.text(LETTERS, min_size=26, max_size=26).map(EnrollmentId)
RANDOMS: Final = st.text(LETTERS, min_size=16, max_size=16)


@given(TENANTS, ENROLLMENTS)
def test_a_reply_token_read_back_is_what_was_written(tenant: TenantId, of: EnrollmentId) -> None:
    address = format_reply_address(tenant, of, keys=[OLD], domain="in.sekvens.test")
    local_part, _, domain = address.partition("@")

    assert domain == "in.sekvens.test"
    assert len(local_part) <= 64
    token = parse_reply_address(local_part.upper(), keys=[NEW, OLD])
    assert token == ReplyToken(tenant_id=tenant, enrollment_id=of)


def test_our_token_is_found_in_a_mail_that_came_back() -> None:
    tenant, of = TenantId("a" * 10), EnrollmentId("e" * 26)
    ours = format_reply_address(tenant, of, keys=[OLD], domain="in.sekvens.test").encode()
    forged = ours.replace(b"e" * 26, b"f" * 26)
    raw = b"Sorry.\n> Reply-To: <" + forged + b">\n> Reply-To: " + ours[:20] + b"=\n" + ours[20:]

    quoted = quoted_tokens(b"", raw)
    assert len(quoted) == 2
    assert proven_tokens(quoted, keys=[OLD]) == (ReplyToken(tenant_id=tenant, enrollment_id=of),)


def test_our_token_is_looked_for_near_the_beginning_only() -> None:
    token = b"r-" + b"a" * 53 + b"@in.sekvens.test"

    assert quoted_tokens(b"x" * 65_000 + b" " + token) == ("r-" + "a" * 53,)
    assert quoted_tokens(b"x" * 70_000 + b" " + token) == ()
    assert quoted_tokens(b"r-" * 30_000) == ()


def test_a_reply_token_looks_as_written_down() -> None:
    address = format_reply_address(
        TenantId("a" * 10), EnrollmentId("e" * 26), keys=[OLD], domain="x.test"
    )

    assert address == "r-aaaaaaaaaaaeeeeeeeeeeeeeeeeeeeeeeeeeekpisa7ffuifhx272@x.test"


@pytest.mark.parametrize("local_part", ["", "r-", "sally", "r-" + "a" * 53, "r-" + "0" * 53])
def test_what_our_keys_did_not_make_is_no_reply_token(local_part: str) -> None:
    assert parse_reply_address(local_part, keys=[OLD]) is None


def test_a_reply_token_of_a_key_that_is_gone_is_none() -> None:
    address = format_reply_address(
        TenantId("a" * 10), EnrollmentId("e" * 26), keys=[OLD], domain="x.test"
    )

    assert parse_reply_address(address.partition("@")[0], keys=[NEW]) is None


@given(st.sampled_from(BccScope), RANDOMS)
def test_a_smart_bcc_address_read_back_is_what_was_written(scope: BccScope, random: str) -> None:
    local_part = format_local_part(scope, random, keys=[NEW, OLD])

    assert parse_local_part(local_part.upper(), keys=[NEW, OLD]) == SmartBccName(
        scope=scope, local_part=local_part
    )


@given(RANDOMS, st.integers(0, 10**9))
def test_an_alias_behind_the_whole_secret_names_an_item(random: str, number: int) -> None:
    local_part = format_local_part(BccScope.USER, random, keys=[OLD])

    name = parse_local_part(f"{local_part}+Deal{number}", keys=[OLD])

    assert name is not None
    assert name.local_part == local_part
    assert name.alias == ItemRef(ItemKind.DEAL, ItemId(str(number)))


def test_the_longest_address_with_an_alias_fits_into_a_local_part() -> None:
    local_part = format_local_part(BccScope.USER, "a" * 16, keys=[OLD])

    assert len(f"{local_part}+organization{'0' * 26}") == 64


@pytest.mark.parametrize(
    "ending", ["+deal", "+42", "+invoice42", "+user42", "+deal42+lead7", "x", "+deal4-2"]
)
def test_an_alias_that_names_no_item_is_refused(ending: str) -> None:
    local_part = format_local_part(BccScope.USER, "a" * 16, keys=[OLD])

    assert parse_local_part(local_part + ending, keys=[OLD]) is None


def test_an_items_address_takes_no_alias() -> None:
    local_part = format_local_part(BccScope.ITEM, "a" * 16, keys=[OLD])

    assert parse_local_part(f"{local_part}+deal42", keys=[OLD]) is None


def test_a_guessed_address_is_turned_away() -> None:
    assert parse_local_part("b-a" + "a" * 22, keys=[OLD]) is None
