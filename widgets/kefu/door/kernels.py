"""A page's kernels: each gets a socket and a token, and nothing else that is ours.

Voila hands a kernel the server's whole environment and the visitor's request;
here all of that is left behind, and what a kernel may know is listed by name.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.web import HTTPError

__all__ = ["OPENING", "FloorKernels", "Opening", "OwnPython", "environment"]

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Opening:
    """One page being opened: by which visitor, in which visit, with which token and language.

    `kernel` is the id that `FloorKernels.admit` gave it.
    """

    kernel: str
    visitor: str
    visit: str
    token: str
    socket: str
    home: str
    lang: str


OPENING: ContextVar[Opening] = ContextVar("OPENING")


def environment(opening: Opening, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """All that a page's kernel finds in its environment."""
    kept = {name: env[name] for name in _KEPT if name in env}
    return {
        **kept,
        "HOME": opening.home,
        "IPYTHONDIR": opening.home,
        "OPENBLAS_NUM_THREADS": "1",
        "KEFU_SOCKET": opening.socket,
        "KEFU_TOKEN": opening.token,
    }


class FloorKernels(AsyncMappingKernelManager):
    """Starts a kernel for the page that is being opened, and remembers whose it is."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.owners: dict[str, str] = {}
        self.opening: set[str] = set()

    def admit(self, visitor: str, most: int, most_each: int) -> str | None:
        """The id of a kernel that this visitor may start; None if the floor is full.

        The place is taken at once, so that a thousand who come together do not all find the last
        one free; whoever is in may come again. `settle` is called when all is done.
        """
        self.owners = {k: v for k, v in self.owners.items() if k in self or k in self.opening}
        mine = list(self.owners.values()).count(visitor)
        if mine >= most_each or (len(self.owners) >= most and not mine):
            return None
        kernel_id = str(uuid.uuid4())
        self.owners[kernel_id] = visitor
        self.opening.add(kernel_id)
        return kernel_id

    def settle(self, kernel_id: str) -> None:
        """The page was opened or given up: only a kernel that lives takes a place."""
        self.opening.discard(kernel_id)

    async def start_kernel(self, **kwargs: Any) -> str:  # type: ignore[override]
        """Start one; whoever asked for the page owns it."""
        opening = OPENING.get(None)
        if opening is None:
            raise HTTPError(403)
        kwargs["env"] = environment(opening)
        kwargs["kernel_id"] = opening.kernel
        started: str = await super().start_kernel(**kwargs)
        return started

    def of(self, visitor: str) -> list[str]:
        """The living kernels of a visitor."""
        return [k for k, v in self.owners.items() if v == visitor and k in self]

    def belongs(self, kernel_id: str, visitor: str | None) -> bool:
        """Whether this kernel lives and was started for this visitor."""
        return visitor is not None and kernel_id in self and self.owners.get(kernel_id) == visitor


class OwnPython(KernelSpecManager):
    """Knows one kernel: the Python that runs this server, whatever else the machine offers."""

    def find_kernel_specs(self) -> dict[str, str]:
        """The one name."""
        return {"python3": ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """The one kernel; a file beside the notebook never shadows a package."""
        return KernelSpec(
            argv=[
                sys.executable,
                "-P",
                "-m",
                "ipykernel_launcher",
                "-f",
                "{connection_file}",
                "--InteractiveShellApp.ignore_cwd=True",
                "--HistoryManager.enabled=False",
            ],
            display_name="Python",
            language="python",
        )
