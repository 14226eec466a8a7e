"""All that is kept for one tenant, in one hand; it cannot spell another tenant's key."""

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain.ids import TenantId

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Stores:
    """The stores of one tenant, each made when first asked for."""

    def __init__(self, tenant_id: TenantId, *, bucket: str, s3: "S3Client") -> None:
        """Bind every store to `tenant_id`; bytes lie in `bucket` under the tenant's prefix."""
        self.tenant_id = tenant_id
        self._bucket = bucket
        self._s3 = s3

    # Each store is a `cached_property` that imports its module: a door loads only what it uses.
