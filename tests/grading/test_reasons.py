"""Releasing the reasons of a set: what is shown from then on, and what can never count again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kefu import kinds
from kefu.bank import read
from kefu.card import Response
from kefu.errors import KefuError
from kefu.grading.burned import burn_more, burned_faults
from kefu.grading.history import History
from kefu.grading.judge import Judged
from kefu.grading.pool import here
from kefu.grading.program import judge_program
from kefu.grading.reasons import Reasons
from kefu.grading.release import behind, check, redraw
from kefu.grading.run import Change, open_run
from kefu.grading.table import table
from kefu.journal import Attempt
from kefu.publish import Published
from kefu.text import Text
from tests.grading.books import told
from tests.grading.course import Course, line, story, within
from tests.grading.pages import copied, course, feedback, grade, mark
from tests.grading.test_rewrite_cells import HALF, ITEM, STORY
from tests.laws.secrets_of import sealed_words
from tests.pieces import authored, both, choice, choices, number, order

AT = "2026-11-21T08:00:00.000Z"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One who answered, one who did not; both are graded."""
    made = course(tmp_path_factory.mktemp("once"), scenarios__invoice=STORY)
    made.submit("s01", made.answers({ITEM: {"text": HALF}, "umbrella--rings": {"number": "3"}}))
    made.submit("s02", b"")
    grade(made)
    return made


@pytest.fixture
def graded(once: Course, tmp_path: Path) -> Course:
    """A copy of it, to be changed."""
    return copied(once, tmp_path)


def release(made: Course) -> list[Change]:
    """Release as the command does, without asking."""
    with within(made.root):
        run = open_run(made.places, "first")
        try:
            check(run)
            Reasons(made.vault().engine).release("first", run.paper.cards, AT)
        finally:
            run.close()
        run = open_run(made.places, "first")
        try:
            return list(redraw(run, here(run.paper, run.guard)))
        finally:
            run.close()


def _faults(made: Course) -> list[str]:
    bank, faults = read(made.places.contents)
    assert not faults
    with within(made.root):
        return [fault.say("en") for fault in burned_faults(bank, made.places)]


# The whole of it.


def test_every_sealed_word_is_shown_only_after_the_release(graded: Course) -> None:
    """Before, no page tells what was not answered; after, every page tells all of the key."""
    sealed = {word for word in sealed_words(graded.root / "content") if "五减二" not in word}
    sealed -= {"Five less two; never mind lunch."}
    sealed = {word.replace("{standard.phone.rings}", "3") for word in sealed}
    marked = {"说清谁来跟", "Says who follows up", "语气像当面说话", "Sounds like speech"}
    feedback(graded)
    for word in sealed - marked:
        assert word not in graded.feedback("s02"), word
    url = f"sqlite:///{graded.root / 'gradebook.db'}"
    before = told(url)
    assert {change.student for change in release(graded)} == {"s01", "s02"}
    feedback(graded)
    for word in sealed - marked:
        assert word in graded.feedback("s02"), word
        assert word in graded.feedback("s01"), word
    assert "等老师公布以后" not in graded.feedback("s01")
    assert told(url) == before


def test_releasing_is_kept_in_the_history_and_done_once(graded: Course) -> None:
    """The release makes one more grading of the same scores; a second time does nothing."""
    release(graded)
    first, second = History(graded.vault().engine).of("first", "s01")
    assert first.scores == second.scores
    assert first.revision != second.revision
    assert release(graded) == []
    assert Reasons(graded.vault().engine).released("first") == AT
    assert len(History(graded.vault().engine).of("first", "s01")) == 2


def test_both_graders_show_the_same(graded: Course) -> None:
    """After a release `nbgrader autograde` leaves the same notebook as the release did."""
    release(graded)
    file = graded.root / "autograded/s01/first/first.ipynb"
    before = json.loads(file.read_text())
    graded.nbgrader("autograde", "first", "--student", "s01", "--force")
    assert json.loads(file.read_text())["metadata"]["kefu"]["reasons"] is True
    feedback(graded)
    own = graded.feedback("s01")
    file.chmod(0o644)
    file.write_text(json.dumps(before))
    feedback(graded)
    assert graded.feedback("s01") == own


def test_marks_by_hand_stand(graded: Course) -> None:
    """A release asks no marker again."""
    mark(graded, "s01", f"{ITEM}--rubric-1", 2)
    release(graded)
    with graded.gradebook() as book:
        grade_ = book.find_grade(f"{ITEM}--rubric-1", "first", "first", "s01")
        assert (grade_.manual_score, grade_.needs_manual_grade) == (2, False)


def test_a_corrected_key_comes_first(graded: Course) -> None:
    """While somebody is graded under an earlier key, nothing is released."""
    file = graded.root / "content/scenarios/umbrella.toml"
    file.write_text(file.read_text().replace("没有帮上忙。", "没有帮上。"))
    graded.weave()
    with pytest.raises(KefuError, match="kefu regrade first"):
        release(graded)
    assert not Reasons(graded.vault().engine).released("first")
    grade(graded, keys=True)
    assert len(release(graded)) == 2


def test_what_is_left_of_a_stopped_release_is_done_the_next_time(graded: Course) -> None:
    """A release that was killed before its pages were marked is finished by another."""
    Reasons(graded.vault().engine).release("first", ["umbrella--rings"], AT)
    with within(graded.root):
        run = open_run(graded.places, "first")
        assert behind(run) == ["s01", "s02"]
        run.close()
    assert {change.student for change in release(graded)} == {"s01", "s02"}
    assert set(Reasons(graded.vault().engine).burned()) == set(graded.cards())


def test_a_score_that_would_move_is_left_alone(graded: Course) -> None:
    """A key corrected after the release moves no score by a release: it is told instead."""
    release(graded)
    file = graded.root / "content/scenarios/umbrella.toml"
    file.write_text(file.read_text().replace('"{standard.phone.rings}"', "5", 1))
    graded.weave()
    before = graded.scores()
    changes = {change.student: change for change in release(graded)}
    assert changes["s01"].moved == {"umbrella--rings": (4.0, 0.0)}
    assert graded.scores() == before


def test_who_hands_in_after_the_release_is_pointed_out(graded: Course) -> None:
    """A hand-in after the release is marked as any other, and the instructor is told."""
    release(graded)
    late = line(graded.cards()["umbrella--rings"], {"number": "3"}, at="2026-11-21T09:00:00.000Z")
    graded.submit("s03", late)
    graded.submit("s04", b"")
    (graded.root / "submitted/s04/first/timestamp.txt").write_text("2026-11-21 10:30 +0200")
    graded.submit("s05", graded.answers({"umbrella--rings": {"number": "3"}}))
    (graded.root / "submitted/s05/first/timestamp.txt").write_text("2026-11-21 09:30 +0200")
    flagged = {
        change.student
        for change in grade(graded)
        if any("after the set's reasons" in remark.en for remark in change.remarks)
    }
    assert flagged == {"s03", "s04"}
    assert graded.scores()["s03"]["umbrella--rings"] == 4


# What is burned.


def test_a_burned_item_stays_in_its_set_or_becomes_practice(graded: Course) -> None:
    """Weaving the same bank again, or one where the items are practice, meets no fault."""
    release(graded)
    assert _faults(graded) == []
    (graded.root / "content/scenarios/umbrella.toml").write_text(story("practice"))
    assert _faults(graded) == []


@pytest.mark.parametrize("room", ["exam", "second"])
def test_a_burned_item_never_counts_again(graded: Course, room: str) -> None:
    """In an exam or in another set each burned item is a fault at its own line."""
    release(graded)
    content = graded.root / "content"
    (content / "sets/second.toml").write_text((content / "sets/first.toml").read_text())
    text = story("exam") if room == "exam" else story("graded").replace('"first"\n', '"second"\n')
    (content / "scenarios/umbrella.toml").write_text(text)
    found = _faults(graded)
    lines = text.split("\n")
    assert len(found) == 4
    for fault in found:
        file, number, _ = fault.split(":", 2)
        assert file.endswith("content/scenarios/umbrella.toml")
        assert lines[int(number) - 1] == "[[item]]"
        assert "its answer is known, so it can no longer count" in fault
        assert 'use = "practice"' in fault


def test_a_near_copy_of_a_burned_item_never_counts(graded: Course) -> None:
    """Another name and a few other words do not make another item."""
    release(graded)
    content = graded.root / "content"
    copy = story("exam").replace("我先到您坐过的位子看看。", "我先去您坐过的位子看看。")
    (content / "scenarios/again.toml").write_text(copy)
    found = _faults(graded)
    assert len(found) == 4
    assert "again--first-reply is almost umbrella--first-reply" in found[0]


def test_every_version_of_a_burned_item_is_burned(graded: Course) -> None:
    """An earlier wording, which was released once, is burned with the item."""
    file = graded.root / "content/scenarios/umbrella.toml"
    file.write_text(file.read_text().replace("几声内接起？", "电话响到第几声以内就要接起来？"))
    graded.weave()
    graded.nbgrader("generate_assignment", "first", "--force")
    grade(graded, keys=True)
    release(graded)
    (graded.root / "content/scenarios/again.toml").write_text(story("exam"))
    assert any("again--rings is almost umbrella--rings" in fault for fault in _faults(graded))


def test_another_item_may_count(graded: Course) -> None:
    """An item that merely shares the story's form is no copy; the exam item stays as it was."""
    release(graded)
    bank, _ = read(graded.places.contents)
    assert any(entry.item.use == "exam" for entry in bank.entries)
    assert _faults(graded) == []


def test_what_comes_to_a_released_set_is_burned_as_well(graded: Course) -> None:
    """An item that joins the set after the release is shown, and so burned, with the rest."""
    release(graded)
    (graded.root / "content/scenarios/copy.toml").write_text(
        STORY.replace("发票抬头错了，找谁改？", "收据上的日期不对，谁能帮我重开一张？")
    )
    bank, _ = read(graded.places.contents)
    burn_more(bank, graded.vault().engine)
    assert Reasons(graded.vault().engine).burned()["copy--say-it-better"] == "first"


def test_where_no_database_is_none_is_made(tmp_path: Path) -> None:
    """Checking content in a folder without a house leaves it without one."""
    made = Course(tmp_path / "x", tmp_path / "x" / "content")
    bank, _ = read(())
    with within(made.root):
        assert burned_faults(bank, made.places) == []
    assert not (made.root / "kefu.db").exists()


# What each kind tells.


def _told(item: Published, response: Response | None, *, released: bool = True) -> str:
    about = item.card["item"], item.card["version"]
    attempt = Attempt("0" * 32, *about, response, "") if response else None
    verdict = kinds.judge(item.card, item.key, response)
    key = item.key if released else None
    return table(Judged(item.card, attempt, verdict), 4, key)["text/plain"]


def _ids(shown: Any) -> dict[str, str]:
    return {one["text"]["en"][:-1]: one["id"] for one in shown}


def test_a_choice_tells_every_option() -> None:
    """Each option has its credit and its reason, and the one that was picked says so."""
    item = choice({"good": 1.0, "fair": 0.5, "bad": 0.0})
    said = _told(item, {"option": _ids(item.card["options"])["fair"]})
    for words in (
        "✓ full credit: good. (why good.)",
        "◐ 50% credit, your choice: fair. (why fair.)",
        "✗ no credit: bad. (why bad.)",
        "✓ 满分: good。",
    ):
        assert words in said
    assert "why bad." in _told(item, None)
    given = {"option": _ids(item.card["options"])["good"]}
    assert "why bad." not in _told(item, given, released=False)


def test_choices_tell_what_should_be_picked() -> None:
    """Each option says whether it should be picked and whether it was."""
    item = choices("ab", "c")
    ids = _ids(item.card["options"])
    said = _told(item, {"options": [ids["a"], ids["c"]]})
    assert "✓ should be picked, you picked it: a. (why a.)" in said
    assert "✗ should be picked, you left it out: b. (why b.)" in said
    assert "✗ leave out, you picked it: c. (why c.)" in said


def test_an_order_tells_the_experts() -> None:
    """The expert's order stands there, and which steps may change places."""
    item = order("abc", "bc")
    given = {"order": [step["id"] for step in item.card["steps"]]}
    said = _told(item, given)
    assert "What is right: 1. a. / 2. b. / 3. c. / Either way round: “" in said
    assert "What is right" not in _told(item, given, released=False)


def test_a_number_tells_itself() -> None:
    """The number with its unit and how far off one may be; of a range its ends."""
    assert "What is right: 15 seconds (within 0.5)" in _told(
        number(15, 0.5, "秒/seconds"), {"number": "3"}
    )
    ends = {"kind": "number"}
    for key, words in (({"least": 2}, "at least 2"), ({"most": 9}, "at most 9"),
                       ({"least": 2, "most": 9}, "2 to 9")):  # fmt: skip
        item = authored(ends, {**key, "why": both("why")})
        assert f"What is right: {words}" in _told(item, {"number": "1"})


def test_a_match_tells_every_pair() -> None:
    """Each left has its right, and what earns half."""
    item = authored(
        {"kind": "match", "left": {n: both(n) for n in "ab"}, "right": {n: both(n) for n in "xyz"}},
        {
            "pair": {"a": "x", "b": "y"},
            "half": {"b": ["z"]},
            "why": {n: both(f"why {n}") for n in "ab"},
        },
    )
    left, right = _ids(item.card["lefts"]), _ids(item.card["rights"])
    said = _told(item, {"pairs": {left["a"]: right["y"], left["b"]: right["z"]}})
    assert "✗ no credit: a. → x. (why a.)" in said
    assert "◐ 50% credit: b. → y.; half credit: z. (why b.)" in said


def test_a_rewrite_tells_its_phrases_and_the_model() -> None:
    """Phrases in their variants, found or not, with reasons; and the model answer."""
    many = [f"way {n}" for n in range(9)]
    item = authored(
        {"kind": "rewrite", "given": both("given"), "max_length": 40},
        {
            "required": {"now": {"zh": many, "en": many, "why": both("why now")}},
            "forbidden": {"no": {"zh": ["never"], "en": ["never"], "why": both("why never")}},
            "rubric": {"tone": {**both("tone"), "points": 2}},
            "model": both("way 1"),
        },
    )
    said = _told(item, {"text": "never"})
    assert "✗ to be said, you did not write it: “way 0” / “way 1”" in said
    assert "(9 ways to say it) (why now.)" in said
    assert "✗ not to be said, you wrote it: “never” (why never.)" in said
    assert "What is right: way 1." in said
    assert "What is right: way 1." in _told(item, None)


def test_a_dialogue_tells_every_saying_and_ending() -> None:
    """What could have been said at each moment, what each ending is worth, and the best way."""
    node = {
        "one": {"customer": both("hello"), "say": {"p": {**both("p"), "to": "good"},
                                                   "q": {**both("q"), "to": "bad"}}},
        "good": {"ending": both("fine")},
        "bad": {"customer": both("bye"), "ending": both("lost")},
    }  # fmt: skip
    item = authored(
        {"kind": "dialogue", "start": "one", "node": node},
        {
            "credit": {"one": {"p": 1.0, "q": 0.0}},
            "why": {"one": {"p": both("why p"), "q": both("why q")}},
            "outcome": {"good": 1.0, "bad": 0.2},
        },
    )
    says = next(iter(n["says"] for n in item.card["nodes"].values() if n["says"]))
    said = _told(item, {"path": [_ids(says)["q"]]})
    assert "✓ full credit: “hello.” → p. (why p.)" in said
    assert "✗ no credit, you said it: “hello.” → q. (why q.)" in said
    assert "◐ Ending · 20% credit: bye. lost." in said
    assert "What is right: 1. p. / How it ended: fine." in said


def test_a_review_tells_the_experts_card() -> None:
    """Each behaviour has the expert's score and its anchor; each error whether it is there."""
    item = authored(
        {
            "kind": "review",
            "scorecard": {
                "title": both("card"),
                "criterion": [{"id": n, **both(n), "level": [
                    {"score": k, **both(f"{n}{k}")} for k in range(3)]} for n in ("greet", "ask")],
                "critical": [{"id": n, **both(n)} for n in ("rude", "lie")],
            },
            "line": [{"who": "agent", "at": "0:01", **both("x")}, {"who": "system", **both("y")}],
        },
        {"score": {"greet": 2, "ask": 1}, "critical": ["rude"],
         "why": {n: both(f"why {n}") for n in ("greet", "ask", "rude", "lie")}},
    )  # fmt: skip
    card = item.card["scorecard"]
    errors = _ids(card["critical"])
    score = {one["id"]: 0 for one in card["criteria"]}
    given = {"score": score, "critical": [errors["lie"]]}
    said = _told(item, given)
    assert "✗ expert: 2, you: 0: greet.: greet2. (why greet.)" in said
    assert "✗ it is there, you did not tick it: rude. (why rude.)" in said
    assert "✗ it is not there, you ticked it: lie. (why lie.)" in said
    shown = table(Judged(item.card, None, kinds.judge(item.card, item.key, None)), 4)["text/html"]
    assert "0:01 Agent: x." in shown
    assert "System: y." in shown


def test_a_program_tells_its_hidden_calls() -> None:
    """After the release each hidden call stands there with what it should give; before, none."""
    about = Text("没有人满意", "nobody satisfied").json()
    card: Any = {"item": "p--program", "version": "0" * 16, "kind": "program", "room": "graded",
                 "lesson": "5.2", "title": both("title"), "turns": [], "prompt": both("task"),
                 "function": "interval", "examples": [], "tolerance": 0.01}  # fmt: skip
    key = {"reference": "sampling.wilson", "why": both("why"),
           "cases": [{"id": "c1", "about": about, "given": [[0, 20], [1, 3]]}]}  # fmt: skip
    judged = Judged(card, None, judge_program(card, key, []))
    assert "interval(0, 20)" not in table(judged, 6)["text/plain"]
    said = table(judged, 6, key)["text/plain"]
    assert "nobody satisfied: interval(0, 20) → " in said
    assert "interval(1, 3) → " in said
    blank = table(judged, 6)["text/plain"]
    assert "(not answered)" in blank
    assert "why." not in blank
    partly = Judged(card, None, judge_program(card, key, [[0.0, 0.16], None]))
    said = table(partly, 6)["text/plain"]
    assert "✗ no credit" in said or "◐ 50% credit" in said
    assert "See your code below" in said
    assert "nobody satisfied: 1 of 2 right" in said
