"""How JupyterLab is started for a learner or an instructor."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from jupyterlab_server.config import ConfigManager

import kefu
from kefu import lab


def _command(folder: Path = Path("/course"), **other: str) -> list[str]:
    return lab.command(folder, 8901, browser=False, **other)


def test_on_loopback_and_on_this_port() -> None:
    """The server listens on loopback only, and on no other port than the one asked."""
    made = _command()
    assert made[:4] == [sys.executable, "-m", "kefu.late", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in made
    assert "--ServerApp.port=8901" in made
    assert "--ServerApp.port_retries=0" in made
    assert "--ServerApp.open_browser=False" in made


def test_no_other_host_is_asked() -> None:
    """Neither news nor updates are asked for."""
    made = _command()
    assert "--LabApp.news_url=" in made
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in made


def test_a_folder_is_one_word() -> None:
    """A folder with spaces and 汉字 stays one argument."""
    assert "--ServerApp.root_dir=/我的 课程" in _command(Path("/我的 课程"))


def test_the_first_notebook() -> None:
    """The notebook to begin with is opened, if one is named."""
    made = _command(open_="course/zh/0.1-orientation.ipynb")
    assert "--LabApp.default_url=/lab/tree/course/zh/0.1-orientation.ipynb" in made
    assert not any("default_url" in word for word in _command())


def test_the_token_is_not_on_the_command_line(tmp_path: Path) -> None:
    """A token goes by the environment, where other users of the machine cannot read it."""
    made = lab.environment(tmp_path, grading=False, token="secret")
    assert made["JUPYTER_TOKEN"] == "secret"
    assert not any("token" in word.lower() for word in _command())


def test_without_a_token_the_server_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No token is ever switched off, nor taken over from whoever starts the server."""
    monkeypatch.setenv("JUPYTER_TOKEN", "")
    assert "JUPYTER_TOKEN" not in lab.environment(tmp_path, grading=False)


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root(monkeypatch: pytest.MonkeyPatch, user: int, allowed: bool) -> None:
    """Root is allowed where one is root anyway, as in a container."""
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert ("--allow-root" in _command()) == allowed


@pytest.mark.parametrize("grading", [False, True])
def test_settings_of_its_own(tmp_path: Path, grading: bool) -> None:
    """A server has its own settings folder; a learner's shows none of nbgrader's tools."""
    made = lab.environment(tmp_path / "new" / "config", grading=grading)
    assert made["JUPYTER_CONFIG_DIR"] == str(tmp_path / "new" / "config")
    assert made["PATH"] == os.environ["PATH"]
    file = tmp_path / "new" / "config" / "labconfig" / "page_config.json"
    off = json.loads(file.read_text("utf-8"))["disabledExtensions"]
    assert off["@jupyterlab/apputils-extension:announcements"] is True
    assert off.get("@jupyter/nbgrader", False) is not grading
    assert "kefu-lab" not in off
    assert "JUPYTER_CONFIG_DIR" not in os.environ or os.environ["JUPYTER_CONFIG_DIR"] != str(
        tmp_path
    )


def test_the_packages_own_share_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kernel and extension are the package's own, whatever is installed; the rest is in reach."""
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    assert lab.environment(tmp_path, grading=False)["JUPYTER_PATH"] == str(lab.SHARE / "jupyter")
    monkeypatch.setenv("JUPYTER_PATH", "/opt/share/jupyter")
    made = lab.environment(tmp_path, grading=False)["JUPYTER_PATH"].split(os.pathsep)
    assert made == [str(lab.SHARE / "jupyter"), "/opt/share/jupyter"]
    assert (lab.SHARE / "jupyter/kernels/kefu/kernel.json").is_file()


@pytest.mark.parametrize(
    ("pack", "locale", "wanted"),
    [(True, "zh_CN.UTF-8", "zh_CN"), (True, "en_US.UTF-8", None), (False, "zh_CN.UTF-8", None)],
)
def test_menus_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: bool, locale: str, wanted: str | None
) -> None:
    """Menus are Chinese where the machine speaks Chinese and has the language pack."""
    monkeypatch.setattr(lab, "_has_chinese_menus", lambda: pack)
    monkeypatch.setenv("LC_ALL", locale)
    lab.environment(tmp_path, grading=False)
    says = json.loads((tmp_path / "labconfig/default_setting_overrides.json").read_text("utf-8"))
    plugin = says.get("@jupyterlab/translation-extension:plugin", {})
    assert plugin.get("locale") == wanted


def test_whoever_starts_jupyterlab_alone_is_asked_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where kefu is installed, JupyterLab neither asks about news nor looks for updates."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    shutil.copytree(lab.SHARE / "labconfig", tmp_path / "labconfig")
    overrides = ConfigManager(config_dir_name="labconfig").get("default_setting_overrides")
    assert overrides["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }


def test_the_extension_has_the_packages_version() -> None:
    """What JupyterLab's list of extensions says is the version of kefu."""
    about = lab.SHARE / "jupyter/labextensions/kefu-lab/package.json"
    assert json.loads(about.read_text("utf-8"))["version"] == kefu.__version__


def test_settings_are_written_again(tmp_path: Path) -> None:
    """Starting again with other tools writes the settings anew."""
    lab.environment(tmp_path, grading=False)
    lab.environment(tmp_path, grading=True)
    file = tmp_path / "labconfig" / "page_config.json"
    assert "@jupyter/nbgrader" not in file.read_text("utf-8")


def test_nobody_asks_whether_it_should_be_built(tmp_path: Path) -> None:
    """The page is told not to ask, at every start, whether JupyterLab is to be built anew."""
    lab.environment(tmp_path, grading=False)
    file = tmp_path / "labconfig" / "page_config.json"
    assert json.loads(file.read_text("utf-8"))["buildCheck"] is False
