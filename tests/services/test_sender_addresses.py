"""Alternative addresses that users write from: asked for, confirmed once, taken away."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest

from chalicelib.domain.errors import MissingError, RuleError, ThrottledError
from chalicelib.domain.ids import UserId
from chalicelib.domain.mail.public_tokens import ConfirmToken, parse_public_token
from chalicelib.services import sender_addresses
from chalicelib.services.sender_addresses import SenderAddress
from chalicelib.storage.stores import Stores
from tests.builders import NOW, a_caller, a_tenant, a_user, an_admin
from tests.doubles import Doubles
from tests.services.runner import Runner
from tests.services.test_intake_crashes import an_enrolled_lead

SALLY = UserId("user-sally")


@pytest.fixture(autouse=True)
def house(stores: Stores) -> None:
    """Set up a tenant with two users."""
    stores.tenant.save(a_tenant())
    stores.users.save(a_user())
    stores.users.save(an_admin())


def ask(stores: Stores, doubles: Doubles, address: str = "Sally@Home.test") -> SenderAddress:
    return sender_addresses.ask(
        address, caller=a_caller(), stores=stores, outside=doubles.outside, now=NOW
    )


def link_in(doubles: Doubles) -> ConfirmToken:
    """Return the token of the latest confirmation mail."""
    mail = message_from_bytes(doubles.notifier.sent[-1].mime)
    text = bytes(mail.get_payload(decode=True)).decode()
    url = re.search(r"https://api\.sekvens\.test/u/([a-z0-9-]+)", text)
    assert url is not None
    token = parse_public_token(url[1], keys=doubles.outside.mac_keys)
    assert isinstance(token, ConfirmToken)
    return token


def own(stores: Stores) -> dict[str, bool]:
    listed = sender_addresses.list_own(caller=a_caller(), stores=stores, now=NOW)
    return {each.address: each.is_confirmed for each in listed}


def test_an_address_is_its_users_once_the_link_was_followed(
    stores: Stores, doubles: Doubles
) -> None:
    asked = ask(stores, doubles)
    before = own(stores)

    confirmed = sender_addresses.confirm(link_in(doubles), stores=stores, now=NOW)

    assert asked.address == "sally@home.test"
    assert before == {"sally@northwind.test": True, "sally@home.test": False}
    assert confirmed is not None
    assert own(stores) == {"sally@northwind.test": True, "sally@home.test": True}
    assert doubles.notifier.sent[0].recipients == ["sally@home.test"]


def test_a_link_is_good_once_and_not_for_ever(stores: Stores, doubles: Doubles) -> None:
    ask(stores, doubles)
    token = link_in(doubles)

    late = sender_addresses.confirm(token, stores=stores, now=NOW + timedelta(hours=48))
    first = sender_addresses.confirm(token, stores=stores, now=NOW)
    again = sender_addresses.confirm(token, stores=stores, now=NOW)

    assert (late, again) == (None, None)
    assert first is not None


def test_a_newer_link_ends_the_older_one(stores: Stores, doubles: Doubles) -> None:
    ask(stores, doubles)
    older = link_in(doubles)
    ask(stores, doubles)

    assert sender_addresses.confirm(older, stores=stores, now=NOW) is None
    assert sender_addresses.confirm(link_in(doubles), stores=stores, now=NOW) is not None


def test_the_answer_is_the_same_for_known_and_unknown_addresses(
    stores: Stores, doubles: Doubles
) -> None:
    own_one = ask(stores, doubles, "sally@northwind.test")
    adams = ask(stores, doubles, "adam@northwind.test")
    nobodys = ask(stores, doubles, "nobody@elsewhere.test")

    assert [each.is_confirmed for each in (own_one, adams, nobodys)] == [False, False, False]
    # Mail goes out only where it can help.
    assert [each.recipients for each in doubles.notifier.sent] == [["nobody@elsewhere.test"]]


def test_nobody_is_wearied_with_confirmation_mails(stores: Stores, doubles: Doubles) -> None:
    for _ in range(4):
        ask(stores, doubles)

    assert len(doubles.notifier.sent) == 3
    for _ in range(6):
        ask(stores, doubles, "other@home.test")
    with pytest.raises(ThrottledError):
        ask(stores, doubles, "more@home.test")


def test_an_address_that_somebody_else_took_meanwhile_is_not_confirmed(
    stores: Stores, doubles: Doubles
) -> None:
    ask(stores, doubles, "shared@home.test")
    token = link_in(doubles)
    adam = stores.users.get(an_admin().id)
    taken = (*adam.confirmed_addresses, "shared@home.test")
    stores.users.save(replace(adam, confirmed_addresses=taken))

    assert sender_addresses.confirm(token, stores=stores, now=NOW) is None


def test_an_address_is_taken_away_confirmed_or_not(stores: Stores, doubles: Doubles) -> None:
    asked = ask(stores, doubles)
    token = link_in(doubles)
    sender_addresses.remove(asked.id, caller=a_caller(), stores=stores, now=NOW)
    too_late = sender_addresses.confirm(token, stores=stores, now=NOW)
    again = ask(stores, doubles)
    sender_addresses.confirm(link_in(doubles), stores=stores, now=NOW)

    sender_addresses.remove(again.id, caller=a_caller(), stores=stores, now=NOW)

    assert too_late is None
    assert own(stores) == {"sally@northwind.test": True}
    with pytest.raises(MissingError):
        sender_addresses.remove(again.id, caller=a_caller(), stores=stores, now=NOW)


@pytest.mark.parametrize("address", ["no address", "b-x@in.sekvens.test"])
def test_what_cannot_be_a_users_address_is_refused(
    stores: Stores, doubles: Doubles, address: str
) -> None:
    with pytest.raises(RuleError):
        ask(stores, doubles, address)

    assert doubles.notifier.sent == []


def test_a_confirmed_address_is_never_the_one_mail_is_sent_from(
    stores: Stores, doubles: Doubles
) -> None:
    ask(stores, doubles)
    sender_addresses.confirm(link_in(doubles), stores=stores, now=NOW)

    assert stores.users.get(SALLY).email == "sally@northwind.test"


def test_confirmed_for_smart_bcc_is_never_allowed_to_send(stores: Stores, doubles: Doubles) -> None:
    runner = Runner(stores, doubles)
    runner.set_up_work()
    ask(stores, doubles)
    sender_addresses.confirm(link_in(doubles), stores=stores, now=NOW)
    enrollment_id = runner.enroll()
    runner.drain()
    usual = doubles.mailer.sent.pop()
    stores.users.save(replace(stores.users.get(SALLY), email="sally@home.test"))
    other = an_enrolled_lead(runner, 2)

    [task] = [each for each in runner.tasks() if each.enrollment_id == other]

    assert (usual.sender, runner.head(enrollment_id).status) == ("sally@northwind.test", "active")
    assert doubles.mailer.sent == []
    assert task.why == "sender unverified: the domain of sally@home.test is not verified"
