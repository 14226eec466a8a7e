"""Adds to a transaction what the audit keeps of it: the one seam between writes and their audit.

Nobody who changes an audited thing has to think of it: the transaction looks at its own writes,
and if a person acts (`acting`), it reads what stood there before and writes an entry beside each
change.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.domain.crm.audits import AuditDeed, AuditEntry
from chalicelib.domain.ids import TenantId
from chalicelib.storage.acting import Actor
from chalicelib.storage.audit_keys import entry_id
from chalicelib.storage.rows.audits import AuditRow
from chalicelib.storage.rows.base import Row

Raw = Mapping[str, Any]
"""A row as DynamoDB gives it; a vendor's shape."""

_KIND_BY_ROW: Final[Mapping[str, str]] = {
    "SequenceRow": "sequence",
    "UserRow": "user",
    "TokenRow": "token",
    "TenantRow": "settings",
    "DomainRow": "sending_domain",
    "CustomFieldRow": "custom_field",
    "WebhookRow": "webhook",
    "EmailTemplateRow": "email_template",
    "ConsentRow": "consent",
}
"""What is audited by the name of its row; items are audited under their own kind."""
_NAMED_BY_SK: Final = frozenset(
    {"TokenRow", "DomainRow", "CustomFieldRow", "WebhookRow", "ConsentRow"}
)
_OURS: Final = frozenset(
    {
        "status",
        "role",
        "owner_id",
        "pipeline",
        "stage",
        "business_unit",
        "is_active",
        "is_sending",
        "is_suspended",
        "flow_version",
        "scopes",
    }
)
"""Fields whose values may be said: words of ours, never what people wrote."""
_UNSAID: Final = frozenset(
    {"pk", "sk", "due_pk", "due_sk", "list_pk", "list_sk", "expires_at", "version", "updated_at"}
)


def entries(puts: Iterable[Row], deletes: Iterable[Row], who: Actor) -> list[AuditRow]:
    """Return what the audit must keep of these writes."""
    kept = [_entry(row, row.serialize(), who) for row in puts if _is_audited(row)]
    kept.extend(_entry(row, None, who) for row in deletes if _is_audited(row))
    return [row for row in kept if row is not None]


def _is_audited(row: Row) -> bool:
    name = type(row).__name__
    # A token stands twice in the table; the one that is listed is the one people know.
    return name == "ItemRow" or (name in _KIND_BY_ROW and not str(row.pk).startswith("token#"))


def _entry(row: Row, after: Raw | None, who: Actor) -> AuditRow | None:
    before = Row._get_connection().get_item(row.pk, row.sk, consistent_read=True).get("Item")  # noqa: SLF001 - one connection for all rows
    if before is None and after is None:
        return None
    changes = _changes(before or {}, after or {}) if before and after else {}
    if before and after and not changes:
        return None
    kind, of = _named(row, before or after or {})
    action = AuditDeed.CHANGED
    if before is None or after is None:
        action = AuditDeed.CREATED if before is None else AuditDeed.DELETED
    entry = AuditEntry(
        id=entry_id(who.at, kind, of),
        at=who.at,
        by=who.user_id,
        token_id=who.token_id,
        kind=kind,
        of=of,
        action=action,
        changes=changes,
    )
    return AuditRow.from_domain(TenantId(str(row.pk).split("#")[1]), entry)


def _named(row: Row, raw: Raw) -> tuple[str, str]:
    name = type(row).__name__
    if name == "ItemRow":
        return raw["kind"]["S"], raw["item_id"]["S"]
    last = str(row.sk if name in _NAMED_BY_SK else row.pk)
    return _KIND_BY_ROW[name], last.rpartition("#")[2]


def _changes(before: Raw, after: Raw) -> dict[str, tuple[object, object] | None]:
    names = sorted({*before, *after} - _UNSAID)
    return {
        name: (_value(before.get(name)), _value(after.get(name))) if name in _OURS else None
        for name in names
        if before.get(name) != after.get(name)
    }


def _value(attribute: Mapping[str, object] | None) -> object:
    """Read a value out of DynamoDB's type tag."""
    return None if attribute is None else next(iter(attribute.values()))
