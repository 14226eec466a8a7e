"""What is kept for one tenant's mail; the rest of the hand is in `stores`."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.ids import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from chalicelib.storage.deliveries import DeliveryStore
    from chalicelib.storage.mail_guards import MailGuardStore
    from chalicelib.storage.messages import MessageStore
    from chalicelib.storage.retention import RetentionStore
    from chalicelib.storage.sender_addresses import SenderAddressStore
    from chalicelib.storage.smart_bcc import SmartBccStore
    from chalicelib.storage.threads import ThreadStore


class MailStores:
    """The stores of one tenant's mail, each made when first asked for."""

    def __init__(
        self, tenant_id: TenantId, *, bucket: str, s3: "S3Client", due_shards: int = 16
    ) -> None:
        """Bind every store to `tenant_id`; bytes lie in `bucket` under the tenant's prefix."""
        self.tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3
        self._due_shards = due_shards

    # Each store is a `cached_property` that imports its module: a door loads only what it uses.

    @cached_property
    def threads(self) -> "ThreadStore":
        """Threads, in their owners' copies."""
        from chalicelib.storage.threads import ThreadStore  # noqa: PLC0415

        return ThreadStore(self.tenant_id)

    @cached_property
    def messages(self) -> "MessageStore":
        """Messages, with their bodies and files."""
        from chalicelib.storage.messages import MessageStore  # noqa: PLC0415

        return MessageStore(self.tenant_id, bucket=self._bucket, s3=self._s3)

    @cached_property
    def deliveries(self) -> "DeliveryStore":
        """What became of every delivery of mail."""
        from chalicelib.storage.deliveries import DeliveryStore  # noqa: PLC0415

        return DeliveryStore(self.tenant_id)

    @cached_property
    def mail_guards(self) -> "MailGuardStore":
        """What holds intake within bounds."""
        from chalicelib.storage.mail_guards import MailGuardStore  # noqa: PLC0415

        return MailGuardStore(self.tenant_id)

    @cached_property
    def retention(self) -> "RetentionStore":
        """What goes when its time is over."""
        from chalicelib.storage.retention import RetentionStore  # noqa: PLC0415

        return RetentionStore(self.tenant_id, bucket=self._bucket, s3=self._s3)

    @cached_property
    def sender_addresses(self) -> "SenderAddressStore":
        """Addresses of users that wait for their confirmation."""
        from chalicelib.storage.sender_addresses import SenderAddressStore  # noqa: PLC0415

        return SenderAddressStore(self.tenant_id)

    @cached_property
    def smart_bcc(self) -> "SmartBccStore":
        """Smart Bcc addresses."""
        from chalicelib.storage.smart_bcc import SmartBccStore  # noqa: PLC0415

        return SmartBccStore(self.tenant_id)
