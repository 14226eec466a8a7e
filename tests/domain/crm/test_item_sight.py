"""Who sees an item."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.item_sight import may_see
from chalicelib.domain.crm.users import Role, User
from chalicelib.domain.ids import UserId
from tests.builders import a_lead, a_user


def someone(role: Role, unit: str | None) -> User:
    return replace(a_user(), id=UserId("user-nora"), role=role, business_unit=unit)


@pytest.mark.requirement("D365-SEQ-07")
@pytest.mark.parametrize(
    "role, unit, owners_unit, is_seen",
    [
        (Role.SALESPERSON, "North", "North", True),
        (Role.SALESPERSON, "North", "South", False),
        (Role.SALESPERSON, "North", None, True),
        (Role.SALESPERSON, None, "South", False),
        (Role.SALESPERSON, None, None, True),
        (Role.SALES_MANAGER, "North", "South", True),
        (Role.SEQUENCE_MANAGER, "North", "South", True),
        (Role.ADMIN, None, "South", True),
    ],
)
def test_a_business_unit_sees_what_its_people_own(
    role: Role, unit: str | None, owners_unit: str | None, is_seen: object
) -> None:
    owner = replace(a_user(), business_unit=owners_unit)

    assert may_see(a_lead(), owner=owner, viewer=someone(role, unit)) is is_seen


def test_everybody_sees_what_is_their_own() -> None:
    sally = replace(a_user(), business_unit="North")

    assert may_see(a_lead(), owner=replace(sally, business_unit="South"), viewer=sally)


def test_what_nobody_known_owns_is_everybodys() -> None:
    assert may_see(a_lead(), owner=None, viewer=someone(Role.SALESPERSON, "North"))
