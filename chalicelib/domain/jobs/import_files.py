"""A file of items as people have it, CSV or JSON lines, as numbered rows; nothing is judged here.

CSV: UTF-8, a header, `,` `;` or tab between cells; rows are numbered as a spreadsheet shows them.
JSON lines: one object a line, numbered by line.
"""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from chalicelib.domain.jobs.job import HopelessError

MOST_ROWS: Final = 50_000
MOST_BYTES: Final = 20_000_000
MOST_COLUMNS: Final = 1_000
_DELIMITERS: Final = ",;\t"
_MOST_IN_A_CELL: Final = 100_000


class ImportFormat(StrEnum):
    """How the file is written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One row: what it gives by column, or why it cannot be read."""

    number: int
    values: Mapping[str, object]
    fault: str | None = None


def read_rows(content: bytes, wanted: ImportFormat) -> list[FileRow]:
    """Return every row that is not empty; raises HopelessError if it is no such file."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HopelessError(why="The file is not UTF-8; save it as CSV UTF-8.") from None
    found = _csv_rows(text) if wanted is ImportFormat.CSV else _json_rows(text)
    rows = list(itertools.islice(found, MOST_ROWS + 1))
    if not rows:
        raise HopelessError(why="The file has no rows.")
    if len(rows) > MOST_ROWS:
        raise HopelessError(why=f"The file has more than {MOST_ROWS} rows; split it.")
    return rows


def _csv_rows(text: str) -> Iterator[FileRow]:
    header_line = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=header_line.count)
    csv.field_size_limit(_MOST_IN_A_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = _header(next(reader, []))
        for number, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells):
                yield _csv_row(number, header, cells)
    except csv.Error as error:
        raise HopelessError(why=f"The file is not CSV: line {reader.line_num}, {error}.") from None


def _header(cells: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    if len(names) > MOST_COLUMNS:
        raise HopelessError(why=f"The file has more than {MOST_COLUMNS} columns.")
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise HopelessError(why=f"These columns stand in the header twice: {', '.join(twice)}.")
    return names


def _csv_row(number: int, header: Sequence[str], cells: Sequence[str]) -> FileRow:
    if len(cells) > len(header):
        fault = f"The row has {len(cells)} cells, the header {len(header)}."
        return FileRow(number=number, values={}, fault=fault)
    given = zip(header, cells, strict=False)
    values = {name: cell.strip() for name, cell in given if cell.strip()}
    return FileRow(number=number, values=values)


def _json_rows(text: str) -> Iterator[FileRow]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = msgspec.json.decode(line, type=dict[str, object])
        except (msgspec.MsgspecError, RecursionError):
            yield FileRow(number=number, values={}, fault="The line is not a JSON object.")
        else:
            yield FileRow(number=number, values=values)
