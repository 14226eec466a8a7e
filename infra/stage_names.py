"""How a stage's resources are called: by the outputs of its stack, or by the environment."""

import os
from argparse import Namespace

import boto3

from chalicelib.domain.errors import Problem, RuleError


def named(asked: Namespace, output: str, variable: str) -> str | None:
    """Return how a resource is called: by the stack of the stage, or by the environment."""
    if not asked.stage:
        return os.environ.get(variable)
    answer = boto3.client("cloudformation").describe_stacks(StackName=f"sekvens-{asked.stage}")
    outputs = answer["Stacks"][0].get("Outputs", [])
    by_key = {each.get("OutputKey"): each.get("OutputValue") for each in outputs}
    return by_key.get(output)


def bucket_of(asked: Namespace) -> str:
    """Return where files lie; raises RuleError if nobody says."""
    bucket = asked.bucket or named(asked, "MailBucket", "MAIL_BUCKET")
    if not bucket:
        message = "Which bucket? Give --stage, --bucket, or MAIL_BUCKET in the environment."
        raise RuleError(Problem(path="bucket", code="missing", message=message))
    return str(bucket)


def stage_of(asked: Namespace) -> str:
    """Return the stage whose queues are looked at; raises RuleError if nobody says."""
    stage = asked.stage or os.environ.get("STAGE")
    if not stage:
        message = "Which queues? Give --stage, or STAGE in the environment."
        raise RuleError(Problem(path="stage", code="missing", message=message))
    return str(stage)
