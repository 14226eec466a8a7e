"""How far each shard of the due index was read."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.storage.rows.base import Row


class SweepRow(Row):
    """One shard's cursor, and when it was last read from its beginning."""

    read_to = UnicodeAttribute()
    full_at = UnicodeAttribute()
