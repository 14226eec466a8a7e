"""Asks SES to prove that a domain is its owner's (Easy DKIM), and how far that has come."""

from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError

from chalicelib.domain.crm.sending_domains import DnsRecord, DomainStatus
from chalicelib.domain.ids import DomainName

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import DkimAttributesTypeDef


class Identities(Protocol):
    """Proves domains."""

    def begin(self, domain: DomainName) -> tuple[DnsRecord, ...]:
        """Ask for the proof; return what must stand in DNS. Asking twice changes nothing."""
        ...

    def status(self, domain: DomainName) -> DomainStatus:
        """Return how far the proof has come."""
        ...


class SesIdentities:
    """Identities of SES v2."""

    def __init__(self, client: "SESV2Client") -> None:
        """Use `client`."""
        self._client = client

    def begin(self, domain: DomainName) -> tuple[DnsRecord, ...]:
        """Create the identity, or read the one that exists."""
        try:
            answer = self._client.create_email_identity(EmailIdentity=domain)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AlreadyExistsException":
                raise
            known = self._client.get_email_identity(EmailIdentity=domain)
            return _records(domain, known["DkimAttributes"])
        return _records(domain, answer["DkimAttributes"])

    def status(self, domain: DomainName) -> DomainStatus:
        """Read the identity."""
        known = self._client.get_email_identity(EmailIdentity=domain)
        if known["VerifiedForSendingStatus"]:
            return DomainStatus.VERIFIED
        is_over = known["DkimAttributes"].get("Status") == "FAILED"
        return DomainStatus.FAILED if is_over else DomainStatus.PENDING


def _records(domain: DomainName, dkim: "DkimAttributesTypeDef") -> tuple[DnsRecord, ...]:
    host = dkim.get("SigningHostedZone", "dkim.amazonses.com")
    return tuple(
        DnsRecord(type="CNAME", name=f"{token}._domainkey.{domain}", value=f"{token}.{host}")
        for token in dkim.get("Tokens", [])
    )
