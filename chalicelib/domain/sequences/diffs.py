"""What differs between two published flows: steps added, removed, changed key by key, settings."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from chalicelib.domain.ids import StepId
from chalicelib.domain.sequences.definition import Flow, FlowVersion

_ABSENT: Final = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One key that says something else now; a key that was not given is null."""

    key: str
    was: Any
    now: Any


class StepDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A step that stands in both flows and differs."""

    step_id: StepId
    differences: tuple[Difference, ...]


class FlowDifference(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs between two flow versions."""

    start: Difference | None
    added: tuple[StepId, ...]
    removed: tuple[StepId, ...]
    changed: tuple[StepDifference, ...]
    settings: tuple[Difference, ...]


def difference(before: FlowVersion, after: FlowVersion) -> FlowDifference:
    """Return what was done to `before` to get `after`."""
    old, new = _documents(before.flow), _documents(after.flow)
    start = Difference(key="start", was=before.flow.start, now=after.flow.start)
    return FlowDifference(
        start=start if start.was != start.now else None,
        added=tuple(each for each in new if each not in old),
        removed=tuple(each for each in old if each not in new),
        changed=tuple(
            StepDifference(step_id=each, differences=tuple(_between(old[each], new[each])))
            for each in old
            if each in new and old[each] != new[each]
        ),
        settings=tuple(
            _between(msgspec.to_builtins(before.settings), msgspec.to_builtins(after.settings))
        ),
    )


def changed_steps(before: Flow, after: Flow) -> frozenset[StepId]:
    """Return the steps of `before` that `after` lacks or says otherwise."""
    old, new = _documents(before), _documents(after)
    return frozenset(each for each in old if old[each] != new.get(each))


def _documents(flow: Flow) -> Mapping[StepId, Mapping[str, Any]]:
    """Return the steps by id as their author would write them."""
    return {step.id: msgspec.to_builtins(step) for step in flow.steps}


def _between(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for key in sorted({*was, *now}):
        if was.get(key, _ABSENT) != now.get(key, _ABSENT):
            yield Difference(key=key, was=was.get(key, _ABSENT), now=now.get(key, _ABSENT))
