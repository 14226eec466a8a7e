"""Keeps sender addresses that wait for their confirmation; confirmed ones are their user's."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.ids import TenantId, UserId
from chalicelib.storage import keys, mail_keys, spelling
from chalicelib.storage.rows.sender_addresses import AskedAddressRow, ConfirmationRow
from chalicelib.storage.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAddress:
    """An address that a user says is theirs; the link in the last mail to it confirms it."""

    user_id: UserId
    address: str
    nonce: str
    until: datetime


class SenderAddressStore:
    """The unconfirmed sender addresses of one tenant; every `address` is normalised."""

    def __init__(self, tenant_id: TenantId) -> None:
        """Bind to `tenant_id`."""
        self._tenant_id = tenant_id

    def put(self, asked: AskedAddress) -> None:
        """Keep what was asked; the link of an earlier mail is good no more."""
        until = int(asked.until.timestamp())
        with Transaction() as tx:
            row = self._asked_row(asked.user_id, asked.address)
            row.address, row.nonce = asked.address, asked.nonce
            row.until, row.expires_at = spelling.instant(asked.until), until
            tx.put(row)
            confirmation = self._confirmation_row(asked.nonce)
            confirmation.user_id, confirmation.address = asked.user_id, asked.address
            confirmation.expires_at = until
            tx.put(confirmation)

    def find(self, nonce: str) -> AskedAddress | None:
        """Return what a link confirms, unless it was used or another mail has followed."""
        try:
            row = ConfirmationRow.get(
                mail_keys.confirmation(self._tenant_id, nonce), keys.HEAD, consistent_read=True
            )
        except ConfirmationRow.DoesNotExist:
            return None
        asked = self.asked(UserId(row.user_id), row.address)
        return asked if asked is not None and asked.nonce == nonce else None

    def asked(self, user_id: UserId, address: str) -> AskedAddress | None:
        """Return an address of a user that waits for its confirmation."""
        try:
            row = AskedAddressRow.get(
                keys.user(self._tenant_id, user_id),
                mail_keys.asked_address(address),
                consistent_read=True,
            )
        except AskedAddressRow.DoesNotExist:
            return None
        return _asked(user_id, row)

    def list_of(self, user_id: UserId) -> list[AskedAddress]:
        """Return every address of a user that waits for its confirmation."""
        rows = AskedAddressRow.query(
            keys.user(self._tenant_id, user_id),
            AskedAddressRow.sk.startswith(mail_keys.ASKED_ADDRESSES),
            consistent_read=True,
        )
        return [_asked(user_id, row) for row in rows]

    def forget(self, asked: AskedAddress) -> None:
        """Let the link be good no more."""
        with Transaction() as tx:
            tx.delete(self._asked_row(asked.user_id, asked.address))
            tx.delete(self._confirmation_row(asked.nonce))

    def _asked_row(self, user_id: UserId, address: str) -> AskedAddressRow:
        return AskedAddressRow(
            keys.user(self._tenant_id, user_id), mail_keys.asked_address(address)
        )

    def _confirmation_row(self, nonce: str) -> ConfirmationRow:
        return ConfirmationRow(mail_keys.confirmation(self._tenant_id, nonce), keys.HEAD)


def _asked(user_id: UserId, row: AskedAddressRow) -> AskedAddress:
    return AskedAddress(
        user_id=user_id,
        address=row.address,
        nonce=row.nonce,
        until=datetime.fromisoformat(row.until),
    )
