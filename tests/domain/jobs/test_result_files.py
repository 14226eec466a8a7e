"""Results as CSV: nothing in them is a formula."""

import csv
import io

import pytest

from chalicelib.domain.jobs.result_files import csv_of


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_rows_stand_under_their_header() -> None:
    content = csv_of(("row", "id"), [{"row": 2, "id": "a"}, {"row": 3}])

    assert content == b"\xef\xbb\xbfrow,id\r\n2,a\r\n3,\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert cells(csv_of(("key",), [{"key": text}])) == [["key"], [f"'{text}"]]
