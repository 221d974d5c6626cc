"""What learners' code may try: it comes to nothing, ends in time, and the rest is still run.

Every attack here is run for real. What it does to its own answers is its own loss.
"""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import replace
from pathlib import Path

import pytest

import kefu
from kefu.grading.sandbox import Call, Failure, Limits, Ran, run
from kefu.grading.session import Session

SHORT = Limits(memory=256 << 20, wall=25.0, cell_wall=1.5, disk=8 << 20, file=1 << 20)
LONG = replace(SHORT, wall=100.0, cell_wall=30.0)  # where nothing hangs
HONEST = "def f(a):\n    return a + 1"


def attack(code: str, limits: Limits = LONG) -> Ran:
    """Run an attack, then an honest cell, and ask the honest function."""
    return run([code, HONEST], [Call("a--program", "f", [[41]])], {}, limits)


ENDINGS = {
    "exit": "import os; os._exit(0)",
    "exit like a success": "import os; os.close(1); os._exit(0)",
    "segfault": "import ctypes; ctypes.string_at(0)",
    "abort": "import os; os.abort()",
    "replace the process": "import os, sys; os.execv(sys.executable, ['x'])",
    "loop": "while True: pass",
    "loop that catches all": "while True:\n    try:\n        while True: pass\n    except: pass",
    "loop in C": "sum(range(10 ** 12))",
    "sleep": "import time; time.sleep(1000)",
    "wait for oneself": "import os; r, w = os.pipe(); os.read(r, 1)",
    "stop oneself": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "kill oneself": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "deaf to signals": (
        "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass"
    ),
    "stack in C": "import sys\nsys.setrecursionlimit(10 ** 9)\ndef g(x): return repr([g, x.a])\n"
    "class A:\n    __getattr__ = lambda s, n: getattr(s, n + 'a')\nA().b",
    "print without end": "while True: print('x' * 1000)",
    "write without end": "import os\nwhile True: os.write(2, b'x' * 65536)",
    "close everything": "import os; os.closerange(0, 64)",
    "garbage everywhere": (
        "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'{\"id\": 0}\\n')\n"
        "    except OSError: pass"
    ),
    "flood everywhere": (
        "import os\nwhile True:\n  for fd in range(3, 64):\n    try: os.write(fd, b'[' * 9999)\n"
        "    except OSError: pass"
    ),
    "eat the questions": (
        "import os\nfor fd in range(3, 64):\n    try: os.read(fd, 9999)\n    except OSError: pass"
    ),
    "fork bomb": "import os\nwhile True: os.fork()",
    "fork bomb that catches": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
    ),
    "memory of many": (
        "import os, time\nfor _ in range(20):\n    if not os.fork():\n"
        "        x = bytearray(180 << 20); time.sleep(99)\ntime.sleep(99)"
    ),
    "files without end": (
        "n = 0\nwhile True:\n    open(f'{n}', 'w').close(); n += 1"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_a_cell_that_ends_or_hangs_the_process_costs_only_itself(name: str) -> None:
    """Whatever ends or hangs the process, the next cell's function gets its answer."""
    ran = attack(ENDINGS[name], SHORT)
    # A fork bomb may be over before its time is, or not.
    assert ran.cells[0].state in {"dead", "error" if "fork bomb" in name else "dead"}
    assert ran.cells[0].error
    assert len(ran.cells[0].output) < 2 * SHORT.output
    assert ran.cells[1].state == "ran"
    assert ran.answers == {"a--program": [42]}
    assert len(ran.remarks) == (ran.cells[0].state == "dead")


@pytest.mark.parametrize("name", ENDINGS)
def test_a_call_that_ends_or_hangs_the_process_is_a_failure(name: str) -> None:
    """Done in the asked function instead, it is a failure, and others get their answers."""
    body = ENDINGS[name].replace("\n", "\n    ")
    cells = [f"def bad(a):\n    {body}", HONEST]
    calls = [Call("bad", "bad", [[1]]), Call("good", "f", [[41]])]
    ran = run(cells, calls, {}, SHORT)
    assert [cell.state for cell in ran.cells] == ["ran", "ran"]
    assert isinstance(ran.answers["bad"][0], Failure)
    assert ran.answers["good"] == [42]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("memory of many", "too much memory in use"),
        ("files without end", "too many files"),
        ("print without end", "endless output"),
        ("segfault", "the process crashed"),
    ],
)
def test_what_ended_it_is_told(name: str, why: str) -> None:
    """What ended a run is told by its cause, long before its time is up."""
    assert why in str(attack(ENDINGS[name]).cells[0].error)


def test_reading_what_was_printed_never_raises() -> None:
    """What is left in the pipe when a flood was stopped is read like any other output."""
    limits = replace(SHORT, output=64)  # the pipe alone holds more than is a flood then
    flood = "import os\nwhile True: os.write(1, b'x' * 4096)"
    once = "import os\nos.write(1, b'x' * 60000)"
    assert "endless output" in str(attack(flood, limits).cells[0].error)
    assert attack(once, limits).answers == {"a--program": [42]}


def test_a_deaf_session_hears_nothing() -> None:
    """Before the first hidden input goes in, the end that hears what is printed is closed."""
    with Session({}, LONG, True) as session:
        session.ask({"do": "cell", "cell": 0, "source": "import os\nout = os.dup(1)"}, 30)
        session.deafen()
        code = "os.write(out, b'x')\nprint('x', flush=True)"
        assert "BrokenPipe" in str(session.ask({"do": "cell", "cell": 1, "source": code}, 30))
        assert session.printed() == b""


ERRORS = {
    "leave": "raise SystemExit",
    "interrupt": "raise KeyboardInterrupt",
    "exit()": "exit()",
    "generator's end": "raise GeneratorExit",
    "recursion": "def g(): g()\ng()",
    "much memory": "x = bytearray(1 << 40)",
    "some memory": "x = bytearray(300 << 20)",
    "long text": "'a' * 10 ** 10",
    "an exception that bites": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\n"
        "    __repr__ = __str__\nraise E"
    ),
    "a value that bites": "class V:\n    def __repr__(self): raise SystemExit\nV()",
    "a text that is no text": "class S(str):\n    __str__ = None\nraise Exception(S('x'))",
    "deep source": "eval('(' * 1000 + ')' * 1000)",
    "fill a file": "with open('x', 'wb') as f:\n    while True: f.write(b'x' * 65536)",
    "fill the disk": (
        "n = 0\nwhile True:\n    with open(f'{n}', 'wb') as f: f.write(b'x' * 500_000)\n    n += 1"
    ),
    "fill the disk elsewhere": (
        "n = 0\nwhile True:\n    with open(f'/tmp/{n}', 'wb') as f: f.write(b'x' * 500_000)\n"
        "    n += 1"
    ),
    "many descriptors": "import os\nwhile True: os.pipe()",
    "memory in files": "import os; os.memfd_create('x')",
    "kill the first process": "import os; os.kill(1, 9) or 1 / 0",
    "kill the parent": "import os; os.kill(os.getppid(), 9) or 1 / 0",
    "become root": "import os; os.setuid(0)",
    "own namespaces": (
        "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
        "if c.unshare(0x10000000): raise OSError(ctypes.get_errno(), 'unshare')"
    ),
    "segments that nobody counts": (
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "if c.shmget(0, 1 << 24, 0o1600) < 0: raise OSError(ctypes.get_errno(), 'shmget')"
    ),
    "the user's keys": (
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\n"
        "if c.syscall({'x86_64': 250}.get(__import__('os').uname().machine, 219), 0, -4, 1) < 0:\n"
        "    raise OSError(ctypes.get_errno(), 'keyctl')"
    ),
    "raise a limit": (
        "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (10 ** 6, 10 ** 6))"
    ),
    "a shell": "import os; 1 / (os.system('ls /') == 0)",
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_a_cell_that_is_refused_raises(name: str) -> None:
    """What the limits and the kernel refuse is an error in the cell, which ends no process."""
    ran = attack(ERRORS[name])
    assert [cell.state for cell in ran.cells] == ["error", "ran"]
    assert ran.cells[0].error
    assert ran.answers == {"a--program": [42]}
    assert ran.remarks == ()


HARMLESS = {
    "daemons": (
        "import os, time\nif not os.fork():\n    os.setsid()\n    if not os.fork():\n"
        "        import signal; signal.signal(15, signal.SIG_IGN); time.sleep(999)\n"
        "    os._exit(0)\nos.wait()"
    ),
    "a stopped child": (
        "import os, signal\np = os.fork()\nif not p: os.kill(os.getpid(), signal.SIGSTOP)"
    ),
    "threads": (
        "import threading, time\n"
        "for _ in range(5): threading.Thread(target=time.sleep, args=(999,)).start()"
    ),
    "at the end": "import atexit, time\natexit.register(time.sleep, 999)",
    "alarms": (
        "import signal\nsignal.signal(14, lambda *a: None)\nsignal.setitimer(0, .01, .01)"
    ),
    "patched builtins": "import builtins\nbuiltins.print = builtins.repr = builtins.len = None",
    "patched json": "import json, marshal\njson.dumps = json.loads = marshal.dumps = None",
    "patched streams": "import sys\nsys.stdout = sys.stderr = sys.stdin = None",
    "no modules": (
        "import sys\nfor m in list(sys.modules):\n"
        "    if m not in ('sys', 'builtins'): del sys.modules[m]"
    ),
    "names gone": "globals().clear()",
    "kill all": "import os\ntry: os.kill(-1, 9)\nexcept OSError: pass",
    "away from the folder": "import os; os.chdir('/'); os.rmdir('/tmp/work')",
    "a prompt": "try: input()\nexcept EOFError: pass",
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_left_about_hinders_nobody(name: str) -> None:
    """What a cell leaves running or patched keeps neither later cells nor calls from theirs."""
    ran = attack(HARMLESS[name])
    assert [cell.state for cell in ran.cells] == ["ran", "ran"]
    assert ran.answers == {"a--program": [42]}


@pytest.mark.parametrize("name", ["daemons", "a stopped child", "threads"])
def test_no_process_outlives_the_run(name: str) -> None:
    """When `run` is back, every process that the code started is gone."""
    mark = f"k{secrets.token_hex(6)}"
    named = f"import ctypes; ctypes.CDLL(None).prctl(15, b'{mark}')\n"
    ran = attack(named + HARMLESS[name])
    assert ran.cells[0].state == "ran"
    assert [each for each in Path("/proc").glob("[0-9]*/comm") if _read(each) == mark] == []


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def test_there_is_no_network() -> None:
    """Neither another host, nor this machine, nor a socket without a file can be reached."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as named:
        named.bind(f"\0kefu-{secrets.token_hex(8)}")
        named.listen()
        code = (
            "import socket\n"
            "def tried(kind, to):\n"
            "    try: socket.socket(kind).connect(to)\n"
            "    except OSError as e: return type(e).__name__\n"
            "    return 'reached'\n"
            f"[tried(2, ('127.0.0.1', {server.getsockname()[1]})), tried(2, ('192.0.2.1', 80)),"
            f" tried(2, ('1.1.1.1', 53)), tried(1, {named.getsockname()!r})]"
        )
        output = attack(code).cells[0].output
    assert "reached" not in output
    assert output.count("Error") == 4


def test_nothing_of_the_machine_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, gradebook, home, the environment and other processes do not exist inside."""
    token = secrets.token_hex(16)
    (tmp_path / "gradebook.db").write_text(token, encoding="utf-8")
    monkeypatch.setenv("KEFU_SECRET", token)
    monkeypatch.chdir(tmp_path)
    asked = [
        str(tmp_path / "gradebook.db"), "gradebook.db", str(Path(kefu.__file__).parent),
        str(Path.home() / ".profile"), str(Path.home() / ".bashrc"), "/etc/passwd", "/etc/shadow",
        "/etc/hosts", "/proc/self/environ", "/proc/1/environ", "/proc", "/sys", "/run", "/var",
        "/home", "/mnt", "/usr/local", "/usr/bin/env", "/.dockerenv", "/dev/sda", "/dev/kmsg",
    ]  # fmt: skip
    code = f"""
import os
print([path for path in {asked!r} if os.path.exists(path)])
print(dict(os.environ))
for folder, folders, names in os.walk('/'):
    folders[:] = [f for f in folders if f not in ('lib', 'python')]  # the libraries themselves
    for name in names:
        if name.endswith(('.db', '.toml', '.ipynb', '.key', '.pem')): print('found', folder, name)
"""
    (cell, _) = attack(code).cells
    assert cell.error is None
    assert cell.output.startswith("[]\n")
    assert token not in cell.output
    assert "found" not in cell.output


def test_nothing_but_the_folder_can_be_written() -> None:
    """Only /tmp inside can be written to, and what stands there is gone with the run."""
    code = """
import os
open('/tmp/left', 'w').write('x')
for folder, folders, _ in os.walk('/'):
    if folder.count('/') > 3: folders[:] = []
    try:
        open(os.path.join(folder, 'kefu-was-here'), 'w').close()
        print(folder)
    except OSError:
        pass
"""
    written = attack(code).cells[0].output.split()
    assert [folder for folder in written if folder != "/tmp" and "/tmp/" not in folder] == []
    assert attack("import os; print(os.listdir('/tmp'))").cells[0].output == "['work']\n"


def test_nothing_is_inherited() -> None:
    """Inside, no descriptor is open but the pipes and the empty device; no right is left."""
    here = os.open(__file__, os.O_RDONLY)
    try:
        os.set_inheritable(here, True)
        code = """
import os, stat, ctypes
kinds = set()
for fd in range(64):
    try: mode = os.fstat(fd).st_mode
    except OSError: continue
    kinds.add('pipe' if stat.S_ISFIFO(mode) else 'device' if stat.S_ISCHR(mode) else 'other')
c = ctypes.CDLL(None)
print(sorted(kinds), os.getuid() > 1000, os.getgroups(), c.prctl(39, 0, 0, 0, 0))
print(*(c.prctl(47, 1, n, 0, 0) for n in range(41)))
"""
        first, second, *_ = attack(code).cells[0].output.splitlines()
    finally:
        os.close(here)
    assert first.startswith("['device', 'pipe'] True [")
    assert first.endswith("] 1")  # no new privileges
    assert set(second.split()) == {"0"}  # no ambient capability
    if os.geteuid() == 0:
        assert "[]" in first


LEAKS = {
    "print": "print(a)",
    "kept stream": "kept.write(str(a)); kept.flush()",
    "kept copies": "[os.write(fd, str(a).encode()) for fd in copies]",
    "every descriptor": (
        "\n    for fd in range(64):\n        try: os.write(fd, str(a).encode() + b'\\n')\n"
        "        except OSError: pass"
    ),
    "message": "raise ValueError(a)",
    "kind": "raise type(f'E{a}', (Exception,), {})",
    "warning": "import warnings; warnings.warn(str(a))",
    "name of what is refused": "return type(f'E{a}', (), {})()",
    "stream of C": (
        "import ctypes; c = ctypes.CDLL(None); c.puts(str(a).encode()); c.fflush(None)"
    ),
    "leave": "sys.exit(str(a))",
    "die": "os.write(1, str(a).encode()); os._exit(a % 256)",
    "keep in a file": "open('/tmp/a', 'w').write(str(a)); os._exit(1)",
    "forged failure": (
        "\n    for fd in range(3, 64):\n"
        "        line = '{\"id\":%d,\"failed\":\"%d\",\"kind\":\"%d\"}\\n' % (number(), a, a)\n"
        "        try: os.write(fd, line.encode())\n"
        "        except OSError: pass"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAKS)
def test_hidden_inputs_reach_nobody(name: str) -> None:
    """Whatever a function does with a hidden input but return it, nothing given back holds it."""
    hidden = 7_316_000_000 + secrets.randbelow(10**6)
    before = """
import os, sys
kept = sys.stdout
copies = [os.dup(1), os.dup(2)]
if os.path.exists('/tmp/a'): print(open('/tmp/a').read())
def number():
    return next(f['request']['id'] for f in frames() if 'request' in f)
def frames():
    frame = sys._getframe()
    while frame: yield frame.f_locals; frame = frame.f_back
"""
    cells = [before, f"def f(a):\n    {LEAKS[name]}", "print('last')"]
    ran = run(cells, [Call("a", "f", [[hidden], [hidden]])], {}, LONG)
    assert str(hidden) not in repr(ran)
    assert ran.cells[2].output == "last\n"
    assert len(ran.answers["a"]) == 2


def test_forged_answers_are_no_more_than_answers() -> None:
    """Code that answers for the runner changes its own answers, and no other thing."""
    forge = """
import os, sys
frame = sys._getframe()
while 'report' not in frame.f_locals: frame = frame.f_back
report, number = frame.f_locals['report'], frame.f_locals['request']['id']
os.write(report, b'{"id":%d,"error":null,"value":1,"answers":{"b":[1]},"ready":true}\\n' % number)
import time; time.sleep(0.2)
os.write(report, b'{"id":%d,"value":1}\\n' % (number + 1))
while True: print('still here')
"""
    ran = run([forge, HONEST], [Call("a", "f", [[41], [1]]), Call("b", "g", [[]])], {}, SHORT)
    assert set(ran.answers) == {"a", "b"}
    assert [len(given) for given in ran.answers.values()] == [2, 1]
    assert isinstance(ran.answers["b"][0], Failure)


@pytest.mark.parametrize(
    "told",
    [
        '"value":NaN', '"value":1e999', '"value":-Infinity', '"value":' + "9" * 5000,
        '"value":{"a":1,"a":2}', '"value":"\\ud800"', '"value":' + "[" * 60000, '"value":',
        '"error":7', '"failed":["type"]', '"failed":"raised","kind":{}', '"id":1',
    ],
)  # fmt: skip
def test_an_answer_that_is_not_strict_is_none(told: str) -> None:
    """A line that is not the strictest JSON, or not of the expected form, is a failure."""
    forge = f"""
import os, sys
def f(a):
    frame = sys._getframe()
    while 'report' not in frame.f_locals: frame = frame.f_back
    line = '{{"id":%d,%s}}\\n' % (frame.f_locals['request']['id'], {told!r})
    os.write(frame.f_locals['report'], line.encode())
    os._exit(0)
"""
    ran = run([forge], [Call("a", "f", [[1]])], {}, SHORT)
    assert isinstance(ran.answers["a"][0], Failure)


def test_runs_beside_one_another_do_not_meet() -> None:
    """Two runs at a time see neither each other's files nor each other's processes."""
    from concurrent.futures import ThreadPoolExecutor

    code = "import os, time\nopen('/tmp/mine', 'x')\ntime.sleep(0.3)\nos.kill(-1, 9)"
    code = code.replace("os.kill(-1, 9)", "try: os.kill(-1, 9)\nexcept OSError: pass")
    with ThreadPoolExecutor(3) as pool:
        for ran in pool.map(attack, [code] * 3):
            assert [cell.state for cell in ran.cells] == ["ran", "ran"]
            assert ran.answers == {"a--program": [42]}
