"""Every role at every door: what the table of rights says is what the doors do."""

from dataclasses import replace
from typing import Final

import pytest

from app import app
from chalicelib.domain.crm.rights import RIGHTS, Right
from chalicelib.domain.crm.tokens import Scope
from chalicelib.domain.crm.users import Role
from chalicelib.domain.ids import ApiTokenId, UserId
from chalicelib.entry import auth
from chalicelib.entry.auth import scope_for
from chalicelib.entry.openapi.doors import doors_of
from chalicelib.entry.openapi.examples import EXAMPLES
from chalicelib.storage.stores import Stores
from tests.builders import a_token, a_user
from tests.entry.conftest import Api
from tests.entry.test_tenancy import send

DOORS: Final = {door.operation: door for door in doors_of(app.routes) if not door.promise.is_open}
NOWHERE: Final = "nothing-here"

RIGHT_BY_DOOR: Final = {
    "create_user": Right.MANAGE_USERS,
    "change_settings": Right.CHANGE_SETTINGS,
    "add_domain": Right.MANAGE_DOMAINS,
    "lift_suppression": Right.LIFT_SUPPRESSIONS,
    "list_kept_apart": Right.SEE_INTAKE,
    "list_audit": Right.READ_AUDIT,
    "delete_custom_field": Right.MANAGE_CUSTOM_FIELDS,
    "create_webhook": Right.MANAGE_WEBHOOKS,
    "replay_webhook_delivery": Right.MANAGE_WEBHOOKS,
}
"""Doors that are closed to some role, whatever is asked for; more may come.

A right over the things of others (`… of others` in the table) shows where there are such things:
tests/entry/test_users.py, test_sequences.py, test_threads.py, test_email_templates.py.
"""


@pytest.fixture
def secrets(api: Api, stores: Stores) -> dict[Role, str]:
    """Return a token with every scope for a user of each role."""
    made = {}
    for role in Role:
        name = f"{role}@northwind.test"
        user = replace(
            a_user(),
            id=UserId(f"user-{role}"),
            role=role,
            email=name,
            confirmed_addresses=(name,),
        )
        stores.users.save(user)
        made[role] = f"sekvens_of-{role}"
        token = replace(
            a_token(),
            id=ApiTokenId(f"token-{role}"),
            user_id=user.id,
            scopes=frozenset({Scope.ADMIN}),
        )
        stores.tokens.add(token, secret=made[role])
    return made


@pytest.fixture
def refusals(secrets: dict[Role, str], api: Api) -> dict[str, dict[Role, str]]:
    """Return what each door says to each role that it is closed to."""
    found: dict[str, dict[Role, str]] = {}
    for role, secret in secrets.items():
        for name, door in DOORS.items():
            path = door.path.format(**dict.fromkeys(door.parameters, NOWHERE))
            answer = send(api.of(secret), door, path, EXAMPLES.get(name, {}))
            if answer.status_code == 403 and answer.json_body["code"] == "role_missing":
                found.setdefault(name, {})[role] = answer.json_body["detail"]
    return found


@pytest.mark.requirement("D365-SEQ-09")
def test_a_door_is_closed_to_exactly_the_roles_that_lack_its_right(
    refusals: dict[str, dict[Role, str]],
) -> None:
    right_by_door = {
        name: next(right for right in Right if f"may not {right};" in sentence)
        for name, said in refusals.items()
        for sentence in said.values()
    }

    closed = {name: set(said) for name, said in refusals.items()}
    assert closed == {name: set(Role) - RIGHTS[right] for name, right in right_by_door.items()}
    assert right_by_door.items() >= RIGHT_BY_DOOR.items()


def test_a_token_that_may_only_read_changes_nothing(
    secrets: dict[Role, str], api: Api, stores: Stores
) -> None:
    reader = replace(
        a_token(),
        id=ApiTokenId("token-reader"),
        user_id=UserId("user-admin"),
        scopes=frozenset({Scope.READ}),
    )
    stores.tokens.add(reader, secret="sekvens_of-a-reader")
    taken = {}
    for name, door in DOORS.items():
        if (door.promise.scope or scope_for(door.method)) == Scope.READ:
            continue
        path = door.path.format(**dict.fromkeys(door.parameters, NOWHERE))
        answer = send(api.of("sekvens_of-a-reader"), door, path, EXAMPLES.get(name, {}))
        if (answer.status_code, answer.json_body["code"]) != (403, "scope_missing"):
            taken[name] = answer.status_code

    assert taken == {}


def test_every_right_is_somebodys_and_admins_have_all() -> None:
    assert RIGHTS.keys() == set(Right)
    assert all(Role.ADMIN in roles for roles in RIGHTS.values())


def test_no_token_opens_a_door_twice_after_it_has_ended(
    secrets: dict[Role, str], api: Api, stores: Stores
) -> None:
    stores.tokens.remove(ApiTokenId(f"token-{Role.ADMIN}"))
    auth.opened_by_digest.cache_clear()

    assert api.of(secrets[Role.ADMIN]).get("/v1/users").status_code == 401
