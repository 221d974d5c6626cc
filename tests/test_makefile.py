"""The Makefile and its scripts, with a stand-in for Python so that nothing is installed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from tests.clone import Clone

ROOT = Path(__file__).resolve().parent.parent


def _bilingual(text: str) -> bool:
    return bool(
        re.search(r"[\u4e00-\u9fff]{4}", text) and re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", text)
    )


def test_make_alone_lists_every_target(clone: Clone) -> None:
    """`make` says what can be made, each target on one line in both languages."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    lines = clone.make().stdout.splitlines()
    assert [line.split()[1] for line in lines] == phony.split()
    for line in lines:
        assert re.search(r"[\u4e00-\u9fff].* / [a-z]", line), line


def test_install_locks_then_needs_no_network(clone: Clone) -> None:
    """The lock is installed by its hashes, then kefu itself without asking anyone."""
    done = clone.make("install")
    assert done.returncode == 0, done.stderr
    venv, lock, kefu = clone.calls()
    assert venv == "venv"
    assert "--require-hashes -r requirements.lock" in lock
    assert "--no-build-isolation --no-deps --no-index --editable ." in kefu
    assert clone.stamp.exists()


def test_install_is_done_once(clone: Clone) -> None:
    """With lock and pyproject unchanged, the second install asks for nothing, says nothing."""
    clone.make("install")
    clone.calls()
    (clone.root / "requirements.lock").touch()
    done = clone.make("install")
    assert (clone.calls(), done.stdout, done.stderr) == ([], "", "")


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_change_is_installed(clone: Clone, name: str) -> None:
    """A changed lock or pyproject is installed into the .venv that is there."""
    clone.make("install")
    clone.calls()
    with (clone.root / name).open("a") as file:
        file.write("# changed\n")
    assert clone.make("install").returncode == 0
    assert len(clone.calls()) == 2
    assert clone.make("install").returncode == 0
    assert clone.calls() == []


def test_a_moved_clone_is_installed_anew(clone: Clone) -> None:
    """The commands of a .venv hold its path: after a move it is made afresh."""
    clone.make("install")
    clone.calls()
    clone.root = clone.root.rename(clone.root.with_name("moved"))
    assert clone.make("install").returncode == 0
    assert clone.calls()[0] == "venv"


def test_an_interrupted_install_begins_afresh(clone: Clone) -> None:
    """An install that is killed leaves no stamp; the next one makes the .venv anew."""
    clone.set("kill")
    assert clone.make("install").returncode != 0
    assert not clone.stamp.exists()
    clone.set("kill", on=False)
    clone.calls()
    assert clone.make("install").returncode == 0
    assert clone.calls()[0] == "venv"


def test_an_interrupted_renewal_begins_afresh(clone: Clone) -> None:
    """The old stamp goes before the .venv is touched, so half a renewal counts for nothing."""
    clone.make("install")
    with (clone.root / "requirements.lock").open("a") as file:
        file.write("# changed\n")
    clone.set("kill")
    assert clone.make("install").returncode != 0
    assert not clone.stamp.exists()


def test_no_network_is_said_after_pips_own_words(clone: Clone) -> None:
    """When pip fails, its words are shown, then what to do, in both languages."""
    clone.set("fail")
    done = clone.make("install")
    assert done.returncode != 0
    pip, _, ours = done.stderr.partition("pip: no route to host")
    assert pip != done.stderr
    assert _bilingual(ours)
    assert "镜像" in ours
    assert "mirror" in ours
    assert not clone.stamp.exists()


def test_an_old_python_is_named(clone: Clone) -> None:
    """Without a Python of 3.11 or newer the message says which is needed and how to get it."""
    clone.set("old")
    done = clone.make("install")
    assert done.returncode != 0
    assert "3.11" in done.stderr
    assert _bilingual(done.stderr)
    assert clone.calls() == []


def test_a_python_without_venv_is_told_apart(clone: Clone) -> None:
    """Where Debian has split venv off, the message names the package to install."""
    clone.set("no-venv")
    done = clone.make("install")
    assert done.returncode != 0
    assert "python3-venv" in done.stderr
    assert _bilingual(done.stderr)


def test_another_python_will_do(clone: Clone) -> None:
    """A python3 that is too old is passed over for a python3.12 that is not."""
    good = clone.bin / "elsewhere"
    good.mkdir()
    shutil.copy(clone.python, good / "python3.12")
    shutil.copy(clone.bin / "venv-python", good)
    clone.set("old")
    done = clone.make("install", PATH=f"{clone.bin}:{good}")
    assert done.returncode == 0, done.stderr
    assert str(good) in (clone.root / ".venv/bin/python").read_text()


def test_the_named_python_is_taken_or_refused(clone: Clone) -> None:
    """PYTHON=… is used alone: if it will not do, no other is taken in its place."""
    done = clone.make("install", "PYTHON=/nowhere/python3")
    assert done.returncode != 0
    assert "/nowhere/python3" in done.stderr
    assert _bilingual(done.stderr)
    assert clone.make("install", f"PYTHON={clone.python}").returncode == 0


def test_the_callers_house_does_not_reach_the_tests(clone: Clone) -> None:
    """What is run `unhoused` sees no KEFU_, JUPYTER_ or NBGRADER_ setting, and .venv first."""
    house = {"KEFU_CONTENT": "/house", "KEFU_DB": "a b\nc=d", "JUPYTER_PATH": "/x", "KEPT": "1"}
    done = clone.run("sh", str(clone.root / "scripts/unhoused"), "env", **house)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"^(KEFU|JUPYTER|NBGRADER)_", done.stdout, re.MULTILINE)
    assert "KEPT=1" in done.stdout
    assert f"PATH={clone.root}/.venv/bin:" in done.stdout


def test_what_the_system_lacks_is_named(clone: Clone) -> None:
    """Where nothing may be installed, each missing thing is named, with commands to get it."""
    done = clone.run("sh", str(clone.root / "scripts/system-needs"))
    assert done.returncode == 1
    assert _bilingual(done.stderr)
    for word in ("Chromium", "中文字体", "Chinese font", "Debian", "Fedora", "macOS", "apt-get"):
        assert word in done.stderr


def test_what_the_system_lacks_is_installed_where_that_may_be_done(clone: Clone) -> None:
    """As root with apt-get the missing packages are installed, without a question."""
    clone.program("id", "echo 0")
    clone.program(
        "apt-get",
        'here=$(dirname "$0"); echo "$DEBIAN_FRONTEND $*" >>"$here/calls"\n'
        'for p in chromium initdb bwrap; do echo "#!/bin/sh" >"$here/$p"; done\n'
        'printf "#!/bin/sh\\necho Noto" >"$here/fc-list"\n'
        'chmod +x "$here"/chromium "$here"/initdb "$here"/bwrap "$here"/fc-list',
    )
    (clone.bin / "initdb").write_text("")  # there from the start, whatever this machine has
    (clone.bin / "initdb").chmod(0o755)
    clone.set("calls")
    done = clone.run("sh", str(clone.root / "scripts/system-needs"))
    assert done.returncode == 0, done.stderr
    update, install = clone.calls()
    assert update.startswith("noninteractive ")
    assert update.endswith(" update")
    wanted = "install -y --no-install-recommends chromium fonts-noto-cjk bubblewrap fontconfig"
    assert install.endswith(wanted)
    assert clone.run("sh", str(clone.root / "scripts/system-needs")).stderr == ""


@pytest.mark.parametrize("status", [0, 2])
def test_ci_closes_with_the_line_of_pytest(clone: Clone, status: int) -> None:
    """`.ci/run` ends with what pytest counted, and with the status that make ended with."""
    (clone.root / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", clone.root / ".ci/run")
    for tool in ("bash", "mktemp", "tee"):
        (clone.bin / tool).symlink_to(str(shutil.which(tool)))
    closing = "=== 1 failed, 7 passed in 1.25s ==="
    clone.program("make", f"echo '{closing}'; echo 'make: *** [test] Error 1'; exit {status}")
    done = clone.run("bash", str(clone.root / ".ci/run"))
    assert done.returncode == status
    assert done.stdout.splitlines()[-1] == closing


@pytest.mark.parametrize("words", [["ONCE=1"], ["ONCE=0"], []])
def test_once_is_passed_on(clone: Clone, words: list[str]) -> None:
    """ONCE=1 gives `kefu demo` its --once; without it the doors stay open."""
    done = clone.make("--dry-run", "demo", *words)
    assert ("--once" in done.stdout) == (words == ["ONCE=1"])


def test_no_file_of_ours_names_an_index() -> None:
    """Scripts, settings and locks leave it to the machine where packages come from."""
    names = ["Makefile", ".ci/run", "environment.yml", "pyproject.toml", ".pre-commit-config.yaml"]
    files = [ROOT / name for name in names] + sorted((ROOT / "scripts").iterdir())
    assert [file.name for file in files if "://" in file.read_text("utf-8")] == []
    packages = (ROOT / "widgets/frontend/package-lock.json").read_text("utf-8")
    assert '"resolved": "http' not in packages


def test_hooks_fetch_nothing() -> None:
    """Every hook of pre-commit is a program that `make install` put into .venv."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)
    assert {hook["entry"].split("/")[-1].split()[0] for hook in hooks} == {"ruff", "mypy", "kefu"}
