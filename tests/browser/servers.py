"""Real servers for browser tests, started on a free port and stopped with their group."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kefu import lab

TOKEN = "a-token-for-tests"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def jupyterlab(folder: Path, settings: Path, *, grading: bool) -> Iterator[str]:
    """The real JupyterLab on a folder; gives its base address."""
    port = free_port()
    log = settings.with_suffix(".log")
    env = lab.environment(settings, grading=grading, token=TOKEN)
    command = lab.command(folder, port, browser=False)
    with log.open("wb") as file:
        server = subprocess.Popen(
            command, cwd=folder, env=env, stdout=file, stderr=file, start_new_session=True
        )
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"{base}/api?token={TOKEN}", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
