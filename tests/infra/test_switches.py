"""Operators stop sending, and end or export a tenant; nothing of another is touched."""

import json
from datetime import timedelta
from pathlib import Path

import boto3
import pytest

from chalicelib.domain.ids import SequenceId, StepId
from chalicelib.domain.sequences.signals import MailPostponed
from chalicelib.entry import wiring
from chalicelib.services import gates
from chalicelib.storage import switches
from chalicelib.storage.stores import Stores
from infra import ops
from tests.builders import OTHER_TENANT, TENANT, a_lead, a_user
from tests.conftest import BUCKET
from tests.doubles import Doubles
from tests.services.runner import SEQUENCE, Runner


@pytest.fixture
def runner(stores: Stores, doubles: Doubles) -> Runner:
    """Set up a tenant with an active sequence."""
    made = Runner(stores, doubles)
    made.set_up()
    return made


@pytest.mark.parametrize("of", [["all"], ["tenant", TENANT], ["sequence", TENANT, SEQUENCE]])
def test_whoever_is_switched_off_sends_nothing_until_switched_on(
    runner: Runner, of: list[str]
) -> None:
    enrollment = runner.head(runner.enroll())
    step_id = StepId("e1")

    assert ops.main(["switch", *of, "off"]) == 0
    shut = gates.pass_all(enrollment, step_id, bench=runner.bench)
    assert ops.main(["switch", *of, "on"]) == 0
    opened = gates.pass_all(enrollment, step_id, bench=runner.bench)

    until = runner.now() + timedelta(minutes=15)
    assert shut == MailPostponed(step_id=step_id, until=until, why="sending is switched off")
    assert isinstance(opened, gates.Passed)


def test_switching_off_one_sequence_leaves_the_others(runner: Runner) -> None:
    enrollment = runner.head(runner.enroll())

    switches.switch_sequence(TENANT, SequenceId("another"), is_on=False)

    assert isinstance(gates.pass_all(enrollment, StepId("e1"), bench=runner.bench), gates.Passed)


@pytest.mark.parametrize("of", [["tenant"], ["all", "x"], ["sequence", TENANT], ["tenant", "none"]])
def test_a_switch_of_nothing_is_refused(
    runner: Runner, of: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ops.main(["switch", *of, "off"]) == 2
    assert "Nothing was changed." in capsys.readouterr().out


def put_files() -> None:
    s3 = boto3.client("s3")
    for key in (f"t/{TENANT}/raw/1", f"jobs/{TENANT}/j/upload", f"t/{OTHER_TENANT}/raw/1"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")


def test_a_tenant_is_deleted_whole_and_alone(
    runner: Runner, others_stores: Stores, capsys: pytest.CaptureFixture[str]
) -> None:
    others_stores.items.create(a_lead())
    made = ops.create_tenant("Northwind", email="a@northwind.test", now=wiring.clock().now())
    put_files()
    runner.enroll()

    assert ops.main(["tenant", "delete", TENANT]) == 2
    assert "suspend it first" in capsys.readouterr().out
    ops.suspend_tenant(TENANT)
    assert ops.main(["tenant", "delete", TENANT]) == 0
    assert ops.main(["tenant", "delete", TENANT]) == 0, "what was stopped may be finished"

    left = boto3.client("dynamodb").scan(TableName="sekvens-test")["Items"]
    assert [row for row in left if TENANT in row["pk"]["S"]] == []
    assert others_stores.items.find(a_lead().ref) is not None
    assert wiring.tokens().find(made.secret) is not None
    keys = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert keys == [f"t/{OTHER_TENANT}/raw/1"]


def test_the_tokens_of_a_deleted_tenant_open_nothing(
    table: None, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ops.create_tenant("Northwind", email="a@northwind.test", now=wiring.clock().now())
    ops.suspend_tenant(made.tenant_id)

    assert ops.main(["tenant", "delete", made.tenant_id]) == 0

    assert wiring.tokens().find(made.secret) is None


def test_a_tenant_is_exported(runner: Runner, tmp_path: Path) -> None:
    put_files()

    assert ops.main(["tenant", "export", TENANT, "--to", str(tmp_path)]) == 0

    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert {"S": f"t#{TENANT}"} in [row["pk"] for row in rows]
    assert (tmp_path / "files" / f"t/{TENANT}/raw/1").read_bytes() == b"x"
    assert a_user().id in json.dumps(rows)
