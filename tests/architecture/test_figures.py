"""Figures and alarms: what an alarm watches is told by a door, under the very same name."""

import ast
import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from chalicelib.entry.observability import metrics
from tests.architecture.house import ROOT, modules, parsed
from tests.architecture.plot import config, logical_name, of_type, template

ALARMS: Final = of_type("AWS::CloudWatch::Alarm")
OURS: Final = {name: alarm for name, alarm in ALARMS.items() if alarm["Namespace"] == "Sekvens"}
ON_LAMBDA: Final = {
    name: alarm for name, alarm in ALARMS.items() if alarm["Namespace"] == "AWS/Lambda"
}
LOOKED_AT_ONLY: Final = {"DueInShard", "DueLeft", "DueToDone", "RecountsAsked"}
"""Figures for a dashboard; what to do about them stands in a runbook, but they wake nobody."""


def told() -> Iterator[str]:
    """Yield the name of every figure that a door adds."""
    for module in modules("chalicelib/entry"):
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.FunctionDef):
                yield from _told_by(node)


def _told_by(function: ast.FunctionDef) -> Iterator[str]:
    named = [
        keyword.value
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "metrics.add_metric"
        for keyword in node.keywords
        if keyword.arg == "name"
    ]
    for value in named:
        if isinstance(value, ast.Constant):
            yield str(value.value)
        else:
            yield from _chosen(function, ast.unparse(value))


def _chosen(function: ast.FunctionDef, variable: str) -> Iterator[str]:
    """Yield the texts that a variable may hold: `name = "A" if … else "B"`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == variable:
            match node.value:
                case ast.IfExp(body=ast.Constant(value=one), orelse=ast.Constant(value=other)):
                    yield from (str(one), str(other))
                case other_shape:
                    raise TypeError(ast.unparse(other_shape))


def test_every_alarm_of_ours_watches_a_figure_that_a_door_tells_and_none_is_unwatched() -> None:
    watched = {alarm["MetricName"] for alarm in OURS.values()}

    assert watched | LOOKED_AT_ONLY == set(told())
    assert not watched & LOOKED_AT_ONLY


def test_what_is_only_looked_at_stands_in_a_runbook() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "docs" / "runbooks").glob("*.md"))

    assert [name for name in LOOKED_AT_ONLY if f"`{name}`" not in pages] == []


@pytest.mark.parametrize("alarm", OURS.values(), ids=OURS)
def test_an_alarm_names_the_namespace_and_dimensions_that_cloudwatch_is_told(
    alarm: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    metrics.add_metric(name=alarm["MetricName"], unit="Count", value=1)
    metrics.flush_metrics()

    line = json.loads(capsys.readouterr().out)
    (seen,) = line["_aws"]["CloudWatchMetrics"]
    (dimensions,) = seen["Dimensions"]
    assert seen["Namespace"] == alarm["Namespace"]
    assert [{"Name": name, "Value": line[name]} for name in dimensions] == alarm["Dimensions"]


@pytest.mark.parametrize("alarm", ON_LAMBDA.values(), ids=ON_LAMBDA)
def test_an_alarm_on_a_function_names_one_that_there_is(alarm: dict[str, Any]) -> None:
    (dimension,) = alarm["Dimensions"]

    assert dimension["Name"] == "FunctionName"
    assert dimension["Value"]["Ref"] in {
        logical_name(each) for each in config()["lambda_functions"]
    }


def test_all_workers_together_stay_below_the_rate_that_ses_gives_an_account() -> None:
    """Fourteen mails a second outside the sandbox; whoever has more raises all three numbers."""
    sending = template()["Resources"]["DueEnrollments"]["Properties"]["Events"]
    source = sending["DueEnrollmentsSqsEventSource"]["Properties"]
    workers = source["ScalingConfig"]["MaximumConcurrency"]
    given = template()["Globals"]["Function"]["Environment"]["Variables"]

    mails_a_second = workers * 1000 / int(given["SEND_EVERY_MS"])

    assert 10 < mails_a_second < 14
    assert int(given["DUE_PER_TICK"]) >= 60 * mails_a_second, "sends never wait for a tick"
