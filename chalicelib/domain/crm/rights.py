"""Who may do what: the one table of rights, role by action.

Every service asks here before it changes anything. An action that is not in the table is nobody's.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.users import Caller, Role
from chalicelib.domain.errors import ForbiddenError


class Action(StrEnum):
    """What somebody wants to do; the value ends the sentence that refuses it."""

    READ_ITEMS = "read items"
    WRITE_ITEMS = "create and change items"
    DELETE_ITEMS = "delete and restore items"
    READ_USERS = "read users"
    MANAGE_USERS = "create and change users"
    MANAGE_OWN_TOKENS = "make and end one's own tokens"
    MANAGE_ALL_TOKENS = "make and end the tokens of others"
    READ_SETTINGS = "read the settings"
    CHANGE_SETTINGS = "change the settings"
    MANAGE_DOMAINS = "add and check sending domains"
    SEE_ALL_THREADS = "see the threads of others"
    LINK_ALL_THREADS = "link and unlink the threads of others"
    MANAGE_ALL_SMART_BCC = "see and change the Smart Bcc addresses of others"
    SEE_INTAKE = "see the mail that intake kept apart"


_EVERYBODY: Final = frozenset(Role)
_ADMINS: Final = frozenset({Role.ADMIN})

RIGHTS: Final[Mapping[Action, frozenset[Role]]] = {
    Action.READ_ITEMS: _EVERYBODY,
    Action.WRITE_ITEMS: _EVERYBODY,
    Action.DELETE_ITEMS: _EVERYBODY,
    Action.READ_USERS: _EVERYBODY,
    Action.MANAGE_USERS: _ADMINS,
    Action.MANAGE_OWN_TOKENS: _EVERYBODY,
    Action.MANAGE_ALL_TOKENS: _ADMINS,
    Action.READ_SETTINGS: _EVERYBODY,
    Action.CHANGE_SETTINGS: _ADMINS,
    Action.MANAGE_DOMAINS: _ADMINS,
    Action.SEE_ALL_THREADS: _ADMINS,
    Action.LINK_ALL_THREADS: _ADMINS,
    Action.MANAGE_ALL_SMART_BCC: _ADMINS,
    Action.SEE_INTAKE: _ADMINS,
}


class RoleMissingError(ForbiddenError):
    """No role of the caller's allows it."""

    code = "role_missing"
    sentence = "The role {role} may not {action}; ask one of: {roles}."


def may(role: Role, action: Action) -> bool:
    """Whether `role` may do `action`."""
    return role in RIGHTS.get(action, frozenset())


def require(caller: Caller, action: Action) -> None:
    """Insist that the caller may do `action`."""
    if not may(caller.role, action):
        roles = ", ".join(sorted(RIGHTS.get(action, frozenset())))
        raise RoleMissingError(role=caller.role, action=action, roles=roles)
