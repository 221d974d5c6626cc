"""A forked kernel is an ordinary kernel."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from tests.kernels.forking import ended, kernel, living, spec


def test_a_kernel_is_forked() -> None:
    """The kernel is a child of a warm process, which is a child of the server."""

    async def see() -> None:
        async with kernel(spec("-P")) as one, kernel(spec("-P")) as other:
            assert one.forked
            assert other.forked
            assert one.parent == other.parent
            assert one.pid != other.pid
            assert int(
                await one.run(f"print(open('/proc/{one.parent}/stat').read().split()[3])")
            ) == (os.getpid())

    asyncio.run(see())


def test_it_listens_when_it_is_launched(tmp_path: Path) -> None:
    """A client that knocks at once finds the kernel's sockets bound."""

    async def see() -> list[bool]:
        with tempfile.TemporaryDirectory(prefix="kefu-", dir="/tmp") as folder:
            manager = AsyncKernelManager(transport="ipc", ip=f"{folder}/k")
            manager.connection_file = f"{folder}/c.json"
            manager._kernel_spec = spec("-P")
            await manager.start_kernel(cwd=str(tmp_path))
            try:
                return [
                    os.path.exists(f"{folder}/k-{port}")
                    for port in (manager.shell_port, manager.control_port, manager.iopub_port)
                ]
            finally:
                await manager.shutdown_kernel(now=True)

    assert asyncio.run(see()) == [True, True, True]


def test_it_starts_as_any_process_does() -> None:
    """A kernel leads a session, has Python's own signals, nothing to read, and its own folder."""
    code = """
import json, os, signal, sys
print(json.dumps({
    "leads": os.getsid(0) == os.getpid() == os.getpgid(0),
    "child": signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL,
    "io": signal.getsignal(signal.SIGIO) == signal.SIG_DFL,
    "stdin": os.readlink("/proc/self/fd/0"), "cwd": os.getcwd(),
    "argv": os.path.basename(sys.argv[0]), "gc": __import__("gc").isenabled(),
}))
"""

    async def see(folder: str) -> dict[str, object]:
        async with kernel(spec("-P"), cwd=folder) as one:
            found: dict[str, object] = json.loads(await one.run(code))
            return found

    assert asyncio.run(see("/usr")) == {
        "leads": True, "child": True, "io": True, "stdin": "/dev/null", "cwd": "/usr",
        "argv": "ipykernel_launcher.py", "gc": True,
    }  # fmt: skip


def test_it_is_interrupted(tmp_path: Path) -> None:
    """An interrupt reaches the running cell, and the kernel goes on."""
    began = tmp_path / "began"

    async def see() -> str:
        async with kernel(spec("-P")) as one:
            cell = asyncio.create_task(
                one.run(
                    f"import time\ntry:\n    open({str(began)!r}, 'w').close()\n"
                    "    while True: time.sleep(60)\n"
                    "except KeyboardInterrupt:\n    print('stopped')"
                )
            )
            while not began.exists():
                await asyncio.sleep(0.02)
            await one.manager.interrupt_kernel()
            return await cell

    assert asyncio.run(see()) == "stopped"


def test_it_is_restarted() -> None:
    """A restart ends the old kernel, forks a new one, and leaves nothing of the old."""

    async def see() -> None:
        async with kernel(spec("-P")) as one:
            before = one.pid
            await one.run("x = 1")
            await one.manager.restart_kernel(now=True)
            await one.client.wait_for_ready()
            assert one.forked
            assert living(before) == []
            assert await one.run("print('x' in globals())") == "False"

    asyncio.run(see())


def test_it_is_restarted_politely() -> None:
    """A kernel that is asked to end runs what it registered for its end."""

    async def see() -> None:
        async with kernel(spec("-P")) as one:
            before = one.pid
            await one.run("import atexit, os; atexit.register(os.rmdir, os.path.abspath('left'))")
            folder = Path(await one.run("os.mkdir('left'); print(os.path.abspath('left'))"))
            assert folder.is_dir()
            await one.manager.restart_kernel(now=False)
            assert not folder.exists()
            assert living(before) == []

    asyncio.run(see())


def test_its_end_is_seen() -> None:
    """A kernel that lives is alive to its manager; one that was killed from outside is not."""

    async def see() -> None:
        async with kernel(spec("-P")) as one:
            provisioner = one.manager.provisioner
            assert await one.manager.is_alive()
            assert await provisioner.poll() is None
            both = [asyncio.create_task(provisioner.process.ended()) for _ in range(2)]
            os.kill(one.pid, signal.SIGKILL)
            assert await asyncio.gather(*both) == [0, 0]
            assert not await one.manager.is_alive()
            assert provisioner.has_process
            assert await provisioner.wait() == 0
            assert not provisioner.has_process

    asyncio.run(see())


def test_what_it_started_ends_with_it() -> None:
    """A kernel that is killed takes along the programs that it has started."""

    async def see() -> None:
        async with kernel(spec("-P")) as one:
            started = int(
                await one.run(
                    "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid)"
                )
            )
            assert living(started)
            provisioner = one.manager.provisioner
            await provisioner.kill()
            assert await provisioner.wait() == -signal.SIGKILL
            await ended(started)

    asyncio.run(see())


def test_chance_differs() -> None:
    """Two kernels of one warm process draw different numbers, and hold different keys."""
    code = (
        "import random, numpy, multiprocessing.process as m, uuid\n"
        "print(random.random(), numpy.random.random(), m.current_process().authkey.hex(),"
        " uuid.uuid4())"
    )

    async def see() -> tuple[list[str], list[str]]:
        wanted = spec("-P", imports=["numpy", "numpy.random"])
        async with kernel(wanted) as one, kernel(wanted) as other:
            assert one.forked
            assert one.parent == other.parent
            return (await one.run(code)).split(), (await other.run(code)).split()

    assert all(mine != theirs for mine, theirs in zip(*asyncio.run(see()), strict=True))


def test_flags_have_their_effect(tmp_path: Path) -> None:
    """-P keeps the working folder off the path; without it a file there is found, as ever."""
    (tmp_path / "beside.py").write_text("")
    code = (
        "import importlib.util, sys\n"
        "print('' in sys.path, importlib.util.find_spec('beside') is not None, sys.flags.optimize,"
        " sys._xoptions.get('a'))"
    )

    async def see(*flags: str) -> str:
        async with kernel(spec(*flags), cwd=tmp_path) as one:
            assert one.forked
            return await one.run(code)

    assert asyncio.run(see("-P")) == "False False 0 None"
    assert asyncio.run(see("-O", "-X", "a=b")) == "True True 1 b"


def test_its_environment_is_its_own(tmp_path: Path) -> None:
    """A kernel has the environment that was asked for it, and nothing of its server's."""
    os.environ["OF_THE_SERVER"] = "secret"
    given = {"PATH": os.environ["PATH"], "OF_THE_KERNEL": "1", "HOME": str(tmp_path)}
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    outside = "print('secret' in open(f'/proc/{os.getppid()}/environ').read())"

    async def see() -> dict[str, str]:
        async with kernel(spec("-P"), env=given) as one:
            found: dict[str, str] = json.loads(await one.run(code))
            assert found["OF_THE_KERNEL"] == "1"
            assert await one.run(
                f"try:\n    {outside}\nexcept PermissionError:\n    print(False)"
            ) == ("False")
            return found

    try:
        found = asyncio.run(see())
    finally:
        del os.environ["OF_THE_SERVER"]
    assert "OF_THE_SERVER" not in found
    assert "JPY_PARENT_PID" not in found
    assert "MALLOC_ARENA_MAX" not in found


def test_an_environment_may_be_large() -> None:
    """An environment of 200 kB reaches the kernel whole."""
    many = {f"V{n}": "x" * 2000 for n in range(100)}
    given = {**os.environ, **many}

    async def see() -> str:
        async with kernel(spec("-P"), env=given) as one:
            assert one.forked
            return await one.run(
                "import os; print(sum(len(v) for k, v in os.environ.items() if k in"
                f" {sorted(many)!r}))"
            )

    assert asyncio.run(see()) == "200000"
