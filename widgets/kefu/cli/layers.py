"""Laying out a graph in columns, from left to right: who stands in which, how high, and in between.

Ways to one target share one trunk through the columns they pass, so that lines stay few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

__all__ = ["Spot", "Way", "arrange"]

_ENTRY = 22.0
_GAP = 30.0
_ROUNDS = 40


@dataclass
class Spot:
    """A box, or a place (`height` 0) that a trunk passes; `top` is worked out."""

    name: str
    height: float
    column: int = 0
    top: float = 0.0
    passing: bool = False

    @property
    def entry(self) -> float:
        """How far below its top ways come in."""
        return 0.0 if self.passing else _ENTRY


@dataclass
class Way:
    """A way from a box, `port` below its top, to another box; `over` are the places between."""

    source: str
    target: str
    port: float
    back: bool = False
    over: list[str] = field(default_factory=list)


def arrange(
    heights: Mapping[str, float], ways: Sequence[Way], last: Iterable[str]
) -> dict[str, Spot]:
    """Give every box its column and its height; fills in `back` and `over` of each way.

    Args:
        heights: of the boxes, in an order to prefer; ways lead between them only.
        ways: of each box together, from its top down.
        last: boxes that stand in the last column.
    """
    columns = _columns(list(heights), ways)
    ends = set(last)
    beyond = 1 + max((at for name, at in columns.items() if name not in ends), default=-1)
    columns.update(dict.fromkeys(ends, beyond))
    spots = {name: Spot(name, height, columns[name]) for name, height in heights.items()}
    joined: list[tuple[str, str, float]] = []
    for way in ways:
        here, goal = columns[way.source], columns[way.target]
        way.back = goal <= here
        if way.back:
            continue
        way.over = [f"{way.target}@{column}" for column in range(here + 1, goal)]
        for column, name in enumerate(way.over, here + 1):
            spots.setdefault(name, Spot(name, 0.0, column, passing=True))
        chain = [way.source, *way.over, way.target]
        joined += [(a, b, way.port if a == way.source else 0.0) for a, b in pairwise(chain)]
    stacks: list[list[Spot]] = [[] for _ in range(beyond + 1)]
    for spot in spots.values():
        stacks[spot.column].append(spot)
    for stack in stacks:
        _settle(stack, [0.0] * len(stack))
    for turn in range(2 * _ROUNDS):
        for stack in stacks if turn % 2 == 0 else reversed(stacks):
            _align(stack, spots, joined, sort=turn < _ROUNDS)
    least = min(spot.top for spot in spots.values())
    for spot in spots.values():
        spot.top -= least
    return spots


def _columns(names: list[str], ways: Sequence[Way]) -> dict[str, int]:
    """The longest way to each box, not counting ways that lead back to where one has been."""
    onward: dict[str, list[str]] = {name: [] for name in names}
    for way in ways:
        onward[way.source].append(way.target)
    done: list[str] = []
    seen: set[str] = set()
    back: set[tuple[str, str]] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        seen.add(name)
        for to in onward[name]:
            if to == name or to in above:
                back.add((name, to))
            elif to not in seen:
                visit(to, (*above, name))
        done.append(name)

    for name in names:
        if name not in seen:
            visit(name, ())
    columns = dict.fromkeys(names, 0)
    for name in reversed(done):
        for to in onward[name]:
            if (name, to) not in back:
                columns[to] = max(columns[to], columns[name] + 1)
    return columns


def _align(
    stack: list[Spot],
    spots: Mapping[str, Spot],
    joined: Sequence[tuple[str, str, float]],
    *,
    sort: bool,
) -> None:
    """Bring each spot of a column level with what it is joined to."""
    wanted = {}
    for spot in stack:
        tops = [spots[a].top + port - spot.entry for a, b, port in joined if b == spot.name]
        tops += [spots[b].top + spots[b].entry - port for a, b, port in joined if a == spot.name]
        wanted[spot.name] = sum(tops) / len(tops) if tops else spot.top
    if sort:
        stack.sort(key=lambda spot: wanted[spot.name] + spot.height / 2)
    _settle(stack, [wanted[spot.name] for spot in stack])


def _settle(stack: list[Spot], wanted: list[float]) -> None:
    """The tops nearest to those wanted, in this order and without overlap.

    Least squares under an order: neighbours that would overlap are pooled at their mean.
    """
    offset, shifts = 0.0, []
    for spot in stack:
        shifts.append(offset)
        offset += spot.height + _GAP
    pools: list[tuple[float, int]] = []
    for want, shift in zip(wanted, shifts, strict=True):
        pools.append((want - shift, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, m), (b, n) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n)]
    levels = [level for level, count in pools for _ in range(count)]
    for spot, level, shift in zip(stack, levels, shifts, strict=True):
        spot.top = level + shift
