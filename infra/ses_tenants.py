"""Gives tenants of SES to those that were there before the deployment had them (decision 0091)."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from functools import partial

import boto3
from botocore.exceptions import ClientError

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import TenantId
from chalicelib.gateways.ses_tenants import OwnSesTenants, SesTenants
from chalicelib.services import domains
from chalicelib.storage import tenants
from chalicelib.storage.stores import Stores


def add_to(parser: ArgumentParser, *, stores_for: Callable[[TenantId], Stores]) -> None:
    """Make `parser` that of the command."""
    parser.set_defaults(do=partial(_join, stores_for=stores_for))


def _join(asked: Namespace, *, stores_for: Callable[[TenantId], Stores]) -> None:
    if not asked.stage:
        message = "Say whose configuration set: python -m infra.ops --stage STAGE ses-tenants"
        raise RuleError(Problem(path="stage", code="required", message=message))
    for line in join_all(of_stage(asked.stage), stores_for=stores_for):
        print(line)


def of_stage(stage: str) -> SesTenants:
    """Return the tenants of SES in the operator's account, for a stage's configuration set."""
    client = boto3.client("sesv2")
    told = boto3.client("sts").get_caller_identity()
    _, partition, *_ = told["Arn"].split(":")
    return OwnSesTenants(
        client,
        arn=f"arn:{partition}:ses:{client.meta.region_name}:{told['Account']}",
        configuration_set=f"sekvens-{stage}",
    )


def join_all(ses_tenants: SesTenants, *, stores_for: Callable[[TenantId], Stores]) -> Iterator[str]:
    """Let every tenant use its domains as itself, and tell of each, refused ones too."""
    for page in tenants.listed():
        for tenant in page:
            stores = stores_for(tenant.id)
            for domain in stores.domains.list_all():
                try:
                    kept = domains.join(domain, stores=stores, ses_tenants=ses_tenants)
                except ClientError as error:
                    yield f"{tenant.id}: {domain.name} is refused: {error}"
                else:
                    found = "is in" if kept.is_in_ses_tenant else "has no room for"
                    yield f"{tenant.id}: {domain.name} {found} a tenant of SES"
