"""What one run of a learner's code may use."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Guard", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run of a notebook may use.

    Attributes:
        memory: bytes of address space of a process; all together may hold twice that.
        processes: processes and threads at a time (not with `--no-sandbox`).
        cpu: seconds of a processor, for each process.
        wall: seconds for the whole run, with every fresh start.
        cell_wall: seconds for one cell, or for one call.
        file: bytes of one file.
        disk: bytes of all files together (only in the sandbox).
        output: bytes of a cell's output that are kept.
        result: bytes of one result as JSON.
    """

    memory: int = 1 << 30
    processes: int = 32
    cpu: int = 20
    wall: float = 30.0
    cell_wall: float = 10.0
    file: int = 16 << 20
    disk: int = 64 << 20
    output: int = 64 << 10
    result: int = 1 << 20

    def resources(self, sandboxed: bool) -> dict[str, int]:
        """The kernel's names for them."""
        limits = {
            "RLIMIT_AS": self.memory,
            "RLIMIT_CPU": self.cpu,
            "RLIMIT_FSIZE": self.file,
            "RLIMIT_NOFILE": 64,
            "RLIMIT_CORE": 0,
            "RLIMIT_MEMLOCK": 0,
            "RLIMIT_MSGQUEUE": 0,
        }
        # Outside, whatever else this user runs counts as well.
        return limits | ({"RLIMIT_NPROC": self.processes} if sandboxed else {})


@dataclass(frozen=True, slots=True)
class Guard:
    """How a learner's code is run: within limits, and in the sandbox or, if trusted, without."""

    sandboxed: bool = True
    limits: Limits = Limits()
