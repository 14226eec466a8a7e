"""A file of items becomes numbered rows; whatever it holds, it is read or refused."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.jobs.import_files import MOST_ROWS, FileRow, ImportFormat, read_rows
from chalicelib.domain.jobs.job import HopelessError

CSV = ImportFormat.CSV
LINES = ImportFormat.JSON_LINES


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    rows = read_rows(b"name,country\nAcme,DE\n\nBolt,FR\n", CSV)

    assert rows == [
        FileRow(number=2, values={"name": "Acme", "country": "DE"}),
        FileRow(number=4, values={"name": "Bolt", "country": "FR"}),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_are_divided_as_the_header_is(delimiter: str) -> None:
    content = f"name{delimiter}country\r\nAcme{delimiter}DE\r\n".encode("utf-8-sig")

    assert read_rows(content, CSV) == [FileRow(number=2, values={"name": "Acme", "country": "DE"})]


def test_quoted_cells_hold_anything_and_empty_ones_say_nothing() -> None:
    rows = read_rows(b'name,country,tags\n"Acme, ""the""\nbest",,a;b\n', CSV)

    assert rows == [FileRow(number=2, values={"name": 'Acme, "the"\nbest', "tags": "a;b"})]


def test_a_row_with_more_cells_than_the_header_is_at_fault_alone() -> None:
    short, long = read_rows(b"name\nAcme\nBolt,DE\n", CSV)

    assert short.fault is None
    assert long == FileRow(number=3, values={}, fault="The row has 2 cells, the header 1.")


def test_json_lines_are_numbered_by_line() -> None:
    rows = read_rows(b'{"name": "Acme", "tags": ["a"]}\n\n[1]\n{"name"\n', LINES)

    assert rows == [
        FileRow(number=1, values={"name": "Acme", "tags": ["a"]}),
        FileRow(number=3, values={}, fault="The line is not a JSON object."),
        FileRow(number=4, values={}, fault="The line is not a JSON object."),
    ]


@pytest.mark.parametrize(
    "content, why",
    [
        (b"name\n\xff", "The file is not UTF-8; save it as CSV UTF-8."),
        (b"", "The file has no rows."),
        (b"name\n", "The file has no rows."),
        (b"name,name\nA,B\n", "These columns stand in the header twice: name."),
        (b'name\n"Acme\n', "The file is not CSV: line 2, unexpected end of data."),
    ],
)
def test_what_is_no_such_file_is_refused_with_a_reason(content: bytes, why: str) -> None:
    with pytest.raises(HopelessError) as refusal:
        read_rows(content, CSV)

    assert refusal.value.detail == why


def test_more_rows_than_a_job_takes_are_refused() -> None:
    read_rows(b"name\n" + b"x\n" * MOST_ROWS, CSV)

    with pytest.raises(HopelessError):
        read_rows(b"name\n" + b"x\n" * (MOST_ROWS + 1), CSV)


@given(content=st.binary(max_size=200), wanted=st.sampled_from(ImportFormat))
def test_any_bytes_are_read_or_refused(content: bytes, wanted: ImportFormat) -> None:
    try:
        rows = read_rows(content, wanted)
    except HopelessError:
        return

    assert [row.number for row in rows] == sorted({row.number for row in rows})


def test_a_header_without_end_is_refused_at_once() -> None:
    header = ",".join(f"c{at}" for at in range(300_000))

    with pytest.raises(HopelessError, match="more than 1000 columns"):
        read_rows(f"{header}\nx\n".encode(), ImportFormat.CSV)


def test_a_file_of_millions_of_rows_is_not_read_to_its_end() -> None:
    before = time.process_time()

    with pytest.raises(HopelessError, match="more than 50000 rows"):
        read_rows(b"name\n" + b"x\n" * 5_000_000, ImportFormat.CSV)

    assert time.process_time() - before < 2
