"""How near each limit is at any size, and what to turn when it is reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from benchmarks.capacity.model import Capacity

_RESOURCES: Final = Path(__file__).parents[2] / "infra" / "resources.yaml"
_PARTITION_WRITES: Final = 1_000
"""Write units a second that one partition of DynamoDB takes."""
_TABLE_WRITES: Final = 40_000
"""Write units a second that an account may ask of one table before it has asked for more."""
_SES_DAY: Final = 50_000
_SES_RATE: Final = 14
_WORK_DAYS: Final = 22
_A_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the deployment is set to."""

    per_tick: int
    shards: int
    workers: int
    send_every_ms: int

    @property
    def mails_a_second(self) -> float:
        """How many mails all workers send together."""
        return self.workers * 1_000 / self.send_every_ms

    @property
    def mails_of_a_full_queue_min(self) -> float:
        """Minutes that a queue holding a whole tick takes if all of it are mails."""
        return self.per_tick / (self.workers * _A_MINUTE_MS / self.send_every_ms)


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that there is only so much of."""

    what: str
    needed: float
    there: float
    turn: str

    @property
    def used(self) -> float:
        """How much of it is used; over 1 it breaks."""
        return self.needed / self.there


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's tags as what stands behind them."""


_Loader.add_multi_constructor("!", lambda loader, _, node: _plain(loader, node))


def _plain(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    match node:
        case yaml.ScalarNode():
            return loader.construct_scalar(node)
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)
        case _:
            raise TypeError(node)


def knobs() -> Knobs:
    """Read what `infra/resources.yaml` deploys."""
    told = yaml.load(_RESOURCES.read_text(), _Loader)  # noqa: S506 - a SafeLoader with tags
    variables = told["Globals"]["Function"]["Environment"]["Variables"]
    events = told["Resources"]["DueEnrollments"]["Properties"]["Events"]
    scaling = events["DueEnrollmentsSqsEventSource"]["Properties"]["ScalingConfig"]
    return Knobs(
        per_tick=int(variables["DUE_PER_TICK"]),
        shards=int(variables["DUE_SHARDS"]),
        workers=int(scaling["MaximumConcurrency"]),
        send_every_ms=int(variables["SEND_EVERY_MS"]),
    )


def limits(of: Capacity, set_to: Knobs) -> Iterator[Limit]:
    """Return every limit with what is needed of it in the busiest minute."""
    mails, wakes = of.at_peak(of.mails), of.at_peak(of.wakes)
    yield Limit(
        "mails a second, SES's first quota",
        mails,
        min(_SES_RATE, set_to.mails_a_second),
        "ask SES for more; then `SEND_EVERY_MS` down, `MaximumConcurrency` up",
    )
    yield Limit(
        "mails a day, SES's first quota", of.mails / _WORK_DAYS, _SES_DAY, "ask SES for more"
    )
    yield Limit("handed on in a tick", 60 * wakes, set_to.per_tick, "`DUE_PER_TICK`")
    yield Limit(
        "workers at once", of.workers(), set_to.workers, "`MaximumConcurrency`, account's quota"
    )
    yield Limit(
        "figures of the busiest sequence, write units a second",
        of.tallied_units(),
        _PARTITION_WRITES,
        "spread the figures over rows; split the sequence",
    )
    yield Limit(
        "one shard of the due index, write units a second",
        of.due_units(set_to.shards),
        _PARTITION_WRITES,
        "`DUE_SHARDS`, live",
    )
    yield Limit(
        "the table, write units a second",
        of.at_peak(of.write_units),
        _TABLE_WRITES,
        "ask for a higher table quota; warm throughput before a great day",
    )
