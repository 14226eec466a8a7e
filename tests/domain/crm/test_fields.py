"""Checks that items and users share."""

from chalicelib.domain.crm.fields import check_text


def test_a_long_text_is_named() -> None:
    [problem] = check_text("$.signature", "x" * 10_001)

    assert problem.code == "too_long"
    assert list(check_text("$.signature", "x" * 10_000)) == []
