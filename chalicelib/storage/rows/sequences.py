"""Rows of a sequence's partition that its author fills: the sequence and its published flows.

A flow is kept as packed JSON: its texts shrink to a third, so that a gate which reads the whole row
pays one read unit for an ordinary sequence.
"""

import zlib
from typing import Final, Self

import msgspec
from pynamodb.attributes import (
    BinaryAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from chalicelib.domain.crm.items import ItemKind
from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.ids import SequenceId, TenantId, UserId
from chalicelib.domain.sequences.definition import (
    Flow,
    FlowVersion,
    Hold,
    Sequence,
    SequenceStatus,
)
from chalicelib.domain.sequences.holds import SequenceState
from chalicelib.domain.sequences.settings import Settings
from chalicelib.storage import keys, sequence_keys
from chalicelib.storage.rows.base import Row

_MOST_IN_ROW: Final = 380_000
MOST_PACKED_BYTES: Final = 300_000
"""DynamoDB takes rows of 400 KB; the rest is for the names, tags and keys around the flow."""


class SequenceRow(Row):
    """The sequence, with its flow as the author wrote it."""

    name = UnicodeAttribute()
    description = UnicodeAttribute()
    item_kind = UnicodeAttribute()
    status = UnicodeAttribute()
    owner_id = UnicodeAttribute()
    business_unit = UnicodeAttribute(null=True)
    tags = JSONAttribute()
    settings = JSONAttribute()
    flow = BinaryAttribute(legacy_encoding=False)
    flow_version = NumberAttribute(null=True)
    holds = JSONAttribute(null=True)
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    version = NumberAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, sequence: Sequence) -> Self:
        """Spell `sequence` as the row of its next version; a deleted one is in no list."""
        is_listed = sequence.status is not SequenceStatus.DELETED
        return cls(
            keys.sequence(tenant_id, sequence.id),
            keys.SEQUENCE,
            list_pk=keys.sequences_list(tenant_id) if is_listed else None,
            list_sk=sequence.id if is_listed else None,
            name=sequence.name,
            description=sequence.description,
            item_kind=sequence.item_kind.value,
            status=sequence.status.value,
            owner_id=sequence.owner_id,
            business_unit=sequence.business_unit,
            tags=list(sequence.tags),
            settings=msgspec.to_builtins(sequence.settings),
            flow=packed(msgspec.json.encode(sequence.flow)),
            flow_version=sequence.flow_version,
            holds=msgspec.to_builtins(sequence.holds) or None,
            created_at=sequence.created_at,
            updated_at=sequence.updated_at,
            version=sequence.version + 1,
        )

    def to_domain(self) -> Sequence:
        """Read the row back."""
        return Sequence(
            id=SequenceId(self.pk.rsplit("#", 1)[-1]),
            name=self.name,
            description=self.description,
            item_kind=ItemKind(self.item_kind),
            status=SequenceStatus(self.status),
            owner_id=UserId(self.owner_id),
            business_unit=self.business_unit,
            tags=tuple(self.tags),
            settings=msgspec.convert(self.settings, Settings),
            flow=msgspec.json.decode(zlib.decompress(self.flow), type=dict[str, object]),
            flow_version=_whole(self.flow_version),
            holds=msgspec.convert(self.holds or (), tuple[Hold, ...]),
            created_at=self.created_at,
            updated_at=self.updated_at,
            version=int(self.version),
        )


class FlowVersionRow(Row):
    """A published flow; written once."""

    flow = BinaryAttribute(legacy_encoding=False)
    document = BinaryAttribute(legacy_encoding=False, null=True)
    settings = JSONAttribute()
    change_note = UnicodeAttribute()
    published_at = UTCDateTimeAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, published: FlowVersion) -> Self:
        """Spell `published` as a row."""
        return cls(
            keys.sequence(tenant_id, published.sequence_id),
            keys.flow_version(published.number),
            flow=packed(msgspec.json.encode(published.flow)),
            document=_packed_document(published),
            settings=msgspec.to_builtins(published.settings),
            change_note=published.change_note,
            published_at=published.published_at,
        )

    def to_domain(self) -> FlowVersion:
        """Read the row back; a published flow was checked when it was written."""
        return FlowVersion(
            sequence_id=SequenceId(self.pk.rsplit("#", 1)[-1]),
            number=int(self.sk.rsplit("#", 1)[-1]),
            flow=msgspec.json.decode(zlib.decompress(self.flow), type=Flow),
            document=(
                msgspec.json.decode(zlib.decompress(self.document)) if self.document else None
            ),
            settings=msgspec.convert(self.settings, Settings),
            change_note=self.change_note,
            published_at=self.published_at,
        )


class StateRow(Row):
    """What those inside must heed, small: each of them reads it whenever its time comes."""

    status = UnicodeAttribute()
    holds = JSONAttribute(null=True)

    @classmethod
    def of(cls, tenant_id: TenantId, sequence: Sequence) -> Self:
        """Translate what concerns those inside."""
        return cls(
            keys.sequence(tenant_id, sequence.id),
            sequence_keys.STATE,
            status=sequence.status.value,
            holds=msgspec.to_builtins(sequence.holds) or None,
        )

    def to_domain(self) -> SequenceState:
        """Translate back."""
        return SequenceState(
            status=SequenceStatus(self.status),
            holds=msgspec.convert(self.holds or (), tuple[Hold, ...]),
        )


class GoingRow(Row):
    """Which sequences of the tenant go, where the gates read anyway.

    An attribute for each that is active, saying when its latest pause ended, or that none did.
    """


class ActiveCountRow(Row):
    """How many sequences of the tenant are active or paused (D365-SEQ-26)."""

    active = NumberAttribute()


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _packed_document(published: FlowVersion) -> bytes | None:
    """Pack the author's own spelling beside what runs; both must fit into the row."""
    if published.document is None:
        return None
    document = packed(msgspec.json.encode(published.document))
    if len(document) + len(zlib.compress(msgspec.json.encode(published.flow))) > _MOST_IN_ROW:
        raise TooLargeError(limit=_MOST_IN_ROW)
    return document


def packed(text: bytes) -> bytes:
    """Compress, or refuse what one row cannot hold."""
    small = zlib.compress(text)
    if len(small) > MOST_PACKED_BYTES:
        raise TooLargeError(limit=MOST_PACKED_BYTES)
    return small
