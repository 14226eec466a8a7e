"""Keeps the files of jobs: what was asked, what was uploaded, what came of it (S3)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.ids import JobId, TenantId
from chalicelib.storage import job_keys

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ASKED: Final = "asked.json"
UPLOAD: Final = "upload"
UPLOADABLE_FOR: Final = timedelta(minutes=15)
READABLE_FOR: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadForm:
    """Where and with which fields a file is sent by HTTP POST."""

    url: str
    fields: dict[str, str]


class JobFiles:
    """The files of one tenant's jobs, under the tenant's prefix."""

    def __init__(self, tenant_id: TenantId, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `tenant_id` and `bucket`."""
        self._tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3

    def put(self, job_id: JobId, name: str, content: bytes) -> None:
        """Keep a file."""
        self._s3.put_object(Bucket=self._bucket, Key=self._key(job_id, name), Body=content)

    def find(self, job_id: JobId, name: str) -> bytes | None:
        """Return a file, if there is such."""
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=self._key(job_id, name))
        except self._s3.exceptions.NoSuchKey:
            return None
        return answer["Body"].read()

    def is_there(self, job_id: JobId, name: str) -> bool:
        """Whether there is such a file."""
        found = self._s3.list_objects_v2(
            Bucket=self._bucket, Prefix=self._key(job_id, name), MaxKeys=1
        )
        return found["KeyCount"] > 0

    def form(self, job_id: JobId, *, most_bytes: int) -> UploadForm:
        """Return the form by which its asker uploads a file: our key, and no more than so much."""
        made = self._s3.generate_presigned_post(
            self._bucket,
            self._key(job_id, UPLOAD),
            Conditions=[["content-length-range", 1, most_bytes]],
            ExpiresIn=int(UPLOADABLE_FOR.total_seconds()),
        )
        return UploadForm(url=made["url"], fields=made["fields"])

    def link(self, job_id: JobId, name: str) -> str:
        """Return a URL that gives a file for a minute, to be saved and never shown."""
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": self._key(job_id, name),
                "ResponseContentDisposition": f'attachment; filename="{name}"',
                "ResponseContentType": "application/octet-stream",
            },
            ExpiresIn=int(READABLE_FOR.total_seconds()),
        )

    def _key(self, job_id: JobId, name: str) -> str:
        return job_keys.file(self._tenant_id, job_id, name)
