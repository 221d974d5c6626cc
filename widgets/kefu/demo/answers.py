"""A demonstration class of twelve, who answer through the same Python path that a widget takes."""

from __future__ import annotations

import json
import random
from pathlib import Path

from kefu import kinds
from kefu.card import Card, Response
from kefu.kinds.talk import Talk
from kefu.notebook import play
from kefu.player import Player
from kefu.vault import Vault

__all__ = ["LEARNERS", "answer_set", "guess"]

LEARNERS = {f"s{n:02}": skill for n, skill in enumerate(
    (1.0, 0.9, 0.85, 0.8, 0.7, 0.65, 0.6, 0.5, 0.4, 0.3, 0.15, 0.0), 1
)}  # fmt: skip
"""Learner's number → how often that learner answers as the expert does."""


_DRAFTS = {
    "interval": """
def interval(good, n):
    share = good / n
    half = 1.96 * (share * (1 - share) / n) ** 0.5
    return share - half, share + half
""",
    "kappa": """
def kappa(first, second):
    return sum(a == b for a, b in zip(first, second)) / len(first)
""",
}
"""What a learner writes who knows a little: none of it is the answer."""


def answer_set(folder: Path, set_slug: str, student: str, skill: float, vault: Vault) -> str:
    """Answer a released set in a learner's own folder; gives the name of the hand-in file.

    Who answers what depends on the learner's number and the item alone.
    The last learner leaves the last item blank.
    """
    panel = play(set_slug, folder)
    items: list[str] = panel.handin["items"]
    for at, ref in enumerate(items):
        player = play(ref, folder)
        card = player.cards[0]
        if skill == 0 and at == len(items) - 1:
            continue
        dice = random.Random(f"{student} {ref}")
        if dice.random() < skill:
            key = vault.key(ref, card["version"])
            assert key is not None
            response = kinds.expert(card, key)
        else:
            response = guess(card, dice)
        _send(player, {"do": "answer", "item": ref, "version": card["version"],
                       "response": response, "lang": dice.choice(["zh", "en"])}, dice)  # fmt: skip
    if skill >= 0.5:
        _write(folder / f"{set_slug}.ipynb")
    reply = _send(panel, {"do": "hand-in", "student": student}, random.Random(student))
    return str(reply["file"])


def _write(file: Path) -> None:
    """Put a first draft into each cell that asks for code."""
    notebook = json.loads(file.read_bytes())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            source = "".join(cell["source"])
            name = source.removeprefix("def ").partition("(")[0]
            cell["source"] = _DRAFTS.get(name, source)
    file.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")


def _send(player: Player, message: dict[str, object], dice: random.Random) -> dict[str, object]:
    """Send what a page would send, and insist on its success."""
    reply = player.reply({**message, "id": f"{dice.getrandbits(128):032x}"})
    assert reply["did"] in ("saved", "handed-in"), reply
    return reply


def guess(card: Card, dice: random.Random) -> Response:
    """Some whole answer."""
    match card["kind"]:
        case "choice":
            return {"option": dice.choice(card["options"])["id"]}
        case "choices":
            ids = [o["id"] for o in card["options"]]
            return {"options": dice.sample(ids, dice.randint(1, len(ids)))}
        case "order":
            ids = [s["id"] for s in card["steps"]]
            return {"order": dice.sample(ids, len(ids))}
        case "match":
            rights = [r["id"] for r in card["rights"]]
            return {"pairs": {left["id"]: dice.choice(rights) for left in card["lefts"]}}
        case "dialogue":
            talk = Talk.of(card)
            path: list[str] = []
            while not talk.ends(at := talk.walk(path).end):
                path.append(dice.choice(talk.says(at))["id"])
            return {"path": path}
        case "review":
            scored = {
                one["id"]: dice.choice(one["levels"])["score"]
                for one in card["scorecard"]["criteria"]
            }
            return {"score": scored, "critical": []}
        case "rewrite":
            return {"text": dice.choice([card["given"]["zh"], card["given"]["en"]])}
        case _:
            return {"number": str(dice.randint(0, 60))}
