"""What may be set on an item, and what it becomes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.crm.changes import ItemChanges, applied, problems_of
from chalicelib.domain.crm.items import EmailAddress, ItemStatus
from tests.builders import NOW, a_deal, a_lead, a_person, a_product, an_activity

LATER = NOW + timedelta(hours=1)


def test_only_what_is_given_changes() -> None:
    changed = applied(a_deal(), ItemChanges(stage="Demo"), now=LATER)

    assert changed == replace(a_deal(), stage="Demo", updated_at=LATER)


def test_a_change_that_changes_nothing_is_none() -> None:
    deal = a_deal()

    assert applied(deal, ItemChanges(stage="Offer"), now=LATER) is deal


def test_the_first_address_is_the_primary_one_unless_another_is() -> None:
    first = ItemChanges(emails=(EmailAddress("A@x.test"), EmailAddress("b@x.test")))
    second = ItemChanges(
        emails=(EmailAddress("a@x.test"), EmailAddress("b@x.test", is_primary=True))
    )

    assert applied(a_person(), first, now=LATER).emails == (
        EmailAddress("a@x.test", is_primary=True),
        EmailAddress("b@x.test"),
    )
    assert applied(a_person(), second, now=LATER).primary_address == "b@x.test"


def test_a_tag_stands_once() -> None:
    changed = applied(a_deal(), ItemChanges(tags=("vip", "new", "vip")), now=LATER)

    assert changed.tags == ("vip", "new")


def test_custom_fields_are_merged_and_emptied_by_null() -> None:
    deal = replace(a_deal(), custom_fields={"size": 40, "colour": "red"})

    changed = applied(deal, ItemChanges(custom_fields={"colour": None, "legs": 4}), now=LATER)

    assert changed.custom_fields == {"size": 40, "legs": 4}


def test_another_status_drops_the_old_reason() -> None:
    lost = replace(a_deal(), status=ItemStatus.LOST, status_reason="too dear")

    won = applied(lost, ItemChanges(status=ItemStatus.WON), now=LATER)
    still = applied(lost, ItemChanges(status=ItemStatus.LOST, stage="End"), now=LATER)

    assert won.status_reason is None
    assert still.status_reason == "too dear"


@pytest.mark.parametrize(
    "changes, path, code",
    [
        (ItemChanges(title=""), "$.title", "blank"),
        (ItemChanges(title="x" * 256), "$.title", "too_long"),
        (ItemChanges(title="a\nb"), "$.title", "wrong_value"),
        (ItemChanges(tags=tuple("x" * 51)), "$.tags", "too_many"),
        (ItemChanges(tags=("ok", " ")), "$.tags[1]", "blank"),
        (ItemChanges(phones=("x" * 256,)), "$.phones[0]", "too_long"),
        (ItemChanges(time_zone="Mars/North"), "$.time_zone", "wrong_time_zone"),
        (ItemChanges(country="de"), "$.country", "wrong_country"),
        (ItemChanges(value=float("nan")), "$.value", "wrong_value"),
        (ItemChanges(value=1e16), "$.value", "wrong_value"),
        (ItemChanges(currency="eur"), "$.currency", "wrong_currency"),
        (ItemChanges(stage=""), "$.stage", "blank"),
        (ItemChanges(status_reason="\x00"), "$.status_reason", "wrong_value"),
        (ItemChanges(status=ItemStatus.WON), "$.status", "wrong_status"),
        (ItemChanges(status=ItemStatus.CONVERTED), "$.status", "wrong_status"),
        (ItemChanges(emails=(EmailAddress("x"),)), "$.emails[0].address", "wrong_address"),
        (
            ItemChanges(emails=(EmailAddress("a@x.test"), EmailAddress("A@x.test"))),
            "$.emails[1].address",
            "given_twice",
        ),
        (
            ItemChanges(emails=(EmailAddress("a@x.test", True), EmailAddress("b@x.test", True))),
            "$.emails",
            "several_primary",
        ),
        (
            ItemChanges(emails=tuple(EmailAddress(f"{n}@x.test") for n in range(21))),
            "$.emails",
            "too_many",
        ),
        (ItemChanges(custom_fields={"1": 1}), "$.custom_fields.1", "wrong_name"),
        (ItemChanges(custom_fields={"a": "x" * 256}), "$.custom_fields.a", "too_long"),
        (ItemChanges(custom_fields={"a": float("inf")}), "$.custom_fields.a", "wrong_value"),
        (
            ItemChanges(custom_fields={f"f{n}": 1 for n in range(101)}),
            "$.custom_fields",
            "too_many",
        ),
    ],
)
def test_a_value_that_does_not_fit_is_named(changes: ItemChanges, path: str, code: str) -> None:
    problems = list(problems_of(a_lead(), changes))

    assert [(each.path, each.code) for each in problems] == [(path, code)]


def test_a_persons_title_is_called_name() -> None:
    [problem] = problems_of(a_person(), ItemChanges(title=""))

    assert problem.path == "$.name"


def test_values_that_fit_are_not_complained_about() -> None:
    changes = ItemChanges(
        title="x",
        status=ItemStatus.DISQUALIFIED,
        emails=(EmailAddress("a@x.test"),),
        time_zone=None,
        country=None,
        value=None,
        currency=None,
        custom_fields={"a": None, "b": True, "c": 1.5, "d": "x"},
    )

    assert list(problems_of(a_lead(), changes)) == []
    assert list(problems_of(a_lead(), ItemChanges(status=ItemStatus.OPEN))) == []


def test_an_activity_about_a_person_is_also_theirs() -> None:
    paula, lead = a_person().ref, a_lead().ref
    to_paula = applied(an_activity(), ItemChanges(about=paula), now=LATER)
    back = applied(to_paula, ItemChanges(about=lead), now=LATER)

    assert (to_paula.about, to_paula.person_id, to_paula.organization_id) == (paula, paula.id, None)
    assert (back.about, back.person_id) == (lead, None)


def test_when_an_activity_is_due_is_kept_in_utc() -> None:
    due_at = datetime.fromisoformat("2026-03-02T10:00:00+01:00")

    moved = applied(an_activity(), ItemChanges(due_at=due_at), now=LATER)

    assert moved.due_at is not None
    assert moved.due_at.isoformat() == "2026-03-02T09:00:00+00:00"


def test_an_activitys_problems_have_its_own_names() -> None:
    changes = ItemChanges(title="", activity_type="", note="x" * 10_001)

    assert [each.path for each in problems_of(an_activity(), changes)] == [
        "$.subject",
        "$.type",
        "$.note",
    ]


def test_a_product_has_a_price() -> None:
    problems = [*problems_of(a_product(), ItemChanges(value=-1.0))]

    assert [each.path for each in problems] == ["$.price"]


def test_a_converted_lead_stays_converted() -> None:
    lead = replace(a_lead(), status=ItemStatus.CONVERTED)

    problems = [*problems_of(lead, ItemChanges(status=ItemStatus.OPEN))]

    assert [(each.path, each.code) for each in problems] == [("$.status", "wrong_status")]
    assert [*problems_of(lead, ItemChanges(status=ItemStatus.CONVERTED, title="x"))] == []
