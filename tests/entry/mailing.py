"""Mail through the queue, as SES and SNS hand it in, and a user's own address for it."""

import json

import boto3

from tests.conftest import BUCKET
from tests.entry.conftest import Api
from tests.letters import Letter, a_notification


def own_address(api: Api) -> str:
    return str(api.post("/v1/smart-bcc", {}).json_body["data"]["address"])


def mail(
    api: Api,
    letter: Letter,
    *recipients: str,
    dmarc: str = "PASS",
    virus: str = "PASS",
    ses_id: str = "1",
) -> None:
    """Put a mail into S3 and its notification through the queue, as SES and SNS do."""
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"inbound/{ses_id}", Body=letter.octets)
    told = json.dumps(a_notification(*recipients, ses_id=ses_id, dmarc=dmarc, virus=virus))
    assert queue(api, json.dumps({"Type": "Notification", "Message": told})) == []


def queue(api: Api, *bodies: str) -> list[dict[str, str]]:
    records = [
        {"messageId": str(at), "body": body, "receiptHandle": "x", "eventSource": "aws:sqs"}
        for at, body in enumerate(bodies)
    ]
    answer = api.client.lambda_.invoke("inbound_mail", {"Records": records})
    return list(answer.payload["batchItemFailures"])
