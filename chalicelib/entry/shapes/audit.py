"""How the audit is shown."""

from typing import Annotated, Any, NotRequired, TypedDict

from msgspec import Meta

from chalicelib.domain.crm.audits import AuditDeed
from chalicelib.entry.shapes.answers import Instant

AuditKind = Annotated[
    str, Meta(description="Only of this kind: `lead`, `sequence`, `user`, `token`, `settings` …")
]
Since = Annotated[Instant, Meta(description="Only from this moment on.")]


class Audited(TypedDict):
    """The thing that was changed."""

    kind: str
    id: str


class FieldChange(TypedDict):
    """One field that changed; what people wrote is not repeated here."""

    field: str
    before: NotRequired[Any]
    after: NotRequired[Any]


class AuditEntry(TypedDict):
    """One change of one thing."""

    id: str
    at: Instant
    by: Annotated[str, Meta(description="The user who did it.")]
    token_id: Annotated[str, Meta(description="With which token.")]
    thing: Audited
    action: AuditDeed
    changes: list[FieldChange]
