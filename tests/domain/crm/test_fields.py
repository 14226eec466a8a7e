"""Checks that items and users share."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.domain.crm import fields
from chalicelib.domain.crm.fields import check_text
from chalicelib.domain.errors import Problem


def test_a_long_text_is_named() -> None:
    [problem] = check_text("$.signature", "x" * 10_001)

    assert problem.code == "too_long"
    assert list(check_text("$.signature", "x" * 10_000)) == []


@pytest.mark.parametrize(
    "check, value",
    [
        (fields.check_address, "paula@acme.test"),
        (fields.check_time_zone, "Europe/Berlin"),
        (fields.check_country, "DE"),
        (fields.check_currency, "EUR"),
    ],
)
def test_what_fits_is_not_complained_about(
    check: Callable[[str, str], Iterator[Problem]], value: str
) -> None:
    assert list(check("$.x", value)) == []


def test_an_amount_from_nothing_upward_fits() -> None:
    assert list(fields.check_money("$.value", 0)) == []
    assert [each.code for each in fields.check_money("$.value", -0.01)] == ["wrong_value"]


def test_options_are_lines_of_their_own() -> None:
    problems = fields.check_custom_fields("$.custom_fields", {"colors": ("red", " ")})

    assert [each.path for each in problems] == ["$.custom_fields.colors[1]"]
