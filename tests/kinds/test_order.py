"""Steps in order: max(0, 2 x share of required pairs kept - 1)."""

from __future__ import annotations

from itertools import permutations

import pytest

from kefu import kinds
from kefu.publish import Published
from tests.pieces import id_of, order


def _judge(item: Published, steps: str | tuple[str, ...]) -> float:
    response = {"order": [id_of(item, step) for step in steps]}
    return kinds.judge(item.card, item.key, response)["credit"]


@pytest.mark.parametrize(
    ("given", "credit"),
    [
        ("abcd", 1.0),
        ("bacd", 0.6667),  # 5 of 6 pairs
        ("badc", 0.3333),  # 4 of 6
        ("bcad", 0.3333),
        ("dabc", 0.0),  # 3 of 6
        ("dcba", 0.0),
    ],
)
def test_formula(given: str, credit: float) -> None:
    """Each required pair that is kept counts; half of them is what chance keeps, and worth 0."""
    assert _judge(order("abcd"), given) == credit


@pytest.mark.parametrize("steps", ["abc", "abcd", "abcde"])
def test_a_random_order(steps: str) -> None:
    """Over all orders the share kept is one half, so chance is worth 0 before the floor."""
    item = order(steps)
    notes = []
    pairs = len(steps) * (len(steps) - 1) // 2
    for given in permutations(steps):
        response = {"order": [id_of(item, step) for step in given]}
        note = kinds.judge(item.card, item.key, response)["note"]
        assert note is not None
        assert note["en"].startswith(f"Of {pairs} pairs")
        notes.append(int(note["en"].rsplit("matters, ")[1].split()[0]))
    assert 2 * sum(notes) == pairs * len(notes)


def test_a_free_pair_may_swap() -> None:
    """Both orders of a free pair are worth everything."""
    item = order("abcd", "bc")
    assert _judge(item, "abcd") == 1.0
    assert _judge(item, "acbd") == 1.0
    assert _judge(item, "bacd") == 0.6  # 4 of 5


def test_a_free_pair_is_named_either_way_round() -> None:
    """How an author writes a free pair makes no difference."""
    assert order("abcd", "bc").key == order("abcd", "cb").key


def test_free_pairs_are_not_transitive() -> None:
    """That a may swap with b and b with c says nothing of a and c."""
    item = order("abc", "ab", "bc")
    worth = {"".join(given): _judge(item, given) for given in permutations("abc")}
    assert worth == {"abc": 1.0, "acb": 1.0, "bac": 1.0, "bca": 0.0, "cab": 0.0, "cba": 0.0}


def test_nothing_required() -> None:
    """Where every pair is free, any full order is right."""
    item = order("abc", "ab", "bc", "ac")
    assert {_judge(item, given) for given in permutations("abc")} == {1.0}


@pytest.mark.parametrize("given", ["ab", "abca", "aab"])
def test_not_every_step_once(given: str) -> None:
    """An order has every step once; anything else is worth 0 and says why."""
    item = order("abc")
    response = {"order": [id_of(item, step) for step in given]}
    verdict = kinds.judge(item.card, item.key, response)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")
    assert verdict["note"] is not None


def test_no_steps_is_blank() -> None:
    """An empty order is blank."""
    item = order("abc")
    assert kinds.judge(item.card, item.key, {"order": []})["status"] == "blank"


def test_in_words() -> None:
    """Steps are shown numbered, in the learner's order."""
    item = order("abc")
    response = {"order": [id_of(item, step) for step in "bca"]}
    assert kinds.show(item.card, response, "en") == ["1. b.", "2. c.", "3. a."]
