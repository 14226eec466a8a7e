"""Keeps every rendered mail, byte for byte, before it is handed to SES."""

from typing import TYPE_CHECKING

from chalicelib.domain.ids import EnrollmentId, StepId, TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class OutgoingStore:
    """The mails of one tenant's enrollments, under the tenant's prefix."""

    def __init__(self, tenant_id: TenantId, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `tenant_id` and `bucket`."""
        self._tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3

    def put(self, enrollment_id: EnrollmentId, step_id: StepId, attempt: int, mime: bytes) -> str:
        """Keep the bytes of one attempt and return their key."""
        key = self.key_of(enrollment_id, step_id, attempt)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=mime, ContentType="message/rfc822")
        return key

    def key_of(self, enrollment_id: EnrollmentId, step_id: StepId, attempt: int) -> str:
        """Return where the bytes of an attempt lie."""
        return f"t/{self._tenant_id}/outgoing/{enrollment_id}/{step_id}/{attempt}"
