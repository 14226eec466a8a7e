"""Names the table; the door to it for those who must not see the shapes of rows."""

from chalicelib.storage.rows.base import use_table

__all__ = ["use_table"]
