"""Keeps every event of SES, byte for byte, across tenants: the evidence of what was sent."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EVENTS: Final = "platform/events/"
"""Where the events of all tenants lie, a prefix for each day."""


class EventArchive:
    """Events in the platform's part of the bucket; the same event twice is one object."""

    def __init__(self, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `bucket`."""
        self._bucket = bucket
        self._s3 = s3

    def keep_event(self, ses_id: str, kind: str, told: str, *, on: str) -> None:
        """Keep one event under the day its mail was taken, and the mail's SES id."""
        name = sha256(told.encode()).hexdigest()[:16]
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{EVENTS}{on}/{ses_id}/{kind}-{name}.json",
            Body=told.encode(),
            ContentType="application/json",
        )

    def events_of(self, days: Iterable[date], *, since: datetime) -> Iterator[str]:
        """Yield the events of mails of these days that were kept at `since` or later."""
        pages = self._s3.get_paginator("list_objects_v2")
        for day in days:
            prefix = f"{EVENTS}{day.isoformat()}/"
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    if found["LastModified"] >= since:
                        kept = self._s3.get_object(Bucket=self._bucket, Key=found["Key"])
                        yield kept["Body"].read().decode()
