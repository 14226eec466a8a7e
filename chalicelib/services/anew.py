"""What is decided on a row as it stands: whoever is overtaken decides again."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from chalicelib.domain.errors import StaleWriteError

_Decided = TypeVar("_Decided")
_TRIES: Final = 5


def decided_anew(decide: Callable[[], _Decided], *, tries: int = _TRIES) -> _Decided:
    """Return what `decide` returns, who reads, decides and writes; asked again if overtaken.

    Raises StaleWriteError if others always were quicker.
    """
    for _ in range(tries - 1):
        with suppress(StaleWriteError):
            return decide()
    return decide()


def decided_for(read_version: int | None, decide: Callable[[], _Decided]) -> _Decided:
    """Do the same for a client: who names a version wants it of that one, and of no other."""
    return decided_anew(decide, tries=_TRIES if read_version is None else 1)
