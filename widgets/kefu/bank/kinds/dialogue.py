"""`dialogue`: a graph that can be walked to an end from everywhere, with a path worth 1.

What can be reached is worked out over node x anger x trust, so it is exact: a condition that
no path can fulfil is told as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.named import alike, stranger
from kefu.bank.toml import Document
from kefu.errors import Fault
from kefu.kinds.talk import LEAST_FELT, MOST_FELT, State, Talk, moments, score
from kefu.scenario import DialogueItem, DialogueKey, Node
from kefu.text import Text

__all__ = ["item", "key"]


def item(doc: Document, base: KeyPath, asked: DialogueItem) -> Iterator[Fault]:
    """Every node is well made, all can be reached, and an end can be reached from all."""
    if asked.start not in asked.node:
        yield doc.fault((*base, "start"), *_nowhere(asked.start, asked))
    elif asked.node[asked.start].ending:
        yield doc.fault(
            (*base, "start"),
            Text("对话一开始就结束了", "the conversation begins with its ending"),
            Text("start 请写一个有 say 的节点", "let start name a node with say"),
        )
    for name, node in asked.node.items():
        here = (*base, "node", name)
        yield from _shape(doc, here, node)
        yield from alike(doc, (*here, "say"), node.say)
        for each, say in node.say.items():
            if say.to not in asked.node:
                yield doc.fault((*here, "say", each, "to"), *_nowhere(say.to, asked))
            yield from _bounds(doc, (*here, "say", each, "needs"), say.needs)
    yield from _twins(doc, (*base, "node"), asked.node)
    if _joined(asked):
        yield from _ways(doc, (*base, "node"), asked)


def key(doc: Document, base: KeyPath, asked: DialogueItem, given: DialogueKey) -> Iterator[Fault]:
    """Every saying has credit and reason, every ending its outcome, and some path earns all."""
    said = {f"{n}.{s}": (n, s) for n, node in asked.node.items() for s in node.say}
    credit = {f"{n}.{s}": worth for n, says in given.credit.items() for s, worth in says.items()}
    why = {f"{n}.{s}": words for n, says in given.why.items() for s, words in says.items()}
    ends = {name: (name,) for name, node in asked.node.items() if not node.say}
    faults = [
        *_covers(doc, (*base, "credit"), credit, said, "credit.{} = 0.5"),
        *_covers(doc, (*base, "why"), why, said, 'why.{}.zh = "…"'),
        *_covers(doc, (*base, "outcome"), given.outcome, ends, "outcome.{} = 0.5"),
    ]
    yield from faults
    if not faults and _joined(asked):
        yield from _best(doc, (*base, "credit"), _talk(asked), credit, given.outcome)


def _talk(asked: DialogueItem) -> Talk:
    """The conversation under its author's names; a saying is called `node.name`."""
    nodes = moments(asked, lambda node: node, lambda node, name: f"{node}.{name}")
    return Talk(State(asked.start, asked.anger, asked.trust), nodes)


def _joined(asked: DialogueItem) -> bool:
    """Whether every way leads to a node, so that it can be walked at all."""
    leads = [say.to for node in asked.node.values() for say in node.say.values()]
    return {asked.start, *leads} <= asked.node.keys() and bool(asked.node[asked.start].say)


def _nowhere(name: str, asked: DialogueItem) -> tuple[Text, Text]:
    what = Text(f"没有节点 {name}", f"there is no node {name}")
    write = stranger(name, asked.node)[1]
    new = Text(f"，或补上 node.{name}", f", or add node.{name}")
    return what, Text(write.zh + new.zh, write.en + new.en)


def _shape(doc: Document, here: KeyPath, node: Node) -> Iterator[Fault]:
    """A node is a moment with things to say, or an ending, and not both."""
    name = here[-1]
    if node.say and node.ending:
        yield doc.fault(
            (*here, "ending"),
            Text(
                f"{name} 既有 say 又有 ending，不知道谈没谈完",
                f"{name} has both say and ending: is it over or not",
            ),
            Text(
                "请删掉一样；客户最后的话可以写在 customer 里",
                "delete one; last words of the customer go into customer",
            ),
        )
    elif node.ending is None and not node.say:
        yield doc.fault(
            here,
            Text(f"{name} 没有 say，也没有 ending", f"{name} has neither say nor ending"),
            Text(
                "还要谈就写 say，谈完了就写 ending 说明结果",
                "write say if it goes on, or ending to tell how it came out",
            ),
        )
    if node.say and not node.customer:
        yield doc.fault(
            here,
            Text(f"{name} 里客户什么也没说", f"the customer says nothing at {name}"),
            Text(
                f"请补上 node.{name}.customer.zh 和 .en",
                f"add node.{name}.customer.zh and .en",
            ),
        )
    if len(node.say) == 1:
        yield doc.fault(
            (*here, "say"),
            Text(f"{name} 里只有一句可说，没有可选的", f"{name} offers one thing to say only"),
            Text("请写 2 到 5 句", "write two to five"),
        )


def _twins(doc: Document, nodes: KeyPath, named: Mapping[str, Node]) -> Iterator[Fault]:
    """Two nodes where the learner hears the same are one and the same to her, and to the card."""

    def heard(node: Node) -> str:
        words = [text for text in (node.customer, node.ending) if text]
        said = "|".join(f"{text.zh}|{text.en}" for text in words)
        return "" if BLANK.search(said) else "".join(said.split()).casefold()

    for (one, first), (two, second) in combinations(named.items(), 2):
        if heard(first) and heard(first) == heard(second):
            yield doc.fault(
                (*nodes, two),
                Text(f"{two} 和 {one} 的文字一样", f"{two} has the same words as {one}"),
                Text(
                    "请改成不同的文字，或让 to 都指向其中一个",
                    "word one of them differently, or let every to name one of the two",
                ),
            )


def _bounds(doc: Document, here: KeyPath, needs: Mapping[Any, int]) -> Iterator[Fault]:
    for name, bound in needs.items():
        if not LEAST_FELT <= bound <= MOST_FELT:
            yield doc.fault(
                (*here, name),
                Text(f"{name} 写的是 {bound}", f"{name} is {bound}"),
                Text("火气和信任都在 0 到 10 之间", "anger and trust go from 0 to 10"),
            )


def _ways(doc: Document, nodes: KeyPath, asked: DialogueItem) -> Iterator[Fault]:
    """What walking every way there is brings to light."""
    talk = _talk(asked)
    graph = talk.graph()
    states: dict[str, list[State]] = {}
    for state in sorted(graph):
        states.setdefault(state.node, []).append(state)
    ending = _lead_to(graph, {s for s in graph if talk.ends(s)})
    stuck = [s for s in graph if not graph[s] and not talk.ends(s)]
    endless = {s.node for s in graph.keys() - ending - _lead_to(graph, set(stuck))}
    for name, node in asked.node.items():
        here = (*nodes, name)
        if name not in states:
            yield doc.fault(
                here,
                Text(f"怎么走都到不了 {name}", f"no path ever reaches {name}"),
                Text(
                    f'请让某一句写 to = "{name}"（它的 needs 也要能满足），或删掉这个节点',
                    f'let some saying have to = "{name}" (with needs that can hold), '
                    "or delete the node",
                ),
            )
            continue
        for each in node.say:
            ident = f"{name}.{each}"
            if not any(ident == s["id"] for at in states[name] for s, _ in graph[at]):
                yield doc.fault((*here, "say", each, "needs"), *_never(ident, states[name]))
        dead = [at for at in stuck if at.node == name and node.say]
        if dead:
            yield doc.fault((*here, "say"), *_dead(min(dead)))
    if endless:
        ring = [name for name in asked.node if name in endless]
        yield doc.fault(
            (*nodes, ring[0]),
            Text(
                f"走到 {'、'.join(ring)} 就绕不出来，永远谈不完",
                f"from {', '.join(ring)} no ending is ever reached",
            ),
            Text(
                "请让其中至少一句走向结尾，或走向能到结尾的节点",
                "let a saying there lead to an ending, or to a node that leads to one",
            ),
        )


def _lead_to(graph: Mapping[State, list[tuple[Any, State]]], goal: set[State]) -> set[State]:
    """The states from which one of `goal` can be reached, those included."""
    before: dict[State, list[State]] = {}
    for state, steps in graph.items():
        for _, to in steps:
            before.setdefault(to, []).append(state)
    found, ahead = set[State](), list(goal)
    while ahead:
        state = ahead.pop()
        if state not in found:
            found.add(state)
            ahead += before.get(state, [])
    return found


def _range(values: list[int]) -> str:
    low, high = min(values), max(values)
    return str(low) if low == high else f"{low}–{high}"


def _never(ident: str, states: list[State]) -> tuple[Text, Text]:
    anger, trust = _range([s.anger for s in states]), _range([s.trust for s in states])
    return (
        Text(f"{ident} 的 needs 永远满足不了", f"the needs of {ident} can never hold"),
        Text(
            f"走到这里时火气是 {anger}，信任是 {trust}；请改 needs，或删掉这一句",
            f"anger is {anger} and trust {trust} on arriving here; change the needs, "
            "or delete this saying",
        ),
    )


def _dead(state: State) -> tuple[Text, Text]:
    node, anger, trust = state
    return (
        Text(
            f"走到 {node} 时如果火气是 {anger}、信任是 {trust}，就没有一句可说",
            f"arriving at {node} with anger {anger} and trust {trust}, there is nothing to say",
        ),
        Text(
            "请至少留一句不带 needs，或把 needs 放宽",
            "leave at least one saying without needs, or widen them",
        ),
    )


def _covers(
    doc: Document,
    base: KeyPath,
    given: Mapping[str, object],
    asked: Mapping[str, tuple[str, ...]],
    sample: str,
) -> Iterator[Fault]:
    """The key has one thing for each that is asked, and no other; names are joined by dots."""
    what = base[-1]
    for name in [name for name in asked if name not in given]:
        line = sample.format(name)
        yield doc.fault(
            base,
            Text(f"{name} 缺少 {what}", f"{name} has no {what}"),
            Text(f"请补上 {line}", f"add {line}"),
        )
    for name in [name for name in given if name not in asked]:
        yield doc.fault((*base, *name.split(".")), *stranger(name, asked))


def _best(
    doc: Document,
    here: KeyPath,
    talk: Talk,
    credit: Mapping[str, float],
    outcome: Mapping[str, float],
) -> Iterator[Fault]:
    """Some path of full credits leads to an ending of full worth."""
    path = talk.best(credit, outcome)
    if not path:
        return  # there is no way to an end: told of the item
    earned = sum(credit[step] for step in path) / len(path)
    worth = score(earned, outcome[talk.walk(path).end.node])
    if worth < 1:
        said = " → ".join(path)
        yield doc.fault(
            here,
            Text(
                f"最好的走法只得 {worth:.4g} 分：{said}",
                f"the best path earns only {worth:.4g}: {said}",
            ),
            Text(
                "请让一条路上每一句的 credit 都是 1.0，并走到 outcome 是 1.0 的结尾",
                "let one path have credit 1.0 throughout and end with outcome 1.0",
            ),
        )
