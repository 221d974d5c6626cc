"""`dialogue`: a path through a conversation.

Credit is 0.7 x the mean credit of what was said + 0.3 x what the ending is worth.
How angry the customer is and how much they trust opens and closes ways, and is never graded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response, Saying, digest
from kefu.kinds import _shape
from kefu.kinds.talk import Talk, Walk, moments, score
from kefu.text import Lang, Text, TextJSON

if TYPE_CHECKING:
    from kefu.scenario import DialogueItem, DialogueKey

ONE_REASON = False

_ENDED = Text("结局：", "How it ended: ")


def ask(ref: str, item: DialogueItem) -> dict[str, Any]:
    """The whole conversation, and how the customer feels at its start."""
    node_ids, say_ids = _ids(ref, item)
    return {
        "start": node_ids[item.start],
        "anger": item.anger,
        "trust": item.trust,
        "nodes": moments(item, node_ids.__getitem__, lambda *said: say_ids[said]),
    }


def _ids(ref: str, item: DialogueItem) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Author's names → published ids of nodes, and of sayings by node and name.

    Both are hashes of public words only: of what is seen, what the customer says and how it ends,
    and for a saying also of its own. So the same words at two nodes are two sayings.
    """

    def spoken(words: TextJSON | None) -> tuple[str, str]:
        return (words["zh"], words["en"]) if words else ("", "")

    nodes, says = {}, {}
    for name, node in item.node.items():
        heard = node.customer.text().json() if node.customer else None
        told = node.ending.text().json() if node.ending else None
        seen = spoken(node.scene.text().json()) if node.scene else ()
        nodes[name] = digest("node", ref, *spoken(heard), *spoken(told), *seen)[:10]
        for each, say in node.say.items():
            says[name, each] = digest("say", nodes[name], *spoken(say.text().json()))[:10]
    return nodes, says


def key(ref: str, item: DialogueItem, authored: DialogueKey) -> Key:
    """Credit and reason of each saying, outcome of each ending, and the shortest best path."""
    node_ids, say_ids = _ids(ref, item)
    made: Key = {
        "credit": {
            say_ids[node, name]: credit
            for node, says in authored.credit.items()
            for name, credit in says.items()
        },
        "why": {
            say_ids[node, name]: why.text().json()
            for node, says in authored.why.items()
            for name, why in says.items()
        },
        "outcome": {node_ids[node]: worth for node, worth in authored.outcome.items()},
    }
    card = ask(ref, item)
    made["expert"] = Talk.of(card).best(made["credit"], made["outcome"])  # type: ignore[arg-type]
    return made


def read(card: Card, response: Response) -> Walk | None:
    """The walk from the start to an ending."""
    given = _shape.only(response, "path")
    if not isinstance(given, list) or not all(isinstance(step, str) for step in given):
        raise _shape.Malformed.shape()
    if not given:
        return None
    talk = Talk.of(card)
    walk = talk.walk(given)
    if not talk.ends(walk.end):
        raise _shape.Malformed(
            Text(
                "这段对话还没谈完，按 0 分计。",
                "The conversation was not finished, so no credit.",
            )
        )
    return walk


def judge(key: Key, value: Walk) -> tuple[float, list[Part], Text]:
    """The mean credit of what was said for 0.7, the ending for 0.3; parts in the order said."""
    parts = [Part(id=i, credit=key["credit"][i], why=key["why"][i]) for i in value.path]
    mean = sum(part["credit"] for part in parts) / len(parts)
    outcome = key["outcome"][value.end.node]
    said = f"{len(parts)} {'thing' if len(parts) == 1 else 'things'} you said"
    note = Text(
        f"七成看每一句：你说了 {len(parts)} 句，平均 {mean:.0%}；三成看结局：{outcome:.0%}。",
        f"70% rests on the {said} ({mean:.0%} on average), 30% on the ending ({outcome:.0%}).",
    )
    return score(mean, outcome), parts, note


def more(key: Key, value: Walk) -> dict[str, Any]:
    """What the ending is worth."""
    return {"outcome": key["outcome"][value.end.node]}


def expert(key: Key) -> Response:
    """A shortest path that is worth the most."""
    return {"path": list(key["expert"])}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """What was said, numbered, and how it ended; nothing where it cannot have been said."""
    try:
        walk = Talk.of(card).walk(response["path"])
    except _shape.Malformed:
        return []
    lines = [f"{at}. {saying['text'][lang]}" for at, saying in enumerate(walk.said, 1)]
    last = card["nodes"][walk.end.node]
    words = [text[lang] for text in (last["customer"], last["ending"]) if text]
    return [*lines, _ENDED[lang] + " ".join(words)]


def chance(card: Card, key: Key) -> float:
    """The exact mean score of one who says anything at all, at every turn, by chance."""
    return Talk.of(card).expected(key["credit"], key["outcome"], lambda says: says)


def calmest(card: Card, key: Key) -> float:
    """The score of one who always says what lowers anger most, then what raises trust most.

    Where that leaves several, the mean over them.
    """

    def among(says: list[Saying]) -> list[Saying]:
        softest = min(((s["anger"], -s["trust"]) for s in says), default=None)
        return [s for s in says if (s["anger"], -s["trust"]) == softest]

    return Talk.of(card).expected(key["credit"], key["outcome"], among)
