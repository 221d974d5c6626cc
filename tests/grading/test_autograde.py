"""Grading what learners hand in, whatever they did to it, with nbgrader's own commands."""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
import sqlalchemy as sa
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from kefu import kinds
from kefu.card import Card, Response
from kefu.notebook import hand_in, play
from kefu.vault import Vault, connect
from tests.grading.course import GRADED, Course, bank, line, run_nbgrader, story, within

CHOICE, CHOICES, ORDER, NUMBER = GRADED
FULL = dict.fromkeys(GRADED, 4.0)
NONE = dict.fromkeys(GRADED, 0.0)


def _option(card: Card, zh: str) -> str:
    shown = [*card.get("options", []), *card.get("steps", [])]
    return next(o["id"] for o in shown if o["text"]["zh"].startswith(zh))


@dataclass
class Handed:
    """What a learner handed in, and what an honest grader gives for it."""

    journal: bytes | None
    score: dict[str, float] = field(default_factory=lambda: dict(FULL))
    notebook: bytes | None = None


@dataclass
class Class:
    """A course, what everybody handed in, and the log of grading it."""

    course: Course
    best: dict[str, Response]
    handed: dict[str, Handed]
    log: str
    scores: dict[str, dict[str, float | None]]


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where code of a submission would leave its trace, if it ran."""
    return tmp_path_factory.mktemp("traces")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, traces: Path) -> Class:
    """One learner for each way of handing in, all graded in one plain run."""
    folder = tmp_path_factory.mktemp("grading")
    course = Course(folder / "课程 course", bank(folder / "bank"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    cards, vault = course.cards(), course.vault()
    best = {
        ref: kinds.expert(card, vault.key(ref, card["version"]) or {})
        for ref, card in cards.items()
    }
    handed = _all(course, cards, best, traces)
    for student, what in handed.items():
        course.submit(student, what.journal, what.notebook)
    secret = folder / "secret.jsonl"
    secret.write_bytes(course.answers(best))
    linked = course.submit("linked-journal", None)
    (linked / "responses.jsonl").symlink_to(secret)
    handed["linked-journal"] = Handed(None, dict(NONE))
    looped = course.submit("looped-journal", None)
    (looped / "responses.jsonl").symlink_to("responses.jsonl")
    handed["looped-journal"] = Handed(None, dict(NONE))
    piled = course.submit("journal-is-a-folder", None)
    (piled / "responses.jsonl").mkdir()
    handed["journal-is-a-folder"] = Handed(None, dict(NONE))
    log = course.nbgrader("autograde", "first")
    return Class(course, best, handed, log, course.scores())


def _all(
    course: Course, cards: dict[str, Card], best: dict[str, Response], traces: Path
) -> dict[str, Handed]:
    good = course.answers(best)
    choice, rest = cards[CHOICE], {r: a for r, a in best.items() if r != CHOICE}
    look, wait, deny = (_option(choice, words) for words in ("我先", "您晚上", "刚才"))
    note, tag, smile = (_option(cards[CHOICES], words) for words in ("记下", "挂上", "光是"))
    hear, ask, log_, tell = (_option(cards[ORDER], w) for w in ("先听", "再问", "记下", "回话"))
    assert look == best[CHOICE]["option"]

    def with_choice(response: object, score: float, /, **other: object) -> Handed:
        return Handed(
            course.answers(rest) + line(choice, response, **other), FULL | {CHOICE: score}
        )

    def once(ref: str, response: Any, score: float) -> Handed:
        return Handed(course.answers({**best, ref: response}), FULL | {ref: score})

    released = json.loads((course.root / "exercises/first/first.ipynb").read_bytes())

    def book(change: Callable[[dict[str, Any]], object], journal: bytes = good) -> Handed:
        notebook = copy.deepcopy(released)
        change(notebook)
        score = dict(FULL) if journal == good else dict(NONE)
        return Handed(journal, score, json.dumps(notebook).encode())

    def each(notebook: dict[str, Any]) -> list[dict[str, Any]]:
        return [c for c in notebook["cells"] if c["metadata"].get("nbgrader")]

    def evil(notebook: dict[str, Any]) -> None:
        for n, cell in enumerate(notebook["cells"]):
            cell["cell_type"] = "code"
            cell.update(outputs=[], execution_count=None)
            cell["source"] = f"open({str(traces / f'ran-{n}')!r}, 'w').close()\n1e9"

    def claims(notebook: dict[str, Any]) -> None:
        for cell in each(notebook):
            cell["outputs"] = [{"output_type": "execute_result", "execution_count": 1,
                                "metadata": {}, "data": {"text/plain": "4.0"}}]  # fmt: skip

    def points(notebook: dict[str, Any]) -> None:
        for cell in each(notebook):
            cell["metadata"]["nbgrader"]["points"] = 1000

    def renamed(notebook: dict[str, Any]) -> None:
        for n, cell in enumerate(each(notebook)):
            cell["metadata"]["nbgrader"]["grade_id"] = f"x{n}"

    def stripped(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell["metadata"] = {}
        notebook["metadata"] = {}

    deep = b'{"option":' + b"[" * 30_000 + b"]" * 30_000 + b"}"
    head = json.dumps(
        {"item": CHOICE, "version": choice["version"], "at": "2026-11-20T08:00:00.000Z"}
    )
    deep_line = (head[:-1] + ', "id": "' + "d" * 32 + '", "response": ').encode() + deep + b"}\n"
    last = good.splitlines(keepends=True)
    flood = b"".join(line(choice, {"option": look}, version=f"{n:016x}") for n in range(20_000))
    return {
        "honest": Handed(good),
        "second-best": with_choice({"option": wait}, 1.8),
        "worst": with_choice({"option": deny}, 0.0),
        "some-right": once(CHOICES, {"options": [note]}, 2.0),
        "all-picked": once(CHOICES, {"options": [note, tag, smile]}, 2.0),
        "false-picks-only": once(CHOICES, {"options": [smile]}, 0.0),
        "free-pair": once(ORDER, {"order": [hear, log_, ask, tell]}, 4.0),
        "one-pair-wrong": once(ORDER, {"order": [ask, hear, log_, tell]}, 2.4),
        "backwards": once(ORDER, {"order": [tell, log_, ask, hear]}, 0.0),
        "full-width": once(NUMBER, {"number": "　３ 声"}, 4.0),
        "wrong-number": once(NUMBER, {"number": "4"}, 0.0),
        "no-journal": Handed(None, dict(NONE)),
        "empty-journal": Handed(b"", dict(NONE)),
        "last-counts": Handed(good + line(choice, {"option": deny}), FULL | {CHOICE: 0.0}),
        "last-whole-counts": Handed(good + line(choice, {"option": "nobody"})),
        "id-twice": Handed(
            line(choice, {"option": look}, id="e" * 32)
            + line(choice, {"option": deny}, id="e" * 32),
            NONE | {CHOICE: 4.0},
        ),
        "claims-a-score": with_choice({"option": deny, "score": 4, "credit": 1}, 0.0),
        "claims-beside": with_choice({"option": deny}, 0.0, score=4, verdict={"credit": 1.0}),
        "strange-option": with_choice({"option": "nobody"}, 0.0),
        "list-for-one": with_choice({"option": [look]}, 0.0),
        "both-options": with_choice({"options": [look, wait]}, 0.0),
        "not-even-json": with_choice({"option": float("nan")}, 0.0),
        "blank": with_choice({"option": None}, 0.0),
        "other-items": Handed(
            good + line({**choice, "item": "umbrella--nothing"}, {"option": look})),
        "others-version": with_choice({"option": look}, 0.0, version=cards[NUMBER]["version"]),
        "old-version": with_choice({"option": look}, 0.0, version="0" * 16),
        "half-a-character": Handed(
            course.answers(rest) + line(choice, {"option": look}).replace(
                choice["version"].encode(), b"\\ud800"), FULL | {CHOICE: 0.0}),
        "nul": with_choice({"option": look}, 0.0, version="\u0000"),
        "torn": Handed(b"".join(last[:-1]) + last[-1][:40], FULL | {NUMBER: 0.0}),
        "torn-then-good": Handed(last[0][:40] + b"\n" + good),
        "not-utf-8": Handed(b"\xff\xfe\x00garbage\n" + good),
        "with-a-mark": Handed(b"\xef\xbb\xbf" + good),
        "windows-lines": Handed(good.replace(b"\n", b"\r\n")),
        "deep": Handed(deep_line + course.answers(rest), FULL | {CHOICE: 0.0}),
        "long-line": Handed(b"[" * 2_000_000 + b"\n" + good),
        "huge-number": once(NUMBER, {"number": "9" * 60}, 0.0),
        "long-number": once(NUMBER, {"number": "3" * 10_000}, 0.0),
        "nothing-but-numbers": Handed(b"3\n[]\nnull\n{}\n\n" + good),
        "flood": Handed(good + flood),
        "runs-code": book(evil),
        "runs-code-unanswered": book(evil, b""),
        "claims-outputs": book(claims, b""),
        "raises-points": book(points),
        "renames-cells": book(renamed),
        "strips-metadata": book(stripped),
        "deletes-cells": book(lambda notebook: notebook.update(cells=[])),
        "reorders-cells": book(lambda notebook: notebook["cells"].reverse()),
        "skips-execution": book(
            lambda nb: [c["metadata"].update(tags=["skip-execution"]) for c in nb["cells"]], b""),
        "tears-notebook": Handed(good, dict(FULL), b'{"cells": ['),
        "empties-notebook": Handed(good, dict(FULL), b""),
        "notebook-not-utf-8": Handed(good, dict(FULL), b"\xff\xfe\x00"),
        "notebook-of-another-kind": Handed(good, dict(FULL), b'{"cells": 3, "nbformat": 99}'),
        "types-html": once(NUMBER, {"number": "<b onmouseover=alert(1)>3"}, 0.0),
    }  # fmt: skip


def test_everyone_gets_what_an_honest_grader_gives(graded: Class) -> None:
    """Whatever was handed in, the run finishes and each item has the score that was earned."""
    expected = {student: what.score for student, what in graded.handed.items()}
    found = {student: graded.scores.get(student) for student in expected}
    wrong = {s: (found[s], expected[s]) for s in expected if found[s] != pytest.approx(expected[s])}
    assert wrong == {}
    assert "Traceback" not in graded.log


def test_nothing_of_a_submission_is_executed(graded: Class, traces: Path) -> None:
    """Code in a submitted notebook leaves no trace and no change of the score."""
    assert list(traces.iterdir()) == []
    assert graded.scores["runs-code"] == graded.scores["honest"]
    for student in ("runs-code", "strips-metadata", "deletes-cells", "tears-notebook"):
        assert [c["source"] for c in graded.course.marked(student).values()] == [
            c["source"] for c in graded.course.marked("honest").values()
        ]


def test_missing_responses_are_warned_about(graded: Class) -> None:
    """Who handed in no journal is named in the log, and gets a page that says so."""
    for student in ("no-journal", "empty-journal", "linked-journal"):
        assert f"first, {student}: 没有交来任何答案 · no responses were handed in" in graded.log
    cell = graded.course.marked("no-journal")[CHOICE]
    said = cell["outputs"][0]["data"]["text/plain"]
    assert "没有作答" in "".join(said)
    assert "not answered" in "".join(said)


def test_a_link_is_refused_with_a_reason(graded: Class) -> None:
    """A journal that is a link is not followed but set aside, and the log says so."""
    for student in ("linked-journal", "looped-journal", "journal-is-a-folder"):
        assert re.search(rf"{student}: .*responses.jsonl is no plain file", graded.log)
        assert graded.scores[student] == NONE
        assert os.path.lexists(graded.course.root / f"refused/first/{student}/responses.jsonl")


@pytest.mark.parametrize(
    ("student", "zh", "en"),
    [
        ("claims-a-score", "格式不对", "wrong form"),
        ("strange-option", "不在这道题的选项里", "not among"),
        ("list-for-one", "格式不对", "wrong form"),
        ("old-version", "不属于发布过的题目版本", "no version of this question"),
        ("half-a-character", "不属于发布过的题目版本", "no version of this question"),
        ("blank", "没有作答", "Not answered"),
    ],
)
def test_what_earns_nothing_says_why(graded: Class, student: str, zh: str, en: str) -> None:
    """An answer that nobody could have given is worth 0, and the reason stands under it."""
    said = "".join(graded.course.marked(student)[CHOICE]["outputs"][0]["data"]["text/plain"])
    assert zh in said
    assert en in said


def test_a_missing_notebook_costs_no_answer(graded: Class) -> None:
    """A journal whose notebook is missing is graded all the same; the log names the file."""
    folder = graded.course.submit("no-notebook", graded.course.answers(graded.best))
    (folder / "first.ipynb").rename(folder / "other.ipynb")
    log = graded.course.nbgrader("autograde", "first", "--student", "no-notebook")
    assert "other.ipynb is no plain file that belongs here" in log
    assert "first.ipynb was not handed in" in log
    assert graded.course.scores()["no-notebook"] == graded.scores["honest"]


# Feedback.


@pytest.fixture(scope="module")
def pages(graded: Class) -> Class:
    """The same class with feedback and export."""
    graded.course.nbgrader("generate_feedback", "first")
    graded.course.nbgrader("export")
    return graded


def test_a_page_holds_answer_credit_and_reason(pages: Class) -> None:
    """Feedback tells in both languages what was answered, what it earned, and why."""
    page = pages.course.feedback("second-best")
    for said in ("您晚上再来问问吧。", "Please ask again tonight.", "没有帮上忙。",
                 "No help is given.", "得 45%", "45% credit", "1.8 / 4", "先动手，再开口。",
                 "Act first, then speak.", "标准是 3 声。", "The standard is 3 rings.",
                 "听完才知道问什么。"):  # fmt: skip
        assert said in page
    assert re.search(r'lang="zh-CN".*lang="en"', page, re.DOTALL)


def test_reasons_of_what_was_not_picked_stay_sealed(pages: Class) -> None:
    """No page tells the reason of an option that its learner did not pick."""
    page = pages.course.feedback("second-best")
    for sealed in (
        "先做一步，客户看得见。",
        "It takes a step one can see.",
        "这是推责。",
        "It shirks the duty.",
    ):
        assert sealed not in page
    page = pages.course.feedback("some-right")
    assert "以后能联系上。" in page
    assert "谁接手都认得。" not in page
    assert "光笑不够。" not in page
    nothing = pages.course.feedback("no-journal")
    for sealed in ("标准是 3 声。", "听完才知道问什么。", "先动手，再开口。", "没有帮上忙。"):
        assert sealed not in nothing


def test_pages_run_nothing_and_ask_no_other_host(pages: Class) -> None:
    """A feedback page has no script and no address of another host."""
    for student in pages.handed:
        page = pages.course.feedback(student)
        assert "<script" not in page
        assert not re.search(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", page)
        assert not re.search(r"\son[a-z]+\s*=", page)
        assert "javascript:" not in page


def test_what_a_learner_typed_is_shown_as_text(pages: Class) -> None:
    """HTML in an answer is never markup on the page."""
    page = pages.course.feedback("types-html")
    assert "<b onmouseover" not in page
    assert "填写的不是一个数字" in page


def test_the_csv_has_the_scores(pages: Class) -> None:
    """`nbgrader export` writes each learner's score."""
    with (pages.course.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    for student, what in pages.handed.items():
        assert told[student] == pytest.approx(sum(what.score.values())), student


def test_formgraders_page_asks_no_other_host(pages: Class) -> None:
    """A submission as formgrader shows it names no script or style of another host."""
    with within(pages.course.root):
        loader = PyFileConfigLoader("nbgrader_config.py", str(pages.course.root))
        config = Config(loader.load_config())
    formgrade = Path(handlers.__file__).parent / "templates"
    exporter = HTMLExporter(
        config=config, template_name="formgrade", extra_template_basedirs=[str(formgrade)]
    )
    file = pages.course.root / "autograded" / "second-best" / "first" / "first.ipynb"
    nb = nbformat.read(file, as_version=4)
    resources: dict[str, Any] = {
        "unique_key": "first",
        "mathjax_url": "",
        "base_url": "/formgrader",
        "assignment_id": "first",
        "submission_id": "1",
        "notebook_id": "first",
        "metadata": {"name": "first", "path": str(file.parent)},
        "index": 0, "total": 1, "last_name": None, "first_name": None, "my_path": "",
    }  # fmt: skip
    resources["nbgrader"] = {"student": "second-best", "assignment": "first", "notebook": "first"}
    page, _ = exporter.from_notebook_node(nb, resources=resources)
    assert "formgrader" in page
    assert "您晚上再来问问吧。" in page
    loaded = re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=[\"']([^\"']*)", page)
    assert loaded
    assert [url for url in loaded if re.match(r"(?:https?:)?//", url)] == []
    named = set(re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9./-]+", page))
    assert {url for url in named if "www.w3.org" not in url} == set()


# Handing in and collecting.


def test_a_hand_in_file_is_collected(graded: Class, tmp_path: Path) -> None:
    """What the panel makes is taken back by plain `nbgrader zip_collect`, as often as it comes.

    Where all is well it says how many there were, and no more.
    """
    course = Course(tmp_path / "course", *graded.course.places.contents)
    course.weave()
    course.nbgrader("generate_assignment", "first")
    mine = tmp_path / "mine"
    inbox = course.root / "downloaded" / "first" / "archive"
    inbox.mkdir(parents=True)
    for score, words in ((0.0, "刚才"), (4.0, "我先")):
        mine.mkdir(exist_ok=True)
        for file in (course.root / "exercises" / "first").iterdir():
            (mine / file.name).write_bytes(file.read_bytes())
        player = play(CHOICE, mine)
        card = player.cards[0]
        reply = player.reply({"do": "answer", "id": f"{int(score):032x}", "item": CHOICE,
                              "version": card["version"], "lang": "zh",
                              "response": {"option": _option(card, words)}})  # fmt: skip
        assert reply["did"] == "saved"
        name = hand_in(mine, "s-01_A")
        assert name == "first--s-01_A.zip"
        (inbox / name).write_bytes((mine / name).read_bytes())
        said = course.nbgrader("zip_collect", "first").splitlines()
        assert [line for line in said if "Using file" not in line] == [said[-1]]
        assert "收到 1 份 · hand-ins taken: 1" in said[-1]
        # Without a flag: what was handed in later is graded again.
        course.nbgrader("autograde", "first")
        assert course.scores()["s-01_A"][CHOICE] == score


def test_only_the_two_files_are_collected(graded: Class, tmp_path: Path) -> None:
    """Whatever else an archive holds, links and settings above all, stays out of `submitted`."""
    course = Course(tmp_path / "course", *graded.course.places.contents)
    course.weave()
    course.nbgrader("generate_assignment", "first")
    inbox = course.root / "downloaded" / "first" / "archive"
    inbox.mkdir(parents=True)
    book = (course.root / "exercises" / "first" / "first.ipynb").read_bytes()
    with zipfile.ZipFile(inbox / "first--zipped.zip", "w") as archive:
        archive.writestr("first.ipynb", book)
        archive.writestr("responses.jsonl", b"")
        archive.writestr("nbgrader_config.py", "raise SystemExit")
        archive.writestr("other.jsonl", "x")
    course.nbgrader("zip_collect", "first")
    taken = sorted(p.relative_to(course.root / "submitted").as_posix()
                   for p in (course.root / "submitted").rglob("*") if p.is_file())  # fmt: skip
    extra = [
        n for n in taken if Path(n).name not in ("first.ipynb", "responses.jsonl", "timestamp.txt")
    ]
    assert extra == []
    assert {n.split("/")[0] for n in taken} == {"zipped"}


# Versions and corrections.


def test_an_older_version_is_judged_by_its_own_key(tmp_path: Path) -> None:
    """Who answered a card that was reworded since is judged by that card's latest key.

    Nobody is told of it: there is nothing wrong with such an answer.
    """
    content = bank(tmp_path / "bank")
    course = Course(tmp_path / "course", content)
    course.weave()
    course.nbgrader("generate_assignment", "first")
    old = course.cards()[CHOICE]
    course.submit("early", line(old, {"option": _option(old, "您晚上")}))
    first = story("graded")
    reworded = first.replace("先怎么说？", "您先怎么说？").replace("say first?", "say at first?")
    (content / "scenarios" / "umbrella.toml").write_text(
        reworded.replace("credit.wait = 0.45", "credit.wait = 0.1"), "utf-8"
    )
    course.weave()
    course.nbgrader("generate_assignment", "first")
    new = course.cards()[CHOICE]
    assert new["version"] != old["version"]
    course.submit("late", line(new, {"option": _option(new, "您晚上")}))
    log = course.nbgrader("autograde", "first")
    assert "not counted" not in log
    scores = course.scores()
    assert scores["early"][CHOICE] == pytest.approx(1.8)
    assert scores["late"][CHOICE] == pytest.approx(0.4)


def test_a_corrected_key_regrades(tmp_path: Path) -> None:
    """A corrected key is a new revision of the same card, and grading again tells its score."""
    content = bank(tmp_path / "bank")
    course = Course(tmp_path / "course", content)
    course.weave()
    course.nbgrader("generate_assignment", "first")
    card = course.cards()[CHOICE]
    released = (course.root / "exercises" / "first" / "first.ipynb").read_bytes()
    course.submit("s01", line(card, {"option": _option(card, "您晚上")}))
    course.nbgrader("autograde", "first")
    assert course.scores()["s01"][CHOICE] == pytest.approx(1.8)
    text = story("graded").replace("credit.wait = 0.45", "credit.wait = 0.7")
    (content / "scenarios" / "umbrella.toml").write_text(text, "utf-8")
    course.weave()
    assert course.cards()[CHOICE] == card
    course.nbgrader("autograde", "first", "--force")
    assert course.scores()["s01"][CHOICE] == pytest.approx(2.8)
    assert (course.root / "exercises" / "first" / "first.ipynb").read_bytes() == released


def test_a_set_that_is_not_released_says_so(tmp_path: Path) -> None:
    """Grading without the released set fails with what to do, and gives nobody a score."""
    course = Course(tmp_path / "course", bank(tmp_path / "bank"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    course.submit("s01", course.answers({}))
    shutil.rmtree(course.root / "exercises" / "first")
    log = run_nbgrader(course.root, "autograde", "first", fails=True)
    assert "nbgrader generate_assignment first" in log
    assert not (course.root / "autograded" / "s01" / "first" / "first.ipynb").exists()


def test_a_set_that_is_not_woven_says_so(tmp_path: Path) -> None:
    """Grading without the vault's key fails with what to do, and gives nobody a score."""
    course = Course(tmp_path / "course", bank(tmp_path / "bank"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    course.submit("s01", course.answers({}))
    (course.root / "kefu.db").unlink()
    log = run_nbgrader(course.root, "autograde", "first", fails=True)
    assert "run kefu weave first" in log
    assert not (course.root / "autograded" / "s01" / "first" / "first.ipynb").exists()


# Databases.


def test_the_vault_may_be_postgresql(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `KEFU_DB` the keys come from PostgreSQL, and the scores are the same."""
    plain = sa.create_engine(postgres_url)
    with plain.begin() as db:
        db.execute(sa.text("DROP SCHEMA IF EXISTS grading CASCADE"))
        db.execute(sa.text("CREATE SCHEMA grading"))
    plain.dispose()
    url = sa.make_url(postgres_url).update_query_dict({"options": "-csearch_path=grading"})
    monkeypatch.setenv("KEFU_DB", url.render_as_string(hide_password=False))
    course = Course(tmp_path / "course", bank(tmp_path / "bank"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    assert not (course.root / "kefu.db").exists()
    vault = Vault(connect(course.places.database()))
    cards = course.cards()
    best = {r: kinds.expert(c, vault.key(r, c["version"]) or {}) for r, c in cards.items()}
    course.submit("s01", course.answers(best))
    nul = line(cards[CHOICE], best[CHOICE], version="\u0000")
    course.submit("s02", nul + nul.replace(b"\\u0000", b"\\ud800").replace(b'"id": "', b'"id": "0'))
    course.nbgrader("autograde", "first")
    assert course.scores() == {"s01": FULL, "s02": NONE}
