"""Who may see, make and change a sequence."""

from dataclasses import replace

import msgspec
import pytest

from chalicelib.domain.crm.users import Role, User
from chalicelib.domain.errors import MissingError
from chalicelib.domain.ids import UserId
from chalicelib.domain.sequences.access import (
    CreationRestrictedError,
    NotOwnerError,
    insist_on_changing,
    insist_on_creating,
    insist_on_seeing,
    may_see,
)
from chalicelib.domain.sequences.definition import Sequence
from tests.builders import a_sequence, a_user


def norths() -> Sequence:
    """Sally's, in the business unit North."""
    return msgspec.structs.replace(a_sequence(), business_unit="North")


def other(role: Role = Role.SALESPERSON, unit: str | None = None) -> User:
    return replace(a_user(), id=UserId("user-other"), role=role, business_unit=unit)


@pytest.mark.requirement("D365-SEQ-07")
@pytest.mark.parametrize(
    "user, sees",
    [
        (a_user(), True),
        (other(unit="North"), True),
        (other(unit="South"), False),
        (other(), False),
        (other(Role.SALES_MANAGER, "South"), True),
        (other(Role.SEQUENCE_MANAGER), True),
        (other(Role.ADMIN), True),
    ],
)
def test_a_sequence_is_seen_in_its_business_unit(user: User, *, sees: bool) -> None:
    assert may_see(norths(), user) is sees


def test_a_sequence_without_a_business_unit_is_the_whole_tenants() -> None:
    assert may_see(a_sequence(), other(unit="South"))


def test_what_may_not_be_seen_does_not_exist() -> None:
    with pytest.raises(MissingError):
        insist_on_seeing(norths(), other(unit="South"))

    with pytest.raises(MissingError):
        insist_on_changing(norths(), other(unit="South"), "change")


@pytest.mark.requirement("D365-SEQ-04")
def test_a_salesperson_changes_her_own() -> None:
    insist_on_changing(norths(), a_user(), "change")


@pytest.mark.requirement("D365-SEQ-08")
@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.SALES_MANAGER])
def test_other_sellers_may_not_change_it(role: Role) -> None:
    with pytest.raises(NotOwnerError) as caught:
        insist_on_changing(norths(), other(role, "North"), "delete")

    assert caught.value.detail == (
        "Only its owner or a sequence manager may delete this sequence; copy it instead."
    )


@pytest.mark.requirement("D365-SEQ-06")
@pytest.mark.requirement("D365-SEQ-09")
@pytest.mark.parametrize("role", [Role.ADMIN, Role.SEQUENCE_MANAGER])
def test_admins_and_sequence_managers_change_every_sequence(role: Role) -> None:
    insist_on_changing(norths(), other(role, "South"), "delete")


@pytest.mark.requirement("D365-SEQ-02")
@pytest.mark.requirement("D365-SEQ-04")
@pytest.mark.parametrize("role", list(Role))
def test_everybody_makes_sequences_unless_it_is_restricted(role: Role) -> None:
    insist_on_creating(other(role), ())


@pytest.mark.requirement("D365-SEQ-05")
@pytest.mark.requirement("D365-SEQ-31")
def test_where_it_is_restricted_others_are_told_to_ask_an_admin() -> None:
    allowed = (Role.SEQUENCE_MANAGER,)
    insist_on_creating(other(Role.SEQUENCE_MANAGER), allowed)
    insist_on_creating(other(Role.ADMIN), allowed)

    with pytest.raises(CreationRestrictedError) as caught:
        insist_on_creating(other(), allowed)

    assert caught.value.detail == (
        "Your role salesperson may not make sequences here; ask an admin. "
        "Allowed: sequence_manager."
    )
