"""The learner's own start, with the real JupyterLab."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kefu.demo import Prepared
from kefu.ship import FOLDER, ZIP

TOKEN = {"Authorization": "token start"}


@pytest.fixture
def started(demonstration: Prepared, tmp_path: Path) -> Iterator[str]:
    """`start-linux.sh` of an unpacked zip, installed already; gives the server's address."""
    folder = tmp_path / "我的 课程" / FOLDER
    with zipfile.ZipFile(demonstration.places.root / ZIP) as archive:
        archive.extractall(folder.parent)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (folder / ".venv" / "ready").touch()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "ServerApp": {"port": port, "open_browser": False, "allow_root": True},
        "IdentityProvider": {"token": "start"},
    }
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(settings))
    log = (tmp_path / "log").open("wb")
    server = subprocess.Popen(
        ["sh", str(folder / "start-linux.sh")],
        cwd="/", env={**os.environ, "JUPYTER_CONFIG_DIR": str(tmp_path)},
        stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 90
        while True:
            try:
                httpx.get(f"{base}/api", headers=TOKEN).raise_for_status()
                break
            except httpx.HTTPError:
                assert server.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < until, (tmp_path / "log").read_text()
                time.sleep(0.2)
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        log.close()


def test_the_start_script_serves_the_whole_folder(started: str) -> None:
    """From the first lesson, the other language and the exercises are within reach."""
    for path in ("course/zh/0.1-orientation.ipynb", "course/en/0.1-orientation.ipynb",
                 "exercises/ownership/ownership.ipynb", "course/cards"):  # fmt: skip
        assert httpx.get(f"{started}/api/contents/{path}", headers=TOKEN).status_code == 200, path
