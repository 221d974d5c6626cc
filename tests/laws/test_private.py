"""Law 6. What a learner thinks of oneself stays with the learner.

A self-check is reflected on through the player that a lesson shows. After that no file but
`.kefu/selfcheck.json` holds it, no widget's state, nothing that is handed in, shipped or submitted,
and nothing of the house's; and to delete it leaves nothing.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import traitlets.config
from nbgrader.utils import ignore_patterns

from kefu import ship
from kefu.grading.config import configure
from kefu.journal import FileJournal
from kefu.notebook import hand_in, play
from kefu.player import JournalDesk, Player
from kefu.reflections import FILE, Reflections
from tests.grading.course import Course, bank, files_of

STORY = """\
teaches  = ["taboo-never-heard"]
title.zh = "我的这一周"
title.en = "My week"
[[turn]]
who = "scene"
zh  = "想一想这一周。"
en  = "Think back over the week."
[[item]]
id        = "look-back"
kind      = "selfcheck"
use       = "practice"
lesson    = "5.2"
prompt.zh = "哪些话像你？"
prompt.en = "Which of these sound like you?"
""" + "".join(
    f'statement.{name}.zh = "我会{zh}。"\nstatement.{name}.en = "I {en}."\n'
    f'statement.{name}.tip.zh = "试试{zh}。"\nstatement.{name}.tip.en = "Try to {en}."\n'
    for name, zh, en in (("a", "听", "listen"), ("b", "问", "ask"), ("c", "记", "log"))
)
KEPT = f"course/.kefu/{FILE}"


class Learner:
    """A learner of a course, in the lesson with the self-check."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.player = play("my-week", root / "course" / "zh")
        (self.card,) = self.player.cards
        self.ids = [one["id"] for one in self.card["statements"]]

    def says(self, do: str, **more: Any) -> dict[str, Any]:
        """One message of the page, and the reply to it."""
        about = {"item": self.card["item"], "version": self.card["version"]}
        return self.player.reply({"do": do, "id": os.urandom(16).hex(), **about, **more})

    def reflects(self, *levels: int) -> None:
        """Chooses a level for each statement."""
        chosen = dict(zip(self.ids, levels, strict=True))
        assert self.says("reflect", levels=chosen)["did"] == "reflected"
        assert self.says("recall")["levels"] == chosen


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course, woven and released once."""
    folder = tmp_path_factory.mktemp("released")
    made = Course(folder / "root", bank(folder / "content", **{"scenarios__my-week": STORY}))
    made.weave()
    made.nbgrader("generate_assignment", "first")
    return made


@pytest.fixture
def course(released: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A copy of that course to learn in."""
    shutil.copytree(released.root, tmp_path / "root")
    monkeypatch.chdir(tmp_path / "root")
    # No content is in the wheel: its bytes make no difference here.
    monkeypatch.setattr(ship, "_wheel", lambda: ("kefu-0-py3-none-any.whl", b""))
    return Course(tmp_path / "root", *released.places.contents)


def told(things: Mapping[str, bytes], ids: list[str]) -> set[str]:
    """The things in which the level of a statement stands; archives are opened."""
    level = re.compile(rb"(%s)[\W_]{1,9}[012]\b" % b"|".join(i.encode() for i in ids))
    return {name for name, data in _opened(things) if level.search(data)}


def _opened(things: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in things.items():
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inside = {f"{name}!{i.filename}": archive.read(i) for i in archive.infolist()}
            yield from _opened(inside)
        else:
            yield name, data


def _state(player: Player) -> dict[str, bytes]:
    """What Jupyter syncs with a page, and may save into the notebook."""
    state = {n: v for n, v in player.get_state().items() if not n.startswith("_")}
    return {"state": json.dumps(state, default=str).encode()}


def test_only_one_file_holds_it(course: Course) -> None:
    """Reflecting changes no other file, and nothing of the widget's state."""
    learner = Learner(course.root)
    before, state = files_of(course.root), _state(learner.player)
    learner.reflects(2, 0, 1)
    after = files_of(course.root)
    assert {n for n in after if after[n] != before.get(n)} == {KEPT}
    assert after.keys() - {KEPT} == before.keys()
    assert told(after, learner.ids) == {KEPT}
    assert _state(learner.player) == state
    assert told(state, learner.ids) == set()
    assert stat.S_IMODE((course.root / KEPT).stat().st_mode) == 0o600


def test_nothing_that_leaves_the_machine_holds_it(course: Course, tmp_path: Path) -> None:
    """Neither hand-in, submission, the learner's zip nor the house's database has any of it.

    Not even where the private folder lies in the exercise itself.
    """
    learner = Learner(course.root)
    learner.reflects(2, 0, 1)
    exercise = course.root / "exercises" / "first"
    shutil.copytree(course.root / "course" / ".kefu", exercise / ".kefu", dirs_exist_ok=True)
    assert len(told(files_of(exercise), learner.ids)) == 1

    archive = exercise / hand_in(exercise, "s01")
    assert told({"hand-in": archive.read_bytes()}, learner.ids) == set()
    archive.unlink()

    config = traitlets.config.Config()
    configure(config)
    submitted = tmp_path / "submitted"
    shutil.copytree(exercise, submitted, ignore=ignore_patterns(config.CourseDirectory.ignore))
    assert (submitted / "first.ipynb").is_file()
    assert told(files_of(submitted), learner.ids) == set()

    shipped = ship.ship_learner(course.places)
    names = zipfile.ZipFile(shipped).namelist()
    assert "kefu/course/cards/my-week.json" in names
    assert [name for name in names if ".kefu/" in name] == []
    assert told({"zip": shipped.read_bytes()}, learner.ids) == set()

    house = {p.name: p.read_bytes() for p in course.root.glob("kefu.db*")}
    assert house
    known = b"".join(house.values())
    assert [i for i in learner.ids if i.encode() in known] == [], "it was never told of the card"


def test_deleting_leaves_nothing(course: Course) -> None:
    """After deleting, the course is as it was before reflecting, and nothing is recalled."""
    learner = Learner(course.root)
    before = files_of(course.root)
    learner.reflects(2, 0, 1)
    assert learner.says("forget")["did"] == "forgotten"
    assert files_of(course.root) == before
    assert learner.says("recall") | {"id": ""} == {
        "did": "recalled", "kept": True, "levels": None, "id": ""
    }  # fmt: skip


def test_it_is_no_answer(course: Course) -> None:
    """Sent as an answer it is refused, and no journal begins."""
    learner = Learner(course.root)
    levels = dict.fromkeys(learner.ids, 2)
    for response in ({"levels": levels}, {}, {"option": learner.ids[0]}):
        assert learner.says("answer", response=response)["did"] == "failed"
    assert told(files_of(course.root), learner.ids) == set()
    assert not (course.root / "course" / "responses.jsonl").exists()


def test_a_shared_tablet_keeps_nothing(course: Course) -> None:
    """A player that was given no place to keep it says so, and writes nothing."""
    learner = Learner(course.root)
    journal = FileJournal(course.root / "course" / "responses.jsonl")
    learner.player = Player(JournalDesk([learner.card], journal))
    before = files_of(course.root)
    assert learner.says("recall")["kept"] is False
    assert learner.says("reflect", levels=dict.fromkeys(learner.ids, 1))["did"] == "failed"
    assert files_of(course.root) == before


def _in_the_journal(learner: Learner, line: str) -> None:
    (learner.root / "course" / "responses.jsonl").write_text(line)


def _escaped_in_a_notebook(learner: Learner, line: str) -> None:
    (learner.root / "course" / "zh" / "x.ipynb").write_text(json.dumps({"output": line}))


def _in_an_archive(learner: Learner, line: str) -> None:
    with zipfile.ZipFile(learner.root / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kept.txt", line)


def _in_the_state(learner: Learner, line: str) -> None:
    learner.player.receipts = {"x": json.loads(line)}


@pytest.mark.parametrize(
    "leak", [_in_the_journal, _escaped_in_a_notebook, _in_an_archive, _in_the_state]
)
def test_a_planted_leak_is_found(course: Course, leak: Any) -> None:
    """Levels in a journal, a notebook, an archive or the widget's state are seen."""
    learner = Learner(course.root)
    learner.reflects(2, 0, 1)
    line = (course.root / KEPT).read_text()
    leak(learner, line)
    found = told(files_of(course.root) | _state(learner.player), learner.ids)
    assert found > {KEPT}
    assert len(found) == 2


def test_a_leak_of_the_player_is_found(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A player that kept it in a second place breaks the law."""
    keep = Reflections.keep

    def twice(self: Reflections, card: Any, levels: Any) -> None:
        keep(self, card, levels)
        (self.path.parent.parent / "copy.json").write_bytes(self.path.read_bytes())

    monkeypatch.setattr(Reflections, "keep", twice)
    learner = Learner(course.root)
    learner.reflects(2, 0, 1)
    assert told(files_of(course.root), learner.ids) == {KEPT, "course/copy.json"}
    learner.says("forget")
    assert told(files_of(course.root), learner.ids) == {"course/copy.json"}
