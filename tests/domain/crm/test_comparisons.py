"""Questions about fields: Yes, No, or why there is no answer."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.comparisons import Comparison, Operator, answer, leaves
from chalicelib.domain.crm.field_paths import About, FieldType, Unanswerable, split_path, type_of
from chalicelib.domain.crm.fields import Scalar
from chalicelib.domain.crm.items import ItemKind
from tests.builders import a_deal, a_person, an_organization

DEAL = replace(
    a_deal(),
    tags=("Hot", "north"),
    custom_fields={"segment": "Big", "vip": True, "size": 40, "colors": ("red", "blue")},
)
ABOUT = About(
    item=DEAL,
    person=a_person(),
    organization=an_organization(),
    known_custom={ItemKind.DEAL: ["region"]},
)


def asked(field: str, operator: str, value: Scalar | tuple[Scalar, ...] = None) -> object:
    return answer(Comparison(field=field, operator=Operator(operator), value=value), ABOUT)


@pytest.mark.parametrize(
    "field, operator, value, expected",
    [
        ("stage", "equals", "offer", True),
        ("stage", "not_equals", "offer", False),
        ("stage", "in", ("Won", "Offer"), True),
        ("stage", "not_in", ("Won", "Offer"), False),
        ("stage", "starts_with", "of", True),
        ("stage", "ends_with", "er", True),
        ("title", "contains", "CHAIRS", True),
        ("title", "not_contains", "tables", True),
        ("value", "greater_than", 3999, True),
        ("value", "greater_or_equal", 4000, True),
        ("value", "less_than", 4000, False),
        ("value", "less_or_equal", 4000, True),
        ("value", "equals", 4000, True),
        ("tags", "contains", "hot", True),
        ("tags", "not_contains", "cold", True),
        ("created_at", "before", "2026-03-02", True),
        ("created_at", "after", "2026-03-02T00:00:00Z", False),
        ("item.id", "equals", "deal-1", True),
        ("deal.currency", "is_not_empty", None, True),
        ("status_reason", "is_empty", None, True),
        ("status_reason", "equals", "x", False),
        ("status_reason", "not_equals", "x", True),
        ("person.country", "equals", "de", True),
        ("person.name", "contains", "Paula", True),
        ("person.email", "ends_with", "@acme.test", True),
        ("person.phone", "is_empty", None, True),
        ("person.do_not_call", "equals", False, True),
        ("person.do_not_call", "equals", 0, False),
        ("organization.name", "equals", "Acme", True),
        ("segment", "equals", "big", True),
        ("custom_fields.size", "greater_than", 39, True),
        ("deal.custom_fields.vip", "equals", True, True),
        ("colors", "contains", "red", True),
        ("region", "equals", "north", False),
        ("region", "is_empty", None, True),
    ],
)
def test_a_field_answers(
    field: str, operator: str, value: Scalar | tuple[Scalar, ...], *, expected: bool
) -> None:
    assert asked(field, operator, value) is expected


@pytest.mark.parametrize(
    "field, operator, value",
    [
        ("a.b.c", "equals", 1),
        ("nothing", "equals", 1),
        ("nothing", "is_empty", None),
        ("segment", "greater_than", 5),
        ("vip", "less_than", 5),
        ("created_at", "before", "soon"),
    ],
)
def test_what_cannot_be_answered_names_the_field(field: str, operator: str, value: Scalar) -> None:
    result = asked(field, operator, value)

    assert isinstance(result, Unanswerable)
    assert result.field == field


def test_without_a_person_nothing_is_known_of_it() -> None:
    question = Comparison(field="person.country", operator=Operator.IS_EMPTY)

    assert answer(question, About(item=DEAL)) == Unanswerable(
        "person.country", "there is no person"
    )


YES = Comparison(field="stage", operator=Operator.EQUALS, value="Offer")
NO = Comparison(field="stage", operator=Operator.EQUALS, value="Won")
OPEN = Comparison(field="nothing", operator=Operator.EQUALS, value=1)


@pytest.mark.parametrize(
    "group, expected",
    [
        (Comparison(every=(YES, YES)), True),
        (Comparison(every=(YES, NO, OPEN)), False),
        (Comparison(some=(NO, OPEN, YES)), True),
        (Comparison(some=(NO, NO)), False),
        (Comparison(every=(Comparison(some=(NO, YES)), YES)), True),
    ],
)
def test_in_groups_only_what_decides_matters(group: Comparison, *, expected: bool) -> None:
    assert answer(group, ABOUT) is expected


@pytest.mark.parametrize(
    "group", [Comparison(every=(YES, OPEN, OPEN)), Comparison(some=(NO, OPEN, OPEN))]
)
def test_a_group_that_hangs_on_an_open_question_is_open(group: Comparison) -> None:
    assert isinstance(answer(group, ABOUT), Unanswerable)
    assert len([*leaves(group)]) == 3


def test_paths_say_whose_field_it_is() -> None:
    assert split_path("person.email", ItemKind.LEAD) == (ItemKind.PERSON, "email", False)
    assert split_path("email", ItemKind.LEAD) == (ItemKind.LEAD, "email", True)
    assert split_path("custom_fields.", ItemKind.LEAD) is None
    assert type_of("value", ItemKind.DEAL) is FieldType.NUMBER
    assert type_of("segment", ItemKind.DEAL) is None
    assert type_of("a.b.c", ItemKind.DEAL) is None
