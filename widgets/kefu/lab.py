"""JupyterLab for a learner or an instructor: how it is started, and what it is spared.

What JupyterLab itself reads of kefu lies in `share/`: the kernel `kefu`, which imports nothing from
the working folder, and the extension that opens a lesson ready. Installing puts a copy where every
JupyterLab of the environment finds it; a server started here reads the package's own.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from importlib.metadata import entry_points
from pathlib import Path

from kefu.errors import KefuError
from kefu.text import Text, preferred

__all__ = ["SHARE", "command", "environment", "free_port"]

SHARE = Path(__file__).parent / "share"
"""What installing kefu copies into the environment's share/jupyter and etc/jupyter."""


def command(folder: Path, port: int, *, browser: bool, open_: str = "") -> list[str]:
    """The command that serves `folder` on loopback.

    Args:
        folder: becomes the server's root.
        port: taken as it is: another server on it is an error, not a reason to move on.
        browser: open a browser.
        open_: what to begin with: a notebook below the folder, or a page of the server (`/…`).
    """
    made = [
        sys.executable, "-m", "kefu.late", "jupyterlab",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.open_browser={browser}",
        # No request to any other host: neither for news nor for updates.
        "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    if open_:
        page = open_ if open_.startswith("/") else f"/lab/tree/{open_}"
        made.append(f"--LabApp.default_url={page}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        made.append("--allow-root")
    return made


def environment(config: Path, *, grading: bool, token: str = "") -> dict[str, str]:
    """The environment of a server: its own settings folder, with nbgrader's tools or without.

    Args:
        config: a folder for Jupyter's settings; what it needs is written there.
        grading: show nbgrader's menu and formgrader.
        token: what an address must carry; without one the server makes its own.
            It goes by the environment: the command line can be read by everybody on the machine.
    """
    pages = config / "labconfig" / "page_config.json"
    pages.parent.mkdir(parents=True, exist_ok=True)
    off = {"@jupyterlab/apputils-extension:announcements": True}
    if not grading:
        off["@jupyter/nbgrader"] = True
    # Nobody builds JupyterLab here. Its front end would ask at every start whether it should be,
    # and where there is a Node the server is busy for half a second to answer.
    page = {"disabledExtensions": off, "buildCheck": False}
    pages.write_text(json.dumps(page) + "\n", "utf-8")
    # Menus in Chinese where the language pack is there; what a learner chooses goes before it.
    chinese = preferred() == "zh" and _has_chinese_menus()
    choice = {"@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"}} if chinese else {}
    overrides = pages.with_name("default_setting_overrides.json")
    overrides.write_text(json.dumps(choice) + "\n", "utf-8")
    paths = [str(SHARE / "jupyter"), os.environ.get("JUPYTER_PATH", "")]
    made = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_PATH": os.pathsep.join(filter(None, paths)),
    }
    made.pop("JUPYTER_TOKEN", None)
    return {**made, "JUPYTER_TOKEN": token} if token else made


def _has_chinese_menus() -> bool:
    return bool(entry_points(group="jupyterlab.languagepack", name="zh_CN"))


def free_port(port: int) -> None:
    """Raises KefuError if something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise KefuError(
                Text(f"端口 {port} 已被占用", f"port {port} is taken"),
                Text(
                    f"先停掉占用它的程序，或换一个：make demo PORT={port + 100}",
                    f"stop what uses it, or choose another: make demo PORT={port + 100}",
                ),
            ) from error
