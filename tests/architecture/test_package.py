"""What `make package` builds is one valid template and a slim zip that runs; both deploy."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from app import app
from infra.artefact import CLIENTS, is_read
from infra.deploy import Target, deploy_house
from infra.package import TEMPLATE, ZIP, package
from tests.architecture.house import ROOT, modules
from tests.architecture.plot import config, logical_name, queue_by_plain_name, template
from tests.emulator import ministack

REGIONS: Final = ("eu-west-1", "us-east-1")

# Chalice brings its runtime along, for it is not among the requirements.
RUN_ALL: Final = """
import importlib, sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path]
sys.path.insert(0, sys.argv[1])
for module in sys.argv[2].split(","):
    importlib.import_module(module)
import boto3
for client in sys.argv[3].split(","):
    boto3.client(client, region_name="eu-west-1")
import app, liquid
liquid.Environment().from_string("{{ who | upcase }}").render(who="you")
print(app.__file__, len(app.app.routes), *sorted(app.app.handler_map))
assert all(getattr(app, name) is door for name, door in app.app.handler_map.items())
"""
RUN_ONE: Final = """
import sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path]
sys.path.insert(0, sys.argv[1])
from types import SimpleNamespace
import app
context = SimpleNamespace(
    function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="r"
)
print(app.due_enrollments({"Records": []}, context))
print("chalicelib.entry.http" in sys.modules)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Package the house once."""
    folder = tmp_path_factory.mktemp("package") / "dev"
    package("dev", folder)
    return folder


@pytest.fixture(scope="module")
def resources(build: Path) -> dict[str, Any]:  # CloudFormation has no types of its own
    """Return the resources of the template."""
    found: dict[str, Any] = json.loads((build / TEMPLATE).read_text())["Resources"]
    return found


@pytest.mark.parametrize("name", [TEMPLATE, "ses.yaml"])
def test_cfn_lint_has_nothing_to_say(build: Path, name: str) -> None:
    file = build / name if name == TEMPLATE else ROOT / "infra" / name

    lint = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), file, "--regions", *REGIONS],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (lint.returncode, lint.stdout) == (0, "")


def test_every_handler_is_a_function_with_one_event_source(resources: dict[str, Any]) -> None:
    functions = {
        each["Properties"]["Handler"]: each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::Serverless::Function"
    }

    named = {f"app.{name}" for name in config()["lambda_functions"] if name != "api_handler"}
    assert set(functions) == {"app.app", *named}
    assert [len(functions[name]["Events"]) for name in named] == [1] * len(named)


def test_every_log_group_belongs_to_a_function_that_exists(resources: dict[str, Any]) -> None:
    groups = [
        each["Properties"]["LogGroupName"]["Fn::Sub"]
        for each in resources.values()
        if each["Type"] == "AWS::Logs::LogGroup"
    ]

    names = {group.removeprefix("/aws/lambda/${").removesuffix("}") for group in groups}
    assert names <= set(resources)
    assert len(groups) == len(config()["lambda_functions"])


def test_the_zip_holds_the_house_and_neither_plot_nor_tests(build: Path) -> None:
    with zipfile.ZipFile(build / ZIP) as packed:
        names = set(packed.namelist())

    assert {str(module) for module in modules("chalicelib")} <= names
    assert {name.partition("/")[0] for name in names} & {"infra", "tests", "moto", "pip"} == set()
    assert all(is_read(name) for name in names)
    assert (build / ZIP).stat().st_size < 15_000_000


def test_the_zip_runs_by_itself(build: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(build / ZIP) as packed:
        packed.extractall(tmp_path)
    house = [".".join(module.with_suffix("").parts) for module in modules("chalicelib")]

    run = subprocess.run(
        [sys.executable, "-I", "-B", "-c", RUN_ALL, tmp_path, ",".join(house), ",".join(CLIENTS)],
        cwd=tmp_path,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    doors = sorted(app.handler_map)
    assert run.stdout.split() == [str(tmp_path / "app.py"), str(len(app.routes)), *doors]


def test_a_function_of_the_zip_opens_its_own_room_and_answers_its_event(
    build: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(build / ZIP) as packed:
        packed.extractall(tmp_path)

    run = subprocess.run(
        [sys.executable, "-I", "-B", "-c", RUN_ONE, tmp_path],
        env={"PATH": os.defpath, "_HANDLER": "app.due_enrollments"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["{'batchItemFailures': []}", "False"]


def test_it_deploys_whole_and_deploys_again(build: Path, tmp_path: Path) -> None:
    parameters = {"InboundDomain": "in.example.com", "PublicUrl": "", "AlarmEmail": ""}
    with ministack(tmp_path) as url:
        session = boto3.Session("testing", "testing", region_name=REGIONS[0])
        cloudformation = session.client("cloudformation", endpoint_url=url)
        target = Target(
            account="000000000000",
            region=REGIONS[0],
            cloudformation=cloudformation,
            s3=session.client("s3", endpoint_url=url),
            ses=session.client("ses", endpoint_url=url),
        )

        outputs = deploy_house("dev", build, target=target, parameters=parameters)
        again = deploy_house("dev", build, target=target, parameters=parameters)

        stands = cloudformation.describe_stack_resources(StackName="sekvens-dev")["StackResources"]
        physical = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in stands}
        functions = session.client("lambda", endpoint_url=url)
        environments = [
            functions.get_function_configuration(FunctionName=physical[logical_name(name)])[
                "Environment"
            ]["Variables"]
            for name in config()["lambda_functions"]
        ]

    assert again == outputs
    assert set(queue_by_plain_name().values()) <= set(physical)
    given = set(template()["Globals"]["Function"]["Environment"]["Variables"])
    for environment in environments:
        assert set(environment) == given
        assert environment["PUBLIC_URL"] == outputs["EndpointURL"].rstrip("/")
        assert environment["TABLE_NAME"] == outputs["TableName"]


@pytest.mark.parametrize(
    "name, read",
    [
        ("chalicelib/domain/ids.py", True),
        ("botocore/data/dynamodb/2012-08-10/service-2.json.gz", True),
        ("botocore/data/endpoints.json", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("boto3/data/ec2/2016-11-15/resources-1.json", False),
        ("babel/locale-data/root.dat", True),
        ("babel/locale-data/fr.dat", False),
        ("boto3-1.43.106.dist-info/METADATA", False),
        ("boto3-1.43.106.dist-info/LICENSE", True),
    ],
)
def test_what_is_never_read_is_left_out(name: str, read: bool) -> None:
    assert is_read(name) is read
