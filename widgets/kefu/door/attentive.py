"""A client of a kernel that never oversleeps an answer.

Now and then ZeroMQ's wake-up for an asyncio socket is lost: the answer of a cell lies there, and
whoever awaits it sleeps on. Seen in one of some ten openings on a busy machine, for as long as one
cared to wait; so this one looks again by itself.
"""

from __future__ import annotations

from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from traitlets import Type

__all__ = ["AttentiveClient"]

LOOK = 100
"""Milliseconds after which it looks again."""


class _Channel(AsyncZMQSocketChannel):
    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        if timeout is None:
            while not await self.msg_ready():
                await self.socket.poll(LOOK)
        return await super().get_msg(timeout)


class AttentiveClient(AsyncKernelClient):
    """As Jupyter's own, for `KernelManager.client_class`."""

    shell_channel_class = Type(_Channel)
    iopub_channel_class = Type(_Channel)
