"""What makes a fork small changes nothing that a kernel can do."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from traitlets.config import Configurable
from traitlets.config.loader import Config
from traitlets.traitlets import Bool, Integer, Unicode

from kefu.kernels import lean
from tests.kernels.forking import kernel, spec


class Thing(Configurable):
    """Takes a setting of each sort."""

    on = Bool(False).tag(config=True)
    many = Integer(0).tag(config=True)
    word = Unicode().tag(config=True)


def test_the_usual_command_line_is_read() -> None:
    """A file and traits: each becomes what its trait says."""
    config = lean.settings(
        ["-f", "/a b.json", "--Thing.on=True", "--Thing.many=7", "--Thing.word=x=1 --y"]
    )
    assert config is not None
    thing = Thing(config=config)
    assert (thing.on, thing.many, thing.word) == (True, 7, "x=1 --y")
    assert str(config["IPKernelApp"]["connection_file"]) == "/a b.json"


@pytest.mark.parametrize(
    "argv",
    [["-f"], ["--debug"], ["--Thing.on"], ["--ip=1.2.3.4"], ["file.py"], ["-f", "a", "-f", "b"],
     ["--Thing.many=1", "--Thing.many=2"], ["--help"]],
)  # fmt: skip
def test_any_other_is_for_traitlets(argv: list[str]) -> None:
    """What is not of that form is not guessed at."""
    assert lean.settings(argv) is None


def test_nothing_is_nothing() -> None:
    """No words, no settings."""
    assert lean.settings([]) == Config()


def test_settings_reach_the_kernel() -> None:
    """Both ways of reading a command line set what they name."""
    look = "ip = get_ipython(); print(ip.ast_node_interactivity, ip.kernel.parent.log_level)"

    async def see(*words: str) -> str:
        wanted = spec("-P")
        wanted.argv += ["--InteractiveShell.ast_node_interactivity=all", *words]
        async with kernel(wanted) as one:
            assert one.forked
            return await one.run(look)

    assert asyncio.run(see()) == "all 30"
    assert asyncio.run(see("--IPKernelApp.log_level=40", "--quiet")) == "all 50"


def test_the_debugger_knows_the_modules() -> None:
    """It has the same files as in an ordinary kernel, and `sys` is itself again."""
    look = (
        "import sys, ipykernel.ipkernel as i; k = get_ipython().kernel;"
        "import asyncio, traitlets; f = k.debugger.kernel_modules;"
        "print(i.sys is sys, f is k._kernel_modules,"
        " asyncio.__file__ in f, traitlets.__file__ in f)"
    )

    async def see() -> str:
        async with kernel(spec("-P")) as one:
            assert one.forked
            return await one.run(look)

    assert asyncio.run(see()) == "True True True True"


def test_holes_are_filled_once() -> None:
    """After it the heap has no free block of a size that is asked for often; it grows little."""
    code = (
        "import ctypes; from kefu.kernels import lean;"
        "c = ctypes.CDLL(None); c.malloc.restype = c.sbrk.restype = ctypes.c_void_p;"
        "c.malloc.argtypes = c.free.argtypes = [ctypes.c_void_p];"
        "blocks = [c.malloc(600) for _ in range(4000)]; [c.free(b) for b in blocks[::2]];"
        "end = c.sbrk(0); lean.fill_holes();"
        "print(c.malloc(600) >= end, c.sbrk(0) - end < 4 * 2**20)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
