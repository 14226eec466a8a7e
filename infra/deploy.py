"""Deploys what `infra.package` built: uploads the zip, then the two stacks, then the rule set.

Needs AWS credentials and a region. Safe to repeat: what is there already is updated or left alone.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, cast

from infra.refusals import aws_refusal, refuse_without_packages

try:
    import boto3
    import yaml
    from botocore.exceptions import BotoCoreError, ClientError

    from infra.package import ROOT, TEMPLATE, ZIP
except ModuleNotFoundError as missing:
    refuse_without_packages(missing)

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import BucketLocationConstraintType
    from mypy_boto3_ses import SESClient

_NOT_KNOWN_YET: Final = "https://not-deployed-yet.invalid"
_UNCHANGED: Final = "No updates are to be performed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The account and region that the credentials open."""

    account: str
    region: str
    cloudformation: "CloudFormationClient"
    s3: "S3Client"
    ses: "SESClient"


class Template(TypedDict, total=False):
    """A template in the call itself, or the place where it lies."""

    TemplateBody: str
    TemplateURL: str


def deploy_house(
    stage: str, build: Path, *, target: Target, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Deploy the package in `build` as `sekvens-<stage>`; return the stack's outputs."""
    stack = f"sekvens-{stage}"
    bucket = _bucket(f"{stack}-artefacts-{target.account}-{target.region}", target=target)
    package = _upload((build / ZIP).read_bytes(), ".zip", bucket, target=target)
    template = (build / TEMPLATE).read_text()
    located = template.replace(json.dumps(f"./{ZIP}"), json.dumps(f"s3://{bucket}/{package}"))
    # A template handed over in the call itself may have 50 KB; the API alone will have more.
    name = _upload(located.encode(), ".json", bucket, target=target)
    where: Template = {"TemplateURL": f"{target.s3.meta.endpoint_url}/{bucket}/{name}"}

    given = {"Stage": stage, **parameters}
    if given["PublicUrl"]:
        return put_stack(stack, where, given, target=target)
    known = _own_url(_outputs(stack, target=target) or {})
    outputs = put_stack(stack, where, {**given, "PublicUrl": known}, target=target)
    own = _own_url(outputs)
    if own == known:
        return outputs
    # It cannot be had in one go: functions and API would each wait for the other.
    return put_stack(stack, where, {**given, "PublicUrl": own}, target=target)


def _own_url(outputs: Mapping[str, str]) -> str:
    return outputs.get("EndpointURL", _NOT_KNOWN_YET).rstrip("/")


def deploy_mail(
    stage: str, *, inbound_domain: str, outputs: Mapping[str, str], target: Target
) -> None:
    """Deploy `sekvens-<stage>-mail`, what SES does with mail, and activate its rules."""
    rules = put_stack(
        f"sekvens-{stage}-mail",
        {"TemplateBody": (ROOT / "infra" / "ses.yaml").read_text()},
        {
            "Stage": stage,
            "InboundDomain": inbound_domain,
            **{name: outputs[name] for name in ("MailBucket", "InboundTopic", "EventsTopic")},
        },
        target=target,
    )["RuleSet"]
    active = target.ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    if active is None:
        target.ses.set_active_receipt_rule_set(RuleSetName=rules)
    elif active != rules:
        # One set is active in a whole region; taking another's place would stop their mail.
        print(f"Receipt rule set {active} is active; make {rules} the active one by hand.")


def put_stack(
    name: str, template: Template, parameters: Mapping[str, str], *, target: Target
) -> dict[str, str]:
    """Create or update one stack, wait, and return its outputs."""
    known = _outputs(name, target=target)
    put = (
        target.cloudformation.create_stack if known is None else target.cloudformation.update_stack
    )
    try:
        put(
            StackName=name,
            **template,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
    except ClientError as error:
        if _UNCHANGED not in str(error):
            raise
        return known or {}
    if known is None:
        target.cloudformation.get_waiter("stack_create_complete").wait(StackName=name)
    else:
        target.cloudformation.get_waiter("stack_update_complete").wait(StackName=name)
    return _outputs(name, target=target) or {}


def _bucket(name: str, *, target: Target) -> str:
    """Make the bucket of packages if it is not there; return its name."""
    try:
        target.s3.head_bucket(Bucket=name)
    except ClientError:
        region = cast("BucketLocationConstraintType", target.region)
        if target.region == "us-east-1":
            target.s3.create_bucket(Bucket=name)
        else:
            target.s3.create_bucket(
                Bucket=name, CreateBucketConfiguration={"LocationConstraint": region}
            )
    return name


def _upload(content: bytes, ending: str, bucket: str, *, target: Target) -> str:
    """Put `content` under its own hash, so that a change is a new name; return the key."""
    key = hashlib.sha256(content).hexdigest() + ending
    target.s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def _outputs(name: str, *, target: Target) -> dict[str, str] | None:
    """Return the outputs of a stack, or None if there is no such stack."""
    try:
        stack = target.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return None
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def main() -> None:
    """Deploy one stage that was packaged before."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--stage", default="dev", help="a stage of infra/stages.yaml")
    stage: str = arguments.parse_args().stage
    stages = yaml.safe_load((ROOT / "infra" / "stages.yaml").read_text())
    if stage not in stages:
        sys.exit(f"There is no stage {stage!r} in infra/stages.yaml.")
    try:
        _deploy(stage, stages[stage])
    except (BotoCoreError, ClientError) as error:
        sys.exit(aws_refusal(error))


def _deploy(stage: str, parameters: Mapping[str, str]) -> None:
    session = boto3.Session()
    cloudformation = session.client("cloudformation")  # the first, for it insists on a region
    target = Target(
        account=session.client("sts").get_caller_identity()["Account"],
        region=session.client("s3").meta.region_name,
        cloudformation=cloudformation,
        s3=session.client("s3"),
        ses=session.client("ses"),
    )
    outputs = deploy_house(stage, ROOT / "build" / stage, target=target, parameters=parameters)
    for name, value in sorted(outputs.items()):
        print(f"{name:16} {value}")
    domain = parameters["InboundDomain"]
    deploy_mail(stage, inbound_domain=domain, outputs=outputs, target=target)


if __name__ == "__main__":
    main()
