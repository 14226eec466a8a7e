"""Keeps every event of SES, byte for byte, across tenants: the evidence of what was sent."""

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class EventArchive:
    """Events in the platform's part of the bucket; the same event twice is one object."""

    def __init__(self, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `bucket`."""
        self._bucket = bucket
        self._s3 = s3

    def keep_event(self, ses_id: str, kind: str, told: str) -> None:
        """Keep one event under the mail's SES id."""
        name = sha256(told.encode()).hexdigest()[:16]
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"platform/events/{ses_id}/{kind}-{name}.json",
            Body=told.encode(),
            ContentType="application/json",
        )
