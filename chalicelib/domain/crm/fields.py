"""What the values of items and users must be like; every check returns problems, none raises."""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from chalicelib.domain.crm.addresses import parse_address
from chalicelib.domain.crm.items import CustomValue
from chalicelib.domain.errors import Problem

MOST_CHARACTERS: Final = 255
MOST_TEXT: Final = 10_000
MOST_IN_A_LIST: Final = 20
MOST_TAGS: Final = 50
MOST_CUSTOM_FIELDS: Final = 100
MOST_MONEY: Final = 1e15

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")

Scalar = str | int | float | bool | None


def check_line(path: str, text: str) -> Iterator[Problem]:
    """Check a name or a title: one line, not blank."""
    if not text.strip():
        yield Problem(path=path, code="blank", message="Give at least one character.")
    if len(text) > MOST_CHARACTERS:
        message = f"Give at most {MOST_CHARACTERS} characters."
        yield Problem(path=path, code="too_long", message=message)
    if _CONTROL.search(text):
        message = "Give one line, without control characters."
        yield Problem(path=path, code="wrong_value", message=message)


def check_text(path: str, text: str) -> Iterator[Problem]:
    """Check a longer text."""
    if len(text) > MOST_TEXT:
        message = f"Give at most {MOST_TEXT} characters."
        yield Problem(path=path, code="too_long", message=message)


def check_lines(path: str, texts: Collection[str], most: int = MOST_IN_A_LIST) -> Iterator[Problem]:
    """Check a list of tags or phone numbers."""
    if len(texts) > most:
        yield Problem(path=path, code="too_many", message=f"Give at most {most}.")
    for at, text in enumerate(texts):
        yield from check_line(f"{path}[{at}]", text)


def check_address(path: str, text: str) -> Iterator[Problem]:
    """Check an e-mail address."""
    if parse_address(text) is None:
        message = "Give an e-mail address such as name@example.com."
        yield Problem(path=path, code="wrong_address", message=message)


def check_time_zone(path: str, name: str) -> Iterator[Problem]:
    """Check the name of a time zone."""
    if name not in _zones():
        message = "Give an IANA time zone such as Europe/Berlin."
        yield Problem(path=path, code="wrong_time_zone", message=message)


def check_country(path: str, code: str) -> Iterator[Problem]:
    """Check the code of a country."""
    if not _COUNTRY.fullmatch(code):
        message = "Give an ISO 3166 code of two capital letters such as DE."
        yield Problem(path=path, code="wrong_country", message=message)


def check_currency(path: str, code: str) -> Iterator[Problem]:
    """Check the code of a currency."""
    if not _CURRENCY.fullmatch(code):
        message = "Give an ISO 4217 code of three capital letters such as EUR."
        yield Problem(path=path, code="wrong_currency", message=message)


def check_money(path: str, value: float) -> Iterator[Problem]:
    """Check an amount."""
    if not (math.isfinite(value) and 0 <= value <= MOST_MONEY):
        message = f"Give an amount from 0 to {MOST_MONEY:.0f}."
        yield Problem(path=path, code="wrong_value", message=message)


def check_custom_fields(path: str, fields: Mapping[str, CustomValue]) -> Iterator[Problem]:
    """Check a tenant's own fields: names, and values that fit into a row."""
    if len(fields) > MOST_CUSTOM_FIELDS:
        message = f"Give at most {MOST_CUSTOM_FIELDS}."
        yield Problem(path=path, code="too_many", message=message)
    for name, value in fields.items():
        if not _FIELD_NAME.fullmatch(name):
            message = "Name a field by a-z, 0-9 and _, a letter first, at most 40 characters."
            yield Problem(path=f"{path}.{name[:80]}", code="wrong_name", message=message)
        yield from _check_scalar(f"{path}.{name[:80]}", value)


def _check_scalar(path: str, value: CustomValue) -> Iterator[Problem]:
    match value:
        case tuple():
            yield from check_lines(path, value)
        case str() if len(value) > MOST_CHARACTERS:
            message = f"Give at most {MOST_CHARACTERS} characters."
            yield Problem(path=path, code="too_long", message=message)
        case int() | float() if not (math.isfinite(value) and abs(value) <= MOST_MONEY):
            message = f"Give a number of at most {MOST_MONEY:.0f}."
            yield Problem(path=path, code="wrong_value", message=message)
        case _:
            return


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
