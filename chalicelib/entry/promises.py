"""What a door promises beside its code: what it takes, gives and refuses; OpenAPI is made of it.

    @routes.route("/v1/pulse/{task_id}/snooze", methods=["POST"], cors=True)
    @answers(routes)
    @promises(takes=Snoozing, gives=shapes.Task, refuses=(StateError,))
    def snooze_task(request: Request, task_id: str) -> Answer:

What follows from how the door is built is not repeated here: its scope and queries (`@answers`
notes them), and the refusals that every such door may give (`openapi/refusals.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ParamSpec, TypeVar

from chalicelib.domain.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The contract of one door; `gives`, `lists` and the values of `reads` are types."""

    takes: type | None = None
    """The struct of the body."""
    gives: object = None
    """The type of `data`."""
    lists: object = None
    """The type of one row, where `data` is part of a list."""
    says: str | tuple[str, ...] | None = None
    """The media type, or types by `Accept`, where the answer is no JSON of ours."""
    statuses: tuple[int, ...] = (200,)
    refuses: tuple[type[DomainError], ...] = ()
    reads: Mapping[str, object] = field(default_factory=dict)
    """Types of queries that mean something else here than elsewhere."""
    is_versioned: bool = False
    """Whether it minds `If-Match`."""
    goes_on: bool = False
    """Whether the one thing holds part of a list, which `additional_data` says how to go on."""
    operation: str | None = None
    """Its name for programs, where that is not the view's: views that are made in a loop."""
    queries: tuple[str, ...] = ()
    scope: str | None = None
    is_open: bool = False
    """Anybody may ask."""


def promises(
    *,
    takes: type | None = None,
    gives: object = None,
    lists: object = None,
    says: str | tuple[str, ...] | None = None,
    statuses: tuple[int, ...] = (200,),
    refuses: tuple[type[DomainError], ...] = (),
    reads: Mapping[str, object] | None = None,
    is_versioned: bool = False,
    goes_on: bool = False,
    operation: str | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Write down what the view promises."""
    promise = Promise(
        takes=takes,
        gives=gives,
        lists=lists,
        says=says,
        statuses=statuses,
        refuses=refuses,
        reads=reads or {},
        is_versioned=is_versioned,
        goes_on=goes_on,
        operation=operation,
    )

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        vars(view)["promise"] = promise
        return view

    return decorate


def note(
    door: Callable[..., object],
    *,
    queries: Sequence[str],
    scope: str | None = None,
    is_open: bool = False,
) -> None:
    """Add to a door's promise what its opening says."""
    told = replace(promise_of(door), queries=tuple(queries), scope=scope, is_open=is_open)
    vars(door)["promise"] = told


def promise_of(door: Callable[..., object]) -> Promise:
    """Return what a door promises; nothing, if nobody has said."""
    promise = vars(door).get("promise")
    return promise if isinstance(promise, Promise) else Promise()
