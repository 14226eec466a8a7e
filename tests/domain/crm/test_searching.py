"""Words that lead to an item, and words that are asked for."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.crm.items import EmailAddress
from chalicelib.domain.crm.searching import finds, folded, words_asked, words_of
from tests.builders import a_lead, a_person, a_product


def test_an_items_words_are_its_first_address_its_name_and_its_other_addresses() -> None:
    emails = (EmailAddress("p@home.test"), EmailAddress("paula@acme.test", is_primary=True))

    words = words_of(replace(a_person(), emails=emails))

    assert words == (
        "paula@acme.test",
        "acme.test",
        "paula",
        "prospect",
        "p@home.test",
        "home.test",
    )


def test_a_product_is_found_by_its_code() -> None:
    assert words_of(a_product()) == ("chair", "ch-1", "ch")


def test_at_most_twelve_words_of_two_letters_are_kept() -> None:
    item = replace(a_lead(), title=" ".join(f"w{number} x" for number in range(20)))

    assert len(words_of(item)) == 12
    assert "x" not in words_of(item)


@pytest.mark.parametrize(
    "title, query",
    [
        ("Forty chairs", "CHAIRS forty"),
        ("Café Ünal", "cafe unal"),
        ("Straße 5", "strasse"),
        ("Follow-up (urgent)", "follow-up urg"),
        ("Follow-up (urgent)", "up"),
        ("Vitamin D", "vitamin d"),
        ("서울 지점", "서울"),
    ],
)
def test_a_query_finds_what_has_all_its_words(title: str, query: str) -> None:
    assert finds(replace(a_lead(), title=title), words_asked(query))


@pytest.mark.parametrize("query", ["airs", "chairs tables", "forty-chairs"])
def test_a_query_does_not_find_what_lacks_a_word(query: str) -> None:
    assert not finds(replace(a_lead(), title="Forty chairs"), words_asked(query))


@pytest.mark.parametrize("query", ["", "  ", "- / ."])
def test_a_query_without_letters_asks_for_nothing(query: str) -> None:
    assert words_asked(query) == ()


@given(st.text(max_size=80))
def test_an_item_is_found_by_each_of_its_words(title: str) -> None:
    item = replace(a_lead(), title=title)

    assert all(finds(item, (word,)) for word in words_of(item))


@given(st.text(max_size=200))
def test_words_are_never_too_long_for_a_key(title: str) -> None:
    words = (*words_of(replace(a_lead(), title=title)), *words_asked(title))

    assert all(0 < len(word) <= 64 for word in words)


@given(st.text(max_size=80))
def test_folding_twice_folds_no_further_what_case_has_no_say_in(text: str) -> None:
    once = folded(text)

    assert folded(once.lower()) == folded(folded(once.lower()))
