"""Who may do what: the one table of rights, by role.

Every service asks here before it shows or changes anything.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from chalicelib.domain.crm.users import Caller, Role
from chalicelib.domain.errors import ForbiddenError


class Right(StrEnum):
    """What a role may do; the value ends the sentence that refuses it."""

    READ_ITEMS = "read items"
    WRITE_ITEMS = "create and change items"
    DELETE_ITEMS = "delete and restore items"
    SEE_ALL_ITEMS = "see the items of other business units"
    MANAGE_CUSTOM_FIELDS = "define custom fields"
    READ_USERS = "read users"
    MANAGE_USERS = "create and change users"
    MANAGE_OWN_TOKENS = "make and end one's own tokens"
    MANAGE_ALL_TOKENS = "make and end the tokens of others"
    READ_SETTINGS = "read the settings"
    CHANGE_SETTINGS = "change the settings"
    MANAGE_DOMAINS = "add and check sending domains"
    MANAGE_PRIVACY = "export and erase persons"
    READ_AUDIT = "read who changed what"
    SEE_ALL_JOBS = "see the jobs of others"
    SEE_ALL_THREADS = "see the threads of others"
    LINK_ALL_THREADS = "link and unlink the threads of others"
    MANAGE_ALL_SMART_BCC = "see and change the Smart Bcc addresses of others"
    SEE_INTAKE = "see the mail that intake kept apart"
    SEE_ALL_SEQUENCES = "see the sequences of other business units"
    CHANGE_ALL_SEQUENCES = "change and delete the sequences of others"
    MANAGE_SEQUENCE_TEMPLATES = "save, change and delete sequence templates"
    WORK_ALL_TASKS = "work the tasks of others"
    MANAGE_AUTOMATIONS = "make and change automations"
    MANAGE_WEBHOOKS = "make, change and replay webhooks"
    READ_EMAIL_TEMPLATES = "read e-mail templates"
    WRITE_EMAIL_TEMPLATES = "make e-mail templates and change one's own"
    CHANGE_ALL_EMAIL_TEMPLATES = "change and delete the e-mail templates of others"
    READ_SUPPRESSIONS = "read which addresses are suppressed"
    ADD_SUPPRESSIONS = "suppress addresses"
    LIFT_SUPPRESSIONS = "lift the suppression of addresses"


_EVERYBODY: Final = frozenset(Role)
_ADMINS: Final = frozenset({Role.ADMIN})
_SEQUENCE_MANAGERS: Final = _ADMINS | {Role.SEQUENCE_MANAGER}

RIGHTS: Final[Mapping[Right, frozenset[Role]]] = {
    Right.READ_ITEMS: _EVERYBODY,
    Right.WRITE_ITEMS: _EVERYBODY,
    Right.DELETE_ITEMS: _EVERYBODY,
    Right.SEE_ALL_ITEMS: _SEQUENCE_MANAGERS | {Role.SALES_MANAGER},
    Right.MANAGE_CUSTOM_FIELDS: _ADMINS,
    Right.READ_USERS: _EVERYBODY,
    Right.MANAGE_USERS: _ADMINS,
    Right.MANAGE_OWN_TOKENS: _EVERYBODY,
    Right.MANAGE_ALL_TOKENS: _ADMINS,
    Right.READ_SETTINGS: _EVERYBODY,
    Right.CHANGE_SETTINGS: _ADMINS,
    Right.MANAGE_DOMAINS: _ADMINS,
    Right.MANAGE_PRIVACY: _ADMINS,
    Right.READ_AUDIT: _ADMINS,
    Right.SEE_ALL_JOBS: _ADMINS,
    Right.SEE_ALL_THREADS: _ADMINS,
    Right.LINK_ALL_THREADS: _ADMINS,
    Right.MANAGE_ALL_SMART_BCC: _ADMINS,
    Right.SEE_INTAKE: _ADMINS,
    Right.SEE_ALL_SEQUENCES: _SEQUENCE_MANAGERS | {Role.SALES_MANAGER},
    Right.CHANGE_ALL_SEQUENCES: _SEQUENCE_MANAGERS,
    Right.MANAGE_SEQUENCE_TEMPLATES: _SEQUENCE_MANAGERS | {Role.SALES_MANAGER},
    Right.MANAGE_AUTOMATIONS: _SEQUENCE_MANAGERS | {Role.SALES_MANAGER},
    Right.MANAGE_WEBHOOKS: _ADMINS,
    Right.WORK_ALL_TASKS: _SEQUENCE_MANAGERS | {Role.SALES_MANAGER},
    Right.READ_EMAIL_TEMPLATES: _EVERYBODY,
    Right.WRITE_EMAIL_TEMPLATES: _EVERYBODY,
    Right.CHANGE_ALL_EMAIL_TEMPLATES: _SEQUENCE_MANAGERS,
    Right.READ_SUPPRESSIONS: _EVERYBODY,
    Right.ADD_SUPPRESSIONS: _EVERYBODY,
    Right.LIFT_SUPPRESSIONS: _ADMINS,
}


class RoleMissingError(ForbiddenError):
    """No role of the caller's allows it."""

    code = "role_missing"
    sentence = "The role {role} may not {action}; ask one of: {roles}."


def may(role: Role, right: Right) -> bool:
    """Whether `role` has `right`."""
    return role in RIGHTS[right]


def require(caller: Caller, right: Right) -> None:
    """Insist that the caller has `right`."""
    if not may(caller.role, right):
        roles = ", ".join(sorted(RIGHTS[right]))
        raise RoleMissingError(role=caller.role, action=right, roles=roles)
