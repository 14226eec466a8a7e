"""Our tenants as tenants of SES: made once, however often that is asked for."""

from typing import TYPE_CHECKING, Final

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.domain.ids import DomainName, TenantId
from chalicelib.gateways.mailer import SesMailer
from chalicelib.gateways.ses_tenants import NoSesTenants, OwnSesTenants

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

ARN: Final = "arn:aws:ses:eu-north-1:123456789012"
TENANT: Final = TenantId("aaaaaaaaaa")
DOMAIN: Final = DomainName("northwind.test")
IDENTITY: Final = {"TenantName": "aaaaaaaaaa", "ResourceArn": f"{ARN}:identity/northwind.test"}
SET: Final = {"TenantName": "aaaaaaaaaa", "ResourceArn": f"{ARN}:configuration-set/sekvens-prod"}
JOIN: Final = "create_tenant_resource_association"


@pytest.fixture
def ses() -> "SESV2Client":
    return boto3.client(
        "sesv2",
        region_name="eu-north-1",
        aws_access_key_id="nobody",
        aws_secret_access_key="nothing",
    )


def ours(client: "SESV2Client") -> OwnSesTenants:
    return OwnSesTenants(client, arn=ARN, configuration_set="sekvens-prod")


def test_a_tenant_is_made_and_may_use_its_domain_and_our_configuration_set(
    ses: "SESV2Client",
) -> None:
    with Stubber(ses) as stub:
        stub.add_response("create_tenant", {}, {"TenantName": "aaaaaaaaaa"})
        stub.add_response(JOIN, {}, IDENTITY)
        stub.add_response(JOIN, {}, SET)

        assert ours(ses).join(TENANT, DOMAIN)

        stub.assert_no_pending_responses()


def test_what_a_crash_left_half_done_is_finished(ses: "SESV2Client") -> None:
    with Stubber(ses) as stub:
        stub.add_client_error("create_tenant", "AlreadyExistsException")
        stub.add_client_error(JOIN, "AlreadyExistsException", expected_params=IDENTITY)
        stub.add_response(JOIN, {}, SET)

        assert ours(ses).join(TENANT, DOMAIN)

        stub.assert_no_pending_responses()


def test_where_the_account_has_no_room_for_more_the_tenant_sends_as_all_others(
    ses: "SESV2Client",
) -> None:
    with Stubber(ses) as stub:
        stub.add_client_error("create_tenant", "LimitExceededException")

        assert not ours(ses).join(TENANT, DOMAIN)


def test_an_identity_that_ses_does_not_know_is_told(ses: "SESV2Client") -> None:
    with Stubber(ses) as stub:
        stub.add_response("create_tenant", {}, {"TenantName": "aaaaaaaaaa"})
        stub.add_client_error(JOIN, "NotFoundException")

        with pytest.raises(ClientError, match="NotFound"):
            ours(ses).join(TENANT, DOMAIN)


def test_a_deployment_without_tenants_of_ses_asks_for_none() -> None:
    assert not NoSesTenants().join(TENANT, DOMAIN)


@pytest.mark.parametrize("has_tenants", [True, False])
def test_a_mail_names_its_tenant_where_the_deployment_has_tenants(
    ses: "SESV2Client", *, has_tenants: bool
) -> None:
    expected: dict[str, object] = {
        "FromEmailAddress": "sally@northwind.test",
        "Destination": {"ToAddresses": ["paula@acme.test"]},
        "Content": {"Raw": {"Data": b"mail"}},
        "ConfigurationSetName": "sekvens-prod",
        "EmailTags": [],
    }
    if has_tenants:
        expected["TenantName"] = "aaaaaaaaaa"
    mailer = SesMailer(
        ses, configuration_set="sekvens-prod", region="eu-north-1", has_tenants=has_tenants
    )
    with Stubber(ses) as stub:
        stub.add_response("send_email", {"MessageId": "ses-1"}, expected)

        ses_id = mailer.send(
            mime=b"mail",
            sender="sally@northwind.test",
            recipients=["paula@acme.test"],
            tags={},
            tenant="aaaaaaaaaa",
        )

    assert ses_id == "ses-1"
