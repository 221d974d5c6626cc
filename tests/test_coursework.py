"""A learner's course on disk, and how far one has come in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kinds
from kefu.bank import read as read_bank
from kefu.coursework import Coursework, read, seed
from kefu.errors import KefuError
from kefu.journal import Attempt, now
from kefu.player import JournalDesk
from kefu.weave import weave, write
from tests.grading.course import bank


@pytest.fixture
def work(tmp_path: Path) -> Coursework:
    """The small course, woven: three items in 5.2 and 5.3, which a story shares."""
    content = bank(tmp_path / "content")
    found, faults = read_bank([content])
    assert faults == []
    write(weave(found), tmp_path)
    return Coursework(tmp_path / "course")


def answer(work: Coursework, ref: str, best: bool = True, n: int = 0) -> None:
    """Answer an item of a scenario: as the expert would, or with a wrong number or option."""
    slug = ref.partition("--")[0]
    cards, keys = work.scenario(slug) or ([], {})
    card = next(c for c in cards if c["item"] == ref)
    response = kinds.expert(card, keys[ref])
    if not best:
        wrong: dict[str, Any] = {"number": {"number": "99999"}}
        if card["kind"] == "choice":
            worst = min(keys[ref]["credit"], key=keys[ref]["credit"].get)
            wrong["choice"] = {"option": worst}
        response = wrong[card["kind"]]
    desk = JournalDesk(cards, work.journal, keys)
    desk.receipts()
    number = sum(1 for _ in work.journal.attempts()) + n
    desk.take(Attempt(f"{number:032x}", ref, card["version"], response, now()))


def lessons(work: Coursework) -> dict[str, dict[str, Any]]:
    """Lesson → its place in the course map."""
    return {
        lesson["id"]: lesson
        for chapter in work.of_course()["chapters"]
        for lesson in chapter["lessons"]
    }


def test_a_course_is_found_from_within(work: Coursework) -> None:
    """The course is found from its root, from above it and from below; elsewhere there is none."""
    root = work.root
    below = root / "zh" / "mine"
    below.mkdir()
    for folder in (root, root.parent, root / "zh", below):
        found = Coursework.around(folder)
        assert found is not None
        assert found.root == root
    assert Coursework.around(Path("/")) is None


def test_nothing_is_answered_at_first(work: Coursework) -> None:
    """A fresh course counts what there is to answer, and nothing done."""
    assert work.progress("5.2") == {"lesson": "5.2", "of": 1, "done": 0, "again": 0}
    assert {n: (e["of"], e["done"]) for n, e in lessons(work).items()} == {
        "5.2": (1, 0),
        "5.3": (1, 0),
    }
    shown = work.of_lesson("5.2")
    assert [(i["item"], i["credit"], i["first"], i["tries"]) for i in shown["items"]] == [
        ("parcel--call-back", None, None, 0)
    ]


def test_what_is_done_and_what_is_worth_another_look(work: Coursework) -> None:
    """An answer below full credit is done and worth another look; a better one ends that."""
    answer(work, "parcel--minutes", best=False)
    assert work.progress("5.3") == {"lesson": "5.3", "of": 1, "done": 1, "again": 1}
    answer(work, "parcel--minutes")
    assert work.progress("5.3") == {"lesson": "5.3", "of": 1, "done": 1, "again": 0}
    (one,) = work.of_lesson("5.3")["items"]
    assert (one["credit"], one["first"], one["tries"]) == (1.0, 0.0, 2)
    assert lessons(work)["5.3"]["done"] == 1
    assert lessons(work)["5.2"]["done"] == 0


@pytest.mark.parametrize(("best", "again"), [(True, 0), (False, 1)])
def test_a_hint_sends_nobody_back(work: Coursework, best: bool, again: int) -> None:
    """The best answer after a hint has less credit, and yet is not worth another look."""
    cards = work.root / "cards" / "parcel.json"
    data = json.loads(cards.read_text("utf-8"))
    card = next(c for c in data["cards"] if c["item"] == "parcel--call-back")
    card["hints"] = [{"text": {"zh": "想。", "en": "Think."}, "cost": 0.5}]
    cards.write_text(json.dumps(data), "utf-8")
    keys = data["keys"]["parcel--call-back"]["credit"]
    picked = max(keys, key=keys.get) if best else min(keys, key=keys.get)
    response = {"option": picked, "hints": 1}
    desk = JournalDesk(data["cards"], work.journal, data["keys"])
    desk.take(Attempt("0" * 32, card["item"], card["version"], response, now()))
    assert work.progress("5.2") == {"lesson": "5.2", "of": 1, "done": 1, "again": again}


def test_the_map_and_the_lesson_count_alike(work: Coursework) -> None:
    """Course map, lesson results and the line below a player tell the same numbers."""
    answer(work, "parcel--call-back", best=False)
    for lesson in ("5.2", "5.3"):
        told = work.progress(lesson)
        assert {k: work.of_lesson(lesson)[k] for k in ("of", "done", "again")} == {
            k: told[k] for k in ("of", "done", "again")
        }
        assert {k: lessons(work)[lesson][k] for k in ("of", "done", "again")} == {
            k: told[k] for k in ("of", "done", "again")
        }


def test_where_to_go_on(work: Coursework) -> None:
    """A lesson's results lead to the next lesson that is written; the last one leads nowhere."""
    following = work.of_lesson("5.2")["next"]
    assert (following["id"], following["file"]) == ("5.3", "5.3-practice.ipynb")
    assert work.of_lesson("5.3")["next"] is None
    data = json.loads((work.root / "map.json").read_text("utf-8"))
    data["chapters"][0]["lessons"][1]["file"] = None
    (work.root / "map.json").write_text(json.dumps(data), "utf-8")
    assert Coursework(work.root).of_lesson("5.2")["next"] is None


def test_a_self_check_is_not_counted(work: Coursework) -> None:
    """What leaves no answer is neither missing nor done."""
    file = work.root / "cards" / "parcel.json"
    data = json.loads(file.read_text("utf-8"))
    quiet = {**data["cards"][0], "item": "parcel--me", "kind": "selfcheck", "statements": []}
    data["cards"].append(quiet)
    file.write_text(json.dumps(data), "utf-8")
    assert work.progress("5.2")["of"] == 1
    assert [i["item"] for i in work.of_lesson("5.2")["items"]] == ["parcel--call-back"]


def test_an_answer_to_an_older_card_is_not_counted(work: Coursework) -> None:
    """When a card changes, its answers are of another question."""
    answer(work, "parcel--minutes")
    file = work.root / "cards" / "parcel.json"
    data = json.loads(file.read_text("utf-8"))
    for card in data["cards"]:
        card["version"] = "0" * 16
    file.write_text(json.dumps(data), "utf-8")
    assert work.progress("5.3")["done"] == 0


def test_a_scenario_that_is_gone_is_passed_over(work: Coursework) -> None:
    """A map that names cards which are not there counts the others."""
    (work.root / "cards" / "parcel.json").unlink()
    assert work.of_course()["chapters"][0]["lessons"][0]["of"] == 0


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"7", b'{"title": 1}', b"\xff", b"[" * 10**5])
def test_a_damaged_map_is_said(work: Coursework, data: bytes) -> None:
    """A map that is none is an error in words."""
    (work.root / "map.json").write_bytes(data)
    with pytest.raises(KefuError, match="unpack the course again"):
        Coursework(work.root).chapters()
    with pytest.raises(KefuError):
        read(work.root / "map.json", "chapters")


# The seed


def test_a_seed_is_drawn_once(tmp_path: Path) -> None:
    """A learner's seed stays the same; another learner's is another one."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    first = seed(here)
    assert len(first) == 16
    assert [seed(here) for _ in range(3)] == [first] * 3
    assert seed(there) != first


def test_a_seed_lies_with_what_is_the_learners_alone(tmp_path: Path) -> None:
    """The seed's folder is for its owner's eyes, and is the only thing that is made."""
    seed(tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in sorted(tmp_path.rglob("*"))] == [
        ".kefu",
        ".kefu/seed",
    ]
    if os.name == "posix":
        assert (tmp_path / ".kefu").stat().st_mode & 0o077 == 0


def test_where_no_seed_can_be_kept_there_is_none(tmp_path: Path) -> None:
    """In a folder that is missing or closed the cards keep their own order, each time."""
    assert seed(tmp_path / "nowhere") == ""
    (tmp_path / ".kefu").write_text("a file, not a folder", "ascii")
    assert seed(tmp_path) == ""


@given(st.binary(max_size=200))
def test_any_file_may_lie_where_the_seed_does(tmp_path_factory: Any, data: bytes) -> None:
    """Whatever is in the file, a seed is a short text, the same each time."""
    folder = tmp_path_factory.mktemp("seed")
    (folder / ".kefu").mkdir()
    (folder / ".kefu" / "seed").write_bytes(data)
    told = seed(folder)
    assert len(told) <= 32
    assert seed(folder) == told
