"""What is told is tried eight times in two days, and what arrives late has arrived."""

from datetime import timedelta

from chalicelib.domain.ids import WebhookId
from chalicelib.domain.webhooks import parcels
from chalicelib.domain.webhooks.news import News, Topic
from chalicelib.domain.webhooks.parcels import Called, Parcel, ParcelState
from tests.builders import NOW

GOOD = Called(status=204)
DOWN = Called(status=503)


def a_parcel() -> Parcel:
    news = News(id="n-1", topic=Topic.COMPLETED, at=NOW, data={"enrollment_id": "e-1"})
    return parcels.new(news, WebhookId("webhook-1"), now=NOW)


def test_eight_failed_tries_are_the_end_and_their_waits_grow() -> None:
    parcel, now, waits = a_parcel(), NOW, []

    while parcel.state is ParcelState.WAITING:
        parcel = parcels.answered(parcel, DOWN, of_try=parcel.tries, now=now)
        if parcel.look_at is not None:
            waits.append(parcel.look_at - now)
            now = parcel.look_at
            parcel = parcels.handed_out(parcel, now=now)

    minutes = [int(wait / timedelta(minutes=1)) for wait in waits]
    assert (parcel.state, parcel.tries) == (ParcelState.DEAD, 8)
    assert minutes == [1, 5, 30, 120, 360, 720, 1440]
    assert parcel.last is not None
    assert parcel.last.why == "It answered 503."


def test_an_answer_to_an_older_try_undoes_nothing() -> None:
    second = parcels.handed_out(a_parcel(), now=NOW)

    assert parcels.answered(second, DOWN, of_try=1, now=NOW) == second


def test_the_same_answer_twice_counts_once() -> None:
    once = parcels.answered(a_parcel(), DOWN, of_try=1, now=NOW)

    later = NOW + timedelta(seconds=9)
    assert parcels.answered(once, DOWN, of_try=1, now=later) == once


def test_what_arrives_late_has_arrived() -> None:
    given_up = parcels.given_up(a_parcel(), "The webhook was switched off.", now=NOW)

    assert parcels.answered(given_up, GOOD, of_try=1, now=NOW).state is ParcelState.DELIVERED


def test_what_has_arrived_stays_so() -> None:
    delivered = parcels.answered(a_parcel(), GOOD, of_try=1, now=NOW)

    assert parcels.answered(delivered, DOWN, of_try=1, now=NOW) == delivered
    assert delivered.look_at is None


def test_begun_anew_all_tries_are_there_again() -> None:
    anew = parcels.begun_anew(parcels.given_up(a_parcel(), "Why.", now=NOW), now=NOW)

    assert (anew.state, anew.tries, anew.ended_at) == (ParcelState.WAITING, 1, None)
    assert anew.look_at == NOW + timedelta(minutes=10)


def test_redirects_are_failures_and_said_so() -> None:
    assert Called(status=302).why == "It answered with a redirect, which is not followed."
    assert not Called(status=302).is_good
    assert Called(status=200).why is None
