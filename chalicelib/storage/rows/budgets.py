"""Counters of one day, and the pulses of doors."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.storage.rows.base import Row


class DayRow(Row):
    """How much of a day's allowance is used, and how many asked in vain."""

    used = NumberAttribute(default=0)
    refused = NumberAttribute(default=0)


class DoorRow(Row):
    """When a door last took something from its queue, and how long that had lain there."""

    at = UnicodeAttribute()
    lag_s = NumberAttribute()
