"""The rows that guard intake: how much came, which notices were sent, how far rounds have come."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.storage.rows.base import Row


class ArrivalCountRow(Row):
    """How much mail came in one stretch of time."""

    came = NumberAttribute()


class NoticeRow(Row):
    """That somebody was told of something, once."""

    at = UnicodeAttribute()


class RoundRow(Row):
    """Up to when mail was looked through."""

    read_to = UnicodeAttribute()
