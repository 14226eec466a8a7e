"""The mail as received, byte for byte, before anybody knows whose it is (S3)."""

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


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
            Key=f"{object_key}.receipt.json",
            Body=notification,
            ContentType="application/json",
        )

    def read(self, object_key: str) -> bytes:
        """Return the mail as SES received it."""
        return self._s3.get_object(Bucket=self._bucket, Key=object_key)["Body"].read()

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
