"""The page a learner gets back."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kefu.errors import KefuError
from kefu.grading.appeals import Answer, Asked
from kefu.grading.booked import Booked, Mark
from kefu.grading.feedback import generate
from kefu.grading.history import Grading
from kefu.grading.mark import Score
from kefu.grading.page import Facts, draw
from kefu.text import Text
from tests.grading.course import Course, line, run_nbgrader, within
from tests.grading.pages import Page, course, feedback, grade, mark
from tests.grading.test_rewrite_cells import HALF, HOSTILE, ITEM, STORY

DUE = dt.datetime(2026, 11, 19, 8)
_LINES = Counter(br=999, span=9999)
"""Lines, and words marked with their language, differ in number; nothing else does."""
HOSTILE_WORDS = [
    *HOSTILE.values(),
    "</pre></section><script>x</script>",
    "<!--",
    "]]>",
    "&lt;b&gt;",
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """One who answered everything, a day late; one who answered nothing; one who wrote markup."""
    made = course(tmp_path_factory.mktemp("pages"), scenarios__invoice=STORY)
    cards = made.cards()
    answers: dict[str, Any] = {ITEM: {"text": HALF}, "umbrella--rings": {"number": "3"}}
    pick = cards["umbrella--first-reply"]["options"]
    answers["umbrella--first-reply"] = {"option": pick[0]["id"]}
    made.submit("s01", made.answers(answers))
    (made.root / "submitted/s01/first/timestamp.txt").write_text("2026-11-20 11:00:00 UTC")
    made.submit("s02", b"")
    for n, words in enumerate(HOSTILE.values()):
        made.submit(f"h{n:02}", line(cards[ITEM], {"text": words}))
    with made.gradebook() as book:
        book.find_assignment("first").duedate = DUE
        book.db.commit()
    grade(made)
    return made


def _page(made: Course, student: str) -> Page:
    feedback(made)
    return Page(made.feedback(student))


def test_nbgrader_writes_the_same_bytes(graded: Course) -> None:
    """`nbgrader generate_feedback` and `kefu feedback` write the same pages, byte for byte."""
    feedback(graded)
    pages = {f.name: f.read_bytes() for f in (graded.root / "feedback").glob("s0*/first/*")}
    own = {
        student: graded.feedback(student)
        for student in sorted(p.name for p in (graded.root / "feedback").iterdir())
    }
    assert "timestamp.txt" in pages
    shutil.rmtree(graded.root / "feedback")
    graded.nbgrader("generate_feedback", "first")
    assert own == {student: graded.feedback(student) for student in own}


def test_only_what_changes_is_written(graded: Course) -> None:
    """A page that would be the same is left alone; one that is another is replaced whole."""
    feedback(graded)
    assert set(feedback(graded).values()) == {False}
    file = graded.root / "feedback/s02/first/first.html"
    before = file.read_bytes()
    file.write_text("torn")
    written = feedback(graded)
    assert [who for who, came in written.items() if came] == ["s02"]
    assert file.read_bytes() == before
    assert [f.name for f in file.parent.iterdir()] == ["first.html"]


def test_one_that_cannot_be_read_keeps_back_no_other(graded: Course) -> None:
    """A torn notebook and one that is not booked are told; the others are written."""
    whole = (graded.root / "autograded/s01/first/first.ipynb").read_text()
    for who, content in (("torn", "{"), ("unbooked", whole)):
        folder = graded.root / "autograded" / who / "first"
        folder.mkdir(parents=True)
        (folder / "first.ipynb").write_text(content)
    try:
        came = feedback(graded)
    finally:
        for who in ("torn", "unbooked"):
            shutil.rmtree(graded.root / "autograded" / who)
    failed = {who: one for who, one in came.items() if isinstance(one, KefuError)}
    assert failed.keys() == {"torn", "unbooked"}
    for error in failed.values():
        assert "kefu grade first" in error.say("en")
    assert {"s01", "s02"} <= came.keys() - failed.keys()


def test_it_says_what_was_answered_what_it_earned_and_why(graded: Course) -> None:
    """Story, answer, credit with sign and words, and the reason stand there in both languages."""
    words = _page(graded, "s01").words
    for said in ("谁看见我的伞了？", "3 声", "满分，4 / 4", "标准是 3 声。", "换一种说法。", HALF):
        assert said in words["zh"], said
    for said in ("Has anyone seen my umbrella?", "3 rings", "full credit, 4 / 4",
                 "The standard is 3 rings.", "Say it better."):  # fmt: skip
        assert said in words["en"], said
    assert "等老师公布以后会补在这一页" in words["zh"]
    assert "once your instructor releases them" in words["en"]


def test_nothing_sealed_is_on_it(graded: Course) -> None:
    """Before reasons are released, neither the model answer nor any other option's reason is."""
    page = _page(graded, "s02").words
    for sealed in ("财务的同事", "这是推责", "光笑不够", "说出自己要做的事"):
        assert sealed not in page["zh"]


def test_blank_items_say_so(graded: Course) -> None:
    """Whoever answered nothing reads so for each item, and nobody is waited for."""
    page = _page(graded, "s02")
    assert page.words["zh"].count("（没有作答）") == 5
    assert page.words["en"].count("(not answered)") == 5
    assert "还没批改" not in page.words["zh"]
    assert page.tags["section"] == 5


def test_being_late_is_explained(graded: Course) -> None:
    """When it was due, when it came, by how much it was late, and what that cost."""
    words = _page(graded, "s01").words
    assert "迟了 1 天 3 小时，没有扣分。" in words["zh"]
    assert "1 d 3 h late: nothing is taken off." in words["en"]
    with graded.gradebook() as book:
        book.find_submission_notebook("first", "first", "s01").late_submission_penalty = 2.5
        book.find_submission("first", "s01").extension = dt.timedelta(hours=3)
        book.db.commit()
    words = _page(graded, "s01").words
    assert "截止时间（含延期）" in words["zh"]
    assert "迟了 1 天，扣 2.5 分。" in words["zh"]
    assert "Due (extension included)" in words["en"]
    assert "2.5 off the score" in words["en"]
    with graded.gradebook() as book:
        score = book.find_submission("first", "s01").score
        book.find_submission_notebook("first", "first", "s01").late_submission_penalty = None
        book.find_submission("first", "s01").extension = None
        book.db.commit()
        total = book.find_submission("first", "s01").score
    assert f"{round(total - 2.5, 2):g} / 24" in words["zh"]
    assert score in (total, total - 2.5)


def test_each_line_of_a_rubric_has_its_points_and_comment(graded: Course) -> None:
    """A line tells its words, what it is worth, what was given and why; one that waits says so."""
    before = _page(graded, "s01").words
    assert before["zh"].count("还没批改") == 2
    assert "还有 2 处等老师批改" in before["zh"]
    assert "Parts still to be marked: 2" in before["en"]
    mark(graded, "s01", f"{ITEM}--rubric-1", 2.5, "说清了 <b>谁</b>\n第二行")
    words = _page(graded, "s01").words
    for said in ("语气像当面说话", "2.5 / 3", "说清了 <b>谁</b>\n第二行", "说清谁来跟", "还没批完"):
        assert said in words["zh"], said
    assert words["zh"].count("还没批改") == 1
    assert "Sounds like speech" in words["en"]
    mark(graded, "s01", f"{ITEM}--rubric-2", 0)
    words = _page(graded, "s01").words
    assert "还没批" not in words["zh"]
    assert "等老师批改" not in words["zh"]
    assert "not marked yet" not in words["en"]


def test_a_score_changed_by_hand_says_so(graded: Course) -> None:
    """Where a person changed a mark, both marks are told; extra points as well."""
    mark(graded, "s01", "umbrella--rings", 1.5, extra=0.5)
    words = _page(graded, "s01").words
    mark(graded, "s01", "umbrella--rings", 4)
    assert "自动批改 4 分，改为 1.5 分" in words["zh"]
    assert "changed this mark from 4 to 1.5" in words["en"]
    assert "老师另加 0.5 分" in words["zh"]
    assert "2 / 4" in words["zh"]
    assert "老师改过" not in _page(graded, "s01").words["zh"]


def test_how_the_mark_came_about(tmp_path: Path) -> None:
    """Each grading is told: the first, one after a new hand-in, one after a corrected key."""
    made = course(tmp_path)
    card = made.cards()["umbrella--rings"]
    made.submit("s01", line(card, {"number": "4"}))
    grade(made)
    (made.root / "submitted/s01/first/responses.jsonl").write_bytes(line(card, {"number": "5"}))
    grade(made)
    file = made.root / "content/scenarios/umbrella.toml"
    file.write_text(file.read_text().replace('"{standard.phone.rings}"', "5", 1))
    made.weave()
    grade(made, keys=True)
    page = _page(made, "s01")
    told = page.words["zh"]
    first, second, third = (
        told.index(w) for w in ("批改，自动批改得 0 分", "重新交卷，再批一次，自动批改得 0 分",
                                "答案有更正，再批一次，自动批改得 4 分")
    )  # fmt: skip
    assert first < second < third
    assert "graded again after a key was corrected, 4 marked automatically" in page.words["en"]


def test_a_release_of_reasons_is_told_as_one() -> None:
    """A grading that only added reasons is not told as a corrected key; one after it is."""

    def at(minute: int, revision: str, release: str = "r") -> Grading:
        time = f"2026-11-22T08:{minute:02}:00.000Z"
        return Grading("first", "s01", time, "s", release, revision * 16, {"a": Score(2.5)})

    gradings = [at(1, "a"), at(3, "b"), at(4, "c"), at(5, "c", "q")]
    facts = replace(_facts("x"), gradings=gradings, released="2026-11-22T08:02:00.000Z")
    words = Page(draw(_notebook("x"), facts)).words
    told = [
        "批改，自动批改得 2.5 分（答案版本 aaaaaaaa）",
        "公布理由，补上说明，自动批改得 2.5 分（答案版本 bbbbbbbb）",
        "答案有更正，再批一次",
        "题目重新发布，再批一次",
    ]
    places = [words["zh"].index(line) for line in told]
    assert places == sorted(places)
    assert "reasons added after their release, 2.5 marked automatically" in words["en"]


@pytest.mark.parametrize("n", range(len(HOSTILE)))
def test_nothing_typed_is_markup(graded: Course, n: int) -> None:
    """Whatever a learner wrote, the page has the elements of an honest one, and nothing active."""
    page, plain = _page(graded, f"h{n:02}"), _page(graded, "h00")
    assert page.tags - _LINES == plain.tags - _LINES
    assert page.active == plain.active == Counter()


@pytest.mark.parametrize("words", HOSTILE_WORDS)
def test_no_words_of_anybody_are_markup(words: str) -> None:
    """Comments, questions, code, output, the learner's number and the title are all just text."""

    def page(text: str) -> Page:
        return Page(draw(_notebook(text), _facts(text)))

    hostile, plain = page(words), page("plain")
    assert hostile.tags - _LINES == plain.tags - _LINES
    assert hostile.active == Counter()


def test_code_and_its_output_stand_there_as_text() -> None:
    """A program's code, what it printed and what it raised are shown, and code beside it too."""
    page = draw(_notebook("<b>x</b> \x1b[31m\ud800"), _facts("s01"))
    assert page.encode()
    words = Page(page).words
    assert words["en"].count("<b>x</b> \ufffd[31m\ufffd") == 6
    assert "Code beside the questions" in words["en"]
    assert "…" in Page(draw(_notebook("y" * 30_000), _facts("s01"))).words["en"]


def test_a_page_asks_no_host_and_runs_nothing(graded: Course) -> None:
    """The page forbids itself every script and every address, and has none."""
    feedback(graded)
    text = graded.feedback("s01")
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text
    page = Page(text)
    assert page.active == Counter()
    assert not page.tags.keys() & {"script", "img", "link", "iframe", "form", "object", "base"}


def _notebook(text: str) -> dict[str, Any]:
    def cell(name: str, *, locked: bool, outputs: list[dict[str, Any]]) -> dict[str, Any]:
        about = {"grade_id": name, "grade": locked, "locked": locked}
        return {"cell_type": "code", "id": name, "source": [text], "outputs": outputs,
                "metadata": {"nbgrader": about}}  # fmt: skip

    told: list[dict[str, Any]] = [
        {"output_type": "stream", "text": [text]},
        {"output_type": "error", "ename": text, "evalue": "", "traceback": [text]},
        {"output_type": "display_data", "data": {"text/html": text, "text/plain": ""}},
    ]
    own = [{"output_type": "display_data", "data": {"text/html": ["<p>", "own</p>"]}}]
    more = {"cell_type": "code", "id": "_code-1", "metadata": {}, "source": text, "outputs": told}
    cells = [cell("p--program--code", locked=False, outputs=told),
             cell("p--program", locked=True, outputs=own), more]  # fmt: skip
    return {"cells": cells, "metadata": {}}


def _facts(text: str) -> Facts:
    mine = Booked(None, None, None, 0.0, {"p--program": Mark(6.0, 3.0, None, 0.0)},
                  {"p--program": text, "p--program--code": text})  # fmt: skip
    at = "2026-11-22T08:00:00.000Z"
    asked = [Asked(1, "first", text, "p--program", text, at, "zh", [Answer(text, at)])]
    return Facts(text.encode("utf-8", "replace").decode(), Text(text, text), mine, [], asked, "")


def test_nbgrader_says_which_hand_in_has_no_marks(graded: Course) -> None:
    """Nbgrader's own command names whoever is not in the gradebook, and what to run."""
    folder = graded.root / "autograded/stray/first"
    folder.mkdir(parents=True)
    shutil.copy(graded.root / "autograded/s01/first/first.ipynb", folder)
    try:
        log = run_nbgrader(
            graded.root, "generate_feedback", "first", "--student", "stray", fails=True
        )
    finally:
        shutil.rmtree(folder.parent)
    assert "run kefu grade first first" in log


def test_a_set_that_was_never_released_has_no_pages(graded: Course) -> None:
    """Pages of an unknown set are refused with what to run."""
    with within(graded.root), pytest.raises(KefuError, match="has not been released"):
        list(generate(graded.places, "nothing"))
