"""What learners may have answered to a card of any kind: whole answers, and all sorts of others."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from kefu.card import Card, Response
from kefu.kinds.talk import MOST, Talk

__all__ = ["beside", "broken", "responses", "whole"]

FIELD = {
    "choice": "option",
    "choices": "options",
    "order": "order",
    "number": "number",
    "match": "pairs",
    "dialogue": "path",
    "review": "score",
    "rewrite": "text",
}
TYPED = ["3", "３", " 3 声", "3.0", "+3", "-3", "4", "", "三", "1e1", "3,0", "0x3", "2.99", "03"]
WRITTEN = ["我来", "我帮您", "今天", "您自己", "I'll ", "i’LL ", "Let me", "ＬＥＴ　ＭＥ", "today",
           "todays", "your own", "。", " ", "\n", "补一颗", "😀"]  # fmt: skip
STRANGE = ["nobody", "", "\u0000"]

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


def _ids(shown: Iterable[Any]) -> list[str]:
    return [one["id"] for one in shown]


def whole(card: Card, dice: random.Random) -> Response:
    """A whole answer, drawn at random."""
    kind = card["kind"]
    if kind in ("choice", "choices"):
        options = _ids(card["options"])
        some = dice.sample(options, dice.randint(1, len(options)))
        return {"option": some[0]} if kind == "choice" else {"options": some}
    if kind == "order":
        return {"order": dice.sample(_ids(card["steps"]), len(card["steps"]))}
    if kind == "number":
        return {"number": dice.choice(["3", "３ 声", "03", "4", "2.99"])}
    if kind == "match":
        rights = _ids(card["rights"])
        return {"pairs": {left: dice.choice(rights) for left in _ids(card["lefts"])}}
    if kind == "dialogue":
        return {"path": _talked(card, dice)}
    if kind == "review":
        asked = card["scorecard"]
        levels = {c["id"]: [level["score"] for level in c["levels"]] for c in asked["criteria"]}
        errors = _ids(asked["critical"])
        return {
            "score": {name: dice.choice(scores) for name, scores in levels.items()},
            "critical": dice.sample(errors, dice.randint(0, len(errors))),
        }
    assert kind == "rewrite"
    written = "我" + "".join(dice.sample(WRITTEN, dice.randint(1, 6))).strip()
    # As long as may be: a line's end counts as one, and what stands around it not at all.
    full = f" {written}\r\n{'补' * (card['most'] - len(written) - 1)}\n"
    return {"text": dice.choice([written, written, full])}


def _talked(card: Card, dice: random.Random, *, heeding: bool = True) -> list[str]:
    """A conversation led to its end, or to where it grew too long for any page.

    Who heeds nothing also says what the customer is too angry to hear.
    """
    talk, path = Talk.of(card), list[str]()
    at = talk.start
    while not talk.ends(at) and len(path) <= MOST:
        said = dice.choice(talk.says(at) if heeding else talk.nodes[at.node]["says"])
        path.append(said["id"])
        at = talk.after(at, said)
    return path


def broken(card: Card, dice: random.Random) -> Response:
    """Hardly a whole answer: a part of one, one too many, of another kind, or of none."""
    answer = whole(card, dice)
    name = FIELD[card["kind"]]
    value = answer[name]
    tries: list[Any] = [{}, {name: None}, {"option": "nobody"}, {"number": 3}, {"number": "三"},
                        {name: 3.5}, {name: [value]}, {**answer, "credit": 1}]  # fmt: skip
    if isinstance(value, str):
        tries += [{name: value * 100}, {name: " \u3000\n"}]
    if isinstance(value, list):
        tries += [{name: value[:-1]}, {name: [*value, *value]}, {name: [*value, "nobody"]}]
    if isinstance(value, dict):
        first, given = next(iter(value.items()))
        wrong: list[Any] = [None, "nobody", "", [], True, 99, -1, 1.0, f"{given}"]
        fewer = {left: right for left, right in value.items() if left != first}
        tries += [{**answer, name: {**value, first: dice.choice(wrong)}},
                  {**answer, name: {**value, "nobody": given}},
                  {**answer, name: fewer}, {**answer, name: {}}]  # fmt: skip
    if card["kind"] == "dialogue":
        tries += [{name: _talked(card, dice, heeding=False)} for _ in range(6)]
    if card["kind"] == "review":
        ticked = answer["critical"]
        tries += [{"score": value}, {"critical": ticked}, {"score": {}, "critical": []},
                  {**answer, "critical": [*ticked, "nobody"]},
                  {**answer, "critical": _ids(card["scorecard"]["critical"]) * 2}]  # fmt: skip
    made: Response = dice.choice(tries)
    return made


def responses(card: Card) -> st.SearchStrategy[Any]:
    """Whole answers, and whatever else a journal may claim was answered."""
    kind, name = card["kind"], FIELD[card["kind"]]
    shown = _ids((*card.get("options", []), *card.get("steps", [])))
    some = st.sampled_from([*shown, *STRANGE])
    lefts = st.sampled_from([*_ids(card.get("lefts", [])), *STRANGE])
    rights = st.sampled_from([*_ids(card.get("rights", [])), *STRANGE])
    says = [each for node in card.get("nodes", {}).values() for each in _ids(node["says"])]
    asked: Any = card.get("scorecard", {"criteria": [], "critical": []})
    loose: dict[str, st.SearchStrategy[Any]] = {
        "choice": some,
        "choices": st.lists(some, max_size=5),
        "order": st.lists(some, max_size=5),
        "number": st.sampled_from(TYPED) | st.text(max_size=8) | st.integers(-9, 9).map(str),
        "match": st.dictionaries(lefts, rights, max_size=4),
        # Also what may not be said there, for what the customer feels.
        "dialogue": st.lists(st.sampled_from([*says, *STRANGE[: not says]]), max_size=6)
        | st.lists(st.sampled_from([*says, *STRANGE]), max_size=MOST + 2),
        "review": st.dictionaries(
            st.sampled_from([*_ids(asked["criteria"]), *STRANGE]), st.integers(-1, 3) | junk
        ),
        "rewrite": st.lists(st.sampled_from([*WRITTEN, "\ud800"]), max_size=12).map("".join)
        | st.text(max_size=9)
        | st.sampled_from(["我来", "。"]).flatmap(
            lambda written: st.integers(18, 64).map(lambda n: written * n)
        ),
    }
    ticked = st.lists(st.sampled_from([*_ids(asked["critical"]), "nobody"]), max_size=3)
    more = {"critical": ticked} if kind == "review" else {}
    dice = st.randoms(use_true_random=False)
    return st.one_of(
        dice.map(lambda dice: whole(card, dice)),
        st.fixed_dictionaries({name: loose[kind], **more}),
        dice.map(lambda dice: broken(card, dice)),
        st.fixed_dictionaries({name: junk, **more}),
        st.dictionaries(st.sampled_from([name, "critical", "credit"]), junk, max_size=3),
    )


def beside(hints: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """What may stand beside an answer: how sure one was, and how many hints were opened."""
    sure: st.SearchStrategy[Any] = st.booleans() | st.sampled_from([None, 1, "yes", []])
    return st.just(dict[str, Any]()) | st.fixed_dictionaries(
        {}, optional={"sure": sure, "hints": hints}
    )
