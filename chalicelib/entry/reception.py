"""Opens the rooms that a process needs: a function its own, the API what a request asks for.

A cold start pays for every module that it imports (docs/decisions/0092). Where nobody says which
function it is (on a laptop, in tests, while packaging) every room is open from the beginning.
"""

import gc
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from chalice.app import Chalice

from chalicelib.entry.rooms import FUNCTIONS, ROOMS, rooms_along, rooms_for


class UnknownFunctionError(LookupError):
    """Lambda is configured to call what the house does not have."""

    def __init__(self, function: str) -> None:
        """Name what there is."""
        super().__init__(
            f"app.py has no function {function!r}, but {', '.join(sorted(FUNCTIONS))}: "
            "correct its Handler in infra/resources.yaml"
        )


class Reception(Chalice):
    """The app: takes every request of the API, and opens the rooms it may lead to."""

    # No lock: Lambda gives a process one request at a time, and elsewhere no room is shut by then.

    def __init__(self, app_name: str) -> None:
        """Begin with every room shut."""
        super().__init__(app_name=app_name, configure_logs=False)
        self._shut = dict.fromkeys(ROOMS)

    def open_for(self, function: str | None) -> None:
        """Open the rooms of `function`; all of them if it is None."""
        if function is not None and function not in FUNCTIONS:
            raise UnknownFunctionError(function)
        self.enter(ROOMS if function is None else rooms_for(function))
        # What is imported by now lives as long as the process: no full collection need look at it.
        gc.freeze()

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:  # noqa: ANN401 - Chalice's words
        """Answer one request, as API Gateway hands it on."""
        self.enter(rooms_along(event.get("requestContext", {}).get("resourcePath") or ""))
        return super().__call__(event, context)

    def enter(self, rooms: Iterable[str]) -> None:
        """Open those of `rooms` that are shut."""
        shut = [room for room in rooms if room in self._shut]
        for room in shut:
            self.register_blueprint(import_module(f"chalicelib.entry.{room}").routes)
            del self._shut[room]
        if shut and self.routes:
            from chalicelib.entry.browsers import open_to_browsers  # noqa: PLC0415 - HTTP alone

            open_to_browsers(self)
