"""Which registered path a request means; pure. Fixed segments win over parameters, as on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from chalice.app import RouteEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A registered path with what stands in its places."""

    resource: str
    methods: Mapping[str, "RouteEntry"]
    parameters: Mapping[str, str]


def match(routes: Mapping[str, Mapping[str, "RouteEntry"]], raw_path: str) -> Match | None:
    """Return the path's registration; `raw_path` is not yet decoded, parameters come decoded."""
    segments = raw_path.split("/")
    found = [
        (parameters, resource)
        for resource in routes
        if (parameters := _parameters(resource.split("/"), segments)) is not None
    ]
    if not found:
        return None
    parameters, resource = min(found, key=lambda each: _parameter_places(each[1]))
    return Match(resource=resource, methods=routes[resource], parameters=parameters)


def _parameters(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(segments):
        return None
    parameters = {}
    for expected, given in zip(pattern, segments, strict=True):
        if expected.startswith("{"):
            if not given:
                return None
            parameters[expected.strip("{}")] = unquote(given)
        elif expected != given:
            return None
    return parameters


def _parameter_places(resource: str) -> list[bool]:
    return [segment.startswith("{") for segment in resource.split("/")]
