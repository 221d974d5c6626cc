"""An instructor in the real formgrader, and what a learner gets back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from kefu.demo import Prepared
from tests.browser.conftest import PHONE, Watched
from tests.browser.servers import TOKEN, jupyterlab
from tests.grading.course import Course, bank, line
from tests.grading.test_rewrite_cells import CELLS, ITEM, LINES, STORY

Watch = Callable[..., Watched]


def test_the_twelve_scores_stand_in_formgrader(
    demonstration: Prepared, watch: Watch, tmp_path: Path
) -> None:
    """Formgrader lists twelve submissions with the gradebook's scores, and each answer with why."""
    folder = tmp_path / "house"
    shutil.copytree(demonstration.places.root, folder, symlinks=True)
    watched = watch({"127.0.0.1"}, viewport={"width": 1280, "height": 900})
    page = watched.page()
    with jupyterlab(folder, tmp_path / "settings", grading=True) as base:
        there = "%2Fformgrader%2Fgradebook%2Fownership%2Fownership"
        page.goto(f"{base}/login?next={there}&token={TOKEN}")
        rows = page.locator("table tbody tr")
        expect(rows).to_have_count(12)
        shown = sorted(
            float(re.match(r"[\d.]+", rows.nth(i).locator("td").nth(2).inner_text())[0])  # type: ignore[index]
            for i in range(12)
        )
        booked = demonstration.scores["ownership"].values()
        assert sorted(round(score, 2) for score in booked) == shown
        rows.locator("a").first.click()
        expect(page.get_by_text("你的答案").first).to_be_visible()
        expect(page.get_by_text("Why").first).to_be_visible()
        page.close()  # a page that outlives its server asks it for its icon again


def test_a_learner_reads_the_feedback_on_a_phone(demonstration: Prepared, watch: Watch) -> None:
    """Feedback shows score, answer and reason in both languages, within 390 px."""
    watched = watch(set(), **PHONE)
    page = watched.page()
    feedback = demonstration.places.root / "feedback/s05/ownership/ownership.html"
    page.goto(feedback.as_uri())
    score = f"{demonstration.scores['ownership']['s05']:g}"
    expect(page.locator(".total")).to_contain_text(score)
    expect(page.locator("section")).to_have_count(6)
    for words in ("你的答案", "Your answer", "理由", "Why"):
        expect(page.locator("th", has_text=re.compile(f"^{words}$"))).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_marker_sees_text_rubric_and_model_and_gives_points(watch: Watch, tmp_path: Path) -> None:
    """A person marks each line in formgrader, text and model answer above; the points count."""
    course = Course(tmp_path / "house", bank(tmp_path / "bank", scenarios__invoice=STORY))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    text = "我来跟财务说，今天五点前回您。<img src=x onerror=alert(1)>\n**不是粗体**"
    course.submit("s01", line(course.cards()[ITEM], {"text": text}))
    course.nbgrader("autograde", "first")
    page = watch({"127.0.0.1"}, viewport={"width": 1280, "height": 900}).page()
    with jupyterlab(course.root, tmp_path / "settings", grading=True) as base:
        there = "%2Fformgrader%2Fgradebook%2Ffirst%2Ffirst"
        page.goto(f"{base}/login?next={there}&token={TOKEN}")
        row = page.locator("table tbody tr").first
        expect(row).to_contain_text("3 / ")
        row.locator("a").first.click()
        assert page.locator("pre", has_text="我来跟财务说").inner_text() == text
        marker = page.locator(".kefu-marker")
        expect(marker).to_contain_text("我帮您联系财务的同事")
        for name, words, given in zip(CELLS, LINES[::2], ("3", "1"), strict=True):
            line_ = page.locator(".nbgrader_cell", has=page.locator(f"[id='{name}']"))
            expect(line_).to_contain_text(words)
            points = line_.locator("input.score")
            expect(points).to_have_class(re.compile("needs_manual_grade"))  # its script is ready
            points.fill(given)
            with page.expect_response(
                lambda r: "/api/grade/" in r.url and r.request.method == "PUT"
            ):
                points.press("Escape")
        page.goto(f"{base}/formgrader/gradebook/first/first")
        expect(page.locator("table tbody tr").first).to_contain_text("7 / ")
        page.close()
    with course.gradebook() as book:
        submission = book.find_submission("first", "s01")
        assert (submission.score, submission.needs_manual_grade) == (7.0, False)
