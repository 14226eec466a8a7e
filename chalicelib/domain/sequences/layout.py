"""Where the boxes of a flow stand: in layers from top to bottom, with few crossings.

The usual four steps for layered drawings: a box stands below all that lead to it; a line that
passes layers is bent where boxes let it through; each layer is ordered by the middle of its
neighbors; and then boxes move as near to their neighbors as that order allows.
"""

import itertools
from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Name = str
Layers = list[list[Name]]

_Beside = Mapping[Name, Sequence[tuple[Name, float]]]

LEAN: Final = 16.0
"""How far beside a box a line runs down that leaves at its side."""
_SWEEPS: Final = 12
_ALIGNMENTS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something to be placed, by its size."""

    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A way from one box to another; `lean` is where it leaves: -1 left, 1 right, 0 the middle."""

    start: Name
    end: Name
    lean: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Middles of the boxes, and for every line the middles of the gaps it passes through."""

    at: Mapping[Name, tuple[float, float]]
    bends: Mapping[Line, Sequence[tuple[float, float]]]
    height_by_layer: Sequence[tuple[float, float]]
    """Top and bottom of every layer."""
    layer_of: Mapping[Name, int]
    width: float
    height: float


def laid_out(
    boxes: Mapping[Name, Box], lines: Sequence[Line], *, gap_x: float, gap_y: float
) -> Layout:
    """Place the boxes; lines that would lead upward are left out of the order."""
    layer_of = _layers(boxes, lines)
    names, sizes, chains = _with_bends(boxes, lines, layer_of)
    down = {
        line: chain for line, chain in chains.items() if layer_of[line.end] > layer_of[line.start]
    }
    pairs = [pair for chain in down.values() for pair in itertools.pairwise(chain)]
    layers = _ordered(_stacked(names), pairs)
    middles = _aligned(layers, down, sizes, gap_x)
    spans, y = [], 0.0
    for layer in layers:
        tall = max((sizes[each].height for each in layer if each in boxes), default=0.0)
        spans.append((y, y + tall))
        y += tall + gap_y
    left = min((middles[each] - sizes[each].width / 2 for each in names), default=0.0)
    right = max((middles[each] + sizes[each].width / 2 for each in names), default=0.0)
    at = {each: (middles[each] - left, sum(spans[names[each]]) / 2) for each in names}
    return Layout(
        at={each: at[each] for each in boxes},
        bends={line: [at[each] for each in chain[1:-1]] for line, chain in chains.items()},
        height_by_layer=spans,
        layer_of=layer_of,
        width=right - left,
        height=y - gap_y if spans else 0.0,
    )


def _layers(boxes: Mapping[Name, Box], lines: Sequence[Line]) -> dict[Name, int]:
    """Put each box one below the lowest that leads to it; what leads back counts for nothing."""
    layer_of = dict.fromkeys(boxes, 0)
    onward = _onward(boxes, lines)
    for name in reversed(_last_first(boxes, onward)):
        for end in onward.get(name, ()):
            layer_of[end] = max(layer_of[end], layer_of[name] + 1)
    return layer_of


def _onward(boxes: Iterable[Name], lines: Sequence[Line]) -> dict[Name, list[Name]]:
    """Return where each box leads, without the lines that close a round trip."""
    ways: dict[Name, list[Name]] = {}
    for line in lines:
        ways.setdefault(line.start, []).append(line.end)
    onward: dict[Name, list[Name]] = {}
    seen: set[Name] = set()
    for root in boxes:
        trail, path = [(root, iter(ways.get(root, ())))] if root not in seen else [], {root}
        seen.add(root)
        while trail:
            name, rest = trail[-1]
            end = next(rest, None)
            if end is None:
                trail.pop()
                path.discard(name)
            elif end not in path:
                onward.setdefault(name, []).append(end)
                if end not in seen:
                    seen.add(end)
                    path.add(end)
                    trail.append((end, iter(ways.get(end, ()))))
    return onward


def _last_first(boxes: Iterable[Name], onward: Mapping[Name, list[Name]]) -> list[Name]:
    """Return the boxes so that each comes after all that it leads to."""
    order: dict[Name, None] = {}
    for root in boxes:
        trail = [root]
        while trail:
            open_ends = [each for each in onward.get(trail[-1], ()) if each not in order]
            if open_ends:
                trail.append(open_ends[0])
            else:
                order[trail.pop()] = None
    return list(order)


def _with_bends(
    boxes: Mapping[Name, Box], lines: Sequence[Line], layer_of: Mapping[Name, int]
) -> tuple[dict[Name, int], dict[Name, Box], dict[Line, list[Name]]]:
    """Give each line a narrow box in every layer that it passes."""
    names = dict(layer_of)
    sizes = dict(boxes)
    chains = {}
    for number, line in enumerate(lines):
        chain = [line.start]
        for layer in range(layer_of[line.start] + 1, layer_of[line.end]):
            bend = f"\0{number}\0{layer}"
            names[bend] = layer
            sizes[bend] = Box(width=10, height=0)
            chain.append(bend)
        chains[line] = [*chain, line.end]
    return names, sizes, chains


def _stacked(layer_by_name: Mapping[Name, int]) -> Layers:
    layers: Layers = [[] for _ in range(max(layer_by_name.values(), default=-1) + 1)]
    for name, layer in layer_by_name.items():
        layers[layer].append(name)
    return layers


def _ordered(layers: Layers, pairs: Sequence[tuple[Name, Name]]) -> Layers:
    """Order every layer by its neighbors, down and up again; keep the order that crosses least."""
    above, below = _neighbors(pairs)
    layers = _by_first_visit(layers, below)
    best, fewest = layers, _crossings(layers, below)
    for sweep in range(_SWEEPS):
        is_down = sweep % 2 == 0
        rows = range(1, len(layers)) if is_down else range(len(layers) - 2, -1, -1)
        layers = [list(layer) for layer in layers]
        for row in rows:
            beside = layers[row - 1] if is_down else layers[row + 1]
            place = {name: at for at, name in enumerate(beside)}
            layers[row] = _by_middle(layers[row], above if is_down else below, place)
        crossings = _crossings(layers, below)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _neighbors(
    pairs: Iterable[tuple[Name, Name]],
) -> tuple[dict[Name, list[Name]], dict[Name, list[Name]]]:
    above: dict[Name, list[Name]] = {}
    below: dict[Name, list[Name]] = {}
    for start, end in pairs:
        below.setdefault(start, []).append(end)
        above.setdefault(end, []).append(start)
    return above, below


def _by_first_visit(layers: Layers, below: Mapping[Name, list[Name]]) -> Layers:
    """Order as a reader would walk: the first way out is the left one."""
    seen: dict[Name, int] = {}
    for root in (name for layer in layers for name in layer):
        waiting = [root]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen[name] = len(seen)
                waiting.extend(reversed(below.get(name, [])))
    return [sorted(layer, key=seen.__getitem__) for layer in layers]


def _by_middle(
    layer: Sequence[Name], beside: Mapping[Name, list[Name]], place: Mapping[Name, int]
) -> list[Name]:
    def middle(entry: tuple[int, Name]) -> float:
        known = [place[each] for each in beside.get(entry[1], []) if each in place]
        return sum(known) / len(known) if known else float(entry[0])

    return [name for _, name in sorted(enumerate(layer), key=middle)]


def _crossings(layers: Layers, below: Mapping[Name, list[Name]]) -> int:
    crossings = 0
    for upper, lower in itertools.pairwise(layers):
        place = {name: at for at, name in enumerate(lower)}
        passed: list[int] = []
        for name in upper:
            ends = [place[each] for each in below.get(name, []) if each in place]
            crossings += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return crossings


def _aligned(
    layers: Layers,
    chains: Mapping[Line, Sequence[Name]],
    sizes: Mapping[Name, Box],
    gap: float,
) -> dict[Name, float]:
    """Move boxes toward their neighbors, again and again, without changing their order."""
    above, below = _leaning(chains, sizes)
    middles: dict[Name, float] = {}
    for layer in layers:
        x = 0.0
        for name in layer:
            middles[name] = x + sizes[name].width / 2
            x += sizes[name].width + gap
    turns = max(6, min(_ALIGNMENTS, 40_000 // len(middles))) if middles else 0
    for turn in range(turns):
        is_down = turn % 2 == 0
        for layer in layers if is_down else reversed(layers):
            wished = [
                _wish(name, middles, above if is_down else {}, {} if is_down else below)
                if turn < turns // 2
                else _wish(name, middles, above, below)
                for name in layer
            ]
            middles.update(zip(layer, _spread(layer, wished, sizes, gap), strict=True))
    for layer in layers:  # at last whatever hangs on one box alone comes straight under it
        wished = [
            _wish(name, middles, above if len(above.get(name, ())) == 1 else {}, {})
            for name in layer
        ]
        middles.update(zip(layer, _spread(layer, wished, sizes, gap), strict=True))
    return middles


def _leaning(
    chains: Mapping[Line, Sequence[Name]], sizes: Mapping[Name, Box]
) -> tuple[_Beside, _Beside]:
    """Return above and below whom each box would stand, and how far to the side of them."""
    above: dict[Name, list[tuple[Name, float]]] = {}
    below: dict[Name, list[tuple[Name, float]]] = {}
    for line, chain in chains.items():
        lean = line.lean * (sizes[line.start].width / 2 + LEAN)
        for start, end in itertools.pairwise(chain):
            above.setdefault(end, []).append((start, lean))
            below.setdefault(start, []).append((end, lean))
            lean = 0.0
    return above, below


def _wish(name: Name, middles: Mapping[Name, float], above: _Beside, below: _Beside) -> float:
    """Return where a box would stand best as far as its neighbors are concerned."""
    wished = [middles[each] + lean for each, lean in above.get(name, ())]
    wished += [middles[each] - lean for each, lean in below.get(name, ())]
    return sum(wished) / len(wished) if wished else middles[name]


def _spread(
    layer: Sequence[Name], wished: Sequence[float], sizes: Mapping[Name, Box], gap: float
) -> list[float]:
    """Return the middles nearest to what is wished that keep order and distance.

    Neighbors that would come too near are joined into one block that stands where it suits all.
    """
    offsets = [0.0]
    for left, right in itertools.pairwise(layer):
        offsets.append(offsets[-1] + (sizes[left].width + sizes[right].width) / 2 + gap)
    blocks: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=True):
        total, count = wish - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before_total, before_count = blocks.pop()
            total, count = total + before_total, count + before_count
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]
