"""How far each shard of the due index was read."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.storage.rows.base import Row


class SweepRow(Row):
    """One shard's cursor, and when it was last read from its beginning."""

    read_to = UnicodeAttribute()
    full_at = UnicodeAttribute()


class ShardsRow(Row):
    """The most shards that the due index ever had."""

    most = NumberAttribute()
