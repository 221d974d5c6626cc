"""A kernel that is not a child of this process, held by its pidfd."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from contextlib import suppress

__all__ = ["Forked"]


class Forked:
    """Looks like a `subprocess.Popen` to a provisioner.

    Only a parent learns how a process ended: `returncode` is -9 if it was killed from here, else 0.

    Args:
        pid: of the kernel.
        pidfd: open; it is closed when the kernel has ended.
        parent: kept for as long as the kernel lives.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int, parent: object) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._fd = pidfd
        self._parent = parent
        self._killed = False

    def __del__(self) -> None:
        if self.returncode is None:
            os.close(self._fd)

    def poll(self) -> int | None:
        """None while it lives, else `returncode`."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended, at most `timeout` seconds; None if it lives on."""
        if self.returncode is None:
            # Not select(): a server of many visitors has files with numbers beyond its reach.
            waiting = select.poll()
            waiting.register(self._fd, select.POLLIN)
            if waiting.poll(None if timeout is None else timeout * 1000):
                self.returncode = -signal.SIGKILL if self._killed else 0
                os.close(self._fd)
                self._parent = None
        return self.returncode

    async def ended(self) -> int:
        """Wait until it has ended, without polling."""
        while (code := self.poll()) is None:
            loop = asyncio.get_running_loop()
            came = asyncio.Event()
            # A file of this wait's own: two may wait at once, and a loop knows a file once.
            mine = os.dup(self._fd)
            loop.add_reader(mine, came.set)
            try:
                await came.wait()
            finally:
                loop.remove_reader(mine)
                os.close(mine)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            self._killed |= number == signal.SIGKILL
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._fd, number)

    def send_group(self, number: int) -> None:
        """Send its whole process group a signal, unless the kernel has ended."""
        if self.poll() is None:
            try:
                os.killpg(self.pid, number)
                self._killed |= number == signal.SIGKILL
            except ProcessLookupError:
                self.send_signal(number)  # It was forked this moment, and leads no group yet.

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)
