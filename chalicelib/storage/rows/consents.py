"""The row of a consent, in its user's partition."""

from typing import Self

from pynamodb.attributes import UTCDateTimeAttribute

from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import SequenceId, TenantId, UserId
from chalicelib.storage import keys
from chalicelib.storage.rows.base import Row


class ConsentRow(Row):
    """One user's leave to send automatically, for one sequence."""

    given_at = UTCDateTimeAttribute()

    @classmethod
    def from_domain(cls, tenant_id: TenantId, consent: Consent) -> Self:
        """Spell `consent` as a row."""
        return cls(
            keys.user(tenant_id, consent.user_id),
            keys.consent(consent.sequence_id),
            given_at=consent.given_at,
        )

    def to_domain(self) -> Consent:
        """Read the row back."""
        return Consent(
            user_id=UserId(self.pk.rsplit("#", 1)[-1]),
            sequence_id=SequenceId(self.sk.rsplit("#", 1)[-1]),
            given_at=self.given_at,
        )
