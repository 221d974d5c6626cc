"""The ways a class took through a conversation, and where its customers were lost.

A customer is lost by a saying after which the best ending that can still be reached is worth less
than before. That is a fact of the conversation's graph and does not depend on what came later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from kefu.card import Moment
from kefu.grading.report.sittings import Answer, Asked
from kefu.kinds import Malformed
from kefu.kinds.talk import State, Talk
from kefu.text import Text, TextJSON

__all__ = ["Path", "Said", "Stop", "Talked", "talked"]

_NOTHING = Text("（没有话）", "(no words)")


@dataclass(frozen=True, slots=True)
class Said:
    """A saying at a node: how many said it, what it is worth, and what it cost the ending."""

    text: TextJSON
    to: int
    times: int
    credit: float
    lost: int
    drop: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A node, numbered in the order in which a class comes to it; `depth` is its column.

    `visits` counts how often it was come to; `lost` how often a customer was lost by what was
    said here, and `drop` by how much in the mean over those; `outcome` is an ending's worth.
    """

    number: int
    depth: int
    text: TextJSON
    visits: int
    lost: int
    drop: float
    outcome: float | None
    says: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One way: the numbers of its nodes, how many took it, their credit, what its end is worth."""

    stops: tuple[int, ...]
    said: tuple[TextJSON, ...]
    times: int
    credit: float
    outcome: float


@dataclass(frozen=True, slots=True)
class Talked:
    """All the ways; `worst` is the node where most were lost, None where nobody was."""

    stops: tuple[Stop, ...]
    paths: tuple[Path, ...]
    worst: Stop | None


def talked(asked: Asked, answers: Sequence[Answer]) -> Talked:
    """Follow every learner through the conversation of a card.

    Args:
        asked: a dialogue.
        answers: whole answers to just this card.
    """
    card, key = asked.card, asked.key
    talk = Talk.of(card)
    best = _best(talk, key["outcome"])
    visits, places = Counter[str](), defaultdict[str, list[int]](list)
    said, lost, drop = Counter[str](), Counter[str](), defaultdict[str, float](float)
    ways: dict[tuple[str, ...], list[float]] = {}
    walks = {}
    for answer in answers:
        try:
            walk = talk.walk((answer.response or {}).get("path", ()))
        except Malformed:
            continue
        path = tuple(walk.path)
        walks[path] = walk
        ways.setdefault(path, []).append(answer.credit or 0.0)
        first: dict[str, int] = {}
        for at, state in enumerate(walk.states):
            visits[state.node] += 1
            first.setdefault(state.node, at)
        for node, at in first.items():
            places[node].append(at)
        for at, saying in enumerate(walk.said):
            said[saying["id"]] += 1
            fall = best[walk.states[at]] - best[walk.states[at + 1]]
            if fall > 1e-9:
                lost[saying["id"]] += 1
                drop[saying["id"]] += fall
    depth = _columns(card["nodes"], places, said)
    order = sorted(visits, key=lambda node: (depth[node], -visits[node], node))
    numbers = {node: at for at, node in enumerate(order, 1)}
    stops = []
    for node in order:
        moment = card["nodes"][node]
        says = [one for one in moment["says"] if one["id"] in said]
        gone = sum(lost[one["id"]] for one in says)
        fallen = sum(drop[one["id"]] for one in says)
        text = moment["ending"] or moment["customer"] or moment.get("scene") or _NOTHING.json()
        stops.append(
            Stop(
                number=numbers[node],
                depth=depth[node],
                text=text,
                visits=visits[node],
                lost=gone,
                drop=fallen / gone if gone else 0.0,
                outcome=None if moment["says"] else key["outcome"].get(node),
                says=tuple(
                    Said(
                        one["text"],
                        numbers[one["to"]],
                        said[one["id"]],
                        key["credit"].get(one["id"], 0.0),
                        lost[one["id"]],
                        drop[one["id"]] / lost[one["id"]] if lost[one["id"]] else 0.0,
                    )
                    for one in sorted(says, key=lambda one: -said[one["id"]])
                ),
            )
        )
    paths = [
        Path(
            tuple(numbers[state.node] for state in walks[path].states),
            tuple(one["text"] for one in walks[path].said),
            len(credits_),
            sum(credits_) / len(credits_),
            key["outcome"].get(walks[path].end.node, 0.0),
        )
        for path, credits_ in ways.items()
    ]
    paths.sort(key=lambda one: (-one.times, -one.credit, one.stops))
    worst = max(stops, key=lambda one: (one.lost, one.drop), default=None)
    return Talked(tuple(stops), tuple(paths), worst if worst and worst.lost else None)


def _columns(
    nodes: Mapping[str, Moment], places: Mapping[str, Sequence[int]], said: Mapping[str, int]
) -> dict[str, int]:
    """A column for each node, to the right of whatever leads to it, ways back not counted.

    A way leads back where a class comes to its end, in the mean, no later than to its beginning.
    """
    mean = {node: fmean(at) for node, at in places.items()}
    columns = dict.fromkeys(mean, 0)
    for node in sorted(mean, key=lambda one: (mean[one], one)):
        for one in nodes[node]["says"]:
            if one["id"] in said and mean[one["to"]] > mean[node]:
                columns[one["to"]] = max(columns[one["to"]], columns[node] + 1)
    return columns


def _best(talk: Talk, outcome: Mapping[str, float]) -> dict[State, float]:
    """What the best ending that can be reached from each state is worth."""
    graph = talk.graph()
    best = {
        state: float(outcome.get(state.node, 0.0)) if talk.ends(state) else 0.0 for state in graph
    }
    changed = True
    while changed:
        changed = False
        for state, ways in graph.items():
            top = max((best[to] for _, to in ways), default=best[state])
            if top > best[state]:
                best[state], changed = top, True
    return best
