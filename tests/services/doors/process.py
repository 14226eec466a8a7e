"""A function in a process of its own, as on Lambda, with somebody between it and AWS.

Every call that botocore makes goes through a guard, which may let it pass, break it, or kill the
process before or after it. Nobody lists the calls by hand: the process tells each one it makes.
"""

import json
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from botocore.client import BaseClient

from tests.conftest import forget_what_was_read

Call = Callable[..., Any]
"""The call itself: `call(client, operation, parameters)` returns AWS's answer."""
Guard = Callable[[Call, BaseClient, str, dict[str, Any]], Any]
"""Stands between the function and AWS: returns what the function is to see."""

_ANSWER: Final = "="
_FAILED_BY_ITSELF: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: the calls it made, whether it was killed, what it answered."""

    calls: tuple[str, ...]
    was_killed: bool
    raised: bool
    answer: Any


@dataclass(slots=True)
class Killer:
    """Kills its process before or after a call: that of a number, or the first of a name."""

    at: int | str
    is_after: bool = False
    calls: int = 0

    def __call__(
        self, call: Call, client: BaseClient, operation: str, asked: dict[str, Any]
    ) -> Any:  # noqa: ANN401 - AWS's answers
        """Let every other call pass."""
        number = self.calls
        self.calls += 1
        is_here = self.at in {number, operation}
        if is_here and not self.is_after:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = call(client, operation, asked)
        if is_here:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


@dataclass(slots=True)
class Twin:
    """Lets another worker do the whole work at the call of a number: who comes first wins.

    The other is another process: what this one holds, a lock too, is not theirs.
    """

    at: int
    calls: int = 0
    work: Callable[[], object] | None = None

    def __call__(
        self, call: Call, client: BaseClient, operation: str, asked: dict[str, Any]
    ) -> Any:  # noqa: ANN401 - AWS's answers
        """Let every call pass."""
        number = self.calls
        self.calls += 1
        if number == self.at and self.work is not None:
            run(self.work)
        return call(client, operation, asked)


@dataclass(slots=True)
class Freezer:
    """Lets its process stand still before or after a call, as `Killer` names it, until woken."""

    at: int | str
    is_after: bool = False
    calls: int = 0
    was_frozen: bool = False

    def __call__(
        self, call: Call, client: BaseClient, operation: str, asked: dict[str, Any]
    ) -> Any:  # noqa: ANN401 - AWS's answers
        """Let every other call pass."""
        number = self.calls
        self.calls += 1
        is_here = self.at in {number, operation} and not self.was_frozen
        self.was_frozen |= is_here
        if is_here and not self.is_after:
            os.kill(os.getpid(), signal.SIGSTOP)
        answer = call(client, operation, asked)
        if is_here and self.is_after:
            os.kill(os.getpid(), signal.SIGSTOP)
        return answer


def let_pass(call: Call, client: BaseClient, operation: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401
    """Break nothing: who only counts calls guards them so."""
    return call(client, operation, asked)


@dataclass(frozen=True, slots=True)
class Running:
    """A process that was begun, and what it tells."""

    child: int
    reader: int

    def stands_still(self) -> bool:
        """Wait until it ends or stands still, and say whether it does."""
        seen = os.waitid(os.P_PID, self.child, os.WEXITED | os.WSTOPPED | os.WNOWAIT)
        return seen is not None and seen.si_code == os.CLD_STOPPED

    def give_up(self) -> None:
        """End it now, unless somebody has waited for its end."""
        with suppress(ProcessLookupError):
            os.kill(self.child, signal.SIGKILL)
            os.close(self.reader)
            os.waitpid(self.child, 0)

    def end(self) -> Ended:
        """Wake it if it stands still, and wait for its end."""
        os.kill(self.child, signal.SIGCONT)
        with os.fdopen(self.reader) as told:
            lines = told.read().splitlines()
        _, status = os.waitpid(self.child, 0)
        answers = [line[1:] for line in lines if line.startswith(_ANSWER)]
        return Ended(
            calls=tuple(line for line in lines if not line.startswith(_ANSWER)),
            was_killed=os.WIFSIGNALED(status),
            raised=os.WIFEXITED(status) and os.WEXITSTATUS(status) == _FAILED_BY_ITSELF,
            answer=json.loads(answers[0]) if answers else None,
        )


def run(work: Callable[[], object], guard: Guard = let_pass) -> Ended:
    """Work in a process of its own until it ends or is killed."""
    return begin(work, guard).end()


def begin(work: Callable[[], object], guard: Guard) -> Running:
    """Work in a process of its own from now on."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Threads of ours only listen; none holds a lock that the child needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:  # pragma: no cover - another process
        os.close(reader)
        _live(work, guard, writer)
    os.close(writer)
    return Running(child, reader)


def _live(work: Callable[[], object], guard: Guard, writer: int) -> None:  # pragma: no cover
    """Be the process: cold, with connections of its own; never returns."""
    code = _FAILED_BY_ITSELF
    try:
        forget_what_was_read()
        _stand_between(guard, writer)
        if isinstance(guard, Twin):
            guard.work = work
        answer = work()
        os.write(writer, f"{_ANSWER}{json.dumps(answer, default=str)}\n".encode())
        code = 0
    except BaseException:  # noqa: BLE001 - the process ends here
        traceback.print_exc(file=sys.stderr)
    finally:
        sys.stderr.flush()
        os._exit(code)


def _stand_between(guard: Guard, writer: int) -> None:  # pragma: no cover
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    known: set[int] = set()

    def guarded(client: Any, operation: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401
        if id(client) not in known:
            known.add(id(client))
            # The client is the parent's; its sockets would carry two conversations at once.
            client._endpoint.http_session.close()
        os.write(writer, f"{operation}\n".encode())
        return guard(call, client, operation, asked)

    BaseClient._make_api_call = guarded  # type: ignore[attr-defined]
