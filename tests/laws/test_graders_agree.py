"""Law 5. Graders agree: nbgrader, the house and the practice desk judge an attempt alike."""

from __future__ import annotations

import random
import types
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kefu.house.journal
from kefu import kinds
from kefu.card import RUBRIC, Card, Receipt, Response
from kefu.progress import receipt
from kefu.scenario import KEYS
from tests.grading.course import GRADED
from tests.laws.attempts import beside, broken, responses
from tests.laws.graders import NOTHING, Graders, build, disagreement, drawn, expert
from tests.laws.long_kinds import HINTED, STORY

REWRITE = f"{STORY}--say-it-better"
TALK = f"{STORY}--calm-down"
EVERY = (*GRADED, f"{STORY}--what-helps", TALK, f"{STORY}--score-it", REWRITE)


@pytest.fixture(scope="module")
def graders(tmp_path_factory: pytest.TempPathFactory) -> Graders:
    """One course for nbgrader, its open twin for house and desk."""
    return build(tmp_path_factory.mktemp("graders"))


def test_all_kinds_that_have_a_key_are_asked(graders: Graders) -> None:
    """There is an item of each kind that is judged, in both rooms."""
    asked = sorted(card["kind"] for card in graders.open_cards.values())
    assert asked == sorted(KEYS)
    assert sorted(graders.sealed_cards) == sorted(graders.open_cards)
    assert {ref for ref, card in graders.open_cards.items() if card.get("hints")} == {*HINTED}


@settings(max_examples=280, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_three_graders_give_one_verdict(graders: Graders, data: st.DataObject) -> None:
    """Credit, status, parts, reasons and note of any response are the same from all three."""
    ref = data.draw(st.sampled_from(sorted(graders.open_cards)))
    response = data.draw(responses(graders.open_cards[ref]))
    more = data.draw(beside(st.sampled_from([0, 1, 2, 3, -1, 99, None, True, 1.0, "1"])))
    assert disagreement(graders, ref, {**response, **more}) == []


def test_what_is_too_much_for_the_customer_is_taken_by_none(graders: Graders) -> None:
    """A saying counts only where its needs hold; a way round that calms the customer opens it."""
    nodes = graders.open_cards[TALK]["nodes"].values()
    says = {say["text"]["zh"][:2]: say["id"] for node in nodes for say in node["says"]}
    hear, rule, sew, wait = (says[words] for words in ("我先", "小票", "我现", "您先"))
    for path, taken in (
        ([hear, sew], True),
        ([rule, sew], False),
        ([rule, wait, hear, sew], True),
        ([rule, wait, rule, sew], False),
        ([hear, wait], False),
        ([*[hear, wait] * 29, hear, sew], True),
        ([*[hear, wait] * 30, hear, sew], False),
    ):
        for grade in (graders.autograde, graders.house, graders.desk):
            assert (grade(TALK, {"path": path}) != NOTHING) == taken
        assert disagreement(graders, TALK, {"path": path}) == []


@pytest.mark.parametrize("ref", HINTED)
def test_hints_cost_the_same_everywhere(graders: Graders, ref: str) -> None:
    """House and desk take the same off for the hints that were opened; nbgrader knows of none."""
    best, costs = expert(graders, ref), [0.25, 0.35]
    for opened, left in enumerate((1, 1 - costs[0], 1 - sum(costs))):
        for grade in (graders.house, graders.desk):
            verdict = grade(ref, {**best, "hints": opened})
            assert not isinstance(verdict, str)
            assert verdict["credit"] == pytest.approx(left)
        assert (graders.autograde(ref, {**best, "hints": opened}) == NOTHING) == (opened > 0)
        assert disagreement(graders, ref, {**best, "hints": opened}) == []
    for never in (3, -1, True, 1.0, "1", None):
        assert graders.desk(ref, {**best, "hints": never}) == NOTHING
        assert disagreement(graders, ref, {**best, "hints": never}) == []


def test_being_sure_is_worth_nothing_to_all(graders: Graders) -> None:
    """Whoever was asked says how sure they are at no cost; who was not asked cannot say."""
    for ref, card in graders.open_cards.items():
        best = expert(graders, ref)
        for sure in (True, False):
            said = graders.desk(ref, {**best, "sure": sure})
            assert said == (graders.desk(ref, best) if card.get("confidence") else NOTHING)
            assert disagreement(graders, ref, {**best, "sure": sure}) == []
        assert graders.desk(ref, {**best, "sure": 1}) == NOTHING
        assert disagreement(graders, ref, {**best, "sure": 1}) == []


@pytest.mark.parametrize("version", ["0" * 16, "-", "\u0000", "\ud800", "x" * 10_000])
def test_an_unknown_version_is_worth_nothing_to_all(graders: Graders, version: str) -> None:
    """An answer to a card that was never released counts with none of the three."""
    for ref in graders.open_cards:
        best = expert(graders, ref)
        assert disagreement(graders, ref, best) == []
        assert graders.desk(ref, best, version) == NOTHING
        assert disagreement(graders, ref, best, version) == []


@pytest.mark.parametrize("learners", [20, pytest.param(40, marks=pytest.mark.soak)])
def test_nbgrader_itself_agrees(graders: Graders, learners: int) -> None:
    """`nbgrader autograde` of twenty learners puts into the gradebook what the others say."""
    sealed = graders.sealed
    given = {f"g{n:02}": drawn(graders, random.Random(n)) for n in range(learners)}
    for student, mine in given.items():
        sealed.submit(student, sealed.answers(mine))
    sealed.nbgrader("autograde", "first")
    scores = sealed.scores()
    seen: dict[str, set[float]] = {ref: set() for ref in graders.open_cards}
    for student, mine in given.items():
        # What a person marks is a cell of its own.
        assert scores[student].keys() - mine.keys() == {f"{REWRITE}{RUBRIC}1"}
        for ref, response in mine.items():
            verdict = graders.house(ref, response) if response is not None else NOTHING
            credit = 0.0 if isinstance(verdict, str) else verdict["credit"]
            assert scores[student][ref] == pytest.approx(4 * credit, abs=1e-9), (student, ref)
            assert disagreement(graders, ref, response or {}) == []
            seen[ref].add(credit)
    for ref, worth in seen.items():
        assert {0.0, 1.0} <= worth, ref
        assert len(worth) > 2 or graders.open_cards[ref]["kind"] == "number", ref


@pytest.mark.parametrize("ref", EVERY)
def test_a_judge_that_is_off_by_a_little_is_caught(
    graders: Graders, monkeypatch: pytest.MonkeyPatch, ref: str
) -> None:
    """A house that gives one hundredth less than the others disagrees, and is found out."""
    best = expert(graders, ref)
    assert disagreement(graders, ref, best) == []

    def mean(*told: Any) -> Receipt:
        made = receipt(*told)
        assert made["verdict"]
        made["verdict"]["credit"] = round(made["verdict"]["credit"] * 0.99, 4)
        return made

    monkeypatch.setattr(kefu.house.journal, "receipt", mean)
    assert len(disagreement(graders, ref, best)) == 3


@pytest.mark.parametrize(
    ("ref", "typed"),
    [("umbrella--rings", {"number": "３"}), (REWRITE, {"text": "我来补，today"})],
)
def test_a_grader_that_reads_otherwise_is_caught(
    graders: Graders, monkeypatch: pytest.MonkeyPatch, ref: str, typed: Response
) -> None:
    """A house that refuses what the others take, as full-width digits, is found out."""
    assert disagreement(graders, ref, typed) == []

    def strict(card: Card, response: object) -> bool:
        return kinds.is_complete(card, response) and str(response).isascii()

    _house_reads(monkeypatch, strict)
    assert len(disagreement(graders, ref, typed)) == 3


@pytest.mark.parametrize("ref", EVERY)
def test_a_grader_that_takes_anything_is_caught(
    graders: Graders, monkeypatch: pytest.MonkeyPatch, ref: str
) -> None:
    """A house that keeps what is no whole answer, as a talk not led to its end, is found out."""
    card, dice = graders.open_cards[ref], random.Random(7)
    tries = [broken(card, dice) for _ in range(20)]
    partial = [each for each in tries if not kinds.is_complete(card, each)]
    assert len(partial) > 10
    assert [disagreement(graders, ref, each) for each in partial] == [[]] * len(partial)
    _house_reads(monkeypatch, lambda card, response: True)
    assert all(len(disagreement(graders, ref, each)) == 3 for each in partial)


@pytest.mark.parametrize("ref", HINTED)
def test_a_grader_that_forgets_the_hints_is_caught(
    graders: Graders, monkeypatch: pytest.MonkeyPatch, ref: str
) -> None:
    """A house that gives full credit whatever hints were opened is found out by the desk."""
    helped = {**expert(graders, ref), "hints": 1}
    assert disagreement(graders, ref, helped) == []

    def kind(card: Card, *told: Any) -> Receipt:
        free = [{**hint, "cost": 0.0} for hint in card["hints"]]
        return receipt({**card, "hints": free}, *told)  # type: ignore[typeddict-item]

    monkeypatch.setattr(kefu.house.journal, "receipt", kind)
    assert len(disagreement(graders, ref, helped)) == 2


def _house_reads(
    monkeypatch: pytest.MonkeyPatch, is_complete: Callable[[Card, object], bool]
) -> None:
    off = types.SimpleNamespace(judge=kinds.judge, is_complete=is_complete)
    monkeypatch.setattr(kefu.house.journal, "kinds", off)
