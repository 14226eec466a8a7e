"""Results as a CSV file that a spreadsheet can open without running what strangers wrote."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

# A cell that begins so is a formula to spreadsheets; a quote before it makes it text again.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_of(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Write rows under a header; what a row lacks is left empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
