from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from traitlets.config import Config

from kefu.door.kernels import FloorKernels, Opening, OwnPython


@pytest.fixture
def folder() -> Iterator[Path]:
    """The path of a unix socket is short."""
    with tempfile.TemporaryDirectory(prefix="kefu-") as name:
        yield Path(name)


def kernels(folder: Path) -> FloorKernels:
    """They are idle after two seconds, which is looked at every second."""
    config = Config()
    config.KernelManager.transport = "ipc"
    config.MappingKernelManager.cull_idle_timeout = 2
    config.MappingKernelManager.cull_interval = 1
    config.MappingKernelManager.cull_connected = True
    return FloorKernels(config=config, kernel_spec_manager=OwnPython(), connection_dir=str(folder))


async def opened(floor: FloorKernels, folder: Path, *, plain: bool = False) -> str:
    """A kernel that has run its page's cells."""
    kernel = floor.admit("visitor", 9, 9)
    assert kernel
    if plain:
        floor.plain.add(kernel)
    await floor.run(Opening(kernel, "", "", str(folder)), ["1"])
    floor.settle(kernel)
    return kernel


def test_a_kernel_that_is_asked_nothing_is_freed(folder: Path) -> None:
    """Whose page asks something keeps its kernel; the others make room."""

    async def look() -> None:
        floor = kernels(folder)
        asked = await opened(floor, folder)

        async def ask() -> None:
            while True:
                floor.heard(asked)
                await asyncio.sleep(0.1)

        asking = asyncio.create_task(ask())
        silent = await opened(floor, folder)
        async with asyncio.timeout(30):
            while silent in floor:
                await asyncio.sleep(0.1)
        assert asked in floor
        floor.heard("of no page")
        asking.cancel()
        await floor.close(asked)

    asyncio.run(look())


def test_a_plain_notebook_at_work_is_not_idle(folder: Path) -> None:
    """What its cells say counts: nobody need ask anything meanwhile."""

    async def look() -> None:
        floor = kernels(folder)
        busy = await opened(floor, folder, plain=True)
        client = floor.get_kernel(busy).client()
        client.start_channels(stdin=False, hb=False, control=False)
        client.execute("import time\nfor n in range(80):\n    print(n)\n    time.sleep(0.1)")
        await asyncio.sleep(5)
        assert busy in floor
        client.stop_channels()
        await floor.close(busy)

    asyncio.run(look())
