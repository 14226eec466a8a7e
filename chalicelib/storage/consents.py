"""Keeps consents: who lets the product send in their name, sequence by sequence."""

from chalicelib.domain.crm.users import Consent
from chalicelib.domain.ids import SequenceId, TenantId, UserId
from chalicelib.storage import keys
from chalicelib.storage.rows.consents import ConsentRow
from chalicelib.storage.transaction import Transaction


class ConsentStore:
    """The consents of one tenant's users; it cannot spell another tenant's key."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind the store to `tenant_id`."""
        self._tenant_id = tenant_id

    def find(self, user_id: UserId, sequence_id: SequenceId) -> Consent | None:
        """Return the consent as it is this instant: a gate of sending reads it."""
        try:
            row = ConsentRow.get(
                keys.user(self._tenant_id, user_id),
                keys.consent(sequence_id),
                consistent_read=True,
            )
        except ConsentRow.DoesNotExist:
            return None
        return row.to_domain()

    def give(self, consent: Consent) -> None:
        """Keep a consent; giving it again renews its date; audited."""
        with Transaction() as tx:
            tx.put(ConsentRow.from_domain(self._tenant_id, consent))

    def withdraw(self, user_id: UserId, sequence_id: SequenceId) -> None:
        """Forget a consent; what was never given may be withdrawn too; audited."""
        with Transaction() as tx:
            tx.delete(ConsentRow(keys.user(self._tenant_id, user_id), keys.consent(sequence_id)))
