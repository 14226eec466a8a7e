"""The row of a request that was sent with an Idempotency-Key."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib.storage.rows.base import Row


class OnceRow(Row):
    """Who works on the request until when, and then its answer (no `body` before)."""

    request_hash = UnicodeAttribute()
    owner = UnicodeAttribute()
    leased_until = UTCDateTimeAttribute()
    valid_until = UTCDateTimeAttribute()
    status = NumberAttribute(null=True)
    content_type = UnicodeAttribute(null=True)
    body = UnicodeAttribute(null=True)
