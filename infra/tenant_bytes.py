"""Everything of one tenant, wherever it lies: exported, or deleted for good.

The operator's own work, with the operator's rights. It reads the whole table, which the product
never does: what belongs to a tenant must be found even where a bug has lost the way to it. Both can
be stopped at any time and begun again: what is gone is gone, what is left is found.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3

from chalicelib.domain.ids import TenantId
from chalicelib.storage import keys

Raw = dict[str, Any]
"""A row as DynamoDB gives it; a vendor's shape."""

_MOST_AT_ONCE: Final = 25


def rows_of(tenant_id: TenantId, *, table: str) -> Iterator[Raw]:
    """Yield every row of a tenant; what opens its doors (tokens, addresses, domains) first."""
    pages = (
        boto3.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression="pk = :own OR begins_with(pk, :within) OR tenant_id = :id",
            ExpressionAttributeValues={
                ":own": {"S": keys.tenant(tenant_id)},
                ":within": {"S": f"{keys.tenant(tenant_id)}#"},
                ":id": {"S": tenant_id},
            },
            ConsistentRead=True,
        )
    )
    for page in pages:
        yield from page["Items"]


def delete_rows(tenant_id: TenantId, *, table: str) -> int:
    """Delete every row of a tenant, its own one last; return how many there were."""
    dynamodb, own = boto3.client("dynamodb"), keys.tenant(tenant_id)
    count, waiting = 0, list[Raw]()
    for raw in rows_of(tenant_id, table=table):
        if (raw["pk"]["S"], raw["sk"]["S"]) == (own, keys.HEAD):
            continue
        waiting.append(raw)
        if len(waiting) == _MOST_AT_ONCE:
            count += _delete(dynamodb, table, waiting)
            waiting = []
    count += _delete(dynamodb, table, waiting)
    dynamodb.delete_item(TableName=table, Key={"pk": {"S": own}, "sk": {"S": keys.HEAD}})
    return count + 1


def delete_files(tenant_id: TenantId, *, bucket: str) -> int:
    """Delete every file of a tenant in every version; return how many versions there were."""
    s3, count = boto3.client("s3"), 0
    for prefix in _prefixes(tenant_id):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if found:
                objects: Any = [{"Key": x["Key"], "VersionId": x["VersionId"]} for x in found]
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
                count += len(found)
    return count


def export(tenant_id: TenantId, *, table: str, bucket: str, to: Path) -> tuple[int, int]:
    """Write every row as a JSON line and every file as it lies; return how many of both."""
    to.mkdir(parents=True, exist_ok=True)
    rows = 0
    with (to / "rows.jsonl").open("w") as out:
        for raw in rows_of(tenant_id, table=table):
            out.write(json.dumps(raw, default=_readable) + "\n")
            rows += 1
    s3, files = boto3.client("s3"), 0
    for prefix in _prefixes(tenant_id):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                place = to / "files" / each["Key"]
                place.parent.mkdir(parents=True, exist_ok=True)
                s3.download_file(bucket, each["Key"], str(place))
                files += 1
    return rows, files


def _delete(dynamodb: Any, table: str, raws: list[Raw]) -> int:  # noqa: ANN401 - a vendor's client
    left: Any = {
        table: [{"DeleteRequest": {"Key": {"pk": raw["pk"], "sk": raw["sk"]}}} for raw in raws]
    }
    while left and left[table]:
        answer = dynamodb.batch_write_item(RequestItems=left)
        left = answer.get("UnprocessedItems") or {}
        left.setdefault(table, [])
    return len(raws)


def _prefixes(tenant_id: TenantId) -> tuple[str, str]:
    return f"t/{tenant_id}/", f"jobs/{tenant_id}/"


def _readable(value: object) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
