"""The house as a process of its own: `python -m kefu.house`, started by the door.

What it must know comes in one line of JSON on its standard input, so that neither the command line
nor the environment shows a secret: `{"socket", "database", "secret", "lapse"}`, lapse in seconds.
The input stays open for as long as the door lives; when it ends, so does the house.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import logging
import os
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from kefu.errors import KefuError
from kefu.house import Journal, Visits, application
from kefu.text import preferred
from kefu.unseen import be_unseen
from kefu.vault import Vault, connect

__all__ = ["main"]


def _now() -> dt.datetime:
    return dt.datetime.now().astimezone()


def _bind(path: Path) -> socket.socket:
    """A socket that only this user may open; one left behind by a dead house makes room."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listening.bind(str(path))
    finally:
        os.umask(before)
    listening.listen(128)
    return listening


async def _serve(orders: dict[str, Any]) -> None:
    engine = connect(orders["database"])
    vault = Vault(engine)
    app = application(
        Journal(engine, vault, _now),
        Visits(engine, _now, dt.timedelta(seconds=orders["lapse"])),
        orders["secret"],
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_keep_alive=60,
            timeout_graceful_shutdown=3,
            server_header=False,
            ws="none",
        )
    )

    async def while_the_door_lives() -> None:
        await asyncio.to_thread(sys.stdin.buffer.read)
        server.should_exit = True

    lifeline = asyncio.create_task(while_the_door_lives())
    try:
        await server.serve(sockets=[_bind(Path(orders["socket"]))])
    finally:
        lifeline.cancel()


def main() -> None:
    """Serve until the door goes away."""
    logging.basicConfig(level=logging.WARNING, format="house: %(message)s")
    be_unseen()
    orders = json.loads(sys.stdin.buffer.readline())
    try:
        asyncio.run(_serve(orders))
    except KefuError as error:
        sys.exit(f"kefu: {error.say(preferred())}")
    # The thread that waits on standard input would hold up an ordinary exit.
    os._exit(0)


if __name__ == "__main__":
    main()
