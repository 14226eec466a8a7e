"""The rows that keep intake within bounds: how much came, and which notices were sent."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.storage.rows.base import Row


class ArrivalCountRow(Row):
    """How much mail came in one stretch of time."""

    came = NumberAttribute()


class NoticeRow(Row):
    """That somebody was told of something, once."""

    at = UnicodeAttribute()
