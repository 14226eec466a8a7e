"""The running stack, seen from both sides: from outside, and from the functions it calls."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.resources import Aws
from infra.local.settings import BUCKET, TABLE, LocalSettings, queue_name, queue_url
from infra.local.stack import Stack
from tests.local.watching import calls, post, put_due, until

pytestmark = pytest.mark.slow

REPLY = b"From: Lea <lea@lead.test>\r\nTo: r@in.sekvens.test\r\nSubject: Re: Hi\r\n\r\nYes.\r\n"


def test_an_unknown_path_is_a_problem_of_404(stack: Stack) -> None:
    status, problem = stack.ask("GET", "/v1/nothing/here")

    assert status == 404
    assert problem["code"] == "no_such_path"


def test_parameters_of_a_path_come_decoded(stack: Stack) -> None:
    assert stack.ask("GET", "/things/a%2Fb%20c") == (200, {"id": "a/b c"})


def test_only_the_messages_a_function_names_come_again(stack: Stack, aws: Aws) -> None:
    _send(stack, aws, "good", "late")

    until(lambda: len(_received(stack, "late")) == 2)
    assert len(_received(stack, "good")) == 1
    assert len({record["messageId"] for record in _received(stack, "good", "late")}) == 2


def test_a_message_that_fails_five_times_goes_to_the_dead_letter_queue(
    stack: Stack, aws: Aws
) -> None:
    _send(stack, aws, "bad")

    dead = queue_url(_settings(stack), queue_name("tally-dead"))
    until(lambda: "bad" in _bodies(aws, dead))
    assert len(_received(stack, "bad")) == 5


def test_a_function_that_raises_gets_the_whole_batch_again(stack: Stack, aws: Aws) -> None:
    _send(stack, aws, "raise", "beside it")

    until(lambda: len(_received(stack, "beside it")) == 2)
    assert len(_received(stack, "raise")) >= 2


def test_a_function_is_told_its_name_and_the_time_it_has_left(stack: Stack, aws: Aws) -> None:
    _send(stack, aws, "whoever")

    until(lambda: bool(_received(stack, "whoever")))
    call = calls(stack, "tallies")[-1]
    assert call["function_name"] == "sekvens-local-tallies"
    assert 50_000 < call["left_ms"] <= 60_000


def test_mail_is_kept_and_then_announced_as_ses_does(stack: Stack, aws: Aws) -> None:
    post(stack, REPLY, sender="lea@lead.test", to=["r@in.sekvens.test", "bcc@in.sekvens.test"])

    until(lambda: bool(_announced(stack, "lea@lead.test")))
    told = _announced(stack, "lea@lead.test")[-1]
    kept = aws.s3.get_object(Bucket=BUCKET, Key=f"inbound/{told['mail']['messageId']}")
    raw = kept["Body"].read()
    assert raw.endswith(REPLY)
    assert b"\r\nAuthentication-Results: amazonses.com;\r\n spf=pass" in raw
    assert told["notificationType"] == "Received"
    assert told["receipt"]["recipients"] == ["r@in.sekvens.test", "bcc@in.sekvens.test"]
    assert told["receipt"]["dmarcVerdict"] == {"status": "PASS"}
    assert told["receipt"]["action"]["objectKey"] == f"inbound/{told['mail']['messageId']}"
    assert told["mail"]["commonHeaders"]["subject"] == "Re: Hi"


def test_a_line_longer_than_a_standard_allows_is_taken(stack: Stack) -> None:
    long = REPLY + b"x" * 5000 + b"\r\n"

    post(stack, long, sender="long@lead.test", to=["r@in.sekvens.test"])

    until(lambda: bool(_announced(stack, "long@lead.test")))


def test_a_sent_mail_stands_in_the_outbox_with_the_names_ses_gives_it(stack: Stack) -> None:
    ses_id = _mail(stack, to=["person@lead.test"])

    until(lambda: any(mail["id"] == ses_id for mail in stack.outbox()))
    mail = next(mail for mail in stack.outbox() if mail["id"] == ses_id)
    headers = dict(mail["headers"])
    assert mail["wire_id"] == f"{ses_id}@eu-north-1.amazonses.com"
    assert headers["Message-ID"] == f"<{ses_id}@eu-north-1.amazonses.com>"
    assert [name for name, _ in mail["headers"]].count("Date") == 1
    assert headers["Date"] != "Thu, 01 Jan 1970 00:00:00 +0000"
    assert mail["to"] == "person@lead.test"
    assert mail["text"] == "Hello\n"
    assert mail["tags"] == {"tenant": "t1"}


def test_the_outbox_can_be_read_from_a_mail_on(stack: Stack) -> None:
    first, second = _mail(stack, to=["a@lead.test"]), _mail(stack, to=["b@lead.test"])
    until(lambda: any(mail["id"] == second for mail in stack.outbox()))

    _, answer = stack.ask("GET", f"/_local/outbox?since_id={first}")

    assert [mail["id"] for mail in answer["data"]] == [second]


def test_a_person_reads_the_outbox_as_a_page(stack: Stack) -> None:
    status, page = stack.ask("GET", "/_local/outbox", headers={"Accept": "text/html"})

    assert status == 200
    assert page.startswith("<!doctype html>")


def test_ses_tells_of_each_mail_with_its_tags(stack: Stack) -> None:
    ses_id = _mail(stack, to=["person@lead.test"])

    until(lambda: [event["eventType"] for event in _events(stack, ses_id)] == ["Send", "Delivery"])
    assert _events(stack, ses_id)[0]["mail"]["tags"]["tenant"] == ["t1"]


@pytest.mark.parametrize(
    "mailbox,events",
    [
        ("bounce+lea", ["Send", "Bounce"]),
        ("complaint+lea", ["Send", "Delivery", "Complaint"]),
        ("success", ["Send", "Delivery"]),
    ],
)
def test_the_simulator_answers_by_mailbox(stack: Stack, mailbox: str, events: list[str]) -> None:
    ses_id = _mail(stack, to=[f"{mailbox}@simulator.amazonses.com"])

    until(lambda: [event["eventType"] for event in _events(stack, ses_id)] == events)


def test_whoever_is_out_of_office_says_so_to_the_reply_address_that_is_ours(stack: Stack) -> None:
    ses_id = _mail(stack, to=["ooto+lea@simulator.amazonses.com"])

    sender = "ooto+lea@simulator.amazonses.com"
    until(lambda: bool(_announced(stack, sender)))
    told = _announced(stack, sender)[-1]
    headers = {each["name"]: each["value"] for each in told["mail"]["headers"]}
    assert told["receipt"]["recipients"] == ["token@in.sekvens.test"]
    assert headers["In-Reply-To"] == f"<{ses_id}@eu-north-1.amazonses.com>"
    assert headers["Auto-Submitted"] == "auto-replied"


def test_ses_refuses_a_sender_that_nobody_proved(stack: Stack) -> None:
    status, _ = stack.ask("POST", "/send", body=_letter("x@stranger.test", ["a@lead.test"]))

    assert status == 500


def test_changes_of_the_table_come_in_lambdas_shape(stack: Stack, aws: Aws) -> None:
    item: Any = {"pk": {"S": "one"}, "sk": {"S": "row"}, "raw": {"B": b"\x00\x01"}}
    aws.dynamodb.put_item(TableName=TABLE, Item=item)

    until(lambda: bool(_changes(stack, "one")))
    change = _changes(stack, "one")[0]
    assert change["eventName"] == "INSERT"
    assert change["eventSource"] == "aws:dynamodb"
    assert "/stream/" in change["eventSourceARN"]
    assert change["dynamodb"]["Keys"] == {"pk": {"S": "one"}, "sk": {"S": "row"}}
    assert change["dynamodb"]["NewImage"]["raw"] == {"B": "AAE="}
    assert isinstance(change["dynamodb"]["ApproximateCreationDateTime"], int)


def test_the_clock_stops_at_everything_that_falls_due_in_order(stack: Stack, aws: Aws) -> None:
    now = _now(stack)
    # The small application looks again at "again" a day after it fired.
    put_due(aws, 3, "last", now + timedelta(days=3))
    put_due(aws, 9, "again", now + timedelta(days=1))
    put_due(aws, 15, "beyond", now + timedelta(days=30))

    after = stack.advance("P5D")

    names = {"again", "again, a day later", "last", "beyond"}
    fired = [
        (each["name"], datetime.fromisoformat(each["at"]))
        for each in calls(stack, "fired")
        if each["name"] in names
    ]
    aws.dynamodb.delete_item(TableName=TABLE, Key={"pk": {"S": "due"}, "sk": {"S": "beyond"}})
    days = [(name, round((at - now) / timedelta(days=1), 2)) for name, at in fired]
    assert days == [("again", 1.0), ("again, a day later", 2.0), ("last", 3.0)]
    assert datetime.fromisoformat(after) >= now + timedelta(days=5)


def test_nights_are_not_jumped_over(stack: Stack) -> None:
    nights = len(calls(stack, "nights"))

    stack.advance("P3D")

    assert len(calls(stack, "nights")) == nights + 3


def test_what_cannot_be_moved_does_not_hold_the_clock(stack: Stack, aws: Aws) -> None:
    put_due(aws, 0, "stuck", _now(stack) + timedelta(hours=1))

    stack.advance("P9D")

    aws.dynamodb.delete_item(TableName=TABLE, Key={"pk": {"S": "due"}, "sk": {"S": "stuck"}})
    stuck = [each for each in calls(stack, "fired") if each["name"] == "stuck"]
    assert 2 <= len(stuck) < 30


def test_the_clock_answers_when_messages_are_handled(stack: Stack, aws: Aws) -> None:
    _send(stack, aws, *(f"drained {number}" for number in range(30)))

    stack.advance("PT1S")

    bodies = [f"drained {number}" for number in range(30)]
    assert len(_received(stack, *bodies)) == 30


def test_the_clock_moves_for_two_who_ask_at_once(stack: Stack) -> None:
    before = _now(stack)

    with ThreadPoolExecutor() as pool:
        list(pool.map(stack.advance, ["PT2H", "PT2H", "PT0S"]))

    assert _now(stack) >= before + timedelta(hours=4)


def test_the_clock_goes_to_an_instant(stack: Stack) -> None:
    target = (_now(stack) + timedelta(hours=7)).replace(microsecond=0)

    assert datetime.fromisoformat(stack.advance_to(target.isoformat())) >= target


@pytest.mark.parametrize(
    "body,code",
    [
        ({"to": "2020-01-01T00:00:00Z"}, "clock_goes_forward"),
        ({"advance": "-P1D"}, "clock_goes_forward"),
        ({"advance": "P1M"}, "wrong_duration"),
        ({"advance": 1}, "wrong_body"),
        ({"to": "2020-01-01T00:00:00"}, "wrong_instant"),
        ({"to": "tomorrow"}, "wrong_instant"),
        ({"to": "2020-01-01T00:00:00Z", "advance": "P1D"}, "wrong_body"),
        ({"advance": "P9999D"}, "too_far"),
        ([], "wrong_body"),
    ],
)
def test_the_clock_refuses_what_it_cannot_do(stack: Stack, body: object, code: str) -> None:
    before = _now(stack)

    status, problem = stack.ask("POST", "/_local/clock", body=body)

    assert (status, problem["code"]) == (422, code)
    assert _now(stack) - before < timedelta(seconds=5)


def test_credentials_name_everything_a_program_needs(stack: Stack) -> None:
    credentials = stack.credentials

    assert list(credentials) == [
        "token",
        "user_id",
        "email",
        "smart_bcc_address",
        "users",
        "other_tenant",
        "base_url",
        "smtp_host",
        "smtp_port",
        "outbox_url",
        "clock_url",
    ]
    assert list(credentials["users"]) == ["salesperson", "sequence_manager"]
    assert (stack.data / "credentials.json").stat().st_mode & 0o777 == 0o600


def _settings(stack: Stack) -> LocalSettings:
    return LocalSettings(
        port=stack.port,
        smtp_port=stack.smtp_port,
        aws_port=stack.aws_port,
        data=stack.data,
        app=stack.data,
    )


def _send(stack: Stack, aws: Aws, *bodies: str) -> None:
    url = queue_url(_settings(stack), queue_name("tally"))
    for start in range(0, len(bodies), 10):
        entries: Any = [
            {"Id": str(place), "MessageBody": body, "DelaySeconds": 900}
            for place, body in enumerate(bodies[start : start + 10])
        ]
        aws.sqs.send_message_batch(QueueUrl=url, Entries=entries)


def _received(stack: Stack, *bodies: str) -> list[dict[str, Any]]:
    return [
        record
        for call in calls(stack, "tallies")
        for record in call["event"]["Records"]
        if record["body"] in bodies
    ]


def _bodies(aws: Aws, url: str) -> list[str]:
    found = aws.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, MaxNumberOfMessages=10)
    return [each["Body"] for each in found.get("Messages", ())]


def _announced(stack: Stack, sender: str) -> list[dict[str, Any]]:
    told = [_message(record) for record in _records(stack, "inbound_mail")]
    return [each for each in told if each["mail"]["source"] == sender]


def _events(stack: Stack, ses_id: str) -> list[dict[str, Any]]:
    told = [_message(record) for record in _records(stack, "ses_feedback")]
    return [each for each in told if each["mail"]["messageId"] == ses_id]


def _records(stack: Stack, name: str) -> list[dict[str, Any]]:
    return [record for call in calls(stack, name) for record in call["event"]["Records"]]


def _message(record: dict[str, Any]) -> dict[str, Any]:
    envelope = json.loads(record["body"])
    assert envelope["Type"] == "Notification"
    message: dict[str, Any] = json.loads(envelope["Message"])
    return message


def _changes(stack: Stack, pk: str) -> list[dict[str, Any]]:
    return [
        record
        for record in _records(stack, "table_changes")
        if record["dynamodb"]["Keys"]["pk"] == {"S": pk}
    ]


def _letter(sender: str, to: list[str]) -> dict[str, object]:
    raw = (
        f"From: Sam <{sender}>\r\nTo: {', '.join(to)}\r\nReply-To: {sender}, token@in.sekvens.test"
        "\r\nSubject: Hello\r\nMessage-ID: <ours@x.test>\r\n"
        "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n\r\nHello\r\n"
    )
    return {"from": sender, "to": to, "raw": base64.b64encode(raw.encode()).decode()}


def _mail(stack: Stack, *, to: list[str]) -> str:
    status, answer = stack.ask("POST", "/send", body=_letter("sam@demo.sekvens.test", to))
    assert status == 200
    return str(answer["ses_id"])


def _now(stack: Stack) -> datetime:
    _, answer = stack.ask("GET", "/_local/clock")
    return datetime.fromisoformat(answer["now"]).astimezone(UTC)
