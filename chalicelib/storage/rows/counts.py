"""Counter rows in a sequence's partition."""

from pynamodb.attributes import NumberAttribute

from chalicelib.storage.rows.base import Row


class CountsRow(Row):
    """One shard of a sequence's three status counts."""

    in_progress = NumberAttribute(default=0)
    completed = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
