"""What Chalice has registered, as doors with their promises."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.entry.promises import Promise, promise_of

if TYPE_CHECKING:
    from chalice.app import RouteEntry

_PARAMETER: Final = re.compile(r"\{(\w+)\}")
_REQUIREMENT: Final = re.compile(r" \((?:PD|D365)-[^)]*\)")
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One method of one path."""

    method: str
    path: str
    view: Callable[..., object]

    @property
    def promise(self) -> Promise:
        """What the door promises."""
        return promise_of(self.view)

    @property
    def operation(self) -> str:
        """Its name for programs."""
        return self.promise.operation or self.view.__name__

    @property
    def tag(self) -> str:
        """The resource it belongs to: the first word of the path."""
        return next(word for word in self.path.split("/") if word not in {"", "v1"})

    @property
    def parameters(self) -> list[str]:
        """The places of the path."""
        return _PARAMETER.findall(self.path)

    @property
    def takes_body(self) -> bool:
        """Whether a body is read; one that holds nothing, too."""
        return self.method in _WITH_BODY

    @property
    def takes_key(self) -> bool:
        """Whether `Idempotency-Key` makes it happen once."""
        return self.method == "POST" and not self.promise.is_open

    def said(self) -> tuple[str, str]:
        """Return what its view says of itself: one sentence, and the rest."""
        text = without_requirements(inspect.getdoc(self.view) or "")
        summary, _, rest = text.partition("\n\n")
        return " ".join(summary.split()), rest


def doors_of(routes: Mapping[str, Mapping[str, "RouteEntry"]]) -> Iterator[Door]:
    """Return every door, by path, then method."""
    for path, entries in sorted(routes.items()):
        for method, entry in sorted(entries.items()):
            yield Door(method=method, path=path, view=entry.view_function)


def without_requirements(text: str) -> str:
    """Return the text without the ids of requirements, which say nothing to clients."""
    return _REQUIREMENT.sub("", text)
