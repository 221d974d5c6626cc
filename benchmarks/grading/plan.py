"""Who grades which class, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.grading.contestants import CONTESTANTS
from benchmarks.grading.school import CODE

__all__ = ["MORE", "PEERS_TO", "ROUNDS", "SIZES", "Turn", "plan"]

SIZES = (10, 100, 1000)
"""How many hand in."""
MORE = 4000
"""And once more where there is no code, since that many are graded soon enough."""
PEERS_TO = 100
"""The largest class that the peers grade too: they take seconds for each submission."""
ROUNDS = 3
"""How often each grades the smallest class, and any class that takes no minutes; else once."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Everybody named grades one class of one set, one after the other."""

    set: str
    size: int
    round: int
    who: tuple[str, ...]


def plan(sets: Mapping[str, Sequence[int]], peers_to: int, rounds: int = ROUNDS) -> list[Turn]:
    """All turns; who begins changes with each, so that nobody always comes after the same one.

    Args:
        sets: slug → sizes of its classes, ascending.
        peers_to: the largest class that the peers grade.
        rounds: how often each grades a class that is graded more than once.
    """
    turns: list[Turn] = []
    for slug, sizes in sets.items():
        for size in sizes:
            quick = size == min(sizes) or (slug != CODE and size > peers_to)
            for round_ in range(rounds if quick else 1):
                there = [
                    one.name
                    for one in CONTESTANTS
                    if (size <= peers_to or not one.peer)
                    and not (one.plain_only and (slug == CODE or size > min(sizes)))
                ]
                first = len(turns) % len(there)
                turns.append(Turn(slug, size, round_, (*there[first:], *there[:first])))
    return turns
