"""Rows of step figures, in a sequence's partition."""

from pynamodb.attributes import NumberAttribute

from chalicelib.storage.rows.base import Row


class FigureRow(Row):
    """What happened at one step, over all enrollments."""

    reached = NumberAttribute(default=0)
    completed = NumberAttribute(default=0)
    skipped = NumberAttribute(default=0)
    exited = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    sent = NumberAttribute(default=0)
    delivered = NumberAttribute(default=0)
    opened = NumberAttribute(default=0)
    clicked = NumberAttribute(default=0)
    replied = NumberAttribute(default=0)
    bounced = NumberAttribute(default=0)
    machine_opened = NumberAttribute(default=0)
    goal = NumberAttribute(default=0)


class TalliedRow(Row):
    """Says that a change of the table was tallied; the table forgets it after a week."""


class TookRow(Row):
    """How many left a step after about so long; its sort key names step and bucket."""

    left = NumberAttribute(default=0)
