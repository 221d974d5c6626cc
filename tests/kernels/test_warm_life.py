"""A warm process is replaced when it must be, and ends with its server; no kernel is lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.kernels.forking import ended, kernel, living, spec, stop, write


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a package that kernels may import."""
    (tmp_path / "changing").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return write(tmp_path / "changing" / "__init__.py", "WORD = 'old'\n")


def test_a_changed_package_makes_a_new_one(package: Path) -> None:
    """After a file was changed kernels have the new words, and the old kernels live on."""
    look = "import changing; print(changing.WORD)"
    wanted = spec("-P", imports=["changing"])

    async def see() -> None:
        async with kernel(wanted) as old:
            assert await old.run(look) == "old"
            write(package, "WORD = 'new'\n")
            async with kernel(wanted) as new:
                assert new.forked
                assert new.parent != old.parent
                assert await new.run(look) == "new"
                assert await old.run(look) == "old"
                before = old.parent
                await old.manager.shutdown_kernel(now=True)
                await ended(before)  # Nobody needs it any more.
                assert await new.run(look) == "new"

    asyncio.run(see())


def test_data_of_a_package_counts(package: Path) -> None:
    """A file that is no module is watched too: a widget's script is read at import."""
    script = write(package.parent / "page.js", "1")
    wanted = spec("-P", imports=["changing"])

    async def see() -> None:
        async with kernel(wanted) as one, kernel(wanted) as other:
            assert one.parent == other.parent
            write(script, "2")
            async with kernel(wanted) as new:
                assert new.forked
                assert new.parent != one.parent
                script.unlink()
                async with kernel(wanted) as newer:
                    assert newer.forked
                    assert newer.parent != new.parent

    asyncio.run(see())


def test_only_what_is_watched_counts(package: Path) -> None:
    """A package that is not among the watched may change."""
    wanted = spec("-P", imports=["changing"], watched=["json"])

    async def see() -> None:
        async with kernel(wanted) as one:
            write(package, "WORD = 'new'\n")
            async with kernel(wanted) as other:
                assert other.forked
                assert one.parent == other.parent

    asyncio.run(see())


def test_an_installation_counts(package: Path) -> None:
    """Whatever is installed or removed makes a new warm process."""
    site = package.parents[1] / "site-packages"
    site.mkdir()
    os.environ["PYTHONPATH"] += f"{os.pathsep}{site}"

    async def see() -> None:
        async with kernel(spec("-P")) as one:
            (site / "thing-1.0.dist-info").mkdir()
            os.utime(site, ns=(1, 1))
            async with kernel(spec("-P")) as other:
                assert other.forked
                assert one.parent != other.parent

    asyncio.run(see())


def test_one_that_was_killed_is_replaced() -> None:
    """Its kernels die with it; the next kernel comes from a new one."""

    async def see() -> None:
        async with kernel(spec("-P", "-X", "killed")) as one:
            os.kill(one.parent, signal.SIGKILL)
            await ended(one.pid)
            assert not await one.manager.is_alive()
            async with kernel(spec("-P", "-X", "killed")) as other:
                assert other.forked
                assert await other.run("print(1)") == "1"

    asyncio.run(see())


def test_one_that_hangs_is_replaced() -> None:
    """The kernel that it did not fork is forked by another; its own kernels live on."""

    async def see() -> None:
        wanted = spec("-P", "-X", "hung", patience=30.0)
        async with kernel(wanted) as one:
            hung = one.parent
            stop(hung)
            async with kernel(wanted) as other:
                assert other.forked
                assert other.parent != hung
                assert await other.run("print(1)") == "1"
                assert await one.run("print(2)") == "2"
                await one.manager.shutdown_kernel(now=True)
                await ended(one.pid, hung)

    asyncio.run(see())


def test_one_that_never_is_ready_loses_no_kernel(package: Path) -> None:
    """Imports that do not end: the kernel starts the ordinary way."""
    write(package, "import time\nif __import__('os').getppid() != 1: time.sleep(600)\n")

    async def see() -> str:
        async with kernel(spec("-P", imports=["changing"], patience=0.5)) as one:
            assert not one.forked
            return await one.run("print(1)")

    assert asyncio.run(see()) == "1"


def test_ten_at_once() -> None:
    """Ten kernels asked for together come from one warm process, each its own."""

    async def one() -> tuple[int, int, str]:
        async with kernel(spec("-P", "-X", "ten")) as mine:
            assert mine.forked
            return mine.pid, mine.parent, await mine.run("import os; print(os.getpid())")

    async def see() -> list[tuple[int, int, str]]:
        return await asyncio.gather(*(one() for _ in range(10)))

    found = asyncio.run(see())
    assert len({pid for pid, _, _ in found}) == 10
    assert len({parent for _, parent, _ in found}) == 1
    assert all(str(pid) == said for pid, _, said in found)


def test_two_loops_share_one() -> None:
    """Threads of a server with loops of their own fork from one warm process."""

    async def see() -> int:
        async with kernel(spec("-P", "-X", "loops")) as one:
            assert await one.run("print(1)") == "1"
            return one.parent

    async def together() -> list[int]:
        return await asyncio.gather(*(asyncio.to_thread(asyncio.run, see()) for _ in range(3)))

    assert len(set(asyncio.run(together()))) == 1


SERVER = """
import asyncio, json, sys
from tests.kernels.forking import kernel, spec
async def serve():
    async with kernel(spec("-P")) as one, kernel(spec("-P")) as other:
        print(json.dumps([one.pid, other.pid, one.parent]), flush=True)
        {then}
asyncio.run(serve())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_all_end_with_the_server(number: signal.Signals) -> None:
    """A server that is killed leaves neither a kernel nor a warm process."""
    with _server("await asyncio.sleep(600)") as server:
        assert server.stdout
        family = json.loads(server.stdout.readline())
        assert living(*family) == family
        server.send_signal(number)
        server.wait(60)
        asyncio.run(ended(*family))


def test_all_end_with_a_server_that_ends() -> None:
    """So does one that ends by itself, without having put its kernels away."""
    with _server("__import__('os')._exit(0)") as server:
        assert server.stdout
        family = json.loads(server.stdout.readline())
        server.wait(60)
        asyncio.run(ended(*family))


def test_a_server_dies_while_it_warms_up(package: Path) -> None:
    """A warm process that still imports ends with its server too."""
    write(package, "import time\ntime.sleep(600)\n")
    code = (
        "import time; from kefu.kernels import prewarm; from tests.kernels.forking import spec;"
        "prewarm(spec('-P', imports=['changing'])); print(flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
    ) as server:
        assert server.stdout
        server.stdout.readline()
        (warm,) = psutil.Process(server.pid).children()
        assert living(warm.pid)
        server.kill()
        server.wait()
        asyncio.run(ended(warm.pid))


def test_a_fork_of_the_server_keeps_nothing() -> None:
    """A process that the server forks holds no line: it cannot keep the warm process alive."""
    fork = (
        "child = __import__('os').fork() or __import__('time').sleep(600)\n"
        "        print(child, flush=True); await asyncio.sleep(600)"
    )
    with _server(fork) as server:
        assert server.stdout
        family = json.loads(server.stdout.readline())
        child = int(server.stdout.readline())
        try:
            server.kill()
            server.wait()
            asyncio.run(ended(*family))
            assert living(child) == [child]
        finally:
            os.kill(child, signal.SIGKILL)


def _server(then: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVER.format(then=then)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
