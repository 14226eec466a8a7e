"""Gives each of our tenants a tenant of SES, which has a reputation of its own (decision 0091)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from botocore.exceptions import ClientError

from chalicelib.domain.ids import DomainName, TenantId

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

_THERE: Final = "AlreadyExistsException"
_TOO_MANY: Final = "LimitExceededException"


class SesTenants(Protocol):
    """Tenants of SES, where the deployment has them."""

    def join(self, tenant_id: TenantId, domain: DomainName) -> bool:
        """Let a tenant send from a domain as itself; whether it may. Asking twice does no harm."""
        ...


class NoSesTenants:
    """A deployment without tenants of SES: all send as one."""

    def join(self, tenant_id: TenantId, domain: DomainName) -> bool:  # noqa: ARG002 - a protocol's
        """Do nothing."""
        return False


class OwnSesTenants:
    """A tenant of SES for each of ours, named by its id."""

    def __init__(self, client: "SESV2Client", *, arn: str, configuration_set: str) -> None:
        """Use `client`; `arn` is how the names of SES's resources begin, up to the account."""
        self._client = client
        self._arn = arn
        self._configuration_set = configuration_set

    def join(self, tenant_id: TenantId, domain: DomainName) -> bool:
        """Make the tenant, and let it use the domain's identity and our configuration set."""
        client = self._client
        try:
            _unless_there(lambda: client.create_tenant(TenantName=tenant_id))
        except ClientError as error:
            if error.response["Error"]["Code"] != _TOO_MANY:
                raise
            return False  # the account has no room for more: this one sends as all others
        for resource in (f"identity/{domain}", f"configuration-set/{self._configuration_set}"):
            _associate(client, tenant_id, f"{self._arn}:{resource}")
        return True


def _associate(client: "SESV2Client", tenant_id: TenantId, arn: str) -> None:
    _unless_there(
        lambda: client.create_tenant_resource_association(TenantName=tenant_id, ResourceArn=arn)
    )


def _unless_there(make: Callable[[], object]) -> None:
    try:
        make()
    except ClientError as error:
        if error.response["Error"]["Code"] != _THERE:
            raise
