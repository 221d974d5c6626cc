"""Everybody's server, started in a folder of its own and stopped with all its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

from benchmarks.floor.contestants import HOST, KEFU, Contestant, notebook
from kefu.publish import Published
from kefu.vault import Vault, connect

__all__ = ["Server", "ServerError", "serving", "unique"]

_FOREIGN = ("KEFU_", "JUPYTER_", "STREAMLIT_", "GRADIO_", "BOKEH_", "PANEL_")
_TICK = 0.1
_IDLE = 0.15
"""Share of a core below which a server is taken to rest."""
_REST = 8.0
"""Seconds to wait for that at most."""


class ServerError(Exception):
    """A server did not start, or went away."""


@dataclass
class Server:
    """A server that runs."""

    who: Contestant
    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Its page, under a name that is not localhost."""
        return f"http://{HOST}:{self.port}/"

    def family(self) -> list[psutil.Process]:
        """The server and all that it has started and that still lives."""
        try:
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def unique(self) -> float:
        """MiB that belong to its processes alone, none of it shared with another process."""
        return sum(map(unique, self.family()))

    def rest(self) -> None:
        """Wait until its processes rest: what one visit leaves is not the next one's burden."""
        until = time.monotonic() + _REST
        calm, used = 0, self._used()
        while calm < 2 and time.monotonic() < until:
            time.sleep(_TICK)
            before, used = used, self._used()
            calm = calm + 1 if used - before < _IDLE * _TICK + 0.01 else 0

    def _used(self) -> float:
        """CPU seconds of those that live."""
        total = 0.0
        for one in self.family():
            try:
                times = one.cpu_times()
            except psutil.Error:
                continue
            total += times.user + times.system
        return total

    def log(self) -> str:
        """The last that it said."""
        return (self.folder / "said.log").read_text("utf-8", errors="replace")[-2000:]


def unique(process: psutil.Process) -> float:
    """MiB of one process's own pages (USS: private clean and private dirty); 0 once it is gone.

    Raises:
        ServerError: this user may not look; kefu's kernels let only root do so.
    """
    try:
        return float(process.memory_full_info().uss) / 2**20
    except psutil.AccessDenied as error:
        raise ServerError("only root may see what kefu's kernels weigh; run it as root") from error
    except psutil.Error:
        return 0.0


@contextmanager
def serving(
    who: Sequence[Contestant],
    root: Path,
    python: Path,
    items: Sequence[Published],
    questions: str,
    extra: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[dict[str, Server]]:
    """All of them at once, by name, each warm enough to have answered.

    Args:
        who: in the order in which they are started.
        root: a folder is made in it for each.
        python: the one that has the peers.
        items: for kefu's vault.
        questions: the same as JSON, for the others.
        extra: more words at the end of somebody's command.

    Raises:
        ServerError: one did not start.
    """
    with ExitStack() as stack:
        servers = {}
        for n, one in enumerate(who):
            folder = root / f"server-{n}"
            folder.mkdir(parents=True)
            words = (extra or {}).get(one.name, ())
            server = _start(one, folder, python, items, questions, words)
            stack.callback(_stop, server)
            _wait(server)
            servers[one.name] = server
        yield servers


def _start(
    who: Contestant,
    folder: Path,
    python: Path,
    items: Sequence[Published],
    questions: str,
    words: Sequence[str],
) -> Server:
    if who is KEFU:
        (folder / "nbgrader_config.py").touch()
        engine = connect(f"sqlite:///{folder / 'kefu.db'}")
        Vault(engine).release(items)
        engine.dispose()
    else:
        (folder / "questions.json").write_text(questions, "utf-8")
        (folder / "daily.ipynb").write_text(notebook(), "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
    with (folder / "said.log").open("wb") as log:
        process = subprocess.Popen(
            [*who.argv(python, port), *words],
            cwd=folder,
            env={**env, "LC_ALL": "C.UTF-8", **who.environment(port)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Server(who, folder, port, process)


def _wait(server: Server) -> None:
    until = time.monotonic() + 120
    # Voila preheats only once somebody asks for it; kefu's health opens no kernel.
    path = "health" if server.who is KEFU else ""
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}/{path}", timeout=60).close()
            return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return
        except OSError:
            pass
        if server.process.poll() is not None or time.monotonic() > until:
            raise ServerError(f"{server.who.name} does not answer\n{server.log()}")
        time.sleep(0.2)


def _stop(server: Server) -> None:
    family = server.family()
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(15)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()
    _, left = psutil.wait_procs([p for p in family if p.pid != server.process.pid], timeout=3)
    for one in left:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
