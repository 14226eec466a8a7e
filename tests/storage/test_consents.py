"""Consents belong to one user and one sequence, and to no other tenant."""

import pytest

from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import SequenceId, UserId
from chalicelib.storage.stores import Stores
from tests.builders import NOW

SALLY = UserId("user-sally")
FIRST = SequenceId("sequence-1")


def a_consent() -> Consent:
    return Consent(user_id=SALLY, sequence_id=FIRST, given_at=NOW)


def test_a_consent_is_found_until_it_is_withdrawn(stores: Stores) -> None:
    stores.consents.give(a_consent())
    assert stores.consents.find(SALLY, FIRST) == a_consent()

    stores.consents.withdraw(SALLY, FIRST)

    assert stores.consents.find(SALLY, FIRST) is None


@pytest.mark.requirement("PD-SEQ-16")
def test_ones_consent_is_not_anothers(stores: Stores) -> None:
    stores.consents.give(a_consent())

    assert stores.consents.find(UserId("user-adam"), FIRST) is None


@pytest.mark.requirement("PD-SEQ-17")
def test_consent_in_one_sequence_is_not_consent_in_another(stores: Stores) -> None:
    stores.consents.give(a_consent())

    assert stores.consents.find(SALLY, SequenceId("sequence-2")) is None


def test_what_was_never_given_may_be_withdrawn(stores: Stores) -> None:
    stores.consents.withdraw(SALLY, FIRST)

    assert stores.consents.find(SALLY, FIRST) is None


def test_another_tenant_sees_no_consent(stores: Stores, others_stores: Stores) -> None:
    stores.consents.give(a_consent())

    assert others_stores.consents.find(SALLY, FIRST) is None
