"""A process that has imported what the commands import, and forks for each command it is asked for.

What it forks is `python -m kefu …`, or `python -c …`, in all but the second or two that importing
takes: a process of its own, with its own folder, environment and files, that ends as Python ends.
It is asked over a socket: it is sent four open files, what to run as JSON and the three
that a command starts with, and gives back the exit code.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import runpy
import socket
import sys
from importlib import import_module

__all__ = ["main"]

# What more than one command imports, and takes long.
EARLY = ("kefu.cli", "typer.main", "typer._adapters", "nbgrader.api", "nbgrader.apps",
         "nbconvert", "kefu.grading.run", "kefu.grading.feedback", "kefu.grading.reasons",
         "kefu.weave")  # fmt: skip


def main(asked: socket.socket) -> None:
    """Answer until nobody can ask any more."""
    for name in EARLY:
        import_module(name)
    # A child that ends clears away what is its own, not what it found.
    gc.freeze()
    fork = multiprocessing.get_context("fork")
    while True:
        head, files, _, _ = socket.recv_fds(asked, 1, 4)
        if not head:
            return
        command = fork.Process(target=_become, args=(asked, *files))
        command.start()
        for file in files:
            os.close(file)
        command.join()
        asked.sendall(b"%d\n" % (command.exitcode or 0))


def _become(heard: socket.socket, command: int, *files: int) -> None:
    """Be `python -m kefu …` or `python -c …`; what it raises ends this process as it ends that."""
    heard.close()
    with os.fdopen(command, encoding="utf-8") as file:
        asked = json.load(file)
    for number, opened in enumerate(files):
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - multiprocessing had put another there
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["folder"])
    sys.path[0] = asked["folder"]
    if "code" in asked:
        exec(asked["code"], {"__name__": "__main__"})
        return
    sys.argv[1:] = asked["words"]
    runpy.run_module("kefu", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv.pop())))
