"""Doors that write down how they were called; enough of a sweep for a clock to have work."""

import base64
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from chalice.app import (
    BaseLambdaEvent,
    Chalice,
    CloudWatchEvent,
    DynamoDBEvent,
    Rate,
    Response,
    SQSEvent,
)

from chalicelib.gateways.clock import LeadingClock
from chalicelib.storage import keys, spelling

app = Chalice(app_name="small", configure_logs=False)

_LEAD_FILE = Path(os.environ["CLOCK_LEAD_FILE"])
_TABLE = os.environ["TABLE_NAME"]
_clock = LeadingClock(_LEAD_FILE)
_dynamodb = boto3.client("dynamodb")
_ses = boto3.client("sesv2")


@app.route("/things/{thing_id}", methods=["GET"], cors=True)
def thing(thing_id: str) -> dict[str, str]:
    return {"id": thing_id}


@app.route("/send", methods=["POST"])
def send() -> Response:
    """Send the mail of the body."""
    request = app.current_request
    assert request is not None
    mail: dict[str, Any] = request.json_body
    answer = _ses.send_email(
        FromEmailAddress=mail["from"],
        Destination={"ToAddresses": mail["to"]},
        Content={"Raw": {"Data": base64.b64decode(mail["raw"])}},
        ConfigurationSetName=os.environ["CONFIGURATION_SET"],
        EmailTags=[{"Name": "tenant", "Value": "t1"}],
    )
    return Response({"ses_id": answer["MessageId"]})


@app.on_sqs_message(queue="tally", batch_size=10)
def tallies(event: SQSEvent) -> dict[str, Any]:
    """Fail every message that asks for it, once or for ever; raise for one that asks for that."""
    _note("tallies", event)
    bodies = [record.body for record in event]
    if "raise" in bodies:
        raise RuntimeError("asked to")
    failed = [
        record["messageId"]
        for record in event.to_dict()["Records"]
        if record["body"] == "bad"
        or (record["body"] == "late" and record["attributes"]["ApproximateReceiveCount"] == "1")
    ]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


@app.on_sqs_message(queue="intake", batch_size=10)
def inbound_mail(event: SQSEvent) -> None:
    _note("inbound_mail", event)


@app.on_sqs_message(queue="feedback", batch_size=10)
def ses_feedback(event: SQSEvent) -> None:
    _note("ses_feedback", event)


@app.on_dynamodb_record(stream_arn="filled-in/by/the-deploy", batch_size=100)
def table_changes(event: DynamoDBEvent) -> None:
    _note("table_changes", event)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def every_minute(event: CloudWatchEvent) -> None:
    """Write down whoever is due; `again` is due once more, a day later."""
    _note("every_minute", event)
    now = _clock.now()
    for shard in range(int(os.environ["DUE_SHARDS"])):
        for row in _due(shard, f"{spelling.instant(now)}$"):
            name = row["sk"]["S"]
            _write("fired", {"name": name, "at": now.isoformat()})
            if name == "again":
                _put(shard, "again, a day later", _clock.now() + timedelta(days=1))
            if name != "stuck":
                _dynamodb.delete_item(TableName=_TABLE, Key={"pk": row["pk"], "sk": row["sk"]})


@app.schedule("cron(0 3 * * ? *)")
def nightly(event: CloudWatchEvent) -> None:
    _write("nights", {"at": event.time})


def _due(shard: int, until: str) -> list[dict[str, Any]]:
    answer = _dynamodb.query(
        TableName=_TABLE,
        IndexName="due",
        KeyConditionExpression="due_pk = :shard AND due_sk < :until",
        ExpressionAttributeValues={":shard": {"S": keys.due_shard(shard)}, ":until": {"S": until}},
    )
    return list(answer["Items"])


def _put(shard: int, name: str, at: datetime) -> None:
    _dynamodb.put_item(
        TableName=_TABLE,
        Item={
            "pk": {"S": "due"},
            "sk": {"S": name},
            "due_pk": {"S": keys.due_shard(shard)},
            "due_sk": {"S": f"{spelling.instant(at)}#t1#{name}#1"},
        },
    )


def _note(function: str, event: BaseLambdaEvent) -> None:
    context: Any = event.context
    _write(
        function,
        {
            "event": event.to_dict(),
            "function_name": context.function_name,
            "left_ms": context.get_remaining_time_in_millis(),
        },
    )


def _write(name: str, line: dict[str, Any]) -> None:
    with (_LEAD_FILE.parent / f"{name}.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
