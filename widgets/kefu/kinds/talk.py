"""Walking through a conversation: where one stands, what may be said there, where it leads.

A conversation is a finite graph: its states are node x anger x trust.
The judge walks it by published ids, the rules for authors by the names that authors gave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kefu.card import Card, Moment, Saying
from kefu.kinds._shape import Malformed
from kefu.text import Text

if TYPE_CHECKING:
    from kefu.scenario import DialogueItem, Say, Words

__all__ = ["MOST", "State", "Talk", "Walk", "moments", "score"]

MOST = 60
"""The most sayings of one path: with loops there is no longest one."""
LEAST_FELT, MOST_FELT = 0, 10


class State(NamedTuple):
    """Where a conversation stands: the node, and the customer's feelings (0 to 10)."""

    node: str
    anger: int
    trust: int


class Walk(NamedTuple):
    """What was said, and the states before, between and after: one more than sayings."""

    said: tuple[Saying, ...]
    states: tuple[State, ...]

    @property
    def path(self) -> list[str]:
        """The ids of what was said."""
        return [saying["id"] for saying in self.said]

    @property
    def end(self) -> State:
        """Where it has come to."""
        return self.states[-1]


def score(credit: float, outcome: float) -> float:
    """What a conversation is worth: how it was led counts more than how it ended.

    Args:
        credit: the mean credit of what was said, 0 to 1.
        outcome: what the ending is worth, 0 to 1.
    """
    return 0.7 * credit + 0.3 * outcome


def moments(
    item: DialogueItem,
    node_id: Callable[[str], str],
    say_id: Callable[[str, str], str],
) -> dict[str, Moment]:
    """The nodes of an item, each under `node_id(name)`, its sayings under `say_id(node, name)`.

    A name that no node has stays as it is.
    """

    def saying(node: str, name: str, say: Say) -> Saying:
        return Saying(
            id=say_id(node, name),
            text=say.text().json(),
            to=node_id(say.to) if say.to in item.node else say.to,
            anger=say.anger,
            trust=say.trust,
            needs={name: say.needs[name] for name in sorted(say.needs)},
        )

    def words(text: Words | None) -> Text | None:
        return text.text() if text else None

    made = {}
    for name, node in item.node.items():
        customer, ending = words(node.customer), words(node.ending)
        made[node_id(name)] = Moment(
            customer=customer.json() if customer else None,
            ending=ending.json() if ending else None,
            says=sorted(
                (saying(name, each, say) for each, say in node.say.items()),
                key=lambda one: one["id"],
            ),
        )
        if node.scene:
            made[node_id(name)]["scene"] = node.scene.text().json()
    return dict(sorted(made.items()))


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that can be walked; every `to` has to be a node."""

    start: State
    nodes: Mapping[str, Moment]

    @classmethod
    def of(cls, card: Card) -> Talk:
        """The conversation of a card."""
        return cls(State(card["start"], card["anger"], card["trust"]), card["nodes"])

    def ends(self, at: State) -> bool:
        """Whether the conversation is over here."""
        return not self.nodes[at.node]["says"]

    def says(self, at: State) -> list[Saying]:
        """What may be said here, with the customer feeling like this."""
        felt = {"anger": at.anger, "trust": at.trust}

        def holds(name: str, bound: int) -> bool:
            feeling, side = name.split("_")
            return felt[feeling] >= bound if side == "min" else felt[feeling] <= bound

        return [
            saying
            for saying in self.nodes[at.node]["says"]
            if all(holds(name, bound) for name, bound in saying["needs"].items())
        ]

    def after(self, at: State, saying: Saying) -> State:
        """Where a saying leads; feelings stay within 0 to 10."""

        def moved(feeling: int, by: int) -> int:
            return min(MOST_FELT, max(LEAST_FELT, feeling + by))

        return State(
            saying["to"], moved(at.anger, saying["anger"]), moved(at.trust, saying["trust"])
        )

    def walk(self, path: Sequence[str]) -> Walk:
        """Walk a path, to its end or not.

        Args:
            path: ids of sayings, at most `MOST`.

        Raises:
            Malformed: one of them may not be said where it stands, or there are too many.
        """
        if len(path) > MOST:
            raise Malformed.shape()
        said: list[Saying] = []
        states = [self.start]
        for step in path:
            saying = next((one for one in self.says(states[-1]) if one["id"] == step), None)
            if saying is None:
                raise Malformed.stranger()
            said.append(saying)
            states.append(self.after(states[-1], saying))
        return Walk(tuple(said), tuple(states))

    def graph(self) -> dict[State, list[tuple[Saying, State]]]:
        """Every state that can be reached, with what may be said there and where it leads."""
        found: dict[State, list[tuple[Saying, State]]] = {}
        ahead = [self.start]
        while ahead:
            state = ahead.pop()
            if state not in found:
                found[state] = [(s, self.after(state, s)) for s in self.says(state)]
                ahead += [to for _, to in found[state]]
        return found

    def best(self, credit: Mapping[str, float], outcome: Mapping[str, float]) -> list[str]:
        """The shortest of the best paths, by ids; empty where no end is within reach.

        For each length and state only the path with the most credit can be part of the best.
        """
        top, found = -1.0, list[str]()
        ahead: dict[State, tuple[float, tuple[str, ...]]] = {self.start: (0.0, ())}
        for length in range(1, MOST + 1):
            reached: dict[State, tuple[float, tuple[str, ...]]] = {}
            for state in sorted(ahead):
                earned, path = ahead[state]
                for saying in self.says(state):
                    to = self.after(state, saying)
                    now = (earned + credit[saying["id"]], (*path, saying["id"]))
                    if self.ends(to):
                        worth = score(now[0] / length, outcome[to.node])
                        if worth > top:
                            top, found = worth, list(now[1])
                    elif to not in reached or now[0] > reached[to][0]:
                        reached[to] = now
            if not reached or top >= 1:
                break
            ahead = reached
        return found

    def expected(
        self,
        credit: Mapping[str, float],
        outcome: Mapping[str, float],
        among: Callable[[list[Saying]], list[Saying]],
    ) -> float:
        """The exact mean score of one who says, at every turn, any of `among(says)` alike.

        Whoever has not come to an end after `MOST` sayings scores nothing.
        Paths are not listed: their chances, and the credit they carry, are added up by state.
        """
        total = 0.0
        ahead: dict[State, tuple[float, float]] = {self.start: (1.0, 0.0)}
        for length in range(1, MOST + 1):
            reached: dict[State, tuple[float, float]] = {}
            for state, (chance, earned) in ahead.items():
                picked = among(self.says(state))
                for saying in picked:
                    share = chance / len(picked)
                    carried = earned / len(picked) + share * credit[saying["id"]]
                    to = self.after(state, saying)
                    if self.ends(to):
                        total += score(carried / length, share * outcome[to.node])
                    else:
                        before = reached.get(to, (0.0, 0.0))
                        reached[to] = (before[0] + share, before[1] + carried)
            ahead = reached
        return total
