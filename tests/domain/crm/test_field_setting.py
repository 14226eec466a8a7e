"""Setting a field by a rule: which ones, and with which values."""

import pytest

from chalicelib.domain.crm.field_setting import applied, changes_for, problems_of
from chalicelib.domain.crm.fields import Scalar
from chalicelib.domain.crm.items import ItemKind
from tests.builders import NOW, a_person


def codes(field: str, value: Scalar, kind: ItemKind = ItemKind.PERSON) -> list[str]:
    return [each.code for each in problems_of(field, value, kind)]


@pytest.mark.parametrize(
    "field, value",
    [("do_not_call", True), ("country", "SE"), ("name", "Paul"), ("vip", None), ("size", 3)],
)
def test_own_fields_and_some_of_ours_are_set(field: str, value: Scalar) -> None:
    assert codes(field, value) == []


@pytest.mark.parametrize("field", ["status", "owner_id", "tags", "organization.name", "a.b.c"])
def test_what_a_rule_may_not_touch_is_refused(field: str) -> None:
    assert codes(field, "x") == ["field_not_settable"]


@pytest.mark.parametrize(
    "field, value, kind",
    [
        ("do_not_call", "yes", ItemKind.PERSON),
        ("country", "Sweden", ItemKind.PERSON),
        ("country", 5, ItemKind.PERSON),
        ("value", "much", ItemKind.DEAL),
        ("value", True, ItemKind.DEAL),
        ("segment", "x" * 300, ItemKind.DEAL),
    ],
)
def test_a_value_must_fit_its_field(field: str, value: Scalar, kind: ItemKind) -> None:
    assert codes(field, value, kind) == ["value_not_for_field"]


def test_a_value_is_set_and_emptied() -> None:
    named = applied(a_person(), "name", "Paul Prospect", NOW)
    grown = applied(named, "custom_fields.size", 3, NOW)

    assert (grown.title, grown.custom_fields) == ("Paul Prospect", {"size": 3})
    assert applied(grown, "size", None, NOW).custom_fields == {}
    with pytest.raises(ValueError, match=r"a\.b\.c"):
        changes_for("a.b.c", 1, ItemKind.LEAD)
