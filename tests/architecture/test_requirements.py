"""The table of requirements says what the marks on tests say, and leaves none out."""

import re
from typing import Final

import pytest

from app import app
from tests.architecture.requirements import ROW, STATE, TABLE, marked_tests, refreshed

COUNT_BY_GROUP: Final = {"PD-SEQ": 32, "PD-LINK": 27, "D365-SEQ": 31, "D365-TPL": 11}
IDS: Final = [
    f"{group}-{number:02}"
    for group, count in COUNT_BY_GROUP.items()
    for number in range(1, count + 1)
]


def test_every_requirement_has_one_row() -> None:
    rows = ROW.findall(TABLE.read_text())

    assert [each[0] for each in rows] == IDS


def test_every_state_is_one_of_four() -> None:
    rows = ROW.finditer(TABLE.read_text())

    assert [row["id"] for row in rows if not STATE.fullmatch(row["state"])] == []


def test_the_table_says_what_the_marks_say() -> None:
    table = TABLE.read_text()

    assert table == refreshed(table, marked_tests()), "make requirements"


def test_every_mark_names_a_requirement() -> None:
    assert set(marked_tests()) - set(IDS) == set()


def test_every_route_behind_a_screen_is_served() -> None:
    screens = [row["state"] for row in ROW.finditer(TABLE.read_text()) if "screen:" in row["state"]]

    named = {route for state in screens for route in re.findall(r"`(/[^`]*)`", state)}

    assert named - set(app.routes) == set()


@pytest.mark.parametrize(
    "before, tests, after",
    [
        ("not yet built", [], "not yet built"),
        ("not yet built", ["t.py::a"], "proven by `t.py::a`"),
        ("proven by `t.py::a`", ["t.py::a", "t.py::b"], "proven by `t.py::a`, `t.py::b`"),
        ("proven by `t.py::a`", [], "not yet built"),
        (
            "screen: data and actions at `/v1/pulse`",
            ["t.py::a"],
            "screen: data and actions at `/v1/pulse`; proven by `t.py::a`",
        ),
        (
            "superseded by PD-SEQ-01: clearer; proven by `t.py::a`",
            [],
            "superseded by PD-SEQ-01: clearer",
        ),
    ],
)
def test_refreshing_changes_only_what_tests_prove(
    before: str, tests: list[str], after: str
) -> None:
    line = refreshed(f"| PD-SEQ-02 | asks | {before} |\n", {"PD-SEQ-02": tests})

    assert line == f"| PD-SEQ-02 | asks | {after} |\n"
    assert STATE.fullmatch(after)
