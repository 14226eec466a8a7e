"""The plot fits the house: whatever code names, `infra/` and `.chalice/` give, and nothing else."""

import ast
import os
from typing import Final

import pytest
import yaml

from app import app
from chalicelib.entry.settings import QUEUE_NAMES, settings
from chalicelib.storage.rows.base import DueIndex, ListIndex, Row
from infra.artefact import CLIENTS
from tests.architecture.house import ROOT, modules, parsed
from tests.architecture.plot import (
    config,
    logical_name,
    named,
    of_type,
    policy,
    queue_by_plain_name,
    template,
)

GIVEN_BY_LAMBDA: Final = {"AWS_REGION"}
ON_A_LAPTOP_ONLY: Final = {"CLOCK_LEAD_FILE", "WEBHOOKS_TO_LOOPBACK"}
HANDLERS: Final = {each.name: each for each in app.event_sources if hasattr(each, "name")}
QUEUE_HANDLERS: Final = {name: each for name, each in HANDLERS.items() if hasattr(each, "queue")}
STREAM_HANDLERS: Final = {
    name for name, each in HANDLERS.items() if type(each).__name__ == "DynamoDBEventConfig"
}


def source(function: str, kind: str) -> dict[str, object]:
    """Return what the merge template says of a handler's event source."""
    name = logical_name(function)
    events = template()["Resources"][name]["Properties"]["Events"]
    found: dict[str, object] = events[f"{name}{kind}EventSource"]["Properties"]
    return found


def test_the_table_has_the_keys_and_indexes_of_the_rows() -> None:
    table = of_type("AWS::DynamoDB::Table")["Table"]
    keys = {
        (None, "HASH", Row._hash_keyname),
        (None, "RANGE", Row._range_keyname),
        ("due", "HASH", DueIndex.due_pk.attr_name),
        ("due", "RANGE", DueIndex.due_sk.attr_name),
        ("list", "HASH", ListIndex.list_pk.attr_name),
        ("list", "RANGE", ListIndex.list_sk.attr_name),
    }

    indexes = {each["IndexName"]: each for each in table["GlobalSecondaryIndexes"]}
    built = {
        (name, key["KeyType"], key["AttributeName"])
        for name, each in {None: table, **indexes}.items()
        for key in each["KeySchema"]
    }

    assert built == keys
    assert set(indexes) == {each.Meta.index_name for each in Row._indexes.values()}
    assert {name: each["Projection"]["ProjectionType"] for name, each in indexes.items()} == {
        each.Meta.index_name: each.Meta.projection.projection_type for each in Row._indexes.values()
    }
    assert table["TimeToLiveSpecification"]["AttributeName"] == Row.expires_at.attr_name
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["BillingMode"] == "PAY_PER_REQUEST"


def test_every_queue_of_the_house_stands_with_a_dead_letter_queue() -> None:
    queues = queue_by_plain_name()

    assert set(queues) == {*QUEUE_NAMES, *(f"{name}-dead" for name in QUEUE_NAMES), "stream-dead"}
    for name in QUEUE_NAMES:
        redrive = of_type("AWS::SQS::Queue")[queues[name]]["RedrivePolicy"]
        assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": [queues[f"{name}-dead"], "Arn"]}


@pytest.mark.parametrize("function", sorted(QUEUE_HANDLERS))
def test_a_queue_door_reads_its_real_queue_and_reports_each_record(function: str) -> None:
    queue = queue_by_plain_name()[QUEUE_HANDLERS[function].queue]
    timeout_s = config()["lambda_functions"][function]["lambda_timeout"]

    assert source(function, "Sqs")["Queue"] == {"Fn::Sub": f"${{{queue}.Arn}}"}
    assert source(function, "Sqs")["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert of_type("AWS::SQS::Queue")[queue]["VisibilityTimeout"] >= 6 * timeout_s


@pytest.mark.parametrize("function", sorted(STREAM_HANDLERS))
def test_a_stream_door_reads_the_real_stream_and_keeps_what_fails(function: str) -> None:
    stream = source(function, "Dynamodb")

    assert stream["Stream"] == {"Fn::GetAtt": ["Table", "StreamArn"]}
    assert stream["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert stream["BisectBatchOnFunctionError"] is True
    assert set(named(stream["DestinationConfig"])) == {"StreamDead"}


def test_the_merge_template_corrects_the_handler_of_every_event_door_and_no_other() -> None:
    corrected = {
        name: resource["Properties"]["Handler"]
        for name, resource in template()["Resources"].items()
        if "Handler" in resource.get("Properties", {})
    }

    assert corrected == {logical_name(name): f"app.{name}" for name in HANDLERS}


def test_every_function_has_its_own_size_time_and_policy() -> None:
    functions = config()["lambda_functions"]

    assert set(functions) == {"api_handler", *HANDLERS}
    for name, each in functions.items():
        assert each["iam_policy_file"] == f"policy-{name}.json"
        assert each["lambda_memory_size"] >= 512
        assert each["lambda_timeout"] <= 120
    assert config()["autogen_policy"] is False


def test_the_environment_gives_every_name_that_settings_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = template()["Globals"]["Function"]["Environment"]["Variables"]
    values = dict.fromkeys({*given, *GIVEN_BY_LAMBDA}, "x") | {
        **{name: value for name, value in given.items() if str(value).isdigit()},
        "MAC_KEYS": "a:secret",
    }
    asked: set[str] = set()

    class Asked(dict[str, str]):
        def __getitem__(self, name: str) -> str:
            asked.add(name)
            return super().__getitem__(name)

        def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]  # the environment holds texts only
            asked.add(name)
            return super().get(name, default)

    monkeypatch.setattr(os, "environ", Asked(values))
    settings.cache_clear()
    settings()
    settings.cache_clear()

    assert asked == {*given, *GIVEN_BY_LAMBDA, *ON_A_LAPTOP_ONLY}


@pytest.mark.parametrize("function", sorted(config()["lambda_functions"]))
def test_a_policy_names_what_stands_and_nothing_more(function: str) -> None:
    stands = {*template()["Resources"], *template()["Parameters"]}

    for statement in policy(function):
        pseudo = {name for name in named(statement) if name.startswith("AWS::")}
        assert set(named(statement)) - pseudo <= stands
        assert statement["Sid"] == "FindStreams" or statement["Resource"] != "*"
        assert not any(action.endswith("*") for action in _actions(statement))


@pytest.mark.parametrize("function", sorted(QUEUE_HANDLERS))
def test_a_queue_door_may_take_from_its_queue_only(function: str) -> None:
    queue = queue_by_plain_name()[QUEUE_HANDLERS[function].queue]

    taken = {
        name
        for statement in policy(function)
        if "sqs:ReceiveMessage" in _actions(statement)
        for name in named(statement)
    }

    assert taken == {queue}


def test_only_the_door_that_sends_may_send_mail_to_others_than_its_sender() -> None:
    sending = [
        (function, statement.get("Condition"))
        for function in config()["lambda_functions"]
        for statement in policy(function)
        if any(action.startswith("ses:Send") for action in _actions(statement))
    ]
    notices = {"StringEquals": {"ses:FromAddress": {"Fn::Sub": "notices@${InboundDomain}"}}}
    to_oneself = {
        # For all values of nothing would be true: somebody must be written to.
        "ForAllValues:StringEquals": {"ses:Recipients": "${ses:FromAddress}"},
        "Null": {"ses:Recipients": "false"},
    }

    assert sorted(sending, key=lambda each: each[0]) == [
        ("api_handler", notices),
        ("api_handler", to_oneself),
        ("due_enrollments", None),
        ("inbound_mail", notices),
        ("unclaimed_mail", notices),
    ]


def test_the_mails_of_sequences_and_our_own_notices_go_by_sets_of_their_own() -> None:
    for function in config()["lambda_functions"]:
        for statement in policy(function):
            if any(action.startswith("ses:Send") for action in _actions(statement)):
                arns = [each["Fn::Sub"].rpartition(":")[2] for each in statement["Resource"]]
                identities, sets = arns[:1], arns[1:]
                assert identities[0].startswith("identity/")
                is_runner = function == "due_enrollments"
                own = "sekvens-${Stage}" if is_runner else "sekvens-${Stage}-notices"
                as_tenant = ["tenant/*"] if is_runner else []
                assert sets == [f"configuration-set/{own}", *as_tenant]


def test_the_door_that_calls_strangers_reaches_nothing_that_we_keep() -> None:
    allowed = {action for each in policy("webhook_calls") for action in _actions(each)}
    variables = template()["Resources"]["WebhookCalls"]["Properties"]["Environment"]["Variables"]

    assert allowed == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:SendMessage",
    }
    assert variables == {"MAC_KEYS": "a:none"}, "nor the keys that sign"


def test_someone_is_told_when_work_fails_and_when_due_work_waits() -> None:
    alarms = of_type("AWS::CloudWatch::Alarm").values()
    watched = {(each["MetricName"], name) for each in alarms for name in named(each["Dimensions"])}
    dead = {name for plain, name in queue_by_plain_name().items() if plain.endswith("-dead")}

    assert {("ApproximateNumberOfMessagesVisible", name) for name in dead} <= watched
    assert {
        ("ApproximateAgeOfOldestMessage", name)
        for name in ("DueQueue", "IntakeQueue", "FeedbackQueue")
    } <= watched
    assert all(each["AlarmActions"] == [{"Ref": "AlarmTopic"}] for each in alarms)


def test_the_mail_rule_keeps_and_tells_for_one_domain() -> None:
    mail = template("ses.yaml")["Resources"]

    rule = mail["KeepAndTell"]["Properties"]["Rule"]

    assert rule["Recipients"] == [{"Ref": "InboundDomain"}], "none would be everybody's mail"
    assert rule["Actions"] == [
        {
            "S3Action": {
                "BucketName": {"Ref": "MailBucket"},
                "ObjectKeyPrefix": "inbound/",
                "TopicArn": {"Ref": "InboundTopic"},
            }
        }
    ]
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert mail["ConfigurationSet"]["Properties"]["Name"] == variables["CONFIGURATION_SET"]
    assert mail["NoticesSet"]["Properties"]["Name"] == variables["NOTICES_SET"]


def test_every_stage_answers_every_parameter() -> None:
    stages = yaml.safe_load((ROOT / "infra" / "stages.yaml").read_text())

    assert set(stages) == set(config()["stages"])
    for stage in stages.values():
        assert {"Stage", *stage} == set(template()["Parameters"])


def test_the_package_keeps_the_models_of_every_client_the_house_makes() -> None:
    made = {
        str(ast.literal_eval(node.args[0]))
        for module in modules("chalicelib")
        for node in ast.walk(parsed(module))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "boto3.client"
    }

    assert {"dynamodb", *made} <= CLIENTS


def _actions(statement: dict[str, str | list[str]]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else action
