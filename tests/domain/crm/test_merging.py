"""Two persons who turn out to be one."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.crm.items import EmailAddress, Item, ItemKind, ItemRef, ItemStatus
from chalicelib.domain.crm.merging import merged, problems_of
from chalicelib.domain.ids import ItemId
from tests.builders import NOW, a_person

LATER = NOW + timedelta(days=1)


def a_double() -> Item:
    return replace(a_person(), ref=ItemRef(ItemKind.PERSON, ItemId("person-double")))


def test_the_winners_words_stand_and_the_loser_fills_gaps() -> None:
    winner = replace(a_person(), country=None, custom_fields={"size": 1}, phones=("1",))
    loser = replace(
        a_double(),
        title="P.",
        time_zone="Europe/Paris",
        country="FR",
        custom_fields={"size": 2, "color": "red"},
        phones=("1", "2"),
    )

    kept, _ = merged(winner, loser, now=LATER)

    assert (kept.title, kept.time_zone, kept.country) == ("Paula Prospect", "Europe/Berlin", "FR")
    assert kept.custom_fields == {"size": 1, "color": "red"}
    assert kept.phones == ("1", "2")
    assert kept.updated_at == LATER


def test_one_address_stays_the_primary_one() -> None:
    loser = replace(a_double(), emails=(EmailAddress("p@home.test", is_primary=True),))

    kept, _ = merged(a_person(), loser, now=LATER)
    of_nothing, _ = merged(replace(a_person(), emails=()), loser, now=LATER)

    assert kept.emails == (
        EmailAddress("paula@acme.test", is_primary=True),
        EmailAddress("p@home.test"),
    )
    assert of_nothing.primary_address == "p@home.test"


def test_who_was_not_to_be_written_to_is_not() -> None:
    kept, _ = merged(
        replace(a_person(), do_not_call=True), replace(a_double(), do_not_email=True), now=LATER
    )

    assert (kept.do_not_call, kept.do_not_email) == (True, True)


def test_the_loser_is_deleted_and_names_the_winner() -> None:
    _, gone = merged(a_person(), a_double(), now=LATER)

    assert (gone.status, gone.merged_into) == (ItemStatus.DELETED, "person-paula")
    assert (gone.deleted_at, gone.status_before) == (LATER, ItemStatus.OPEN)


def test_the_winner_remembers_everybody_who_was_merged() -> None:
    loser = replace(a_double(), merged=(ItemId("person-3"),))

    kept, _ = merged(replace(a_person(), merged=(ItemId("person-4"),)), loser, now=LATER)

    assert kept.merged == ("person-4", "person-double", "person-3")


def test_too_much_for_one_person_is_told_at_once() -> None:
    crowded = replace(
        a_person(),
        emails=tuple(EmailAddress(f"p{number}@acme.test") for number in range(21)),
        tags=tuple(f"tag {number}" for number in range(51)),
    )

    assert [each.path for each in problems_of(crowded)] == ["$.emails", "$.tags"]
    assert [*problems_of(a_person())] == []
