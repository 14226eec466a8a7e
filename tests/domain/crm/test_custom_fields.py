"""Definitions of a tenant's own fields, and values that fit them or not."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.custom_fields import (
    CustomField,
    FieldType,
    definition_problems,
    fitting,
    key_from,
    value_problems,
)
from chalicelib.domain.crm.items import CustomValue, ItemKind
from tests.builders import NOW


def a_field() -> CustomField:
    return CustomField(
        kind=ItemKind.LEAD,
        key="size",
        name="Size",
        type=FieldType.NUMBER,
        created_at=NOW,
        updated_at=NOW,
    )


def is_taken(field_type: FieldType, value: CustomValue) -> bool:
    has_options = field_type in {FieldType.OPTION, FieldType.OPTIONS}
    options = ("oak", "ash") if has_options else ()
    field = replace(a_field(), type=field_type, options=options)
    return not [*value_problems({"size": field}, {"size": value})]


@pytest.mark.parametrize(
    "field_type, value",
    [
        ("text", "tall"),
        ("number", 40),
        ("number", -0.5),
        ("boolean", False),
        ("date", "2024-02-29"),
        ("date_time", "2026-03-01T09:00:00+01:00"),
        ("url", "http://acme.example"),
        ("option", "ash"),
        ("options", ()),
        ("options", ("ash", "oak")),
        ("date", None),
    ],
)
def test_a_value_of_its_type_is_taken(field_type: str, value: CustomValue) -> None:
    assert is_taken(FieldType(field_type), value)


@pytest.mark.parametrize(
    "field_type, value",
    [
        ("text", 4),
        ("number", "40"),
        ("number", True),
        ("number", float("nan")),
        ("boolean", 1),
        ("date", "2025-02-29"),
        ("date", "20260301"),
        ("date", 20260301),
        ("date_time", "2026-03-01T09:00:00"),
        ("date_time", "today"),
        ("url", "javascript:alert(1)"),
        ("url", "http://[half"),
        ("url", "https://"),
        ("url", 4),
        ("option", "elm"),
        ("option", ("ash",)),
        ("options", "ash"),
        ("options", ("ash", "elm")),
    ],
)
def test_a_value_of_another_type_is_not_taken(field_type: str, value: CustomValue) -> None:
    assert not is_taken(FieldType(field_type), value)


def test_a_kind_without_definitions_takes_any_key() -> None:
    assert [*value_problems({}, {"size": 4, "color": "red"})] == []


def test_a_kind_with_definitions_takes_only_those() -> None:
    problems = [*value_problems({"size": a_field()}, {"size": 4, "color": "red", "gone": None})]

    assert [each.path for each in problems] == ["$.custom_fields.color"]


def test_what_fits_is_handed_on() -> None:
    values: dict[str, CustomValue] = {"size": 4, "color": "red"}

    assert fitting([a_field()], values) == {"size": 4}
    assert fitting([], values) == values


@pytest.mark.parametrize(
    "name, key",
    [("Chairs wanted", "chairs_wanted"), (" Größe (cm) ", "gr_e_cm"), ("木", "")],
)
def test_a_key_is_made_of_a_name(name: str, key: str) -> None:
    assert key_from(name) == key


def test_a_sound_definition_has_no_problems() -> None:
    assert [*definition_problems(a_field())] == []
    wood = replace(a_field(), type=FieldType.OPTION, options=("oak",))
    assert [*definition_problems(wood)] == []


def test_every_problem_of_a_definition_is_told_at_once() -> None:
    field = replace(a_field(), key="Size", name=" ", options=("a", "a"))

    assert [(each.path, each.code) for each in definition_problems(field)] == [
        ("$.name", "blank"),
        ("$.key", "wrong_name"),
        ("$.options", "given_twice"),
        ("$.options", "wrong_options"),
    ]


def test_a_field_is_named_by_kind_and_key() -> None:
    assert a_field().id == "lead.size"
