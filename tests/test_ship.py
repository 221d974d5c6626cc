"""The zip a learner gets: what it holds, what it must not, and that it works by itself."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from kefu.bank import read
from kefu.errors import KefuError
from kefu.places import Places
from kefu.ship import ZIP, ship_learner
from kefu.weave import weave
from tests.pieces import CONTENT

CLONE = CONTENT.parent
STRANGERS = ("alembic", "jupytext", "nbgrader", "psycopg", "pydantic", "pydantic_core", "rich",
             "sqlalchemy", "starlette", "typer", "uvicorn", "voila")  # fmt: skip
"""What the house needs, and a learner's machine does not have."""

# What may lie in a course's folders and is nobody's but the house's.
PLANTED = (
    "course/responses.jsonl",
    "course/zh/responses.jsonl",
    "course/zh/notes.txt",
    "course/zh/.ipynb_checkpoints/0.1-orientation-checkpoint.ipynb",
    "course/cards/responses.jsonl",
    "exercises/{set}/responses.jsonl",
    "exercises/{set}/{set}--s01.zip",
    "exercises/{set}/.ipynb_checkpoints/{set}-checkpoint.ipynb",
    "kefu.db",
    "gradebook.db",
    "course/kefu.db",
)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A course, woven and released, with things lying about that are the house's own."""
    root = tmp_path_factory.mktemp("course")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    woven = weave(read([CONTENT])[0]).files
    for name, data in woven.items():
        released = name.replace("solutions/", "exercises/", 1)
        for copy in {name, released}:
            (root / copy).parent.mkdir(parents=True, exist_ok=True)
            (root / copy).write_bytes(data)
    a_set = next((root / "exercises").iterdir()).name
    for planted in PLANTED:
        file = root / planted.format(set=a_set)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("planted")
    return Places(root=root, contents=(CONTENT,))


@pytest.fixture(scope="module")
def archive(places: Places) -> Path:
    """The zip, made once."""
    return ship_learner(places)


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    """Where a learner unpacked it: a folder with a space and 汉字 in its name."""
    folder = tmp_path / "我的 课程"
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder)
    return folder / "kefu"


def _members(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_two_builds_are_the_same(places: Places, archive: Path, tmp_path: Path) -> None:
    """The same course gives the same bytes."""
    again = ship_learner(places, tmp_path / "again.zip")
    assert again == tmp_path / "again.zip"
    assert archive == places.root / ZIP
    assert again.read_bytes() == archive.read_bytes()
    assert [*tmp_path.iterdir()] == [again]


def test_what_it_holds(places: Places, archive: Path) -> None:
    """It holds the lessons, their cards, the released sets, the wheel, how to start: no more."""
    wanted = {
        name.replace("solutions/", "exercises/", 1)
        for name in weave(read(places.contents)[0]).files
    }
    names = {name.removeprefix("kefu/") for name in _members(archive)}
    wheel = {name for name in names if name.endswith(".whl")}
    assert len(wheel) == 1
    start = {"START-HERE.html", "environment.yml", "start-linux.sh", "start-macos.command",
             "start-windows.bat"}  # fmt: skip
    assert names == wanted | wheel | start


def test_nothing_of_the_house(archive: Path) -> None:
    """No journal, no database, no solution, no hand-in of anybody is in it."""
    for name, data in _members(archive).items():
        assert PurePosixPath(name).name not in ("responses.jsonl", "kefu.db", "gradebook.db")
        assert "solutions" not in name
        assert b"planted" not in data


def _words(data: object) -> set[str]:
    if isinstance(data, dict):
        return {words for inner in data.values() for words in _words(inner)}
    if isinstance(data, list):
        # The phrases of a rewrite are lists of ordinary words, which anybody may say.
        return {words for inner in data if not isinstance(inner, str) for words in _words(inner)}
    return {data} if isinstance(data, str) and len(data) > 8 else set()


def test_nothing_sealed(archive: Path, tmp_path: Path) -> None:
    """No reason of a graded or exam item is anywhere in it, nor in the wheel inside."""
    sealed = {
        words
        for entry in read([CONTENT])[0].entries
        if entry.item.use != "practice" and entry.key is not None
        for words in _words(entry.key.model_dump())
    }
    assert len(sealed) > 20
    members = _members(archive)
    (wheel,) = (name for name in members if name.endswith(".whl"))
    (tmp_path / "wheel").write_bytes(members[wheel])
    members |= _members(tmp_path / "wheel")
    spelt = {words.encode() for words in sealed}
    spelt |= {json.dumps(words)[1:-1].encode() for words in sealed}
    assert [n for n, data in members.items() if any(words in data for words in spelt)] == []


def test_files_are_ready_to_run(archive: Path) -> None:
    """The scripts carry their mode, lines end as each system wants, and no blank is left."""
    with zipfile.ZipFile(archive) as file:
        modes = {info.filename: info.external_attr >> 16 for info in file.infolist()}
    members = _members(archive)
    assert modes["kefu/start-linux.sh"] == modes["kefu/start-macos.command"] == 0o100755
    assert modes["kefu/START-HERE.html"] == 0o100644
    bat = members["kefu/start-windows.bat"]
    assert bat.count(b"\r\n") == bat.count(b"\n") > 10
    assert b"\r" not in members["kefu/start-linux.sh"] + members["kefu/start-macos.command"]
    for name in members:
        if name.count("/") == 1 and not name.endswith(".whl"):
            for blank in (b"@WHEEL@", b"@FIRST@", b"@NEEDS@"):
                assert blank not in members[name], name


def test_what_the_scripts_name_is_there(archive: Path) -> None:
    """The wheel and the first lesson that the start files name are in the zip."""
    members = _members(archive)
    (wheel,) = (PurePosixPath(name).name for name in members if name.endswith(".whl"))
    for name in ("start-linux.sh", "start-windows.bat"):
        text = members[f"kefu/{name}"].decode()
        first = text.rstrip().rpartition(" ")[2].strip('"')
        assert f"kefu/{first}" in members
        assert wheel in text
    assert wheel in members["kefu/environment.yml"].decode()
    assert "numpy" in members["kefu/environment.yml"].decode()
    assert "sqlalchemy" not in members["kefu/environment.yml"].decode()


@pytest.mark.parametrize("script", ["start-linux.sh", "start-macos.command"])
def test_scripts_parse(unpacked: Path, script: str) -> None:
    """The shell reads the scripts without complaint, and they use nothing but plain sh."""
    done = subprocess.run(["sh", "-n", unpacked / script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    text = (unpacked / script).read_text("utf-8")
    for bashism in ("[[", "function ", "<<<", "local ", "source ", "echo -e", "$'"):
        assert bashism not in text


# Stands in for a learner's Python: makes a .venv that writes down what it is asked.
STAND_IN = """#!/bin/sh
case "$1 $2" in
    "-c "*) exit $(cat "$HERE/old") ;;
    "-m venv") mkdir -p "$3/bin"; cp "$HERE/venv-python" "$3/bin/python" ;;
esac
"""
VENV_PYTHON = """#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >>"$HERE/asked"; done
printf -- '--\\n' >>"$HERE/asked"
[ "$2" != pip ] || exit $(cat "$HERE/offline")
"""


def _start(unpacked: Path, bin_: Path, script: str, *, old: bool = False, offline: bool = False):
    bin_.mkdir(exist_ok=True)
    for name in ("sh", "dirname", "mkdir", "cp", "cat", "touch"):
        found = shutil.which(name)
        assert found
        (bin_ / name).unlink(missing_ok=True)
        (bin_ / name).symlink_to(found)
    for name, text in (("python3", STAND_IN), ("venv-python", VENV_PYTHON)):
        (bin_ / name).write_text(text)
        (bin_ / name).chmod(0o755)
    (bin_ / "old").write_text(str(int(old)))
    (bin_ / "offline").write_text(str(int(offline)))
    (bin_ / "asked").unlink(missing_ok=True)
    done = subprocess.run(
        [unpacked / script], cwd="/", capture_output=True, text=True,
        env={"PATH": str(bin_), "HERE": str(bin_)},
    )  # fmt: skip
    asked = (bin_ / "asked").read_text() if (bin_ / "asked").exists() else ""
    return done, [call.split("\n")[:-1] for call in asked.split("--\n")[:-1]]


@pytest.mark.parametrize("script", ["start-linux.sh", "start-macos.command"])
def test_a_first_start(unpacked: Path, tmp_path: Path, script: str) -> None:
    """From any folder, the first start installs the wheel and opens the first lesson.

    Jupyter serves the whole unpacked folder: the other language and the exercises are in reach.
    """
    for file in unpacked.glob("start-*"):
        file.chmod(0o755)
    done, (install, lab) = _start(unpacked, tmp_path / "bin", script)
    assert (done.returncode, done.stderr) == (0, "")
    assert install[:3] == ["-m", "pip", "install"]
    assert (unpacked / install[-1]).is_file()
    assert lab[:3] == ["-m", "kefu.late", "jupyterlab"]
    assert "--ServerApp.root_dir=." in lab
    assert (unpacked / lab[-1]).is_file()
    _, again = _start(unpacked, tmp_path / "bin", script)
    assert again == [lab]


def test_a_start_that_fails(unpacked: Path, tmp_path: Path) -> None:
    """Without a network, or with an old Python, words in both languages say what to do."""
    (unpacked / "start-linux.sh").chmod(0o755)
    done, calls = _start(unpacked, tmp_path / "bin", "start-linux.sh", old=True)
    assert (done.returncode, calls) == (1, [])
    assert "没有找到 Python 3.11" in done.stdout
    assert "was not found" in done.stdout
    done, calls = _start(unpacked, tmp_path / "bin", "start-linux.sh", offline=True)
    assert done.returncode == 1
    assert len(calls) == 1
    assert "请检查网络" in done.stdout
    done, calls = _start(unpacked, tmp_path / "bin", "start-linux.sh")
    assert done.returncode == 0
    assert len(calls) == 2


LEARNER = """
import importlib.abc, json, sys
strangers = set(json.loads(sys.argv[1]))
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in strangers:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
import kefu
from kefu import kinds
assert kefu.__file__.startswith(sys.argv[2]), kefu.__file__
player = kefu.play("phone-shop-lunch")
assert player.notice is None and player.cards, player.notice
key = json.load(open("../cards/phone-shop-lunch.json", encoding="utf-8"))["keys"]
for n, card in enumerate(player.cards):
    reply = player.reply({"do": "answer", "id": f"{n:032x}", "item": card["item"],
        "version": card["version"], "response": kinds.expert(card, key[card["item"]])})
    assert reply["did"] == "saved" and reply["receipt"]["verdict"]["credit"] == 1.0, reply
assert kefu.play("phone-shop-lunch").receipts == player.receipts
assert player.get_state()["_esm"] and player.get_state()["_css"]
from pathlib import Path
for folder in Path("../../exercises").iterdir():
    panel = kefu.notebook.play(folder.name, folder)
    for item in panel.handin["items"]:
        assert kefu.notebook.play(item, folder).cards
    assert (folder / kefu.notebook.hand_in(folder, "s01")).is_file()
print(sorted(strangers & {name.partition(".")[0] for name in sys.modules}))
"""


def test_it_works_by_itself(unpacked: Path, tmp_path: Path) -> None:
    """With the wheel inside and what a learner's machine has, a lesson is played and handed in."""
    (wheel,) = unpacked.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as file:
        file.extractall(site)
    done = subprocess.run(
        [sys.executable, "-c", LEARNER, json.dumps(STRANGERS), str(site)],
        cwd=unpacked / "course" / "zh",
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "[]\n")
    assert (unpacked / "course" / "responses.jsonl").is_file()


def test_a_course_of_long_ago(places: Places, tmp_path: Path) -> None:
    """A zip knows no day before 1980; a course dated earlier is shipped all the same."""
    course = (CONTENT / "course.toml").read_text("utf-8")
    (tmp_path / "course.toml").write_text(re.sub("as_of *=.*", "as_of = 1970-01-01", course))
    old = Places(root=places.root, contents=(CONTENT, tmp_path))
    with zipfile.ZipFile(ship_learner(old, tmp_path / "a.zip")) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_set_that_is_gone_is_not_shipped(places: Places, tmp_path: Path) -> None:
    """What a renamed set left in exercises/ stays at home."""
    gone = places.exercises / "renamed-since"
    gone.mkdir()
    (gone / "renamed-since.ipynb").write_text("{}")
    with zipfile.ZipFile(ship_learner(places, tmp_path / "b.zip")) as file:
        assert not [name for name in file.namelist() if "renamed-since" in name]


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ((), "kefu weave"),
        (("course/cards/a.json",), "kefu weave"),
        (("course/zh/a.ipynb",), "nbgrader generate_assignment"),
    ],
)
def test_nothing_to_ship(tmp_path: Path, there: tuple[str, ...], says: str) -> None:
    """Before weaving or releasing, words say what to run first, and no zip is made."""
    for name in there:
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("{}")
    with pytest.raises(KefuError, match=says):
        ship_learner(Places(root=tmp_path, contents=(CONTENT,)))
    assert not [*tmp_path.rglob("*.zip")]


def test_building_leaves_the_clone_as_it_was(archive: Path) -> None:
    """The wheel is built elsewhere: neither it nor a part of the zip is left behind."""
    assert archive.is_file()
    assert not [*archive.parent.glob("*.part")]
    assert not [*CLONE.glob("*.whl")]
