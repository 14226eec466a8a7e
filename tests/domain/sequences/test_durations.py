"""Lengths of time as authors write them."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sequences.durations import read_duration


@pytest.mark.parametrize(
    "text, length",
    [
        ("P2D", timedelta(days=2)),
        ("PT4H", timedelta(hours=4)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("PT0S", timedelta()),
        ("P2W", timedelta(days=14)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: timedelta) -> None:
    assert read_duration(text) == length


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P1Y2D", "-P1M"])
def test_years_and_months_are_refused_for_they_have_no_fixed_length(text: str) -> None:
    with pytest.raises(ValueError, match="no fixed length"):
        read_duration(text)


@pytest.mark.parametrize("text", ["", "2 days", "P", "P99999999999D", "P99999W", "P1W2D"])
def test_what_is_not_a_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as P2D"):
        read_duration(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(read_duration(text), timedelta)
