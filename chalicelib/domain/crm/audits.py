"""What an audit entry says: who changed what, when, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.ids import ApiTokenId, UserId

KEPT_FOR: Final = timedelta(days=3_650)
"""As long as a tenant may wish; what it no longer wishes goes at night (`jobs/retention`)."""


class AuditDeed(StrEnum):
    """What was done to the thing."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One change of one thing.

    `changes` names every field that changed; before and after are said only where they are words of
    ours (a status, a role, an owner), never what people wrote.
    """

    id: str
    at: datetime
    by: UserId
    token_id: ApiTokenId
    kind: str
    of: str
    action: AuditDeed
    changes: Mapping[str, tuple[object, object] | None]
