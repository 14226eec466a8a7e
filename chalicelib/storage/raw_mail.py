"""The mail as received, byte for byte, before anybody knows whose it is (S3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from chalicelib.domain.errors import TooLargeError
from chalicelib.domain.ids import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


MOST_BYTES: Final = 20 * 1024 * 1024
"""Of a whole mail with its files; SES takes twice as much."""
_ARRIVALS: Final = "inbound/"
RECEIPT: Final = ".receipt.json"
"""What a mail's notification is called, behind the name of the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail that lies where SES writes, and whether its notification lies beside it."""

    object_key: str
    at: datetime
    has_receipt: bool


class RawMail:
    """What SES wrote into the platform's part of the bucket."""

    def __init__(self, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `bucket`."""
        self._bucket = bucket
        self._s3 = s3

    def keep_receipt(self, object_key: str, notification: bytes) -> None:
        """Keep SES's notification beside the mail: envelope and verdicts exist nowhere else."""
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{object_key}{RECEIPT}",
            Body=notification,
            ContentType="application/json",
        )

    def read(self, object_key: str) -> bytes:
        """Return the mail as SES received it; raises TooLargeError without reading it."""
        found = self._s3.get_object(Bucket=self._bucket, Key=object_key)
        if found["ContentLength"] > MOST_BYTES:
            raise TooLargeError(limit=MOST_BYTES)
        return found["Body"].read()

    def read_receipt(self, object_key: str) -> bytes:
        """Return SES's notification of a mail, as it was kept."""
        key = f"{object_key}{RECEIPT}"
        return self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def arrived(self) -> Iterator[Arrived]:
        """Return every mail that SES has written, in no order that means anything."""
        pages = self._s3.get_paginator("list_objects_v2")
        mails: dict[str, datetime] = {}
        receipts: set[str] = set()
        for page in pages.paginate(Bucket=self._bucket, Prefix=_ARRIVALS):
            for each in page.get("Contents", []):
                if each["Key"].endswith(RECEIPT):
                    receipts.add(each["Key"].removesuffix(RECEIPT))
                else:
                    mails[each["Key"]] = each["LastModified"]
        for key, at in mails.items():
            yield Arrived(object_key=key, at=at, has_receipt=key in receipts)

    def give_to_tenant(self, object_key: str, tenant_id: TenantId, name: str) -> None:
        """Copy a mail that nobody reads to the tenant whose it is."""
        self._s3.copy_object(
            Bucket=self._bucket,
            Key=f"t/{tenant_id}/raw/{name}",
            CopySource={"Bucket": self._bucket, "Key": object_key},
        )

    def keep_unroutable(self, ses_id: str, object_key: str) -> None:
        """Copy a mail that names no tenant to where the operator finds it for thirty days."""
        self._s3.copy_object(
            Bucket=self._bucket,
            Key=f"platform/unroutable/{ses_id}",
            CopySource={"Bucket": self._bucket, "Key": object_key},
        )

    def keep_unreadable(self, notification: bytes) -> None:
        """Keep a notification that nobody can read, for the operator."""
        name = sha256(notification).hexdigest()[:32]
        self._s3.put_object(
            Bucket=self._bucket, Key=f"platform/unreadable/{name}", Body=notification
        )
