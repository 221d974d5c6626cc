"""Questions about marks, from the hand-in to the answer on the feedback page."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kefu.errors import KefuError
from kefu.grading.appealing import Appealing
from kefu.grading.appeals import AppealBook, Asked
from kefu.notebook import APPEALS, hand_in, play
from tests.grading.course import Course, line
from tests.grading.pages import Page, copied, course, feedback, grade, mark
from tests.grading.test_rewrite_cells import HALF, ITEM, STORY

RINGS = "umbrella--rings"


def _line(item: str = RINGS, text: str = "为什么？", n: int = 0, **over: object) -> bytes:
    whole = {"id": f"{n:032x}", "item": item, "text": text, "at": "2026-11-22T08:00:00.000Z"}
    return json.dumps({**whole, "lang": "zh", **over}, ensure_ascii=False).encode() + b"\n"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One graded hand-in, with one question."""
    made = course(tmp_path_factory.mktemp("once"), scenarios__invoice=STORY)
    answers = {ITEM: {"text": HALF}, RINGS: {"number": "4"}}
    folder = made.submit("s01", made.answers(answers))
    (folder / APPEALS).write_bytes(_line())
    grade(made)
    return made


@pytest.fixture
def graded(once: Course, tmp_path: Path) -> Course:
    """A copy of it, to be changed."""
    return copied(once, tmp_path)


def _asked(made: Course) -> list[Asked]:
    with Appealing(made.places, "first") as appealing:
        return appealing.asked()


def test_a_question_travels_with_the_hand_in(tmp_path: Path) -> None:
    """Asked in the panel, packed, collected and graded: it is on the page, and lowers nothing."""
    made = course(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    for file in (made.root / "exercises/first").iterdir():
        (mine / file.name).write_bytes(file.read_bytes())
    (mine / "responses.jsonl").write_bytes(line(made.cards()[RINGS], {"number": "3"}))
    reply = play("first", mine).reply(
        {"do": "appeal", "id": "a" * 32, "item": RINGS, "text": "为什么是 <b>3</b>？", "lang": "zh"}
    )
    assert reply["did"] == "appealed"
    inbox = made.root / "downloaded/first/archive"
    inbox.mkdir(parents=True)
    name = hand_in(mine, "s01")
    (inbox / name).write_bytes((mine / name).read_bytes())
    made.nbgrader("zip_collect", "first")
    [change] = grade(made)
    assert not change.remarks
    assert made.scores()["s01"][RINGS] == 4
    feedback(made)
    words = Page(made.feedback("s01")).words["zh"]
    assert "为什么是 <b>3</b>？" in words
    assert "还没有答复。" in words


def test_a_new_question_does_not_change_a_hand_in(graded: Course) -> None:
    """Whoever asks is neither graded again nor late."""
    (graded.root / "submitted/s01/first" / APPEALS).write_bytes(_line() + _line(n=1))
    assert [change.why for change in grade(graded)] == ["same"]


def test_question_and_answer_stand_under_the_item(graded: Course) -> None:
    """The page shows who asked what and every answer, in their order, as text."""
    with Appealing(graded.places, "first") as appealing:
        assert appealing.answer("s01", RINGS, "标准是 3 声 <i>。\n见手册。") == 1
        assert appealing.answer("s01", RINGS, "又看了一次。") == 1
    assert feedback(graded) == {"s01": True}
    words = Page(graded.feedback("s01")).words["zh"]
    places = [words.index(w) for w in ("几声内接起？", "你问的", "为什么？", "标准是 3 声 <i>。\n见手册。", "又看了一次。")]  # fmt: skip  # noqa: E501
    assert places == sorted(places)
    assert "还没有答复" not in words
    assert feedback(graded) == {"s01": False}


def test_taking_them_in_twice_keeps_them_once(graded: Course) -> None:
    """Listing, grading and drawing take questions in; each is kept once, and what is kept stays."""
    for _ in range(3):
        feedback(graded)
        assert len(_asked(graded)) == 1
    (graded.root / "submitted/s01/first" / APPEALS).write_bytes(_line(text="another") + _line(n=1))
    assert [one.text for one in _asked(graded)] == ["为什么？", "为什么？"]
    (graded.root / "submitted/s01/first" / APPEALS).unlink()
    assert len(_asked(graded)) == 2


def test_one_question_waits_until_it_is_answered(graded: Course) -> None:
    """An answer goes to every open question of that learner about that item, and to no other."""
    book = AppealBook(graded.vault().engine)
    file = graded.root / "submitted/s01/first" / APPEALS
    file.write_bytes(_line() + _line(n=1) + _line(ITEM, n=2))
    assert len(_asked(graded)) == 3
    assert book.answer("first", "s01", RINGS, "yes") == 2
    assert [len(one.answers) for one in _asked(graded)] == [1, 1, 0]
    assert book.answer("first", "s01", RINGS, "once more") == 1
    assert [len(one.answers) for one in _asked(graded)] == [1, 2, 0]
    for student, item, text in (("s02", RINGS, "x"), ("s01", "umbrella--in-order", "x"),
                                ("s01", RINGS, " \n")):  # fmt: skip
        with pytest.raises(KefuError):
            book.answer("first", student, item, text)


def test_the_list_tells_what_was_answered_and_earned(graded: Course) -> None:
    """Beside a question stand the item's number and words, the answer, and its credit."""
    (graded.root / "submitted/s01/first" / APPEALS).write_bytes(_line() + _line(ITEM, n=1))
    with Appealing(graded.places, "first") as appealing:
        about = appealing.about("s01", RINGS, "zh")
        assert (about.n, about.prompt, about.answer, about.credit) == (
            5, "几声内接起？", ["4 声"], "0 / 4")  # fmt: skip
        assert appealing.about("s01", ITEM, "en").credit == "1.5 / 8, not all marked yet"
        assert appealing.about("s01", ITEM, "zh").answer == [HALF]
        assert appealing.about("s01", "umbrella--first-reply", "en").answer == ["not answered"]
        assert appealing.about("s01", "gone--item", "en").prompt == "gone--item"
        assert appealing.about("nobody", RINGS, "en").credit == "—"
    mark(graded, "s01", RINGS, 2)
    with Appealing(graded.places, "first") as appealing:
        assert appealing.about("s01", RINGS, "zh").credit == "2 / 4"


def test_an_item_is_named_by_its_number_or_its_name(graded: Course) -> None:
    """The number on the page, the whole name and its end mean the same item."""
    with Appealing(graded.places, "first") as appealing:
        assert {appealing.ref(said) for said in ("5", RINGS, "rings")} == {RINGS}
        for said in ("0", "6", "nothing", "-1", "", f"{ITEM}--rubric-1"):
            with pytest.raises(KefuError, match="write 1 to 5"):
                appealing.ref(said)


@pytest.mark.parametrize("trick", ["file", "hard", "folder", "student", "pipe"])
def test_a_question_is_never_read_through_a_link(graded: Course, trick: str) -> None:
    """What stands for another's file asks nothing: no learner sees another's question."""
    submitted = graded.root / "submitted"
    theirs = submitted / "s01/first"
    (submitted / "s02").mkdir()
    mine = submitted / "s02/first"
    if trick == "folder":
        mine.symlink_to(theirs)
    elif trick == "student":
        (submitted / "s02").rmdir()
        (submitted / "s02").symlink_to(submitted / "s01")
    else:
        mine.mkdir()
        if trick == "file":
            (mine / APPEALS).symlink_to(theirs / APPEALS)
        elif trick == "hard":
            os.link(theirs / APPEALS, mine / APPEALS)
        else:
            os.mkfifo(mine / APPEALS)
    book = AppealBook(graded.vault().engine)
    book.collect(submitted, "first", [RINGS], only="s02")
    assert book.of("first", "s02") == []


def test_hostile_questions_are_passed_over(graded: Course) -> None:
    """Torn, foreign, flooding and lying lines cost nothing but themselves."""
    junk = b"".join([b"{", b"\xff\n", b"[" * 5000 + b"\n", _line("exam--item", n=7),
                     _line(text="x" * 501, n=8), _line(n=9, at="now"), b"null\n"])  # fmt: skip
    odd = _line(text="Z\u0000b\u202e</div><script>", n=10).replace(b"Z", b"\\ud800", 1)
    file = graded.root / "submitted/s01/first" / APPEALS
    file.write_bytes(junk + b"\n" + odd + b"".join(_line(n=n) for n in range(20, 400)))
    assert len(_asked(graded)) == 100
    file.write_bytes(b"".join(_line(n=n) for n in range(500, 700)))
    assert len(_asked(graded)) == 100
    feedback(graded)
    page = Page(graded.feedback("s01"))
    assert "script" not in page.tags
    assert "</div><script>" in page.words["zh"] + page.words["en"]


def test_one_learner_sees_only_ones_own(graded: Course) -> None:
    """Another's question, and its answer, are on no page but theirs."""
    folder = graded.submit("s02", b"")
    (folder / APPEALS).write_bytes(_line(text="mine alone"))
    grade(graded)
    feedback(graded)
    assert "mine alone" in graded.feedback("s02")
    assert "mine alone" not in graded.feedback("s01")
    assert "为什么？" not in Page(graded.feedback("s02")).words["zh"]
