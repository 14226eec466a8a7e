"""The table of rights is whole, and obeyed."""

from dataclasses import replace

import pytest

from chalicelib.domain.crm.rights import RIGHTS, Right, RoleMissingError, may, require
from chalicelib.domain.crm.users import Role
from tests.builders import a_caller, an_admin_caller


def test_every_right_stands_in_the_table() -> None:
    assert RIGHTS.keys() == set(Right)


def test_admins_may_do_everything() -> None:
    assert all(may(Role.ADMIN, right) for right in Right)


@pytest.mark.parametrize("role", set(Role) - {Role.ADMIN})
def test_only_admins_manage_users_settings_and_domains(role: Role) -> None:
    refused = {right for right in Right if not may(role, right)}

    assert refused >= {
        Right.MANAGE_USERS,
        Right.MANAGE_ALL_TOKENS,
        Right.CHANGE_SETTINGS,
        Right.MANAGE_DOMAINS,
    }


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(RoleMissingError) as refusal:
        require(replace(a_caller(), role=Role.SALES_MANAGER), Right.CHANGE_SETTINGS)

    assert refusal.value.detail == (
        "The role sales_manager may not change the settings; ask one of: admin."
    )


def test_who_may_is_let_through() -> None:
    require(an_admin_caller(), Right.CHANGE_SETTINGS)
