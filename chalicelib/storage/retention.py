"""Deletes one tenant's bytes whose time is over; what is gone already is no trouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.domain.ids import DeliveryId, MessageKey, TenantId, UserId
from chalicelib.domain.mail.receipt import parse_receipt
from chalicelib.storage import keys, reading, spelling
from chalicelib.storage.audit_keys import audit_list
from chalicelib.storage.deliveries import delivery_id
from chalicelib.storage.raw_mail import RECEIPT
from chalicelib.storage.rows.audits import AuditRow
from chalicelib.storage.rows.threads import KnownMessageRow
from chalicelib.storage.transaction import Transaction

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_A_PAGE: Final = 1_000
"""Files that S3 lists, and deletes, in one request."""
_MOST_ENTRIES: Final = 50
"""Entries of the audit that go in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """How much went, and behind which name to go on; None at the end."""

    count: int
    behind: str | None


class RetentionStore:
    """What goes of one tenant's bytes and rows when its time is over."""

    def __init__(self, tenant_id: TenantId, *, bucket: str, s3: "S3Client") -> None:
        """Bind to `tenant_id` and `bucket`."""
        self._tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3

    def delete_raw_before(self, before: datetime, *, behind: str) -> Gone:
        """Delete mails as they came, of one page of their list."""
        prefix = f"t/{self._tenant_id}/raw/"
        page = self._s3.list_objects_v2(
            Bucket=self._bucket, Prefix=prefix, StartAfter=behind or prefix, MaxKeys=_A_PAGE
        )
        found = page.get("Contents", [])
        old = [each["Key"] for each in found if each["LastModified"] < before]
        self._delete(old)
        return Gone(count=len(old), behind=found[-1]["Key"] if page["IsTruncated"] else None)

    def delete_audit_before(self, before: datetime) -> int:
        """Delete the oldest entries of the audit; 0 when none is so old."""
        high = spelling.instant(before)
        found, _ = reading.listed(
            [audit_list(self._tenant_id)], limit=_MOST_ENTRIES, cursor=None, high=high
        )
        if found:
            with Transaction() as tx:
                for pk, sk in found:
                    tx.delete(AuditRow(pk, sk))
        return len(found)

    def delete_kept_apart(self, name: str) -> None:
        """Delete all bytes of a mail that nobody has filed."""
        kinds = ("raw/{}", "bodies/{}.json")
        self._delete([f"t/{self._tenant_id}/{kind.format(name)}" for kind in kinds])

    def delete_arrival(self, object_key: str) -> None:
        """Delete a mail and its receipt where SES wrote them."""
        self._delete([object_key, f"{object_key}{RECEIPT}"])

    def is_shared(self, object_key: str) -> bool:
        """Whether a mail came to an address of somebody else, too; it ends after 90 days then."""
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=f"{object_key}{RECEIPT}")
        except self._s3.exceptions.NoSuchKey:
            return False
        receipt = parse_receipt(found["Body"].read())
        named = [delivery_id(receipt.ses_id, each) for each in receipt.recipients]
        ours = reading.many([(keys.delivery(self._tenant_id, each), keys.HEAD) for each in named])
        return len(ours) < len(set(named))

    def delivery_of(self, owner_id: UserId, key: MessageKey, variant: str) -> DeliveryId | None:
        """Return which delivery brought a message into an owner's files."""
        pk = keys.message_pointer(self._tenant_id, owner_id, key, variant)
        try:
            return DeliveryId(KnownMessageRow.get(pk, keys.HEAD).delivery_id)
        except KnownMessageRow.DoesNotExist:
            return None

    def _delete(self, names: Sequence[str]) -> None:
        if names:
            self._s3.delete_objects(
                Bucket=self._bucket,
                Delete={"Objects": [{"Key": each} for each in names], "Quiet": True},
            )
