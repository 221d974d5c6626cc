"""JupyterLab for a learner or an instructor: how it is started, and what it is spared."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["command", "environment", "free_port"]


def command(folder: Path, port: int, *, browser: bool, open_: str = "") -> list[str]:
    """The command that serves `folder` on loopback.

    Args:
        folder: becomes the server's root.
        port: taken as it is: another server on it is an error, not a reason to move on.
        browser: open a browser.
        open_: what to begin with: a notebook below the folder, or a page of the server (`/…`).
    """
    made = [
        sys.executable, "-m", "jupyterlab",
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
    pages.write_text(json.dumps({"disabledExtensions": off}) + "\n", "utf-8")
    made = {**os.environ, "JUPYTER_CONFIG_DIR": str(config)}
    made.pop("JUPYTER_TOKEN", None)
    return {**made, "JUPYTER_TOKEN": token} if token else made


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
