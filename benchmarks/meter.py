"""Counts requests and capacity units of everything that goes through botocore.

Write units come from DynamoDB's own account (`ReturnConsumedCapacity=INDEXES`). Read units are
computed from sizes, for the emulator's figures for reads are flat: strong reads cost one unit for
every 4 KB begun, others half.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from botocore.client import BaseClient
from botocore.model import OperationModel

_READS: Final = frozenset({"GetItem", "Query", "BatchGetItem", "TransactGetItems"})
_KB4: Final = 4096
_MOST_DIGITS_A_BYTE: Final = 2


@dataclass(slots=True)
class Bill:
    """What one operation cost."""

    requests: Counter[str] = field(default_factory=Counter)
    write_units: float = 0.0
    read_units: float = 0.0
    lines: list[str] = field(default_factory=list)
    """Each request with its units, in order."""

    @property
    def table_requests(self) -> int:
        """Requests to DynamoDB."""
        return sum(count for name, count in self.requests.items() if name.startswith("dynamodb."))


class Meter:
    """Listens to clients; `measure` opens a bill."""

    def __init__(self) -> None:
        """Begin with no bill open."""
        self._bill: Bill | None = None

    def watch(self, client: BaseClient) -> None:
        """Count every request of `client` from now on."""
        service = client.meta.service_model.service_name
        events = client.meta.events
        events.register(f"provide-client-params.{service}", self._ask_for_units)
        events.register(f"after-call.{service}", self._add)

    @contextmanager
    def measure(self) -> Iterator[Bill]:
        """Bill everything that happens inside."""
        self._bill = Bill()
        try:
            yield self._bill
        finally:
            self._bill = None

    def _ask_for_units(
        self, params: dict[str, Any], model: OperationModel, context: dict[str, Any], **_: object
    ) -> None:
        if model.service_model.service_name != "dynamodb":
            return
        context["is_strong"] = bool(params.get("ConsistentRead"))
        if model.name in _READS:
            params.pop("ReturnConsumedCapacity", None)
            requested = params.get("RequestItems", {}).values()
            context["is_strong"] |= any(each.get("ConsistentRead") for each in requested)
            context["keys"] = sum(len(each["Keys"]) for each in requested)
        elif "TransactItems" in params or "Key" in params or "Item" in params:
            params["ReturnConsumedCapacity"] = "INDEXES"

    def _add(
        self, parsed: dict[str, Any], model: OperationModel, context: dict[str, Any], **_: object
    ) -> None:
        bill = self._bill
        if bill is None:
            return
        name = f"{model.service_model.service_name}.{model.name}"
        bill.requests[name] += 1
        writes = reads = 0.0
        if model.name in _READS:
            reads = _read_units(model.name, parsed, context)
        else:
            writes = _write_units(parsed.get("ConsumedCapacity"))
        bill.read_units += reads
        bill.write_units += writes
        bill.lines.append(f"{name} R{reads:g} W{writes:g}")


def _write_units(told: object) -> float:
    each = told if isinstance(told, list) else [told] if isinstance(told, dict) else []
    return sum(float(part["CapacityUnits"]) for part in each)


def _read_units(name: str, parsed: Mapping[str, Any], context: Mapping[str, Any]) -> float:
    price = 1.0 if context["is_strong"] else 0.5
    match name:
        case "Query":
            return price * max(1, ceil(sum(map(size_of, parsed.get("Items", []))) / _KB4))
        case "BatchGetItem":
            rows = [row for rows in parsed.get("Responses", {}).values() for row in rows]
            missing = int(context["keys"]) - len(rows)
            return price * (missing + sum(max(1, ceil(size_of(row) / _KB4)) for row in rows))
        case _:
            return price * max(1, ceil(size_of(parsed.get("Item", {})) / _KB4))


def size_of(row: Mapping[str, Mapping[str, Any]]) -> int:
    """Return a row's size in bytes, as DynamoDB counts it: names and values."""
    return sum(len(name.encode()) + _value_size(value) for name, value in row.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(str(held).encode())
        case "N":
            return ceil(len(str(held).strip("-")) / _MOST_DIGITS_A_BYTE) + 1
        case "BOOL" | "NULL":
            return 1
        case "SS" | "NS":
            return sum(len(str(each).encode()) for each in held)
        case "L":
            return 3 + sum(1 + _value_size(each) for each in held)
        case "M":
            return 3 + sum(1 + len(each) + _value_size(part) for each, part in held.items())
        case _:
            return len(held)
