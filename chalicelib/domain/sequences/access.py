"""Who may see, make and change a sequence (D365-SEQ-04 to 09).

Sequences are a business unit's: its people see, connect and copy them. Only the owner may change
one, and those whose role is to look after all of them.
"""

from collections.abc import Collection

from chalicelib.domain.crm.rights import Right, may
from chalicelib.domain.crm.users import Role, User
from chalicelib.domain.errors import ForbiddenError, MissingError
from chalicelib.domain.sequences.definition import Sequence


class NotOwnerError(ForbiddenError):
    """Another seller's sequence may be viewed, connected and copied, not changed (D365-SEQ-08)."""

    code = "not_owner"
    sentence = "Only its owner or a sequence manager may {action} this sequence; copy it instead."


class CreationRestrictedError(ForbiddenError):
    """The tenant lets only certain roles make sequences (D365-SEQ-05)."""

    code = "creation_restricted"
    sentence = "Your role {role} may not make sequences here; ask an admin. Allowed: {roles}."


def may_see(sequence: Sequence, user: User) -> bool:
    """Whether `user` sees the sequence: their own, their business unit's, or the whole tenant's."""
    is_near = sequence.business_unit in {None, user.business_unit}
    return is_near or sequence.owner_id == user.id or may(user.role, Right.SEE_ALL_SEQUENCES)


def insist_on_seeing(sequence: Sequence, user: User) -> None:
    """Hide what the user may not see: it is as if it did not exist."""
    if not may_see(sequence, user):
        raise MissingError(kind="sequence", id=sequence.id)


def insist_on_changing(sequence: Sequence, user: User, action: str) -> None:
    """Refuse to change what is another's."""
    insist_on_seeing(sequence, user)
    if sequence.owner_id != user.id and not may(user.role, Right.CHANGE_ALL_SEQUENCES):
        raise NotOwnerError(action=action)


def insist_on_creating(user: User, allowed: Collection[Role]) -> None:
    """Refuse those whose role the tenant's settings leave out; admins are never left out."""
    if allowed and user.role is not Role.ADMIN and user.role not in allowed:
        raise CreationRestrictedError(role=user.role, roles=", ".join(allowed))
