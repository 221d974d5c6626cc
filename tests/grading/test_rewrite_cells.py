"""A graded rewrite: phrases are judged, the rest is marked by a person, through nbgrader itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from kefu.card import RUBRIC
from kefu.notebook import hand_in, play
from tests.grading.course import GRADED, Course, bank, line, run_nbgrader, within

ITEM = "invoice--say-it-better"
CELL = f"{ITEM}{RUBRIC}"
STORY = """\
teaches  = ["taboo-never-heard"]
title.zh = "发票抬头错了"
title.en = "The wrong name"

[[turn]]
who = "customer"
zh  = "发票抬头错了，找谁改？"
en  = "The name on my invoice is wrong. Who can change it?"

[[item]]
id         = "say-it-better"
kind       = "rewrite"
use        = "graded"
set        = "first"
lesson     = "5.2"
points     = 3
prompt.zh  = "换一种说法。"
prompt.en  = "Say it better."
given.zh   = "这不归我管，您找财务。"
given.en   = "Not my department, ask the finance people."
max_length = 300

[sealed.say-it-better]
required.own.zh        = ["我来", "我帮您"]
required.own.en        = ["I'll", "let me"]
required.own.why.zh    = "说出自己要做的事。"
required.own.why.en    = "It says what you yourself will do."
required.time.zh       = ["今天", "五点前"]
required.time.en       = ["today", "by five"]
required.time.why.zh   = "给一个时间。"
required.time.why.en   = "It gives a time."
forbidden.shove.zh     = ["不归我"]
forbidden.shove.en     = ["not my"]
forbidden.shove.why.zh = "客户听到的是推。"
forbidden.shove.why.en = "The customer hears a shove."
rubric.follow.zh       = "说清谁来跟"
rubric.follow.en       = "Says who follows up"
rubric.follow.points   = 2
rubric.tone.zh         = "语气像当面说话"
rubric.tone.en         = "Sounds like speech"
rubric.tone.points     = 3
model.zh = "我帮您联系财务的同事，今天下班前回您电话。"
model.en = "Let me ask our colleagues in finance; you will hear from me today."
"""
SEALED = ("财务的同事", "our colleagues in finance", "说清谁来跟", "Says who follows up")
GOOD = "我来跟财务说，今天五点前回您。"
HALF = "我来跟财务说。"
HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)> 我来",
    "closes-the-block": "</pre></div></body><script>alert(3)</script><!-- 我来",
    "fences": "```\n</code></pre>\n~~~\n````html\n<b>我来</b>\n",
    "headings": "我来\n\n# 标题\n\n- 列表\n\n> 引文\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n",
    "links": "我来 [x](javascript:alert(4)) ![y](http://evil.test/a.png) <http://evil.test>",
    "mathematics": "我来 $$ <img src=x onerror=alert(5)> $$ \\begin{a}<i>\\end{a} \\\\(x\\\\)",
    "references": "我来 &lt;script&gt; &#60;b&#62; &amp;",
    "templates": "我来 {{ 7*7 }} {% raw %} {{ resources }}",
    "white-space": "  我来\t\r\n\r\n    四格缩进\r\n",
    "odd-characters": "我来 \x00 \x1b[31m \u202e abc \u2028 \x0b \ufeff \u200b 😀",
}  # fmt: skip


@dataclass
class Marked:
    """A course, and who handed in what."""

    course: Course
    texts: dict[str, str | None]


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """Released, answered in the player, handed in as a file, collected, autograded."""
    folder = tmp_path_factory.mktemp("rewrite")
    course = Course(folder / "course", bank(folder / "bank", scenarios__invoice=STORY))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    texts = {"good": GOOD, "half": HALF, "nothing": None, **HOSTILE}
    inbox = course.root / "downloaded" / "first" / "archive"
    inbox.mkdir(parents=True)
    for student, text in texts.items():
        mine = folder / student
        mine.mkdir()
        for file in (course.root / "exercises" / "first").iterdir():
            (mine / file.name).write_bytes(file.read_bytes())
        if text is not None:
            _answer(mine, text)
        name = hand_in(mine, student)
        (inbox / name).write_bytes((mine / name).read_bytes())
    course.nbgrader("zip_collect", "first")
    course.nbgrader("autograde", "first")
    return Marked(course, texts)


def _answer(folder: Path, text: str) -> None:
    player = play(ITEM, folder)
    reply = player.reply({"do": "answer", "id": f"{len(text):032x}", "item": ITEM, "lang": "zh",
                          "version": player.cards[0]["version"],
                          "response": {"text": text}})  # fmt: skip
    assert reply["did"] == "saved"
    assert reply["receipt"]["verdict"] is None


def _grade(course: Course, student: str) -> dict[str, Any]:
    """What the gradebook says of the cell that a person marks."""
    with course.gradebook() as book:
        found: dict[str, Any] = book.find_grade(CELL, "first", "first", student).to_dict()
        return found


def _mark(course: Course, student: str, score: float, comment: str = "") -> None:
    """What formgrader does when a marker types a score."""
    with course.gradebook() as book:
        grade = book.find_grade(CELL, "first", "first", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment(CELL, "first", "first", student).manual_comment = comment or None
        book.db.commit()


def _formgrader(course: Course, student: str) -> str:
    """The page that formgrader shows of a submission."""
    with within(course.root):
        config = Config(PyFileConfigLoader("nbgrader_config.py", str(course.root)).load_config())
    formgrade = Path(handlers.__file__).parent / "templates"
    exporter = HTMLExporter(
        config=config, template_name="formgrade", extra_template_basedirs=[str(formgrade)]
    )
    file = course.root / "autograded" / student / "first" / "first.ipynb"
    resources: dict[str, Any] = {
        "unique_key": "first", "mathjax_url": "", "base_url": "/formgrader",
        "assignment_id": "first", "submission_id": "1", "notebook_id": "first",
        "metadata": {"name": "first", "path": str(file.parent)},
        "index": 0, "total": 1, "last_name": None, "first_name": None, "my_path": "",
        "nbgrader": {"student": student, "assignment": "first", "notebook": "first"},
    }  # fmt: skip
    page, _ = exporter.from_notebook_node(nbformat.read(file, as_version=4), resources=resources)
    return str(page)


class _Read(HTMLParser):
    """The elements of a page, its addresses, and the learner's text in its `pre`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[tuple[str, str | None]] = Counter()
        self.pre: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.update(
            (n, v) for n, v in attrs if n.startswith("on") or n in ("src", "href")
        )
        if tag == "pre" and "pre-wrap" in (dict(attrs).get("style") or ""):
            self.pre.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.pre[-1] += data


# What is released.


def test_the_second_cell_is_released(marked: Marked) -> None:
    """Below the locked cell stands one that a person marks, with all the points of the rubric."""
    file = marked.course.root / "exercises" / "first" / "first.ipynb"
    cells = nbformat.read(file, as_version=4).cells
    at = next(i for i, c in enumerate(cells) if c.id == ITEM)
    locked, by_hand = cells[at].metadata.nbgrader, cells[at + 1].metadata.nbgrader
    assert (cells[at].cell_type, locked.locked, locked.solution, locked.points) == (
        "code", True, False, 3)  # fmt: skip
    assert (cells[at + 1].cell_type, by_hand.grade_id, by_hand.points) == ("markdown", CELL, 5)
    assert (by_hand.grade, by_hand.solution, by_hand.locked) == (True, True, False)
    assert cells[at + 1].metadata.editable is False
    for other in GRADED:
        assert f"{other}{RUBRIC}" not in {c.id for c in cells}


def test_nothing_of_the_key_is_released(marked: Marked) -> None:
    """Neither rubric nor model answer is in what learners get."""
    for file in (marked.course.root / "exercises" / "first").iterdir():
        for sealed in (*SEALED, "五点前", "by five"):
            assert sealed not in file.read_text("utf-8")


# What is judged, and what waits.


def test_phrases_are_judged_and_the_rest_waits(marked: Marked) -> None:
    """The first cell has its score at once; the second has none until a person gives it."""
    scores = marked.course.scores()
    assert (scores["good"][ITEM], scores["half"][ITEM]) == (3.0, 1.5)
    for student, text in marked.texts.items():
        grade = _grade(marked.course, student)
        assert grade["needs_manual_grade"] == (text is not None), student
        assert grade["auto_score"] == (0.0 if text is None else None), student
        assert grade["max_score"] == 5


def test_who_wrote_nothing_need_not_be_marked(marked: Marked) -> None:
    """A blank is 0 in both cells, and its cell is as it was released."""
    assert marked.course.scores()["nothing"][ITEM] == 0
    page = _formgrader(marked.course, "nothing")
    assert "这一格留给老师批改" in page
    assert not any(sealed in page for sealed in SEALED)


def test_the_marker_sees_text_rubric_and_model(marked: Marked) -> None:
    """Formgrader's page shows what was written, then the rubric with its points and the model."""
    page = _formgrader(marked.course, "good")
    for sealed in SEALED:
        assert page.count(sealed) == 1
    assert page.index(f'id="{CELL}"') < page.index(SEALED[0])
    assert "<b>2</b>" in page
    assert "<b>3</b>" in page
    assert "这不归我管" in page
    assert _Read(page).pre == [GOOD]


@pytest.mark.parametrize("student", HOSTILE)
def test_whatever_was_typed_is_shown_as_text(marked: Marked, student: str) -> None:
    """No text is markup, markdown or mathematics, for the marker or in feedback."""
    marked.course.nbgrader("generate_feedback", "first")
    given, plain = HOSTILE[student], _Read(_formgrader(marked.course, "half"))
    page = _Read(_formgrader(marked.course, student))
    shown = "".join(
        "\ufffd" if ord(c) < 32 and c not in "\n\t" else c for c in given.replace("\r\n", "\n")
    )
    assert page.pre == [shown]
    # The tables' own lines differ in number; nothing else does.
    assert page.tags - Counter(br=99) == plain.tags - Counter(br=99)
    assert page.attributes == plain.attributes
    back = _Read(marked.course.feedback(student))
    other = _Read(marked.course.feedback("half"))
    assert back.tags - Counter(br=99) == other.tags - Counter(br=99)
    assert back.attributes == other.attributes


# Marking and feedback.


def test_marking_feedback_and_grading_again(marked: Marked, tmp_path: Path) -> None:
    """A mark counts, shows in feedback, outlives another run, and is asked anew for new text."""
    course = marked.course
    course.nbgrader("generate_feedback", "first")
    before = course.feedback("half")
    assert "还没批改" in before
    assert "not marked yet" in before
    assert "还有 1 处等老师批改" in before

    _mark(course, "half", 3.5, "说清了谁来跟 <b>")
    course.nbgrader("generate_feedback", "first", "--force")
    page = course.feedback("half")
    assert "3.5 / 5" in page
    assert "还没批改" not in page
    assert "说清了谁来跟 &lt;b&gt;" in page
    assert HALF in page
    assert "✗ 还缺：给一个时间。" in page
    assert "✓ “我来”：说出自己要做的事。" in page
    with course.gradebook() as book:
        assert book.find_submission("first", "half").score == 5.0
        assert not book.find_submission("first", "half").needs_manual_grade

    course.nbgrader("autograde", "first", "--student", "half", "--force")
    assert _grade(course, "half")["manual_score"] == 3.5
    with course.gradebook() as book:
        assert book.find_submission("first", "half").score == 5.0

    card = course.cards()[ITEM]
    journal = course.root / "submitted" / "half" / "first" / "responses.jsonl"
    journal.write_bytes(journal.read_bytes() + line(card, {"text": GOOD}))
    course.nbgrader("autograde", "first", "--student", "half", "--force")
    assert _grade(course, "half")["needs_manual_grade"]
    assert course.scores()["half"][ITEM] == 3.0
    assert _Read(_formgrader(course, "half")).pre == [GOOD]


def test_feedback_holds_nothing_of_the_markers(marked: Marked) -> None:
    """The model answer and the rubric are on the marker's page and on no learner's."""
    marked.course.nbgrader("generate_feedback", "first")
    for student, text in marked.texts.items():
        page = marked.course.feedback(student)
        assert not any(sealed in page for sealed in SEALED), student
        assert ("kefu-marker" in _formgrader(marked.course, student)) == (text is not None)
        assert "kefu-marker" not in page
        assert "第 1 题" in page


# What may be wrong.


def test_a_typed_cell_and_a_lying_notebook_change_nothing(marked: Marked, tmp_path: Path) -> None:
    """What a learner makes of the notebook is not what is marked: the saved answer is."""
    course = marked.course
    released = json.loads((course.root / "exercises/first/first.ipynb").read_bytes())
    for cell in released["cells"]:
        if cell["id"] == CELL:
            cell["source"] = "typed here instead"
            cell["metadata"]["nbgrader"]["points"] = 100
    course.submit("liar", line(course.cards()[ITEM], {"text": GOOD}), released)
    course.nbgrader("autograde", "first", "--student", "liar")
    assert _Read(_formgrader(course, "liar")).pre == [GOOD]
    assert _grade(course, "liar")["max_score"] == 5


@pytest.mark.parametrize("text", ["x" * 301, "half", 7, ["我来"], None])
def test_what_nobody_could_have_typed_is_not_marked(marked: Marked, text: object) -> None:
    """A text too long, or none at all, is worth 0 and waits for nobody."""
    course = marked.course
    half = b"\\ud800"  # half a character
    journal = line(course.cards()[ITEM], {"text": text}).replace(b"half", half)
    course.submit("odd", journal)
    course.nbgrader("autograde", "first", "--student", "odd", "--force")
    grade = _grade(course, "odd")
    assert (grade["auto_score"], grade["needs_manual_grade"]) == (0.0, False)
    assert course.scores()["odd"][ITEM] == 0


def test_cards_that_lack_a_graded_cell_say_so(marked: Marked, tmp_path: Path) -> None:
    """Where the released cards do not hold an item of the notebook, the log says what to run."""
    course = Course(tmp_path / "course", *marked.course.places.contents)
    course.weave()
    course.nbgrader("generate_assignment", "first")
    course.submit("s01", course.answers({}))
    file = course.root / "exercises" / "first" / "cards.json"
    data = json.loads(file.read_bytes())
    data["cards"] = [card for card in data["cards"] if card["item"] != GRADED[0]]
    file.write_text(json.dumps(data), "utf-8")
    log = run_nbgrader(course.root, "autograde", "first", fails=True)
    assert f"do not hold {GRADED[0]}" in log
    assert "nbgrader generate_assignment first" in log
