"""How a stack starts, stops, is killed, and comes back."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.local.settings import PROJECT, TABLE
from infra.local.stack import Stack, StackFailedError
from tests.local.watching import SMALL, aws_of, calls, post, put_due, until

pytestmark = pytest.mark.slow


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Stack]:
    """A stack that is not started yet, and does not outlive its test."""
    stack = Stack(tmp_path, app=SMALL, save_every_s=0.2)
    yield stack
    stack.kill()


def test_a_taken_port_costs_one_line_and_leaves_nothing_running(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data", app=SMALL)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", stack.smtp_port))
        taken.listen()

        with pytest.raises(StackFailedError) as refusal:
            stack.start()

    lines = str(refusal.value).splitlines()
    assert len(lines) == 1
    assert f"Port {stack.smtp_port}" in lines[0]
    assert "--smtp-port" in lines[0]
    assert not _emulators(stack)


def test_two_stacks_do_not_share_a_folder(tmp_path: Path) -> None:
    with Stack(tmp_path, app=SMALL) as first:
        second = Stack(tmp_path, app=SMALL)

        with pytest.raises(StackFailedError, match=rf"already runs .*process {first.pid}\)"):
            second.start()

        assert first.ask("GET", "/_local/clock")[0] == 200


def test_ctrl_c_leaves_no_process_and_keeps_everything(lone: Stack) -> None:
    lone.start()
    before = lone.credentials
    _put(lone, "kept")
    post(lone, b"Subject: x\r\n\r\nx", sender="a@b.test", to=["c@in.sekvens.test"])
    moved = lone.advance("P10D")

    assert lone.stop() == 0

    assert not _emulators(lone)
    with lone:
        assert lone.credentials == before
        assert _names(lone) == ["kept"]
        assert lone.ask("GET", "/_local/clock")[1]["now"] > moved
        assert _keys_in_bucket(lone) == 1
        assert not any("may be lost" in line for line in lone.printed)


def test_a_killed_stack_has_its_emulator_save_and_end(lone: Stack) -> None:
    lone.start()
    _put(lone, "kept")

    lone.kill()

    until(lambda: not _emulators(lone))
    with lone:
        assert _names(lone) == ["kept"]
        assert any("nothing is lost" in line for line in lone.printed)


def test_when_the_emulator_is_killed_too_the_next_start_says_what_may_be_lost(
    lone: Stack,
) -> None:
    lone.start()
    token = lone.credentials["token"]
    _put(lone, "saved in passing")
    until(lambda: "saved in passing" in _last_save(lone))

    for pid in _emulators(lone):
        os.kill(pid, signal.SIGKILL)
    lone.kill()

    with lone:
        assert lone.credentials["token"] == token
        assert _names(lone) == ["saved in passing"]
        assert sum("may be lost" in line for line in lone.printed) == 1


def test_the_stack_ends_when_its_emulator_does(lone: Stack) -> None:
    lone.start()

    for pid in _emulators(lone):
        os.kill(pid, signal.SIGKILL)

    until(lambda: any("ended by itself" in line for line in lone.printed))
    assert lone.stop() == 1


def test_ctrl_c_also_stops_a_stack_whose_clock_is_moving(lone: Stack) -> None:
    lone.start()
    aws, at = aws_of(lone), datetime.now(UTC)
    for minute in range(200):
        put_due(aws, minute % 16, f"{minute}", at + timedelta(minutes=minute))

    def move() -> None:
        with suppress(OSError):  # the answer never comes
            lone.ask("POST", "/_local/clock", body={"advance": "P9D"})

    moving = Thread(target=move)
    moving.start()
    until(lambda: bool(calls(lone, "fired")))

    assert lone.stop() == 0

    moving.join()
    assert len(calls(lone, "fired")) < 200


def test_the_people_of_the_demo_are_the_same_after_a_restart(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    with stack:
        before = _people(stack)

    with stack:
        after = _people(stack)

    assert after == before
    assert [person["email"] for person in after] == [
        "ada@demo.sekvens.test",
        "sam@demo.sekvens.test",
        "mia@demo.sekvens.test",
        "olga@other.sekvens.test",
    ]
    assert all(person["smart_bcc_address"].endswith("@in.sekvens.test") for person in after)


def test_help_names_the_options() -> None:
    answer = subprocess.run(
        (sys.executable, "-m", "infra.local", "--help"),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )

    for option in ("redrive", "--port", "--smtp-port", "--aws-port", "--data", "doctor"):
        assert option in answer.stdout


def test_the_doctor_says_that_all_is_well(stack: Stack) -> None:
    answer = _ask("doctor", stack.data)

    assert "intake-dead" in answer.stdout
    assert "due or late" in answer.stdout


def test_what_is_dead_gets_another_try(stack: Stack) -> None:
    aws, url = aws_of(stack), f"{stack.aws_url}/000000000000/sekvens-local-tally-dead"
    aws.sqs.send_message(QueueUrl=url, MessageBody="mended meanwhile")
    assert "in tally-dead: find why" in _ask("doctor", stack.data).stdout

    answer = _ask("redrive", stack.data)

    assert answer.stdout.endswith("another try in tally.\n")
    until(
        lambda: any(
            record["body"] == "mended meanwhile"
            for call in calls(stack, "tallies")
            for record in call["event"]["Records"]
        )
    )


def test_the_doctor_says_that_nothing_runs(tmp_path: Path) -> None:
    answer = _ask("doctor", tmp_path)

    assert answer.returncode == 1
    assert answer.stdout.startswith("No stack runs")


def _people(stack: Stack) -> list[dict[str, Any]]:
    """Return whom the credentials name; each must be let in."""
    known = stack.credentials
    people = [known, *known["users"].values(), known["other_tenant"]]
    for person in people:
        status, me = stack.ask("GET", "/v1/users/me", token=person["token"])
        assert (status, me["data"]["email"]) == (200, person["email"])
    keys = ("token", "user_id", "email", "smart_bcc_address")
    return [{key: person[key] for key in keys} for person in people]


def _ask(command: str, data: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        (sys.executable, "-m", "infra.local", command, "--data", str(data)),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def _emulators(stack: Stack) -> list[int]:
    """Return the emulators that run on the stack's folder."""
    listed = subprocess.run(
        ("ps", "-eww", "-o", "pid=,args="), capture_output=True, text=True, check=True
    ).stdout
    return [
        int(line.split()[0])
        for line in listed.splitlines()
        if "infra.local.emulator_child" in line and str(stack.data) in line.split()
    ]


def _last_save(stack: Stack) -> str:
    states = stack.data / "state"
    return (states / (states / "current").read_text() / "dynamodb.json").read_text()


def _put(stack: Stack, name: str) -> None:
    aws_of(stack).dynamodb.put_item(TableName=TABLE, Item={"pk": {"S": "life"}, "sk": {"S": name}})


def _names(stack: Stack) -> list[str]:
    found: Any = aws_of(stack).dynamodb.query(
        TableName=TABLE,
        KeyConditionExpression="pk = :life",
        ExpressionAttributeValues={":life": {"S": "life"}},
    )
    return [row["sk"]["S"] for row in found["Items"]]


def _keys_in_bucket(stack: Stack) -> int:
    return aws_of(stack).s3.list_objects_v2(Bucket="sekvens-local-mail", Prefix="inbound/")[
        "KeyCount"
    ]
