"""What keeps a fork small and quick: it shares every page of memory that it does not write to.

In Python a look at an object writes to it, so what a kernel need not look at, it should not.
Nothing here changes what a kernel can do.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from traitlets.config.loader import Config, DeferredConfigString

__all__ = ["fill_holes", "modules_unseen", "rehearse", "settings"]

_LARGEST = 4096
_ENOUGH = 64 * 2**20
_SETTING = re.compile(r"--([A-Z]\w*)\.(\w+)=(.*)", re.DOTALL)
_FILES: list[str] = []


def rehearse() -> None:
    """Do once what every kernel would do for the first time: patterns are compiled here."""
    from IPython.core.inputtransformer2 import TransformerManager

    TransformerManager().transform_cell("%time 1\n")  # type: ignore[no-untyped-call]
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    _FILES[:] = [file for file in files if file]


def fill_holes() -> None:
    """Take every free block of the C heap, so that a fork's own blocks lie side by side.

    Otherwise each small block that a fork asks for is on another page of ours, which is copied
    for it. Does nothing where the heap has no end to look at.
    """
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "sbrk"):
        return
    libc.malloc.argtypes, libc.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
    libc.sbrk.argtypes, libc.sbrk.restype = [ctypes.c_ssize_t], ctypes.c_void_p
    end = libc.sbrk(0)
    taken = 0
    for size in range(_LARGEST, 16, -16):
        # Holes are taken before the heap grows: a block beyond its old end says there are no more.
        while taken < _ENOUGH and (libc.malloc(size) or end) < end:
            taken += size


@contextmanager
def modules_unseen(kernel_of: Any) -> Iterator[None]:
    """While a kernel is made, it does not ask each module for its file.

    ipykernel keeps these names for its debugger; it gets the list that was made before the fork.

    Args:
        kernel_of: has the kernel as `kernel` afterwards.
    """
    from ipykernel import ipkernel

    if vars(ipkernel).get("sys") is not sys:
        yield
        return
    vars(ipkernel)["sys"] = _NoModules()
    try:
        yield
    finally:
        vars(ipkernel)["sys"] = sys
    kernel = kernel_of.kernel
    for keeper in (kernel, getattr(kernel, "debugger", None)):
        for name in ("_kernel_modules", "kernel_modules"):
            if getattr(keeper, name, None) == []:
                setattr(keeper, name, _FILES)


def settings(argv: Sequence[str]) -> Config | None:
    """A kernel's usual command line, `-f FILE` and `--Class.trait=value`, read without argparse.

    None if there is anything else in it, or a trait twice: that is for traitlets to read.
    """
    config = Config()
    words = iter(argv)
    for word in words:
        if word == "-f":
            section, trait, value = "IPKernelApp", "connection_file", next(words, None)
        elif found := _SETTING.fullmatch(word):
            section, trait, value = found.groups()
        else:
            return None
        if value is None or trait in config[section]:
            return None
        config[section][trait] = DeferredConfigString(value)
    return config


class _NoModules:
    """`sys`, but for the modules."""

    modules: dict[str, Any] = {}  # noqa: RUF012 - it is read, and stays empty

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)
