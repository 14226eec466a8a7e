"""Rows of a tenant's circuit breaker: what became of its mails, and whether it is open."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.storage.rows.base import Row


class HealthRow(Row):
    """What became of the mails of one day."""

    sent = NumberAttribute(default=0)
    bounced = NumberAttribute(default=0)
    complained = NumberAttribute(default=0)


class BreakerRow(Row):
    """Sending is stopped, and why; stands where the gates read anyway."""

    why = UnicodeAttribute()
    at = UnicodeAttribute()
