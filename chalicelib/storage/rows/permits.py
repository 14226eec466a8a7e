"""The row that counts what one token has asked for in one window of time."""

from pynamodb.attributes import NumberAttribute

from chalicelib.storage.rows.base import Row


class PermitsRow(Row):
    """How many permits processes have taken; it goes by itself when the window is long over."""

    taken = NumberAttribute()
