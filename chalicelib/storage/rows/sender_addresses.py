"""The rows of a sender address that waits for its confirmation."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.storage.rows.base import Row


class AskedAddressRow(Row):
    """In its user's partition: which address, and which mail's link confirms it."""

    address = UnicodeAttribute()
    nonce = UnicodeAttribute()
    until = UnicodeAttribute()


class ConfirmationRow(Row):
    """What the link of one confirmation mail is for."""

    user_id = UnicodeAttribute()
    address = UnicodeAttribute()
