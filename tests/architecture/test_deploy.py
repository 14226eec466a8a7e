"""The whole package deploys: into an emulated AWS, and once more over itself."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import Target, deploy_house
from infra.package import package
from tests.architecture.plot import config, logical_name, queue_by_plain_name, template

REGION: Final = "eu-west-1"
START_S: Final = 60

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run an emulator of its own; yield what clients need to reach it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (tmp_path_factory.mktemp("ministack") / "log").open("wb")
    emulator = subprocess.Popen(
        [sys.executable, "-m", "ministack"],
        env=os.environ
        | {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        },
        stdout=log,
        stderr=log,
    )
    reach = {
        "endpoint_url": f"http://127.0.0.1:{port}",
        "region_name": REGION,
        "aws_access_key_id": "testing",
        "aws_secret_access_key": "testing",
    }
    try:
        _wait_for(reach)
        yield reach
    finally:
        emulator.terminate()
        emulator.wait(30)
        log.close()


def _wait_for(reach: dict[str, Any]) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            boto3.client("sts", **reach).get_caller_identity()
        except (BotoCoreError, ClientError):
            assert time.monotonic() < until, "ministack does not start"
            time.sleep(0.2)
        else:
            return


def test_the_house_deploys_and_deploys_again(session: dict[str, Any], tmp_path: Path) -> None:
    build = tmp_path / "dev"
    package("dev", build)
    target = Target(
        account="000000000000",
        region=REGION,
        cloudformation=boto3.client("cloudformation", **session),
        s3=boto3.client("s3", **session),
        ses=boto3.client("ses", **session),
    )
    parameters = {"InboundDomain": "in.example.com", "PublicUrl": "", "AlarmEmail": ""}

    outputs = deploy_house("dev", build, target=target, parameters=parameters)
    again = deploy_house("dev", build, target=target, parameters=parameters)

    assert again == outputs
    resources = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in target.cloudformation.describe_stack_resources(StackName="sekvens-dev")[
            "StackResources"
        ]
    }
    assert set(queue_by_plain_name().values()) <= set(resources)
    functions = boto3.client("lambda", **session)
    given = set(template()["Globals"]["Function"]["Environment"]["Variables"])
    for name in config()["lambda_functions"]:
        environment = functions.get_function_configuration(
            FunctionName=resources[logical_name(name)]
        )["Environment"]["Variables"]
        assert set(environment) == given
        assert environment["PUBLIC_URL"] == outputs["EndpointURL"].rstrip("/")
        assert environment["TABLE_NAME"] == outputs["TableName"]
