"""What the warm process holds, and what makes it unfit to be forked."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import kefu.kernels
from tests.kernels.forking import Kernel, kernel, spec

PACKAGE = Path(kefu.kernels.__file__).parent


def test_it_needs_nothing_else_of_kefu() -> None:
    """No module of the package names another part of kefu."""
    named = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                named.add(node.module or "")
            elif isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
    ours = {name for name in named if name.partition(".")[0] == "kefu"}
    assert ours
    assert {name for name in ours if not f"{name}.".startswith("kefu.kernels.")} == set()


def test_it_loads_nothing_else_of_kefu() -> None:
    """Neither the server's side nor the warm process's loads another part of kefu."""
    code = (
        "import sys, kefu.kernels.provisioner, kefu.kernels.warm;"
        "print([m for m in sys.modules if m.startswith('kefu.')"
        " and not f'{m}.'.startswith('kefu.kernels.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_it_runs_one_thread() -> None:
    """However much was imported, the warm process has one thread."""

    async def see() -> None:
        async with kernel(spec("-P", imports=["numpy", "kefu.floor", "kefu.player"])) as one:
            assert one.forked
            assert len(os.listdir(f"/proc/{one.parent}/task")) == 1
            assert len(os.listdir(f"/proc/{one.pid}/task")) > 1

    asyncio.run(see())


def test_a_page_of_the_floor_imports_nothing_more() -> None:
    """A fork has what the floor's page needs, and none of what only drawing needs."""
    code = (
        "import json, sys; print(json.dumps([m for m in"
        " ('kefu.floor', 'kefu.player', 'anywidget', 'matplotlib', 'numpy', 'sqlalchemy')"
        " if m in sys.modules]))"
    )

    async def see() -> list[str]:
        wanted = spec(
            "-P",
            imports=["kefu.floor", "kefu.player"],
            unwanted=["matplotlib", "numpy", "sqlalchemy", "pydantic", "voila", "starlette"],
        )
        async with kernel(wanted) as one:
            assert one.forked
            found: list[str] = json.loads(await one.run(code))
            return found

    assert asyncio.run(see()) == ["kefu.floor", "kefu.player", "anywidget"]


def test_a_kernel_starts_without_an_import() -> None:
    """All that an ordinary kernel loads up to its first cell, a fork has already."""
    look = "import json, sys; print(json.dumps(sorted(sys.modules)))"

    async def see() -> tuple[set[str], set[str]]:
        ordinary = spec("-P")
        ordinary.metadata = {"kernel_provisioner": {"provisioner_name": "local-provisioner"}}
        async with kernel(ordinary) as cold, kernel(spec("-P", imports=["of_a_fork"])) as one:
            assert not cold.forked
            assert one.forked
            return set(json.loads(await cold.run(look))), set(
                json.loads(
                    await one.run("import json, of_a_fork; print(json.dumps(of_a_fork.HAD))")
                )
            )

    # A module that is imported last notes what is there before the first fork.
    note = "import os, sys\nHAD = []\nos.register_at_fork(before=lambda: HAD.extend(sys.modules))\n"
    cold, had = _with(note, see)
    assert cold - had <= {"ipykernel_launcher", "runpy"}


BROKEN = {
    "a thread": (
        "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\n",
        "2 threads run",
    ),
    "a file": ("kept = open(__file__)\n", "of_a_fork.py"),
    "a socket": ("import socket\nkept = socket.socket()\n", "holds files"),
    "an unwanted package": ("import xmlrpc.client\n", "must not: xmlrpc"),
    "an unwanted module": ("import wsgiref.util\n", "must not: wsgiref.util"),
    "a context": ("import zmq\nkept = zmq.Context()\n", "eventfd"),
    "an error": ("raise ValueError('not today')\n", "not today"),
    "an end": ("import os\nos._exit(3)\n", "warm process has ended"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_must_not_be_forked_is_not(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    """A thread, a file, an unwanted package: said once, and kernels start the ordinary way."""
    source, why = BROKEN[broken]

    async def see() -> list[bool]:
        wanted = spec("-P", imports=["of_a_fork"], unwanted=["xmlrpc", "wsgiref.util"])
        found = []
        for _ in range(2):
            async with kernel(wanted) as one:
                assert await one.run("print(6 * 7)") == "42"
                found.append(one.forked)
        return found

    assert _with(source, see) == [False, False]
    said = [r.getMessage() for r in caplog.records if "the ordinary way" in r.getMessage()]
    assert len(said) == 1
    assert why in said[0]


def test_no_kernel_holds_what_another_was_told() -> None:
    """The environment of a kernel is nowhere in the memory of the next."""
    word = "the-token-of-the-first"
    code = """
import re
found = 0
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        low, high, flags = re.match(r"(\\w+)-(\\w+) (\\S+)", line).groups()
        if flags.startswith("rw") and "[v" not in line:
            memory.seek(int(low, 16))
            found += memory.read(int(high, 16) - int(low, 16)).count(WORD)
print(found)
"""

    async def count(one: Kernel) -> int:
        # Spelt backwards, for the cell is in memory too.
        return int(await one.run(code.replace("WORD", f"{word[::-1].encode()!r}[::-1]")))

    async def see() -> tuple[int, int]:
        async with (
            kernel(spec("-P"), env={**os.environ, "TOKEN": word}) as one,
            kernel(spec("-P")) as other,
        ):
            assert one.parent == other.parent
            # The first must find it in itself, or the search would find nothing anywhere.
            return await count(one), await count(other)

    mine, theirs = asyncio.run(see())
    assert mine > 0
    assert theirs <= 1, "the word that is searched for, and no more"


def _with(source: str, see):  # type: ignore[no-untyped-def]
    """Run something with a module `of_a_fork` that kernels may import."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "of_a_fork.py").write_text(source)
        before = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (folder, before)))
        try:
            return asyncio.run(see())
        finally:
            os.environ.pop("PYTHONPATH")
            if before is not None:
                os.environ["PYTHONPATH"] = before
