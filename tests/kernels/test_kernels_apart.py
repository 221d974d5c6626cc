"""A kernel reaches neither its warm process nor another kernel.

Root may look into any process, so this runs without root's rights.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

_TRY = """
import ctypes, json, os, socket, stat, sys
libc = ctypes.CDLL(None, use_errno=True)
def refused(what):
    try:
        what()
    except OSError as error:
        return type(error).__name__
    return "open"
def called(number, *args):
    if libc.syscall(number, *args) < 0:
        raise OSError(ctypes.get_errno(), "refused")
def copy(pid):
    fd = os.pidfd_open(pid)
    for n in range(30):
        try:
            called(438, fd, n, 0)
        except OSError as error:
            if error.errno == 9:
                continue  # It has no such file; anything else says that one may not ask.
            raise
def of(pid):
    return {
        "memory": refused(lambda: open(f"/proc/{pid}/mem", "rb").close()),
        "environ": refused(lambda: open(f"/proc/{pid}/environ").close()),
        "files": refused(lambda: os.readlink(f"/proc/{pid}/fd/0")),
        "trace": refused(lambda: called(101, 16, pid, 0, 0)),
        "copy": refused(lambda: copy(pid)),
    }
def lines():
    found = []
    for n in range(200):
        try:
            if stat.S_ISSOCK(os.fstat(n).st_mode):
                with socket.socket(fileno=os.dup(n)) as mine:
                    found.append(mine.type.name)
        except OSError:
            pass
    return found.count("SOCK_SEQPACKET")
print(json.dumps([of(PID) for PID in PIDS] + [lines()]))
"""

_SERVER = f"""
import asyncio, json, os, subprocess, sys
from tests.kernels.forking import kernel, spec
async def serve(child):
    async with kernel(spec("-P")) as one, kernel(spec("-P")) as other:
        assert one.forked and one.parent == other.parent
        pids = [one.parent, other.pid, child.pid]
        print(await one.run({_TRY!r}.replace("PIDS", repr(pids))))
with subprocess.Popen(["sleep", "600"]) as child:
    try:
        asyncio.run(serve(child))
    finally:
        child.kill()
"""


def test_a_kernel_cannot_look_out() -> None:
    """Memory, environment, files and system calls of the others are closed, and no line is left."""
    done = subprocess.run(
        [sys.executable, "-c", _SERVER],
        cwd=Path(__file__).parents[2],
        preexec_fn=_without_rights,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    warm, other, open_one, lines = json.loads(done.stdout.splitlines()[-1])
    closed = set(warm.values()) | set(other.values())
    assert closed == {"PermissionError"}
    assert set(open_one.values()) == {"open"}, "or the attempts would fail anywhere"
    assert lines == 0


def test_the_socket_has_no_name() -> None:
    """There is no path to the warm process in any file system, and no abstract name."""
    code = (
        "import os; from kefu.kernels import wire; one, other = wire.pair();"
        "print(repr(one.getsockname()), repr(other.getsockname()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["''", "''"]


def _without_rights() -> None:
    """What is started now has no capability, even as root."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in range(64):
            libc.prctl(24, capability, 0, 0, 0)
