"""A path through a conversation: 0.7 x mean credit of what was said + 0.3 x the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.bank import read
from kefu.card import canonical
from kefu.kinds import dialogue
from kefu.kinds.talk import MOST, State, Talk
from kefu.publish import Published, publish
from kefu.scenario import DialogueItem
from tests.pieces import CONTENT, any_json, any_text, authored, both

# What the airline's call is to be: at each node what may be said, where it leads,
# its credit, and how it moves anger and trust.
CALL = {
    "opening": [
        ("meet", "warm", 1.0, -2, 2),
        ("line", "cold", 0.2, 1, -1),
        ("calm-down", "defend", 0.0, 2, -2),
        ("later", "cold", 0.1, 1, -2),
    ],
    "warm": [
        ("check", "verify", 1.0, -1, 1),
        ("rules", "number-again", 0.3, 1, 0),
        ("guarantee", "promise", 0.2, -2, 1),
    ],
    "cold": [
        ("own", "verify", 0.9, -3, 2),
        ("only-look", "number-again", 0.3, 1, 0),
        ("hotline", "complaint", 0.0, 1, -2),
    ],
    "defend": [
        ("sorry", "verify", 0.8, -3, 2),
        ("busy", "hangup", 0.1, 1, -1),
        ("civil", "hangup", 0.0, 1, -2),
    ],
    "verify": [
        ("note", "found", 1.0, -1, 1),
        ("policy", "found", 0.5, 1, 0),
        ("silent", "silence", 0.1, 2, -1),
    ],
    "number-again": [
        ("minute", "found", 0.9, -2, 1),
        ("must", "found", 0.2, 1, -1),
        ("uncooperative", "hangup", 0.0, 2, -2),
    ],
    "promise": [
        ("correct", "found", 0.7, 1, 1),
        ("relax", "found", 0.1, 0, -1),
    ],
    "silence": [
        ("here", "found", 0.7, -1, 1),
        ("stop-rushing", "hangup", 0.0, 2, -2),
    ],
    "found": [
        ("together", "paid", 1.0, -3, 3),
        ("jargon", "alone", 0.3, 1, 0),
        ("your-side", "blame", 0.0, 3, -2),
    ],
    "blame": [
        ("take-back", "paid", 0.6, -3, 1),
        ("as-you-like", "complaint", 0.0, 1, -2),
    ],
    "alone": [
        ("step-by-step", "paid", 0.8, -2, 2),
        ("goodbye", "repeat", 0.1, 1, -1),
    ],
    "paid": [
        ("read-back", "solved", 1.0, -2, 2),
        ("bye", "lukewarm", 0.5, 0, 0),
        ("rating", "lukewarm", 0.3, 1, -1),
    ],
}
OUTCOME = {"solved": 1.0, "lukewarm": 0.7, "repeat": 0.3, "complaint": 0.2, "hangup": 0.0}

Path = tuple[tuple[str, str], ...]


@cache
def call() -> tuple[Published, DialogueItem]:
    """The airline's call as it is published, and as it is written."""
    bank, _ = read([CONTENT])
    entry = next(e for e in bank.entries if e.scenario == "airline-rebooking-call")
    assert entry.key is not None
    assert isinstance(entry.item, DialogueItem)
    made = publish(entry.ref, entry.story, entry.item, entry.key, bank.standards, bank.course.as_of)
    return made, entry.item


@cache
def ids() -> dict[tuple[str, str], str]:
    """The published id of each saying of the call, found by its words."""
    made, item = call()
    found = {}
    for name, node in item.node.items():
        if node.customer:
            heard = node.customer.text().json()
            moment = next(m for m in made.card["nodes"].values() if m["customer"] == heard)
            for each, say in node.say.items():
                words = say.text().json()
                found[name, each] = next(s["id"] for s in moment["says"] if s["text"] == words)
    return found


def paths(node: str = "opening", before: Path = ()) -> Iterator[tuple[Path, str, Fraction]]:
    """Every path of `CALL` with its ending and its chance, walked without the package's help."""
    if node in OUTCOME:
        yield before, node, Fraction(1)
        return
    for name, to, *_ in CALL[node]:
        for path, end, chance in paths(to, (*before, (node, name))):
            yield path, end, chance / len(CALL[node])


def worth(path: Path, end: str) -> float:
    """The score that the formula gives, from the numbers of `CALL`."""
    credit = {(node, name): c for node, says in CALL.items() for name, _, c, *_ in says}
    return 0.7 * sum(credit[step] for step in path) / len(path) + 0.3 * OUTCOME[end]


def said(path: Path) -> dict[str, list[str]]:
    """The response that says this."""
    return {"path": [ids()[step] for step in path]}


def test_the_call_is_as_specified() -> None:
    """17 nodes, 12 of them with something to say, 33 sayings, each leading where it should."""
    item = call()[1]
    assert (item.start, item.anger, item.trust) == ("opening", 8, 2)
    assert len(item.node) == 17
    assert {name for name, node in item.node.items() if not node.say} == set(OUTCOME)
    written = {
        name: [(each, say.to, say.anger, say.trust) for each, say in node.say.items()]
        for name, node in item.node.items()
        if node.say
    }
    assert written == {
        name: [(each, to, anger, trust) for each, to, _, anger, trust in says]
        for name, says in CALL.items()
    }
    assert sum(map(len, written.values())) == 33
    assert len(ids()) == len(set(ids().values())) == 33


def test_every_path_of_the_call_scores_as_specified() -> None:
    """231 paths; each is worth what the formula says, and only the best is worth everything."""
    made = call()[0]
    scores = []
    for path, end, _ in paths():
        verdict = kinds.judge(made.card, made.key, said(path))
        assert verdict["status"] == "judged"
        assert verdict["credit"] == pytest.approx(worth(path, end), abs=1e-4)
        assert verdict["outcome"] == OUTCOME[end]
        assert [part["id"] for part in verdict["parts"]] == said(path)["path"]
        scores.append(verdict["credit"])
    assert len(scores) == 231
    assert [s for s in scores if s == 1.0] == [1.0]
    assert min(scores) == 0.0


def test_the_experts_path_is_a_shortest_best_one() -> None:
    """It is worth everything, and five things are said on it."""
    made = call()[0]
    best = kinds.expert(made.card, made.key)
    assert len(best["path"]) == 5
    assert kinds.judge(made.card, made.key, best)["credit"] == 1.0


def test_the_score_by_chance_is_exact() -> None:
    """It is the mean over all paths, each with its chance."""
    made = call()[0]
    exact = sum(float(chance) * worth(path, end) for path, end, chance in paths())
    assert dialogue.chance(made.card, made.key) == pytest.approx(exact, abs=1e-12)


def test_the_calmest_path() -> None:
    """Whoever always lowers anger most, then raises trust most, is worth the mean of such paths."""
    made = call()[0]
    node, path = "opening", Path()
    while node not in OUTCOME:
        name, to, *_ = min(CALL[node], key=lambda s: (s[3], -s[4]))
        path += ((node, name),)
        node = to
    assert dialogue.calmest(made.card, made.key) == pytest.approx(worth(path, node))


def talk(**more: Any) -> Published:
    """A talk with a loop, and a saying that wants a calm customer.

    `hear` leads to `more`, where `ask` leads back, `mend` ends well and `soothe` ends best.
    """
    node: dict[str, Any] = {
        "opening": {
            "customer": both("angry"),
            "say": {
                "hear": {**both("hear"), "to": "more", "anger": -3, "trust": 2},
                "blame": {**both("blame"), "to": "lost", "anger": 4, "trust": -9},
            },
        },
        "more": {
            "customer": both("well"),
            "say": {
                "ask": {**both("ask"), "to": "more", "anger": -1},
                "mend": {**both("mend"), "to": "lost", "anger": -9, "trust": 9},
                "soothe": {**both("soothe"), "to": "done", "needs": {"anger_max": 3}},
            },
        },
        "done": {"customer": both("thanks"), "ending": both("mended")},
        "lost": {"ending": both("gone")},
    }
    said = {name: list(each.get("say", {})) for name, each in node.items() if "say" in each}
    key = {
        "credit": {"opening": {"hear": 1.0, "blame": 0.0},
                   "more": {"ask": 1.0, "mend": 0.5, "soothe": 1.0}},
        "why": {name: {s: both(f"why {s}") for s in says} for name, says in said.items()},
        "outcome": {"done": 1.0, "lost": 0.2},
    }  # fmt: skip
    item = {"kind": "dialogue", "start": "opening", "anger": 7, "trust": 1, "node": node}
    return authored({**item, **more}, key)


def spoken(made: Published, words: str) -> list[str]:
    """The ids of what is said, by its words."""
    found = {s["text"]["en"]: s["id"] for m in made.card["nodes"].values() for s in m["says"]}
    return [found[f"{word}."] for word in words.split()]


@pytest.mark.parametrize(
    ("words", "credit"),
    [
        ("hear ask soothe", 1.0),
        ("hear ask ask soothe", 1.0),
        ("hear mend", 0.585),  # 0.7 * 0.75 + 0.3 * 0.2
        ("blame", 0.06),
    ],
)
def test_the_formula(words: str, credit: float) -> None:
    """0.7 of the mean credit and 0.3 of the outcome, told in the note."""
    made = talk()
    verdict = kinds.judge(made.card, made.key, {"path": spoken(made, words)})
    assert verdict["credit"] == credit
    assert [p["why"]["en"] for p in verdict["parts"]] == [f"why {w}." for w in words.split()]
    note = verdict["note"]
    assert note is not None
    assert "七成看每一句" in note["zh"]
    assert f"the {len(words.split())} thing" in note["en"]


def test_what_is_seen_at_a_moment_is_shown_there() -> None:
    """A node's scene stands in its moment, and makes it another one; elsewhere there is none."""
    plain = talk()
    nodes = {
        "opening": {
            "scene": both("the clock says ten"),
            "customer": both("angry"),
            "say": {
                "hear": {**both("hear"), "to": "done"},
                "blame": {**both("blame"), "to": "done"},
            },
        },
        "done": {"ending": both("mended")},
    }
    key = {
        "credit": {"opening": {"hear": 1.0, "blame": 0.0}},
        "why": {"opening": {"hear": both("why"), "blame": both("why not")}},
        "outcome": {"done": 1.0},
    }
    item = {"kind": "dialogue", "start": "opening", "node": nodes}
    made = authored(item, key)
    moments = made.card["nodes"].values()
    assert both("the clock says ten") in [m["scene"] for m in moments if "scene" in m]
    assert len([m for m in moments if "scene" in m]) == 1
    assert made.card["start"] != plain.card["start"]
    assert not any("scene" in m for m in plain.card["nodes"].values())


def test_what_the_customer_is_too_angry_for_cannot_be_said() -> None:
    """Anger is 4 after `hear`, and `soothe` wants 3; after `ask` it is heard."""
    made = talk()
    assert not kinds.is_complete(made.card, {"path": spoken(made, "hear soothe")})
    assert kinds.is_complete(made.card, {"path": spoken(made, "hear ask soothe")})
    assert made.key["expert"] == spoken(made, "hear ask soothe")


@pytest.mark.parametrize(
    ("words", "status", "note"),
    [
        ("", "blank", "Not answered"),
        ("hear", "malformed", "not finished"),
        ("hear hear", "malformed", "not among"),
        ("mend", "malformed", "not among"),
        ("blame blame", "malformed", "not among"),
        ("hear" + " ask" * MOST, "malformed", "wrong form"),
    ],
)
def test_what_is_no_whole_conversation(words: str, status: str, note: str) -> None:
    """Nothing said is blank; an unfinished, a forged or an endless path is malformed."""
    made = talk()
    verdict = kinds.judge(made.card, made.key, {"path": spoken(made, words)})
    assert (verdict["status"], verdict["credit"], verdict["parts"]) == (status, 0.0, [])
    assert verdict["note"] is not None
    assert note in verdict["note"]["en"]


def test_the_longest_conversation() -> None:
    """Sixty sayings are heard out."""
    made = talk()
    path = spoken(made, "hear" + " ask" * (MOST - 2) + " soothe")
    assert kinds.judge(made.card, made.key, {"path": path})["credit"] == 1.0


def test_chance_with_a_loop() -> None:
    """A walk by chance that may go round is still added up exactly."""
    made = talk()
    # `blame` half the time; after `hear`, one of two (anger 4), then one of three (3 and less).
    value = 0.5 * 0.06 + 0.25 * 0.585
    staying = 0.25
    for asked in range(1, MOST):
        if asked + 2 <= MOST:
            value += staying / 3 * (0.7 * (asked + 1.5) / (asked + 2) + 0.06)
            value += staying / 3
        staying /= 3
    assert dialogue.chance(made.card, made.key) == pytest.approx(value, abs=1e-12)
    assert dialogue.calmest(made.card, made.key) == pytest.approx(0.585)


def test_the_calmest_averages_what_is_equal() -> None:
    """Sayings that move feelings alike are said alike often."""
    made = talk()
    for moment in made.card["nodes"].values():
        for saying in moment["says"]:
            saying["anger"] = saying["trust"] = 0
            saying["needs"] = {}
    assert dialogue.calmest(made.card, made.key) == dialogue.chance(made.card, made.key)


def test_it_is_shown_in_words() -> None:
    """What was said stands numbered, and below it how it ended; a forged path shows nothing."""
    made = talk()
    path = spoken(made, "hear ask soothe")
    assert kinds.show(made.card, {"path": path}, "en") == [
        "1. hear.", "2. ask.", "3. soothe.", "How it ended: thanks. mended.",
    ]  # fmt: skip
    assert kinds.show(made.card, {"path": path}, "zh")[-1] == "结局：thanks。 mended。"
    assert kinds.show(made.card, {"path": ["stranger"]}, "zh") == []


def test_ids_come_from_public_words_only() -> None:
    """The same words at two nodes are two sayings; names and order of declaration tell nothing."""
    made = talk()
    node = {
        "a": {"customer": both("angry"), "say": {
            "x": {**both("yes"), "to": "b"}, "y": {**both("no"), "to": "c"}}},
        "b": {"customer": both("well"), "say": {
            "x": {**both("yes"), "to": "c"}, "y": {**both("no"), "to": "c"}}},
        "c": {"ending": both("over")},
    }  # fmt: skip
    marks = {"x": 1.0, "y": 0.0}
    key = {"credit": {"a": marks, "b": marks}, "outcome": {"c": 1.0},
           "why": {n: {"x": both("1"), "y": both("2")} for n in "ab"}}  # fmt: skip
    item = {"kind": "dialogue", "start": "a"}
    made = authored({**item, "node": node}, key)
    assert len({s["id"] for m in made.card["nodes"].values() for s in m["says"]}) == 4
    turned = {name: node[name] for name in reversed(node)}
    assert canonical(authored({**item, "node": turned}, key).card) == canonical(made.card)


@st.composite
def walked(draw: st.DrawFn) -> tuple[Published, list[str], list[State]]:
    """A conversation, walked at random for a while, and where it came by."""
    made = draw(st.sampled_from([call()[0], talk()]))
    here = Talk.of(made.card)
    states, path = [here.start], list[str]()
    for _ in range(draw(st.integers(0, MOST))):
        says = here.says(states[-1])
        if not says:
            break
        saying = draw(st.sampled_from(says))
        path.append(saying["id"])
        states.append(here.after(states[-1], saying))
    return made, path, states


@given(walk=walked())
def test_any_walk(walk: tuple[Published, list[str], list[State]]) -> None:
    """A whole walk is judged by the formula; every beginning of it is not whole; feelings hold."""
    made, path, states = walk
    here = Talk.of(made.card)
    assert all(0 <= s.anger <= 10 and 0 <= s.trust <= 10 for s in states)
    assert here.walk(path).states == tuple(states)
    for length in range(len(path)):
        assert not kinds.is_complete(made.card, {"path": path[:length]})
    verdict = kinds.judge(made.card, made.key, {"path": path})
    assert 0 <= verdict["credit"] <= 1
    if path and here.ends(states[-1]):
        mean = sum(made.key["credit"][i] for i in path) / len(path)
        exact = 0.7 * mean + 0.3 * made.key["outcome"][states[-1].node]
        assert verdict["credit"] == pytest.approx(exact, abs=1e-4)
        assert len(kinds.show(made.card, {"path": path}, "zh")) == len(path) + 1
    else:
        assert verdict["status"] == ("malformed" if path else "blank")


@given(walk=walked(), at=st.integers(0, MOST), forged=any_text | st.just("from-elsewhere"))
def test_a_forged_step(
    walk: tuple[Published, list[str], list[State]], at: int, forged: str
) -> None:
    """A step that is not offered where it stands spoils the whole path."""
    made, path, _ = walk
    path = [*path[:at], forged, *path[at:]]
    assert kinds.judge(made.card, made.key, {"path": path})["status"] == "malformed"


@given(response=any_json | st.builds(lambda path: {"path": path}, any_json))
def test_any_json(response: object) -> None:
    """Whatever stands in a journal has a verdict."""
    made = talk()
    verdict = kinds.judge(made.card, made.key, response)
    assert 0 <= verdict["credit"] <= 1
    assert (verdict["status"] == "judged") == kinds.is_complete(made.card, response)
