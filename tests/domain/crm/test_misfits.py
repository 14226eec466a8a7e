"""What does not fit a type is told at once, where it stands, and in no words of Python."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Meta, UnsetType

from chalicelib.domain.crm.misfits import misfits_of


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


class Email(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    address: str
    primary: bool = False


class Square(msgspec.Struct, frozen=True, tag="square"):
    side: int


class Circle(msgspec.Struct, frozen=True, tag="circle"):
    radius: int


class Window(msgspec.Struct, frozen=True):
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("`opens` must come before `closes`")


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=5)]
    emails: tuple[Email, ...] = ()
    color: Color | UnsetType | None = UNSET
    count: Annotated[int, Meta(ge=1, le=9)] = 1
    share: float = 0.5
    ids: Annotated[list[str], Meta(max_length=2)] = []
    hours: dict[Color, tuple[tuple[str, str], ...]] | None = None
    window: Window | None = None
    shape: Square | Circle | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None
    on: date | None = None
    lasting: timedelta | None = None
    code: Annotated[str, Meta(pattern="^[a-z]+$")] = "a"
    word: Literal["yes", "no"] = "yes"
    free: Any = None
    is_on: bool = False
    scalar: str | int | bool | None = None


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    document = {
        "name": 5,
        "emails": [{"address": "a"}, {"address": 7, "primary": "yes", "kind": "home"}, "x"],
        "color": "green",
        "colour": "red",
    }

    assert [(each.path, each.code) for each in misfits_of(document, Body)] == [
        ("$.colour", "unknown_field"),
        ("$.name", "wrong_value"),
        ("$.emails[1].kind", "unknown_field"),
        ("$.emails[1].address", "wrong_value"),
        ("$.emails[1].primary", "wrong_value"),
        ("$.emails[2]", "wrong_value"),
        ("$.color", "wrong_value"),
    ]


@pytest.mark.parametrize(
    "given, path, message",
    [
        ({}, "$.name", "This field is required: give a text."),
        ({"name": ""}, "$.name", "Give at least 1 characters."),
        ({"name": "sixsix"}, "$.name", "Give at most 5 characters."),
        ({"name": None}, "$.name", "Give a text."),
        ({"color": 3}, "$.color", "Give one of: red, blue, or null."),
        ({"count": 0}, "$.count", "Give a number that is at least 1."),
        ({"count": 10}, "$.count", "Give a number that is at most 9."),
        ({"count": 1.5}, "$.count", "Give a whole number."),
        ({"count": True}, "$.count", "Give a whole number."),
        ({"share": "half"}, "$.share", "Give a number."),
        ({"ids": ["a", "b", "c"]}, "$.ids", "Give at most 2 entries."),
        ({"ids": "a"}, "$.ids", "Give a list."),
        ({"ids": [1]}, "$.ids[0]", "Give a text."),
        ({"hours": {"green": []}}, "$.hours.green", "As a name, give one of: red, blue."),
        ({"hours": {"red": [["a"]]}}, "$.hours.red[0]", "Give a list of 2."),
        ({"hours": []}, "$.hours", "Give an object, or null."),
        ({"window": {"opens": 9, "closes": 8}}, "$.window", "`opens` must come before `closes`."),
        ({"shape": {"type": "square", "side": "x"}}, "$.shape.side", "Give a whole number."),
        ({"shape": {"type": "ring"}}, "$.shape", "Give an object, or null."),
        (
            {"at": "2026-03-01T09:00:00"},
            "$.at",
            "Give an instant such as 2026-03-01T09:00:00Z, or null.",
        ),
        ({"on": "soon"}, "$.on", "Give a date such as 2026-03-01, or null."),
        ({"lasting": "2 days"}, "$.lasting", "Give a duration such as P2D or PT4H, or null."),
        ({"code": "A"}, "$.code", "Give a text that matches `^[a-z]+$`."),
        ({"word": "maybe"}, "$.word", "Give one of: no, yes."),
        ({"is_on": "true"}, "$.is_on", "Give true or false."),
        ({"scalar": []}, "$.scalar", "Give a text, or a whole number, or true or false, or null."),
    ],
)
def test_a_misfit_is_told_in_words(given: dict[str, object], path: str, message: str) -> None:
    document = given if given == {} else {"name": "Ann", **given}

    [problem] = misfits_of(document, Body)

    assert (problem.path, problem.message) == (path, message)


def test_what_fits_is_not_complained_about() -> None:
    document = {
        "name": "Ann",
        "emails": [{"address": "a", "primary": True}],
        "color": None,
        "count": 2,
        "hours": {"red": [["09:00", "17:00"]]},
        "window": {"opens": 8, "closes": 9},
        "shape": {"type": "circle", "radius": 1},
        "at": "2026-03-01T09:00:00+01:00",
        "on": "2026-03-01",
        "lasting": "P2D",
        "free": {"anything": [1]},
        "scalar": 3,
    }

    assert misfits_of(document, Body) == []


def test_what_is_no_object_is_told_so() -> None:
    [problem] = misfits_of([], Body)

    assert (problem.path, problem.message) == ("$", "Give an object.")


def test_nobody_reads_more_than_a_hundred_misfits() -> None:
    assert len(misfits_of({"name": "Ann", "ids": [1] * 500}, Body)) == 100


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
_FIELDS = st.sampled_from([each.name for each in msgspec.structs.fields(Body)])


@given(st.dictionaries(_FIELDS, _JSON, max_size=4))
def test_what_is_walked_agrees_with_what_is_read(document: dict[str, object]) -> None:
    try:
        msgspec.json.decode(msgspec.json.encode(document), type=Body)
    except msgspec.ValidationError:
        fits = False
    else:
        fits = True

    assert (misfits_of(msgspec.json.decode(msgspec.json.encode(document)), Body) == []) is fits
