"""The comparison with DBOS measures what it says, and stays runnable."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.side_by_side import dbos_side
from benchmarks.side_by_side.postbox import Postbox
from benchmarks.side_by_side.sides import Running
from benchmarks.side_by_side.work import READY, Order, Told, read_order

ORDER = Order(
    batch="b",
    count=3,
    flow="mails",
    first_wait_s=0.5,
    wait_s=0.5,
    postbox=Path("box"),
    answer_s=0.0,
    die_at=0,
    place="here",
    style="silent",
)
TOLD = Told(
    cpu_s=1.0,
    begun_cpu_s=0.5,
    idle_cpu_s=0.0,
    wall_s=2.0,
    ready_mb=80.0,
    asleep_mb=90.0,
    threads=1,
)


def run(out: Path, *arguments: str) -> dict[str, Any]:
    command = (sys.executable, "-m", "benchmarks.side_by_side", "--out", str(out), *arguments)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(out.read_text())
    return told


def worker(*lines: str, die: bool = False) -> Running:
    said = "".join(f"print({line!r}, flush=True);" for line in lines)
    end = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)" if die else ""
    return Running((sys.executable, "-c", said + end), os.environ)


def test_an_order_survives_its_command_line() -> None:
    assert read_order(ORDER.arguments()) == ORDER


def test_a_mail_is_out_before_its_sender_is_killed(tmp_path: Path) -> None:
    postbox = Postbox(path=tmp_path / "box", die_at=2)

    child = os.fork()
    if not child:  # pragma: no cover - another process
        for step in ("m1", "m2", "m3"):
            postbox.take("w", step)
        os._exit(0)
    _, status = os.waitpid(child, 0)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert postbox.taken() == Counter({("w", "m1"): 1, ("w", "m2"): 1})


def test_what_a_worker_tells_is_found_among_its_other_lines(
    capfd: pytest.CaptureFixture[str],
) -> None:
    TOLD.say()
    line = capfd.readouterr().out.strip()
    running = worker("a figure", READY, '{"another": 1}', line)

    running.until_ready()

    assert running.told() == TOLD


def test_a_killed_worker_tells_nothing() -> None:
    running = worker(READY, die=True)

    running.until_ready()

    assert running.told() is None


def test_a_worker_that_fails_by_itself_is_no_killed_worker() -> None:
    running = worker("nothing")

    with pytest.raises(RuntimeError, match="before it was ready"):
        running.until_ready()


@pytest.mark.timeout(240)
def test_our_side_sends_each_mail_once_though_its_worker_is_killed(tmp_path: Path) -> None:
    sizes = ("--workflows", "3", "--flows", "mails", "--kills", "0", "--kills-at-mail", "1")

    told = run(tmp_path / "out.json", "--only", "sekvens", *sizes)

    (cost,) = told["costs"]
    assert cost["told"]["cpu_s"] > 0
    assert cost["writes"] / 12 == pytest.approx(3.0, abs=1.0)
    heard, silent = (each["rounds"][0] for each in told["kills"])
    assert heard["was_killed"]
    assert silent["was_killed"]
    assert (heard["mails"], heard["twice"]) == (10, 0)
    assert heard["ends"] == {"ended": 5, "with_a_person": 0, "lost": 0}
    assert silent["twice"] == 0
    assert silent["ends"] == {"ended": 4, "with_a_person": 1, "lost": 0}


@pytest.mark.timeout(240)
@pytest.mark.skipif(not dbos_side.is_installed(), reason="`make bench-dbos` installs DBOS")
def test_dbos_ends_every_workflow_and_repeats_the_step_it_was_killed_in(tmp_path: Path) -> None:
    sizes = ("--workflows", "3", "--flows", "mails", "--kills", "0", "--kills-at-mail", "1")

    told = run(tmp_path / "out.json", "--only", "dbos", *sizes)

    assert [each["style"] for each in told["costs"]] == ["threads", "async"]
    # Six a workflow; whatever a launch writes comes on top.
    assert all(18 <= each["writes"] <= 24 for each in told["costs"])
    ((killed,),) = (each["rounds"] for each in told["kills"])
    assert killed["was_killed"]
    assert killed["ends"]["ended"] == 5
    assert killed["twice"] >= 1
