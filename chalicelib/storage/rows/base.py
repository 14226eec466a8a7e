"""One table, two indexes: the frame that every row shares."""

from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.storage import lean


class DueIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves __init_subclass__ untyped
    """Who must be looked at when: sparse, sharded, keys only."""

    class Meta:
        """Names of the index in the table."""

        index_name = "due"
        projection = KeysOnlyProjection()

    due_pk = UnicodeAttribute(hash_key=True)
    due_sk = UnicodeAttribute(range_key=True)


class ListIndex(GlobalSecondaryIndex["Row"]):  # type: ignore[no-untyped-call]  # as above
    """Every list people page through: sparse, keys only, so that steps cost it nothing."""

    class Meta:
        """Names of the index in the table."""

        index_name = "list"
        projection = KeysOnlyProjection()

    list_pk = UnicodeAttribute(hash_key=True)
    list_sk = UnicodeAttribute(range_key=True)


class LeanJSONAttribute(JSONAttribute):
    """A value as JSON that is as short as it gets (`lean`)."""

    def serialize(self, value: Any) -> str | None:  # noqa: ANN401 - a vendor's signature
        """Spell a value."""
        return None if value is None else lean.spell(value)

    def deserialize(self, value: str) -> Any:  # noqa: ANN401 - as above
        """Read it."""
        return lean.read(value)


class Row(Model):
    """The frame of a row. Which rows exist, and how their keys are spelled: `storage/keys.py`."""

    class Meta:
        """The table; `wiring` names it once."""

        table_name = "sekvens"
        max_pool_connections = 32
        max_retry_attempts = 3

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    list_pk = UnicodeAttribute(null=True)
    list_sk = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    """Epoch seconds for the table's TTL: garbage only, code checks expiry itself."""

    due = DueIndex()
    listed = ListIndex()

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """Share one connection among all kinds of rows: each would make a client of its own."""
        if cls is Row:
            return super()._get_connection()
        return Row._get_connection()


def use_table(name: str) -> None:
    """Point every row at the table `name`; called once, before the first request."""
    Row.Meta.table_name = name  # every kind of row shares this very Meta
