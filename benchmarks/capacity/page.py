"""The tables of `docs/capacity.md`, and how they are put into the page."""

import re
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Final

from benchmarks.capacity import prices
from benchmarks.capacity.limits import knobs, limits
from benchmarks.capacity.model import Capacity, at
from benchmarks.capacity.prices import FILL_BY_SIZE

SIZES: Final = tuple(FILL_BY_SIZE)
_BLOCK: Final = re.compile(r"(<!-- computed: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_HALF: Final = 500
"""Write units a second that a shard is planned for: half of what a partition takes."""


def filled_in(page: str) -> str:
    """Return the page with every computed block as it is now."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", page)


def _one() -> str:
    doors = at(SIZES[-1]).doors
    rows = [
        (
            f"`{name}`",
            f"{door['messages']:.1f}",
            f"{door['write_units']:.1f}",
            f"{door['read_units']:.1f}",
            f"{door['cpu_ms']:.0f}" if door["cpu_ms"] else "",
        )
        for name, door in sorted(doors.items(), key=lambda each: -each[1]["write_units"])
    ]
    columns = ("messages", "write_units", "read_units", "cpu_ms")
    sums = [sum(door[column] for door in doors.values()) for column in columns]
    total = ("all", "", f"{sums[1]:.1f}", f"{sums[2]:.1f}", f"{sums[3]:.0f}")
    head = ("door", "messages", "write units", "read units", "CPU ms")
    return _table(head, [*rows, total])


def _needs() -> str:
    told: list[tuple[str, Callable[[Capacity], float]]] = [
        ("enrollments begun in a month", lambda it: it.enrollments),
        ("wake-ups in a month", lambda it: it.wakes),
        ("mails in a month", lambda it: it.mails),
        ("wake-ups a second at peak", lambda it: it.at_peak(it.wakes)),
        ("mails a second at peak", lambda it: it.at_peak(it.mails)),
        ("write units a second at peak", lambda it: it.at_peak(it.write_units)),
        ("workers at once at peak", lambda it: it.workers()),
        ("shards of the due index", _shards),
        ("GB in the table after a year", lambda it: it.stored_gb),
    ]
    rows = [(what, *(_number(of(at(size))) for size in SIZES)) for what, of in told]
    return _table(("", *map(_words, SIZES)), rows)


def _dollars() -> str:
    by_size = [at(size).dollars() for size in SIZES]
    rows = [(what, *(f"{each[what]:,.2f}" for each in by_size)) for what in by_size[0]]
    totals = [sum(each.values()) for each in by_size]
    rows.append(("**a month**", *(f"**{each:,.2f}**" for each in totals)))
    pairs = zip(totals, SIZES, strict=True)
    rows.append(("a thousand enrollments", *(f"{1e3 * each / of:,.2f}" for each, of in pairs)))
    return _table(("dollars", *map(_words, SIZES)), rows)


def _limits() -> str:
    by_size = [list(limits(at(size), knobs())) for size in SIZES]
    firsts = [max(each, key=lambda it: it.used) for each in by_size]
    rows = []
    for same in zip(*by_size, strict=True):
        cells = [
            f"**{_percent(it.used)}**" if it is first else _percent(it.used)
            for it, first in zip(same, firsts, strict=True)
        ]
        rows.append((same[0].what, _number(same[0].there), *cells, same[0].turn))
    return _table(("limit", "there is", *map(_words, SIZES), "what to turn"), rows)


def _prices() -> str:
    rows = [(each.what, f"{each.dollars:g}", each.unit) for each in prices.PRICES]
    return _table((f"{prices.REGION}, {prices.AS_OF}", "dollars", "for a"), rows)


def _assumptions() -> str:
    rows = [(f"{each.value:g}", each.what) for each in prices.ASSUMPTIONS]
    fills = ", ".join(f"{fill:g} at {_words(size)}" for size, fill in FILL_BY_SIZE.items())
    rows.append((fills, "messages that a call of a function finds together, of ten"))
    return _table(("value", "what"), rows)


def _pie() -> str:
    size = SIZES[1]
    shares = sorted(at(size).dollars().items(), key=lambda each: -each[1])
    lines = [f'    "{what}" : {dollars:.0f}' for what, dollars in shares]
    title = f"    title Dollars a month at {_words(size)} enrollments"
    return "\n".join(("```mermaid", "pie showData", title, *lines, "```"))


def _knobs() -> str:
    it = knobs()
    return (
        f"As deployed, a tick hands on {it.per_tick:,}, {it.workers} workers send "
        f"{it.mails_a_second:.1f} mails a second, and a queue that\nholds a whole tick of nothing "
        f"but mails takes {it.mails_of_a_full_queue_min:.1f} minutes."
    )


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "one": _one,
    "needs": _needs,
    "dollars": _dollars,
    "limits": _limits,
    "prices": _prices,
    "assumptions": _assumptions,
    "pie": _pie,
    "knobs": _knobs,
}


def _shards(of: Capacity) -> float:
    deployed = knobs().shards
    return max(deployed, ceil(of.due_units(1) / _HALF))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in head[1:])]
    if head[-1].startswith("what"):
        rule[-1] = "---"
    return "\n".join("| " + " | ".join(each) + " |" for each in (head, rule, *rows))


def _words(size: int) -> str:
    return f"{size // 1_000_000} M" if size >= 1_000_000 else f"{size // 1_000} k"  # noqa: PLR2004


def _number(value: float) -> str:
    if value >= 100:  # noqa: PLR2004 - three figures tell enough
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"  # noqa: PLR2004


def _percent(share: float) -> str:
    return "< 1 %" if share < 0.01 else f"{share:,.0%}".replace("%", " %")  # noqa: PLR2004
