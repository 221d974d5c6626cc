"""A learner in the real JupyterLab, from the unpacked zip."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from kefu.demo import Prepared
from tests.browser.conftest import Watched
from tests.browser.servers import TOKEN, jupyterlab

Watch = Callable[..., Watched]


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, and a learner's folder below the one it serves."""

    base: str
    folder: Path

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook; its practice is alive by itself."""
        page.goto(f"{self.base}/lab/tree/{self.folder.name}/{notebook}?token={TOKEN}&reset")
        panel = page.locator(".jp-NotebookPanel:visible")
        expect(panel).to_have_attribute("data-kefu", "ready", timeout=90_000)
        expect(panel.locator(".kefu").first).to_be_visible()

    def forget_kernels(self) -> None:
        """Shut every session down, as a closed laptop would."""
        head = {"Authorization": f"token {TOKEN}"}
        for session in httpx.get(f"{self.base}/api/sessions", headers=head).json():
            httpx.delete(f"{self.base}/api/sessions/{session['id']}", headers=head)

    def journal(self, name: str) -> list[dict[str, Any]]:
        """What is on disk."""
        file = self.folder / name / "responses.jsonl"
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """One real JupyterLab for all tests here: its address, and the folder it serves."""
    root = tmp_path_factory.mktemp("learners")
    with jupyterlab(root, tmp_path_factory.mktemp("settings") / "own", grading=False) as base:
        yield base, root


@pytest.fixture(scope="module")
def one(watch_all: Watch) -> Watched:
    """One browser for all tests here: JupyterLab's scripts are read and compiled once."""
    return watch_all({"127.0.0.1"}, viewport={"width": 1280, "height": 1000})


@pytest.fixture
def lab(
    demonstration: Prepared, served: tuple[str, Path], request: pytest.FixtureRequest
) -> Iterator[Lab]:
    """A learner's own copy of the unpacked zip, and a kernel for nobody else."""
    base, root = served
    folder = root / request.node.name
    shutil.copytree(demonstration.learner, folder)
    made = Lab(base, folder)
    yield made
    made.forget_kernels()


@pytest.fixture
def desk(lab: Lab, one: Watched) -> Iterator[Watched]:
    """That browser; its pages are closed before their kernels."""
    yield one
    one.leave()


def answer(player: Locator, kind: str) -> None:
    """Answer the card in view as a person would."""
    if kind in ("choice", "choices"):
        player.locator(".k-opt").nth(1).click()
    elif kind == "number":
        player.locator("input[type=text], input[inputmode=decimal]").fill("１５")
    else:
        player.locator("ol button").first.focus()


def test_a_lesson_keeps_every_answer(lab: Lab, desk: Watched) -> None:
    """What is answered in a lesson is there after a reload and with a new kernel."""
    page = desk.page()
    lesson = next(p.name for p in (lab.folder / "course" / "zh").glob("5.2-*.ipynb"))
    seen: dict[str, str] = {}
    for slug, data in cards(lab.folder).items():
        for card in data["cards"]:
            plain = card["kind"] in ("choice", "choices", "order", "number")
            if plain and card["lesson"] == "5.2" and len(data["cards"]) == 1:
                seen.setdefault(card["kind"], slug)
    assert {"choice", "choices", "order"} <= set(seen)
    lab.open(page, f"course/zh/{lesson}")
    for kind, slug in seen.items():
        player = player_of(page, lab, slug)
        player.scroll_into_view_if_needed()
        answer(player, kind)
        player.locator("button[type=submit]").click()
        expect(player.get_by_text("已保存").first).to_be_visible()
    assert {a["item"].split("--")[0] for a in lab.journal("course")} == set(seen.values())
    page.close()
    lab.forget_kernels()
    page = desk.page()
    lab.open(page, f"course/zh/{lesson}")
    for slug in seen.values():
        player = player_of(page, lab, slug)
        player.scroll_into_view_if_needed()
        expect(player.get_by_text("已保存").first).to_be_visible()


def test_the_other_language_needs_no_reload(lab: Lab, desk: Watched) -> None:
    """The switch changes the words at once and keeps what was picked."""
    page = desk.page()
    lab.open(page, "course/zh/5.2-taking-ownership.ipynb")
    player = page.locator(".kefu").first
    player.locator(".k-opt").nth(2).click()
    prompt = player.locator("legend").inner_text()
    player.get_by_role("button", name="EN").click()
    expect(player.locator("legend")).not_to_have_text(prompt)
    expect(player.locator("input:checked")).to_have_count(1)
    expect(player.get_by_role("button", name="中文")).to_be_visible()


def test_a_graded_set_says_saved_and_nothing_else(lab: Lab, desk: Watched) -> None:
    """In an exercise each kind is saved without a verdict, handed in, and there after a reload."""
    page = desk.page()
    lab.open(page, "exercises/ownership/ownership.ipynb")
    players = page.locator(".kefu")
    expect(players).to_have_count(7)
    data = json.loads((lab.folder / "exercises/ownership/cards.json").read_text("utf-8"))
    for at, card in enumerate(data["cards"]):
        player = players.nth(at)
        player.scroll_into_view_if_needed()
        answer(player, card["kind"])
        player.locator("button[type=submit]").click()
        expect(player.get_by_text("已保存").first).to_be_visible()
        for word in ("满分", "不得分", "得七成"):
            expect(player.get_by_text(word)).to_have_count(0)
    panel = players.nth(6)
    panel.scroll_into_view_if_needed()
    panel.locator("input").fill("s42")
    panel.get_by_role("button", name="做交卷文件").click()
    expect(panel.get_by_text("ownership--s42.zip")).to_be_visible()
    assert (lab.folder / "exercises/ownership/ownership--s42.zip").is_file()
    assert len(lab.journal("exercises/ownership")) == 6
    page.close()
    lab.forget_kernels()
    page = desk.page()
    lab.open(page, "exercises/ownership/ownership.ipynb")
    players = page.locator(".kefu")
    for at in range(len(data["cards"])):
        players.nth(at).scroll_into_view_if_needed()
        expect(players.nth(at).get_by_text("已保存").first).to_be_visible()
    number = next(at for at, card in enumerate(data["cards"]) if card["kind"] == "number")
    expect(players.nth(number).locator("input")).to_have_value("１５")


def cards(folder: Path) -> dict[str, Any]:
    """The cards of the course, by scenario."""
    files = sorted((folder / "course" / "cards").glob("*.json"))
    return {file.stem: json.loads(file.read_text("utf-8")) for file in files}


def player_of(page: Page, lab: Lab, slug: str) -> Locator:
    """The player of a scenario, in the cell of its name."""
    book = json.loads((lab.folder / "course/zh/5.2-taking-ownership.ipynb").read_text("utf-8"))
    ids = [cell["id"] for cell in book["cells"] if cell["cell_type"] == "code"]
    return page.locator(".jp-CodeCell").nth(ids.index(slug)).locator(".kefu").first
