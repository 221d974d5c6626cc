"""`kefu report` and `kefu calibrate`, as whoever teaches runs them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import openpyxl
import pytest
from nbclient import NotebookClient

from kefu.grading.sheets import read_rows
from tests.cli.conftest import Kefu
from tests.grading.course import Course
from tests.grading.reported import classroom, copied, give_marks

__all__ = ["classroom"]


@pytest.fixture
def course(classroom: Course, tmp_path: Path) -> Course:
    """The class, in a folder of its own."""
    return copied(classroom, tmp_path / "course")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag with what it carries."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_a_report_is_made(course: Course, kefu: Kefu) -> None:
    """Page, workbook and notebook are written, and how many learners they are of is said."""
    code, out, _ = kefu(course.root, "report", "first")
    assert not code
    assert "first: 12 learners, 6 items, 22 marks still to be given." in out
    made = course.root / "reports" / "first"
    assert sorted(one.name for one in made.iterdir()) == [
        "first.ipynb",
        "report.html",
        "report.xlsx",
    ]
    page = (made / "report.html").read_text("utf-8")
    assert 'id="en" checked' in page
    assert "Half an hour" in page
    assert "等了半小时" in page
    items = openpyxl.load_workbook(made / "report.xlsx")["逐题 items"]
    assert items.max_row == 7


def test_no_file_names_a_learner(course: Course, kefu: Kefu) -> None:
    """Neither page nor workbook nor notebook holds a learner's number, marked or not."""
    give_marks(course, {f"zhang-wei-{n:02}": (1.0, 1.0) for n in range(1, 12)})
    kefu(course.root, "report", "first")
    made = course.root / "reports" / "first"
    assert b"zhang-wei" not in (made / "report.html").read_bytes()
    assert b"zhang-wei" not in (made / "first.ipynb").read_bytes()
    for sheet in openpyxl.load_workbook(made / "report.xlsx"):
        for row in sheet.iter_rows(values_only=True):
            assert not any("zhang-wei" in f"{value}" for value in row)


def test_the_page_is_closed(course: Course, kefu: Kefu) -> None:
    """The page runs nothing, asks no host for anything, and says so to the browser."""
    kefu(course.root, "report", "first", "--lang", "zh")
    text = (course.root / "reports" / "first" / "report.html").read_text("utf-8")
    page = Page(text)
    assert {"script", "iframe", "img", "link", "a", "form"}.isdisjoint(page.tags)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert not any(name in ("src", "href", "action") for name, _ in page.attributes)
    assert "url(" not in text
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert 'id="zh" checked' in text


def test_every_chart_has_words_and_a_table(course: Course, kefu: Kefu) -> None:
    """Each chart says what it shows, in both languages, and tables hold the numbers."""
    kefu(course.root, "report", "first")
    text = (course.root / "reports" / "first" / "report.html").read_text("utf-8")
    charts = re.findall(r'<svg role="img" viewBox="[^"]+" aria-label="([^"]+)"', text)
    assert len(charts) == text.count("<svg")
    assert len(charts) % 2 == 0
    assert sum(bool(re.search("[\u4e00-\u9fff]", one)) for one in charts) == len(charts) / 2
    assert text.count("<caption>") == text.count("<table")


def test_a_hostile_text_is_shown_as_text(course: Course, kefu: Kefu) -> None:
    """Markup in a learner's text is words on the page, where markers differ on it."""
    journal = course.root / "submitted" / "zhang-wei-01" / "first" / "responses.jsonl"
    bad = "我来</blockquote><script>alert(1)</script>=1+1"
    lines = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    for line in lines:
        if "text" in line["response"]:
            line["response"]["text"] = bad
    journal.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")
    give_marks(course, {"zhang-wei-01": (0.0, 0.0)})
    kefu(course.root, "calibrate", "first", "--n", "1")
    made = course.root / "reports" / "first"
    book = openpyxl.load_workbook(made / "calibrate.xlsx")
    for row in book.worksheets[0].iter_rows(min_row=2):
        assert row[2].value == bad
        row[5].value = row[4].value
    book.save(made / "back.xlsx")
    code, out, _ = kefu(course.root, "calibrate", "first", "--back", "reports/first/back.xlsx")
    assert not code
    assert "Says who follows up: 1 marked by both, 0% the same" in out
    kefu(course.root, "report", "first")
    text = (made / "report.html").read_text("utf-8")
    assert "script" not in Page(text).tags
    assert "&lt;script&gt;alert(1)" in text
    assert "First marker 0, second marker 3, out of 3" in text


def test_the_notebook_runs(course: Course, kefu: Kefu) -> None:
    """Every cell of the instructor's notebook runs where it lies, and shows pictures with words."""
    kefu(course.root, "report", "first")
    file = course.root / "reports" / "first" / "first.ipynb"
    book = nbformat.read(file, as_version=4)
    nbformat.validate(book)
    NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(file.parent)}}
    ).execute()
    shown = [
        output["data"].get("text/html", "")
        for cell in book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    ]
    assert sum(bool(re.match(r'<img lang="zh" alt="[^"]', one)) for one in shown) >= 5
    assert not any("zhang-wei" in one for one in shown)


def test_it_goes_where_it_is_told(course: Course, kefu: Kefu, tmp_path: Path) -> None:
    """`--to` names another folder, for the report and for the second marker's sheet."""
    kefu(course.root, "report", "first", "--to", str(tmp_path / "there"))
    assert (tmp_path / "there" / "report.html").is_file()
    kefu(course.root, "calibrate", "first", "--to", str(tmp_path / "there"), "--seed", "1")
    assert len(read_rows(tmp_path / "there" / "calibrate.xlsx")) == 22
    assert not (course.root / "reports").exists()


def test_a_class_that_handed_in_nothing_has_a_report(course: Course, kefu: Kefu) -> None:
    """Without a single hand-in the page says so, and there is nothing to calibrate."""
    (course.root / "submitted").rename(course.root / "away")
    code, out, _ = kefu(course.root, "report", "first")
    assert not code
    assert "0 learners" in out
    page = (course.root / "reports" / "first" / "report.html").read_text("utf-8")
    assert "Nobody has handed in this set yet." in page
    code, _, _ = kefu(course.root, "calibrate", "first")
    assert "there are no texts that a person marks" in str(code)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "none"), "has not been released"),
        (("report", "first", "--lang", "de"), "no language 'de'"),
        (("calibrate", "first", "--back", "nothing.xlsx"), "no calibration.json"),
    ],
)
def test_what_cannot_be_is_said(
    course: Course, kefu: Kefu, words: tuple[str, ...], said: str
) -> None:
    """An unknown set, an unknown language, a sheet never drawn: one sentence, and it fails."""
    code, _, _ = kefu(course.root, *words)
    assert said in str(code)
