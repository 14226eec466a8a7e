"""Keeps the operator's switches: sending on or off, for all tenants or for one sequence.

A tenant's own switch stands in its row (`tenants`). A sequence is halted by a row that lies between
the tenant's domains and its head, where the gates read anyway.
"""

from typing import Final

from chalicelib.domain.ids import SequenceId, TenantId
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row

PLATFORM: Final = "platform"
SENDING_OFF: Final = "sending_off"
HALTED: Final = "halted#"


def halted(sequence_id: SequenceId) -> str:
    """Sort key, in the tenant's partition, of the row that halts a sequence."""
    return f"{HALTED}{sequence_id}"


def is_platform_off() -> bool:
    """Whether nobody may send, read strongly."""
    try:
        Row.get(PLATFORM, SENDING_OFF, consistent_read=True)
    except Row.DoesNotExist:
        return False
    return True


def switch_platform(*, is_on: bool) -> None:
    """Let all tenants send, or none."""
    _switch(Row(PLATFORM, SENDING_OFF), is_on=is_on)


def switch_sequence(tenant_id: TenantId, sequence_id: SequenceId, *, is_on: bool) -> None:
    """Let a sequence send, or not."""
    _switch(Row(keys.tenant(tenant_id), halted(sequence_id)), is_on=is_on)


def _switch(row: Row, *, is_on: bool) -> None:
    if is_on:
        row.delete()
    else:
        row.save()
