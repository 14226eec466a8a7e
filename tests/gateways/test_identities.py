"""Domains are proven by Easy DKIM; the answers are those SES documents."""

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import Stubber

from chalicelib.domain.crm.sending_domains import DnsRecord, DomainStatus
from chalicelib.domain.ids import DomainName
from chalicelib.gateways.identities import SesIdentities

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

DOMAIN = DomainName("northwind.test")
ASKED = {"EmailIdentity": "northwind.test"}
DKIM = {
    "SigningEnabled": True,
    "Status": "PENDING",
    "Tokens": ["aaa", "bbb"],
    "SigningAttributesOrigin": "AWS_SES",
}
RECORDS = (
    DnsRecord(type="CNAME", name="aaa._domainkey.northwind.test", value="aaa.dkim.amazonses.com"),
    DnsRecord(type="CNAME", name="bbb._domainkey.northwind.test", value="bbb.dkim.amazonses.com"),
)


@pytest.fixture
def client(environment: None) -> "SESV2Client":
    return boto3.client("sesv2")


@pytest.fixture
def ses(client: "SESV2Client") -> Stubber:
    return Stubber(client)


def test_a_new_domain_gets_a_record_for_each_key(client: "SESV2Client", ses: Stubber) -> None:
    answer = {"IdentityType": "DOMAIN", "VerifiedForSendingStatus": False, "DkimAttributes": DKIM}
    ses.add_response("create_email_identity", answer, ASKED)

    with ses:
        assert SesIdentities(client).begin(DOMAIN) == RECORDS


def test_a_domain_that_ses_knows_keeps_its_records(client: "SESV2Client", ses: Stubber) -> None:
    ses.add_client_error("create_email_identity", "AlreadyExistsException", "it exists", 400)
    ses.add_response("get_email_identity", {"DkimAttributes": DKIM}, ASKED)

    with ses:
        assert SesIdentities(client).begin(DOMAIN) == RECORDS


@pytest.mark.parametrize(
    "is_verified, dkim, status",
    [
        (True, "SUCCESS", DomainStatus.VERIFIED),
        (False, "PENDING", DomainStatus.PENDING),
        (False, "TEMPORARY_FAILURE", DomainStatus.PENDING),
        (False, "FAILED", DomainStatus.FAILED),
    ],
)
def test_the_proof_is_as_far_as_ses_says(
    client: "SESV2Client", ses: Stubber, is_verified: object, dkim: str, status: DomainStatus
) -> None:
    answer = {"VerifiedForSendingStatus": is_verified, "DkimAttributes": {**DKIM, "Status": dkim}}
    ses.add_response("get_email_identity", answer, ASKED)

    with ses:
        assert SesIdentities(client).status(DOMAIN) is status
