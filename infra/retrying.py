"""What an operator does after an outage that parked many: all of one sequence are tried again.

    python -m infra.ops --stage prod retry TENANT SEQUENCE --dry-run
    python -m infra.ops --stage prod retry TENANT SEQUENCE --over 120

Each goes on by itself at an instant of its own, so nothing ends in a blast. Whoever stops this
runs it again: one that goes on already is not touched.
"""

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from chalicelib.domain.errors import Problem, RuleError
from chalicelib.domain.ids import SequenceId, TenantId
from chalicelib.gateways.clock import SystemClock
from chalicelib.services import parking
from chalicelib.services.decisions import Bench
from chalicelib.storage.stores import Stores
from infra.restoring import quiet_outside

_OVER_MINUTES: Final = 60
_TOLD_EVERY: Final = 100


def add_to(parser: ArgumentParser, stores_for: Callable[[TenantId], Stores]) -> None:
    """Describe the command."""
    parser.add_argument("tenant_id")
    parser.add_argument("sequence_id")
    parser.add_argument("--dry-run", action="store_true", help="only say who is parked, and why")
    parser.add_argument(
        "--over",
        type=int,
        default=_OVER_MINUTES,
        metavar="MINUTES",
        help=f"spread them over so long ({_OVER_MINUTES})",
    )
    parser.set_defaults(do=lambda asked: _retry(asked, stores_for))


def _retry(asked: Namespace, stores_for: Callable[[TenantId], Stores]) -> None:
    if asked.over < 1:
        message = "Give a number of minutes, 1 or more."
        raise RuleError(Problem(path="over", code="wrong_value", message=message))
    stores = stores_for(TenantId(asked.tenant_id))
    sequence = stores.sequences.get(SequenceId(asked.sequence_id))
    bench = Bench(stores=stores, outside=quiet_outside(SystemClock()))
    over, whys, done = timedelta(minutes=asked.over), Counter[str](), 0
    for number, parked in enumerate(parking.parked_in(sequence.id, bench=bench), start=1):
        whys[parked.why_then] += 1
        done += not asked.dry_run and parking.retry(parked, over=over, bench=bench)
        if number % _TOLD_EVERY == 0:
            print(f"{number} looked at, {done} go on …")
    for why, count in whys.most_common():
        print(f"{count:>7}  {why}")
    if asked.dry_run:
        print(f"{whys.total()} are parked. Nothing was changed: leave out --dry-run to retry them.")
    else:
        print(f"{done} of {whys.total()} go on by themselves within {asked.over} minutes.")
