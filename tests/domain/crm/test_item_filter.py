"""Which order a list has when nobody names one."""

import pytest

from chalicelib.domain.crm.item_filter import ItemFilter, Order, Sorting
from chalicelib.domain.ids import UserId
from tests.builders import NOW, a_deal, a_lead


def test_a_list_is_in_order_of_making_unless_it_says_otherwise() -> None:
    by_title = Sorting(order=Order.TITLE)

    assert ItemFilter().order == Sorting(order=Order.CREATED)
    assert ItemFilter(sorting=by_title).order == by_title


def test_what_changed_since_is_in_order_of_change() -> None:
    assert ItemFilter(updated_since=NOW).order == Sorting(order=Order.UPDATED)


def test_a_search_has_the_order_of_its_words() -> None:
    assert ItemFilter(words=("acme",)).order is None
    assert ItemFilter(words=("acme",), updated_since=NOW).order is None


@pytest.mark.parametrize(
    "wanted, is_taken",
    [
        (ItemFilter(), True),
        (ItemFilter(words=("chairs",), owner_id=UserId("user-sally")), True),
        (ItemFilter(words=("tables",)), False),
        (ItemFilter(about=a_lead().ref), False),
        (ItemFilter(owner_id=UserId("user-adam")), False),
    ],
)
def test_a_filter_takes_what_fits_all_of_it(wanted: ItemFilter, is_taken: object) -> None:
    assert wanted.takes(a_deal()) is is_taken
