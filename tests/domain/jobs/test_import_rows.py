"""What a row says of its item, column by column."""

import pytest

from chalicelib.domain.crm.changes import ItemChanges
from chalicelib.domain.crm.custom_fields import FieldType
from chalicelib.domain.crm.items import EmailAddress, ItemKind, ItemStatus
from chalicelib.domain.errors import RuleError
from chalicelib.domain.ids import ItemId
from chalicelib.domain.jobs.import_rows import wish_of


def test_a_row_of_a_person_is_read() -> None:
    wish = wish_of(
        ItemKind.PERSON,
        {
            "key": "p-1",
            "name": "Paula",
            "emails": "paula@acme.test; p@acme.test",
            "do_not_call": "true",
            "tags": "a;b",
            "organization_key": "o-1",
        },
        {},
    )

    assert (wish.key, wish.person_key, wish.organization_key) == ("p-1", None, "o-1")
    assert wish.changes == ItemChanges(
        title="Paula",
        emails=(EmailAddress("paula@acme.test"), EmailAddress("p@acme.test")),
        do_not_call=True,
        tags=("a", "b"),
    )


def test_json_says_it_as_the_api_does() -> None:
    emails = [{"address": "p@acme.test", "primary": True}]

    wish = wish_of(ItemKind.PERSON, {"name": "Paula", "emails": emails, "phones": ["1"]}, {})

    assert wish.changes == ItemChanges(
        title="Paula", emails=(EmailAddress("p@acme.test", is_primary=True),), phones=("1",)
    )


def test_a_row_of_a_deal_is_read() -> None:
    row = {"title": "Chairs", "value": "4000", "currency": "EUR", "status": "won"}

    wish = wish_of(ItemKind.DEAL, {**row, "person_id": "p-1"}, {})

    assert wish.changes == ItemChanges(
        title="Chairs",
        value=4000.0,
        currency="EUR",
        status=ItemStatus.WON,
        person_id=ItemId("p-1"),
    )


def test_cells_of_custom_fields_are_read_as_their_types_want_them() -> None:
    types = {
        "seats": FieldType.NUMBER,
        "vip": FieldType.BOOLEAN,
        "colors": FieldType.OPTIONS,
        "code": FieldType.TEXT,
        "rooms": FieldType.NUMBER,
    }
    row = {"seats": "40.5", "vip": "TRUE", "colors": "red;blue", "code": "007", "rooms": "many"}

    wish = wish_of(
        ItemKind.LEAD, {f"custom_fields.{name}": cell for name, cell in row.items()}, types
    )

    assert wish.changes.custom_fields == {
        "seats": 40.5,
        "vip": True,
        "colors": ("red", "blue"),
        "code": "007",
        "rooms": "many",
    }


@pytest.mark.parametrize(
    "row, path, code",
    [
        ({"nmae": "Paula"}, "nmae", "unknown_field"),
        ({"title": "x"}, "title", "unknown_field"),
        ({"do_not_call": "perhaps"}, "do_not_call", "wrong_value"),
        ({"emails": [1]}, "emails[0]", "wrong_value"),
        ({"key": ["a"]}, "key", "wrong_value"),
        ({"key": "k" * 256}, "key", "wrong_value"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column(
    row: dict[str, object], path: str, code: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        wish_of(ItemKind.PERSON, row, {})

    assert [(each.path, each.code) for each in refusal.value.problems] == [(path, code)]
