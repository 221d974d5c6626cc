"""The demonstration's class, counted by hand: nothing of kefu's judging is used here."""

from __future__ import annotations

import csv
import json
import re
import tomllib
import unicodedata
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from kefu.demo import Prepared
from kefu.demo.answers import LEARNERS
from tests.demonstration import ROOT

SETS = {"numbers-that-hold": 20.0, "ownership": 24.0, "responsibility-and-promises": 50.0,
        "service-basics": 24.0}  # fmt: skip
"""Set → what it is worth in points."""
MARKED_BY_HAND = {"responsibility-and-promises": 7.0}
"""Points of rubrics, which nobody has given yet."""
CELLS = {"numbers-that-hold": 4, "responsibility-and-promises": 8}
"""Grade cells that are judged; in the other sets there are six."""
DRAFTS = {"share-interval--program": 6 * (1 / 12) / 5, "two-raters--program": 0.0}
"""What the first drafts of `kefu.demo.answers` are worth: of five groups, one of twelve samples
lies so near the middle that the familiar interval is within a thousandth of Wilson's."""


@cache
def authored() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Every graded item and its key as they were typed, by ref."""
    found = {}
    for file in sorted((ROOT / "content" / "scenarios").glob("*.toml")):
        data = tomllib.loads(_standards(file.read_text("utf-8")))
        for item in data["item"]:
            if item["use"] == "graded":
                found[f"{file.stem}--{item['id']}"] = item, data["sealed"][item["id"]]
    return found


def _standards(text: str) -> str:
    """The text with the house's numbers in it, those in force on the course's day."""
    table = tomllib.loads((ROOT / "content" / "standards.toml").read_text("utf-8"))
    day = tomllib.loads((ROOT / "content" / "course.toml").read_text("utf-8"))["as_of"]

    def value(found: re.Match[str]) -> str:
        versions = table[found[1]][found[2]]["version"]
        return str(max((v["from"], v["value"]) for v in versions if v["from"] <= day)[1])

    return re.sub(r"\{standard\.(\w+)\.(\w+)\}", value, text)


def by_hand(
    item: dict[str, Any], key: dict[str, Any], card: dict[str, Any], response: Any
) -> float:
    """The credit of a response, from the author's own words."""
    said = {o["id"]: o["text"]["zh"] for o in (*card.get("options", []), *card.get("steps", []))}
    named = {
        words["zh"]: name for name, words in (item.get("option") or item.get("step") or {}).items()
    }

    def name(published: str) -> str:
        return named[said[published]]

    if item["kind"] == "choice":
        credit = key["credit"][name(response["option"])]
    elif item["kind"] == "choices":
        picked, right = {name(o) for o in response["options"]}, set(key["right"])
        credit = max(0, len(picked & right) - len(picked - right)) / len(right)
    elif item["kind"] == "order":
        given = [name(s) for s in response["order"]]
        free = [set(pair) for pair in key.get("free", [])]
        pairs = [p for p in combinations(key["order"], 2) if set(p) not in free]
        kept = sum(given.index(a) < given.index(b) for a, b in pairs)
        credit = max(0.0, 2 * kept / len(pairs) - 1)
    elif item["kind"] == "match":
        left = {words["zh"]: name for name, words in item["left"].items()}
        right = {words["zh"]: name for name, words in item["right"].items()}
        says = {o["id"]: o["text"]["zh"] for o in (*card["lefts"], *card["rights"])}
        given_pairs = {left[says[a]]: right[says[b]] for a, b in response["pairs"].items()}
        credit = sum(
            1.0 if key["pair"][a] == b else 0.5 if b in key.get("half", {}).get(a, ()) else 0.0
            for a, b in given_pairs.items()
        ) / len(item["left"])
    elif item["kind"] == "dialogue":
        says = {say["id"]: say["text"]["zh"] for n in card["nodes"].values() for say in n["says"]}
        node, earned = item["start"], []
        for step in response["path"]:
            spoken = item["node"][node]["say"]
            by_words = {say["zh"]: each for each, say in spoken.items()}
            chosen = by_words[says[step]]
            earned.append(key["credit"][node][chosen])
            node = spoken[chosen]["to"]
        credit = 0.7 * sum(earned) / len(earned) + 0.3 * key["outcome"][node]
    elif item["kind"] == "rewrite":
        text = unicodedata.normalize("NFKC", response["text"]).casefold().replace("’", "'")
        needed = [_says(text, phrase) for phrase in key.get("required", {}).values()]
        barred = [_says(text, phrase) for phrase in key.get("forbidden", {}).values()]
        credit = max(0, sum(needed) - sum(barred)) / len(needed)
    else:
        typed = unicodedata.normalize("NFKC", response["number"]).replace(",", "")
        distance = abs(float(typed) - float(key["value"]))
        credit = float(distance <= key.get("tolerance", 0))
    return round(credit, 4)


def _says(text: str, phrase: dict[str, Any]) -> bool:
    """Whether a text holds one of a phrase's variants; English ones as whole words."""
    fold = [v.casefold().replace("’", "'") for v in phrase["en"]]
    english = any(re.search(rf"(?<![a-z]){re.escape(v)}(?![a-z])", text) for v in fold)
    chinese = [unicodedata.normalize("NFKC", v) for v in phrase["zh"]]
    return english or any(v in text for v in chinese)


def _last(folder: Path) -> dict[str, Any]:
    lines = (folder / "responses.jsonl").read_text("utf-8").splitlines()
    return {said["item"]: said["response"] for said in map(json.loads, lines)}


def counted(demonstration: Prepared, student: str, slug: str) -> dict[str, float | None]:
    """Grade cell → points, counted from what the learner's own folder says was answered.

    None for a rubric, which a person marks.
    """
    folder = demonstration.places.root / "class" / student / slug
    cards = json.loads((folder / "cards.json").read_bytes())["cards"]
    answers, bank = _last(folder), authored()
    points: dict[str, float | None] = {}
    for card in cards:
        ref = card["item"]
        if card["kind"] == "program":
            points[ref] = round(DRAFTS[ref], 4) if LEARNERS[student] >= 0.5 else 0.0
            continue
        item, key = bank[ref]
        worth = by_hand(item, key, card, answers[ref]) if ref in answers else 0.0
        points[ref] = round(item.get("points", 4) * worth, 4)
        for number, _ in enumerate(key.get("rubric", ()), 1):
            points[f"{ref}--rubric-{number}"] = None
    return points


@pytest.mark.parametrize("slug", SETS)
def test_the_gradebook_says_what_a_hand_counts(demonstration: Prepared, slug: str) -> None:
    """Of twelve learners and every item, nbgrader's gradebook holds just the points counted."""
    with Gradebook(f"sqlite:///{demonstration.places.root / 'gradebook.db'}") as book:
        held = {
            s.student.id: {g.name: g.score for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions(slug)
        }
    assert sorted(held) == sorted(LEARNERS)
    for student, grades in held.items():
        by_hand_now = counted(demonstration, student, slug)
        # An empty text needs no marker: nbgrader gives its rubric 0 at once.
        unmarked = {n for n, p in by_hand_now.items() if p is None}
        assert all(grades.pop(name) in (None, 0.0) for name in unmarked)
        rest = {n: p for n, p in by_hand_now.items() if n not in unmarked}
        assert grades == pytest.approx(rest, abs=1e-3), student
        assert len(grades) == CELLS.get(slug, 6)
    assert {grade for grades in held.values() for grade in grades.values()} > {0.0, 4.0}


@pytest.mark.parametrize("slug", SETS)
def test_totals_are_the_sums(demonstration: Prepared, slug: str) -> None:
    """What the demonstration reports is the sum of the hand count; experts get it all."""
    for student, score in demonstration.scores[slug].items():
        points = counted(demonstration, student, slug).values()
        assert score == pytest.approx(sum(p or 0 for p in points), abs=1e-3)
    assert demonstration.points == SETS
    if slug != "numbers-that-hold":  # nobody's draft is the answer
        assert demonstration.scores[slug]["s01"] == SETS[slug] - MARKED_BY_HAND.get(slug, 0)
    assert len(set(demonstration.scores[slug].values())) >= 6, "answers differ"


def test_the_export_says_the_same(demonstration: Prepared) -> None:
    """`nbgrader export` writes a CSV with every learner's score in each set."""
    with (demonstration.places.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {(r["assignment"], r["student_id"]): float(r["score"]) for r in rows}
    assert told == {
        (slug, student): pytest.approx(score)
        for slug, scores in demonstration.scores.items()
        for student, score in scores.items()
    }


def test_the_hand_counts_otherwise_when_the_answer_is_otherwise() -> None:
    """The hand count is no echo: another answer to the same item counts differently."""
    for item, key in authored().values():
        if item["kind"] == "choice":
            options = [{"id": n, "text": w} for n, w in item["option"].items()]
            worth = [
                by_hand(item, key, {"options": options}, {"option": n}) for n in item["option"]
            ]
            assert (max(worth), min(worth)) == (1.0, 0.0)
            assert worth == [key["credit"][n] for n in item["option"]]


def test_every_learner_gets_a_page_with_reasons(demonstration: Prepared) -> None:
    """Each feedback page tells the score, and the reason of what was picked in both languages."""
    root, bank = demonstration.places.root, authored()
    for slug in SETS:
        for student in LEARNERS:
            page = (root / "feedback" / student / slug / f"{slug}.html").read_text("utf-8")
            assert f"{demonstration.scores[slug][student]:.2f}".rstrip("0").rstrip(".") in page
            folder = root / "class" / student / slug
            cards = {
                c["item"]: c for c in json.loads((folder / "cards.json").read_bytes())["cards"]
            }
            for ref, response in _last(folder).items():
                item, key = bank[ref]
                if item["kind"] != "choice":
                    continue
                words = {o["id"]: o["text"]["zh"] for o in cards[ref]["options"]}
                for name, option in item["option"].items():
                    picked = words[response["option"]] == option["zh"]
                    for lang in ("zh", "en"):
                        assert (_html(key["why"][name][lang]) in page) == picked, (ref, name)


def _html(said: str) -> str:
    return said.replace("&", "&amp;").replace('"', "&quot;").replace("'", "&#x27;")
