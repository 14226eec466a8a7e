"""Reads each of botocore's models once a process: tests make thousands of clients.

Every test starts without clients, as a cold start would, and each new session decodes megabytes of
JSON anew. Nobody writes to the models; clients of one session share them too. Imported by
`tests/conftest.py` for its effect.
"""

from collections.abc import Callable
from functools import cache
from typing import BinaryIO

from botocore.loaders import JSONFileLoader

Open = Callable[[str, str], BinaryIO]

_read = JSONFileLoader._load_file  # type: ignore[attr-defined]  # the stubs leave it out


@cache
def _once(path: str, opened_by: Open) -> object:
    return _read(JSONFileLoader(), path, opened_by)


def _load_file(_: JSONFileLoader, path: str, opened_by: Open) -> object:
    return _once(path, opened_by)


JSONFileLoader._load_file = _load_file  # type: ignore[attr-defined]  # as above
