"""The benchmark of size says what it does, and its verdicts say no when something is amiss."""

import subprocess
import sys

from benchmarks.runner import report, ticks
from benchmarks.runner.fairness import Fairness
from benchmarks.runner.stack import Spent
from benchmarks.runner.ticks import Ticked


def a_tick(waiting: int, *, queries: int = 16) -> Ticked:
    spent = Spent()
    spent.bill.requests["dynamodb.Query"] = queries
    return Ticked(waiting=waiting, is_full=False, spent=spent)


def a_measure(before_it: int) -> Fairness:
    return Fairness(
        backlog=100_000,
        per_tick=1_200,
        left=400,
        handed_on=800,
        before_it=before_it,
        older=99_200,
        tick_s=1.0,
        sweep=Spent(),
    )


def test_the_benchmark_of_size_says_what_it_does() -> None:
    command = [sys.executable, "-m", "benchmarks.runner", "--help"]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stderr
    assert "--quick" in done.stdout


def test_ticks_are_level_only_if_each_costs_the_same() -> None:
    assert ticks.is_level([a_tick(1_000), a_tick(100_000)])
    assert not ticks.is_level([a_tick(1_000), a_tick(100_000, queries=17)])


def test_the_verdicts_tell_of_what_does_not_hold() -> None:
    good = report.verdicts([], [a_tick(1_000), a_tick(5_000)], a_measure(1_151))
    bad = report.verdicts([], [a_tick(1_000), a_tick(5_000, queries=17)], a_measure(1_200))

    assert not [each for each in good if "NO" in each]
    assert len([each for each in bad if "NO" in each]) == 2
