"""From answers to a report: what a made-up class with a known truth must show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.grading.judge import Judged
from kefu.grading.report.advice import reading, suggestions
from kefu.grading.report.book import notebook, sheets
from kefu.grading.report.page import page
from kefu.grading.report.sittings import LONGEST, Answer, Asked, Sitting, sit
from kefu.grading.report.whole import analyse
from kefu.journal import Attempt
from kefu.quality.testing import ENOUGH, facility
from kefu.text import TextJSON
from tests.grading.reported import chosen, gave, options_of, rewritten, sittings, talk

TITLE: TextJSON = {"zh": "一组", "en": "A set"}
RIGHT = {"a": 1.0, "b": 0.0}


def simulated(
    n: int, difficulty: list[float], slope: list[float], seed: int = 5
) -> tuple[dict[str, Asked], list[Sitting]]:
    """A class whose answers follow the two-parameter logistic model."""
    dice = np.random.default_rng(seed)
    ability = dice.normal(size=(n, 1))
    chance = 1 / (1 + np.exp(-np.array(slope) * (ability - np.array(difficulty))))
    right = (dice.random(chance.shape) < chance).astype(float)
    refs = [f"s--i{at}" for at in range(len(slope))]
    asked = {ref: chosen(ref, RIGHT) for ref in refs}
    return asked, sittings({ref: options_of(right[:, at]) for at, ref in enumerate(refs)})


def words(found: Any) -> str:
    """What was said, in English."""
    return " ".join(one.en for one in found)


# ---- what is true of a class is found


def test_the_order_of_difficulty_and_separation_is_found() -> None:
    """In a simulated class harder items show lower facility, steeper ones more discrimination."""
    asked, class_ = simulated(400, [-2, -1, 0, 1, 2, 0, 0], [1.2] * 5 + [0.2, 3.0])
    report = analyse("s", TITLE, asked, class_)
    easy = [one.facility.value or 0 for one in report.items[:5]]
    assert easy == sorted(easy, reverse=True)
    flat, middle, steep = (report.items[at].discrimination.value or 0 for at in (5, 2, 6))
    assert flat < middle < steep
    assert report.reliability.alpha is not None
    assert report.reliability.items == 7
    assert len(report.scores) == 400
    assert report.most == 28


def test_a_key_that_is_turned_round_is_suggested_for_a_look() -> None:
    """An item that the weak get right is told, with its interval; sound items are not."""
    asked, class_ = simulated(200, [0] * 5, [1.5, 1.5, 1.5, 1.5, -2.0])
    report = analyse("s", TITLE, asked, class_)
    assert report.items[4].discrimination.high < 0
    said = words(suggestions(report.items[4]))
    assert "Discrimination is negative: −" in said
    assert "(−" in said
    assert "did worse here" in reading(report.items[4]).en
    assert not any("negative" in words(suggestions(one)) for one in report.items[:4])


@pytest.mark.parametrize("n", [1, 5, ENOUGH - 1])
def test_a_small_class_gets_numbers_and_no_verdict(n: int) -> None:
    """Below the least number there is an interval, no conclusion and no suggestion."""
    asked, class_ = simulated(n, [0] * 3, [1.0, 1.0, -9.0])
    for item in analyse("s", TITLE, asked, class_).items:
        assert item.facility.high - item.facility.low > 0.1
        assert "no conclusion" in reading(item).en
        assert suggestions(item) == []


def test_from_the_least_number_on_there_is_a_reading() -> None:
    """With just enough learners the sentence says what facility and discrimination say."""
    asked, class_ = simulated(ENOUGH, [0, 0], [1.0, 1.0])
    for item in analyse("s", TITLE, asked, class_).items:
        assert "no conclusion" not in reading(item).en


# ---- options


def picks(options: str) -> dict[str, list[Answer]]:
    """One item whose options were picked so, beside one that says who is strong: the last ones."""
    n = len(options)
    worth = {"a": 1.0, "b": 0.0, "c": 0.0}
    return {
        "s--one": [gave(worth[option], option) for option in options],
        "s--rest": [gave(at / n, "a") for at in range(n)],
    }


def test_an_option_that_nobody_picks_is_told() -> None:
    """The words of an option with no picks stand in a suggestion, with how many might pick it."""
    columns = picks("ab" * 20)
    asked = {"s--one": chosen("s--one", {"a": 1.0, "b": 0.0, "c": 0.0}),
             "s--rest": chosen("s--rest", RIGHT)}  # fmt: skip
    report = analyse("s", TITLE, asked, sittings(columns))
    said = words(suggestions(report.items[0]))
    assert "Nobody picked “pick c” (at most 9% would)" in said
    assert [one.pick.times for one in report.items[0].options] == [20, 20, 0]


def test_a_wrong_option_that_the_strong_prefer_is_told() -> None:
    """Where the strong group picks another option more than the best one, it is told."""
    asked = {"s--one": chosen("s--one", {"a": 1.0, "b": 0.0, "c": 0.0}),
             "s--rest": chosen("s--rest", RIGHT)}  # fmt: skip
    report = analyse("s", TITLE, asked, sittings(picks("a" * 20 + "c" + "b" * 19)))
    assert "The strong group picked “pick b” more often (100%)" in words(
        suggestions(report.items[0])
    )


def test_each_option_of_many_is_looked_at_by_itself() -> None:
    """Of an item with several right options, each has its own share of all who answered."""
    one = chosen("s--one", {"a": 1, "b": 0, "c": 0})
    card = {**one.card, "kind": "choices"}
    asked = {"s--one": Asked(card, {"right": ["a", "c"]}, 4)}  # type: ignore[arg-type]
    given_ = [["a", "c"], ["a"], ["b", "c"], ["a", "b", "c"]]
    column = [gave(0.5, response={"options": each}) for each in given_]
    report = analyse("s", TITLE, asked, sittings({"s--one": column}))
    found = {o.text["en"]: (o.pick.times, o.pick.share.n) for o in report.items[0].options}
    assert found == {"pick a": (3, 4), "pick b": (2, 4), "pick c": (3, 4)}


# ---- blank, malformed, another version


def test_a_blank_counts_nothing_and_is_shown() -> None:
    """A blank answer is worth 0 in facility and total, and stands in no table of options."""
    asked = {"s--one": chosen("s--one", RIGHT)}
    column = [gave(1.0, "a"), gave(0.0), gave(0.0), gave(1.0, "a")]
    item = analyse("s", TITLE, asked, sittings({"s--one": column})).items[0]
    assert item.facility.value == 0.5
    assert (item.answered, item.blank.value) == (2, 0.5)
    assert item.options[0].pick.share == facility([1, 1])


def test_an_answer_that_cannot_be_read_is_told_at_any_number() -> None:
    """That something is broken is a fact, not a verdict on the item."""
    asked = {"s--one": chosen("s--one", RIGHT)}
    column = [Answer(0.0, "malformed"), gave(1.0, "a")]
    item = analyse("s", TITLE, asked, sittings({"s--one": column})).items[0]
    assert item.malformed == 1
    assert "could not be read" in words(suggestions(item))


def test_an_earlier_version_is_scored_and_not_counted_by_option() -> None:
    """An answer to another version has its credit; its options may have been others."""
    asked = {"s--one": chosen("s--one", RIGHT)}
    column = [gave(1.0, "gone", current=False), gave(0.0, "b")]
    item = analyse("s", TITLE, asked, sittings({"s--one": column})).items[0]
    assert item.earlier == 1
    assert item.facility.n == 2
    assert [one.pick.times for one in item.options] == [0, 1]


# ---- confidence


def test_most_of_the_sure_being_wrong_is_told() -> None:
    """Confident mistakes are counted where sureness was asked, and told when they are the rule."""
    asked = {"s--one": chosen("s--one", RIGHT, confidence=True)}

    def said(credit: float, sure: bool) -> Answer:
        option = "a" if credit else "b"
        return gave(credit, option, response={"option": option, "sure": sure})

    column = [said(0, True)] * 30 + [said(1, True)] * 5 + [said(1, False)] * 5
    item = analyse("s", TITLE, asked, sittings({"s--one": column})).items[0]
    assert item.sure is not None
    assert (item.sure.sure, item.sure.unsure) == (35, 5)
    assert "Most of those who were sure were wrong: 86%" in words(suggestions(item))
    plain = analyse("s", TITLE, {"s--one": chosen("s--one", RIGHT)}, sittings({"s--one": column}))
    assert plain.items[0].sure is None


# ---- rubrics


def test_a_rubric_counts_only_when_everyone_is_marked() -> None:
    """While one text waits, all are compared by their phrases; then the rubric counts for all."""
    asked = {"s--one": rewritten("s--one", 3, 1)}

    def report(*marks: tuple[float | None, float | None]) -> Any:
        column = [gave(0.5, response={"text": "x"}, marks=each) for each in marks]
        return analyse("s", TITLE, asked, sittings({"s--one": column}))

    half = report((3, 1), (None, 0))
    assert (half.waiting, half.waiting_parts) == (1, 1)
    assert half.most == 4
    assert half.items[0].facility.value == 0.5
    assert [(p.share.value, p.share.n, p.waiting) for p in half.items[0].pieces] == [
        (1.0, 1, 1),
        (0.5, 2, 0),
    ]
    whole = report((3, 1), (0, 0))
    assert whole.waiting == 0
    assert whole.most == 8
    assert whole.scores == (2.0, 6.0)
    assert whole.items[0].facility.value == pytest.approx((0.75 + 0.25) / 2)


# ---- time and changes of mind


def attempt(item: str, second: float, option: str) -> Attempt:
    """An answer so many seconds after eight."""
    at = f"2026-11-20T08:{int(second // 60):02}:{int(second % 60):02}.000Z"
    return Attempt(f"{item}{second}", item, "v1", {"option": option}, at)


def test_time_and_changes_come_from_the_journal() -> None:
    """An answer's time runs from the one before; a pause is cut, a clock turned back gives none."""
    asked = {ref: chosen(ref, RIGHT) for ref in ("s--a", "s--b", "s--c", "s--d")}
    journal = [
        attempt("s--a", 0, "a"),
        attempt("s--b", 30, "a"),
        attempt("s--b", 40, "a"),
        attempt("s--b", 45, "b"),
        attempt("s--c", 3000, "a"),
        attempt("s--d", 100, "a"),
    ]
    verdict: Any = {"credit": 1.0, "status": "judged", "parts": []}
    judged = {
        ref: Judged(one.card, next(a for a in reversed(journal) if a.item == ref), verdict)
        for ref, one in asked.items()
    }
    found = sit(asked, judged, journal, {}).answers
    assert found["s--a"].seconds is None
    assert (found["s--b"].seconds, found["s--b"].changes) == (45, 1)
    assert (found["s--c"].seconds, found["s--c"].capped) == (LONGEST, True)
    assert found["s--d"].seconds is None


# ---- conversations


def walked(*path: str, credit: float = 0.5) -> Answer:
    """A way through the conversation."""
    return gave(credit, response={"path": list(path)})


def test_where_customers_are_lost_is_found() -> None:
    """A customer is lost where the best ending still within reach gets worse, and only there."""
    asked = {"t--talk": talk()}
    column = [walked("kind")] * 3 + [walked("slow", "spoil")] * 2 + [walked("slow", "mend")]
    found = analyse("s", TITLE, asked, sittings({"t--talk": column})).items[0].talk
    assert found is not None
    assert [(p.times, p.outcome) for p in found.paths] == [(3, 1.0), (2, 0.2), (1, 1.0)]
    assert found.worst is not None
    assert found.worst.text["en"] == "middle."
    assert (found.worst.visits, found.worst.lost) == (3, 2)
    assert found.worst.drop == pytest.approx(0.8)
    start = found.stops[0]
    assert (start.visits, start.lost) == (6, 0)
    assert [stop.depth for stop in found.stops] == sorted(stop.depth for stop in found.stops)


def test_where_nobody_is_lost_nothing_is_said() -> None:
    """A class that always reaches the best ending has lost nobody anywhere."""
    asked = {"t--talk": talk()}
    column = [walked("kind"), walked("slow", "mend")]
    found = analyse("s", TITLE, asked, sittings({"t--talk": column})).items[0].talk
    assert found is not None
    assert found.worst is None


# ---- any class at all


def anything() -> st.SearchStrategy[Answer]:
    """Some answer to a choice of a, b, c."""
    worth = {"a": 1.0, "b": 0.4, "c": 0.0}
    whole = st.builds(
        lambda option, sure, changes, seconds: gave(
            worth[option],
            option,
            response={"option": option, "sure": sure},
            changes=changes,
            seconds=seconds,
        ),
        st.sampled_from("abc"),
        st.booleans(),
        st.integers(0, 3),
        st.none() | st.floats(0, LONGEST),
    )
    return (
        whole
        | st.just(Answer(0.0, "blank"))
        | st.just(Answer(0.0, "malformed"))
        | st.just(Answer(None, "judged"))
    )


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(0, 45), st.integers(0, 4))
def test_any_class_makes_a_report(data: st.DataObject, n: int, items: int) -> None:
    """Whatever was answered, page, sheets and notebook are made, and none of them says nan."""
    worth = {"a": 1.0, "b": 0.4, "c": 0.0}
    asked = {f"s--i{at}": chosen(f"s--i{at}", worth, confidence=True) for at in range(items)}
    answer = anything()
    class_ = [Sitting({ref: data.draw(answer) for ref in asked}) for _ in range(n)]
    report = analyse("s", TITLE, asked, class_)
    text = page(report, "zh")
    assert "nan" not in text.replace("nance", "")
    assert "None" not in text
    for heads, rows in sheets(report).values():
        assert all(len(row) == len(heads) for row in rows)
    assert notebook(report)
