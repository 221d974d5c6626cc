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
from tests.grading.pages import mark

ITEM = "invoice--say-it-better"
CELLS = tuple(f"{ITEM}{RUBRIC}{number}" for number in (1, 2))
"""The lines of the rubric, most points first: the tone for 3, who follows up for 2."""
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
LINES = ("语气像当面说话", "Sounds like speech", "说清谁来跟", "Says who follows up")
SEALED = ("财务的同事", "our colleagues in finance")
_LINES = Counter(br=999, span=9999)
"""Lines, and words marked with their language, differ in number; nothing else does."""
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


def _grades(course: Course, student: str) -> list[dict[str, Any]]:
    """What the gradebook says of the cells that a person marks."""
    with course.gradebook() as book:
        return [book.find_grade(cell, "first", "first", student).to_dict() for cell in CELLS]


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


def test_a_cell_for_each_line_is_released(marked: Marked) -> None:
    """Below the locked cell stands one for each line of the rubric, most points first."""
    file = marked.course.root / "exercises" / "first" / "first.ipynb"
    cells = nbformat.read(file, as_version=4).cells
    at = next(i for i, c in enumerate(cells) if c.id == ITEM)
    locked = cells[at].metadata.nbgrader
    assert (cells[at].cell_type, locked.locked, locked.solution, locked.points) == (
        "code", True, False, 3)  # fmt: skip
    for cell, name, points in zip(cells[at + 1 : at + 3], CELLS, (3, 2), strict=True):
        by_hand = cell.metadata.nbgrader
        assert (cell.cell_type, by_hand.grade_id, by_hand.points) == ("markdown", name, points)
        assert (by_hand.grade, by_hand.solution, by_hand.locked) == (True, True, False)
        assert cell.metadata.editable is False
    assert sum(RUBRIC in cell.id for cell in cells) == 2


def test_nothing_of_the_key_is_released(marked: Marked) -> None:
    """Neither rubric nor model answer is in what learners get."""
    for file in (marked.course.root / "exercises" / "first").iterdir():
        for sealed in (*SEALED, *LINES, "五点前", "by five"):
            assert sealed not in file.read_text("utf-8")


# What is judged, and what waits.


def test_phrases_are_judged_and_the_rest_waits(marked: Marked) -> None:
    """The first cell has its score at once; each line has none until a person gives it."""
    scores = marked.course.scores()
    assert (scores["good"][ITEM], scores["half"][ITEM]) == (3.0, 1.5)
    for student, text in marked.texts.items():
        for grade, points in zip(_grades(marked.course, student), (3, 2), strict=True):
            assert grade["needs_manual_grade"] == (text is not None), student
            assert grade["auto_score"] == (0.0 if text is None else None), student
            assert grade["max_score"] == points


def test_who_wrote_nothing_need_not_be_marked(marked: Marked) -> None:
    """A blank is 0 in every cell, and the lines are as they were released."""
    assert marked.course.scores()["nothing"][ITEM] == 0
    page = _formgrader(marked.course, "nothing")
    assert page.count("这一格留给老师按评分要点批改") == 2
    assert not any(sealed in page for sealed in (*SEALED, *LINES))


def test_the_marker_sees_text_rubric_and_model(marked: Marked) -> None:
    """Formgrader shows the text, then the model, then each line with its own box for points."""
    page = _formgrader(marked.course, "good")
    for sealed in (*SEALED, *LINES):
        assert page.count(sealed) == 1
    places = [page.index(words) for words in (GOOD[:2], SEALED[0], LINES[0], LINES[2])]
    assert places == sorted(places)
    for cell in CELLS:
        assert page.count(f'id="{cell}"') >= 1
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
    assert page.tags - _LINES == plain.tags - _LINES
    assert page.attributes == plain.attributes
    back = _Read(marked.course.feedback(student))
    other = _Read(marked.course.feedback("half"))
    assert back.tags - _LINES == other.tags - _LINES
    assert back.attributes == other.attributes


# Marking and feedback.


def test_marking_feedback_and_grading_again(marked: Marked, tmp_path: Path) -> None:
    """A mark counts, shows in feedback, outlives another run, and is asked anew for new text."""
    course = marked.course
    course.nbgrader("generate_feedback", "first")
    before = course.feedback("half")
    assert "还没批改" in before
    assert "not marked yet" in before
    assert "还有 2 处等老师批改" in before

    mark(course, "half", CELLS[0], 2.5, "说清了谁来跟 <b>")
    mark(course, "half", CELLS[1], 1)
    course.nbgrader("generate_feedback", "first", "--force")
    page = course.feedback("half")
    for words in ("2.5 / 3", "1 / 2", "5 / 8", "说清了谁来跟 &lt;b&gt;", HALF, *LINES):
        assert words in page
    assert "还没批改" not in page
    assert "✗ 还缺：给一个时间。" in page
    assert "✓ “我来”：说出自己要做的事。" in page
    with course.gradebook() as book:
        assert book.find_submission("first", "half").score == 5.0
        assert not book.find_submission("first", "half").needs_manual_grade

    course.nbgrader("autograde", "first", "--student", "half", "--force")
    assert [grade["manual_score"] for grade in _grades(course, "half")] == [2.5, 1]
    with course.gradebook() as book:
        assert book.find_submission("first", "half").score == 5.0

    card = course.cards()[ITEM]
    journal = course.root / "submitted" / "half" / "first" / "responses.jsonl"
    journal.write_bytes(journal.read_bytes() + line(card, {"text": GOOD}))
    course.nbgrader("autograde", "first", "--student", "half", "--force")
    assert all(grade["needs_manual_grade"] for grade in _grades(course, "half"))
    assert course.scores()["half"][ITEM] == 3.0
    assert _Read(_formgrader(course, "half")).pre == [GOOD]


def test_feedback_holds_nothing_of_the_markers(marked: Marked) -> None:
    """Until reasons are released the model answer is on the marker's page and on no learner's.

    The lines of the rubric are on a learner's who wrote something to mark.
    """
    marked.course.nbgrader("generate_feedback", "first")
    for student, text in marked.texts.items():
        page = marked.course.feedback(student)
        assert not any(sealed in page for sealed in SEALED), student
        assert all((words in page) == (text is not None) for words in LINES), student
        assert ("kefu-marker" in _formgrader(marked.course, student)) == (text is not None)
        assert "kefu-marker" not in page
        assert "第 1 题" in page


# What may be wrong.


def test_a_typed_cell_and_a_lying_notebook_change_nothing(marked: Marked, tmp_path: Path) -> None:
    """What a learner makes of the notebook is not what is marked: the saved answer is."""
    course = marked.course
    released = json.loads((course.root / "exercises/first/first.ipynb").read_bytes())
    for cell in released["cells"]:
        if cell["id"] in CELLS:
            cell["source"] = "typed here instead"
            cell["metadata"]["nbgrader"]["points"] = 100
    course.submit("liar", line(course.cards()[ITEM], {"text": GOOD}), released)
    course.nbgrader("autograde", "first", "--student", "liar")
    assert _Read(_formgrader(course, "liar")).pre == [GOOD]
    assert [grade["max_score"] for grade in _grades(course, "liar")] == [3, 2]


@pytest.mark.parametrize("text", ["x" * 301, "half", 7, ["我来"], None])
def test_what_nobody_could_have_typed_is_not_marked(marked: Marked, text: object) -> None:
    """A text too long, or none at all, is worth 0 and waits for nobody."""
    course = marked.course
    half = b"\\ud800"  # half a character
    journal = line(course.cards()[ITEM], {"text": text}).replace(b"half", half)
    course.submit("odd", journal)
    course.nbgrader("autograde", "first", "--student", "odd", "--force")
    for grade in _grades(course, "odd"):
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
