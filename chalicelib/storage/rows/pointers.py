"""The row that leads to an item by a word, a facet or an order; its keys say it all."""

from chalicelib.storage.rows.base import Row


class PointerRow(Row):
    """Says that an item is found here."""
