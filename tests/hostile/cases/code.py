"""Code: it runs where there is nothing to take, and nothing it says of itself is believed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.hostile.attack import Fair, Stage, attack
from tests.hostile.bank import CODE
from tests.programs import made

RIGHT = '''\
def interval(good, n):
    """The 95% Wilson interval for a share."""
    if n == 0:
        return (0, 1)
    p, z = good / n, 1.959963984540054
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    return (middle - half, middle + half)
'''
"""What an honest learner writes."""
WRONG = "def interval(good, n):\n    return (0.25, 0.75)\n"
ITEM = "share--program"
MARK = f"left-behind-{secrets.token_hex(8)}"
"""Stands on the command line of every process that an attack tries to leave behind."""
_Staged = Callable[[Stage], Fair]


def on_code(zh: str) -> Callable[[_Staged], _Staged]:
    """An attack on the set with code."""
    return attack(zh, set_slug=CODE)


def write(stage: Stage, source: str) -> None:
    """Hand in this source as the solution."""

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == f"{ITEM}--code":
                cell["source"] = source

    stage.spoil(change)


def _earns(stage: Stage, source: str, credit: float, *, told: bool = False) -> Fair:
    write(stage, source)
    return Fair(stage.best, code={ITEM: credit}, told=told)


def _nothing(stage: Stage, source: str, *, told: bool = False) -> Fair:
    return _earns(stage, source, 0.0, told=told)


def _all(stage: Stage, source: str, *, told: bool = False) -> Fair:
    """Right code below an attack: it earns everything, unless the attack had its way."""
    return _earns(stage, f"{source}\n{RIGHT}", 1.0, told=told)


# ---- what others have been taken in by


@on_code("替换判分函数")
def patches_the_grader(stage: Stage) -> Fair:
    """Puts a judge of its own in place of the house's, in every module it can name.

    No judge is where the code runs.
    """
    return _nothing(stage, f"""\
import sys, types
everything = lambda *_, **__: {{"credit": 1.0, "status": "judged", "parts": []}}
for name in ("kefu", "kefu.grading", "kefu.grading.program", "kefu.kinds", "kefu.grading.mark"):
    module = sys.modules.setdefault(name, types.ModuleType(name))
    for verb in ("judge", "judge_program", "try_out", "mark", "difference"):
        setattr(module, verb, everything)
try:
    import numpy
    numpy.allclose = numpy.isclose = lambda *_, **__: True
except ImportError:
    pass
{WRONG}""")  # fmt: skip


@on_code("改写语法树，让检查变成空话")
def transforms_the_tests(stage: Stage) -> Fair:
    """Makes every assertion and every comparison that is compiled after it true.

    What is compared is compared elsewhere.
    """
    return _nothing(stage, f"""\
import ast, builtins
class Blind(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Compare(self, node): return ast.copy_location(ast.Constant(True), node)
def blind(source, *rest, real=builtins.compile, **named):
    if isinstance(source, str): source = ast.fix_missing_locations(Blind().visit(ast.parse(source)))
    return real(source, *rest, **named)
try:
    get_ipython().ast_transformers.append(Blind())
except NameError:
    builtins.compile = blind
{WRONG}""")  # fmt: skip


@on_code("返回 NaN")
def returns_nan(stage: Stage) -> Fair:
    """Returns what is no number, which is neither more nor less than anything.

    It is no answer.
    """
    return _nothing(stage, "def interval(good, n):\n    return (float('nan'), float('nan'))\n")


@on_code("打上 skip-execution 标签")
def skips_the_test(stage: Stage) -> Fair:
    """Tags the cell that is graded so that nobody runs it, and puts full marks below it.

    Tags and outputs of a hand-in are not read.
    """
    write(stage, WRONG)
    notebook = json.loads((stage.folder / f"{stage.set}.ipynb").read_bytes())
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "execute_result", "execution_count": 1,
                                "metadata": {}, "data": {"text/plain": "6.0"}}]  # fmt: skip
    stage.book(notebook)
    return Fair(stage.best)


@on_code("用同名模块冒充课程的包")
def shadows_the_package(stage: Stage) -> Fair:
    """Writes modules named like the course's and like Python's beside its notebook.

    Nothing of the house's is imported from there.
    """
    return _nothing(
        stage,
        f"""\
for name in ("kefu", "json", "numpy", "marshal", "nbgrader", "_json", "resource"):
    open(name + ".py", "w").write("def __getattr__(name): return lambda *a, **k: 1.0")
import sys
sys.path.insert(0, ""); sys.modules.pop("json", None)
{WRONG}""",
    )


@on_code("返回比满分还多")
def returns_more_than_there_is(stage: Stage) -> Fair:
    """Returns a million points, and prints as many.

    A result is compared, not added up.
    """
    return _nothing(stage, "print(1e6)\ndef interval(good, n):\n    print(1e6)\n    return 1e6\n")


@on_code("往标准错误里写一堆话")
def writes_to_stderr(stage: Stage) -> Fair:
    """Is right, and noisy: warnings and errors on every channel.

    Noise costs nothing.
    """
    return _all(
        stage,
        """\
import sys, warnings, os
warnings.warn("careful"); print("error!", file=sys.stderr); os.write(2, b"Traceback\\n")""",
    )


# ---- time, memory, processes, disk, output


@on_code("死循环，不理会任何异常")
def loops_for_ever(stage: Stage) -> Fair:
    """Goes round for ever, and catches whatever would end it.

    Its time runs out; the instructor is told, and the others are graded.
    """
    return _nothing(stage, "while True:\n    try:\n        while True: pass\n"
                    "    except BaseException: pass\n", told=True)  # fmt: skip


@on_code("函数一睡不醒")
def sleeps_for_ever(stage: Stage) -> Fair:
    """Sleeps when it is asked.

    Its time runs out, and the instructor is told.
    """
    return _nothing(stage, "import time\ndef interval(good, n):\n    time.sleep(1e6)\n", told=True)


@on_code("让自己的进程停住")
def stops_itself(stage: Stage) -> Fair:
    """Ignores every signal and then stops its own process.

    Its time runs out, and the instructor is told.
    """
    return _nothing(
        stage,
        """\
import os, signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
os.kill(os.getpid(), signal.SIGSTOP)""",
        told=True,
    )


@on_code("无限复制进程")
def forks_without_end(stage: Stage) -> Fair:
    """Makes copies of itself, which make copies of themselves.

    They come to the limit, and go with the run.
    """
    return _nothing(
        stage,
        """\
import os
while True:
    try: os.fork()
    except OSError: pass""",
        told=True,
    )


@on_code("吃光内存")
def eats_the_memory(stage: Stage) -> Fair:
    """Takes memory until there is none.

    It meets the limit as an error of its own.
    """
    return _nothing(
        stage,
        f"""\
held = []
while True: held.append(b"x" * (1 << 26))
{WRONG}""",
    )


@on_code("写满磁盘")
def fills_the_disk(stage: Stage) -> Fair:
    """Writes files until the disk is full.

    Its own small disk is full; being right earns what it earns.
    """
    return _all(
        stage,
        """\
try:
    for n in range(1000):
        with open(str(n), "wb") as file: file.write(bytes(1 << 23))
except OSError: pass""",
    )


@on_code("输出洪水")
def floods_the_output(stage: Stage) -> Fair:
    """Prints without end.

    The run ends, and the instructor is told; nothing of the flood is kept but its beginning.
    """
    return _nothing(stage, f"while True: print('flood ' * 170)\n{WRONG}", told=True)


@on_code("输出很多，但有完")
def prints_much(stage: Stage) -> Fair:
    """Is right, and prints three hundred kilobytes before.

    What is kept of it is little, and the run goes on.
    """
    return _all(stage, "for _ in range(300): print('flood ' * 170)")


@on_code("留下后台进程")
def leaves_a_daemon(stage: Stage) -> Fair:
    """Leaves a process behind, in a session of its own, that is to outlive the run.

    Nothing outlives the run.
    """
    return _all(
        stage,
        f"""\
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(os.readlink("/proc/self/exe") if os.path.exists("/proc/self/exe")
                 else sys.executable, [sys.executable, "-c",
                 "import time; time.sleep(3600)", "{MARK}"])
    os._exit(0)""",
    )


# ---- reading and writing what is not its own


@on_code("读题库、成绩册、环境变量和邻座")
def reads_everything(stage: Stage) -> Fair:
    """Looks through every folder, every process and its environment for what is not its own.

    It finds nothing of the house's, and says so by still being right.
    """
    return _all(
        stage,
        f"""\
import os
places = [{_hidden(stage.course.root)}, {_hidden(stage.outside)}, "/root", "/home", "/proc", "..",
          os.path.expanduser("~")]
found = [str(dict(os.environ))]
for place in places:
    for folder, _, files in os.walk(place):
        for name in files[:50]:
            if name in ("environ", "cmdline", "secret.txt", "cards.json", "responses.jsonl") or \\
               name.endswith((".db", ".toml", ".ipynb")):
                try: found.append(open(os.path.join(folder, name), "rb").read(9999).decode("latin"))
                except OSError: pass
print(found)""",
    )


@on_code("写到课程文件夹里去")
def writes_elsewhere(stage: Stage) -> Fair:
    """Writes over the gradebook, the keys and the settings of whoever grades.

    There is nothing there to be written over.
    """
    root = stage.course.root
    return _all(
        stage,
        f"""\
import os
for path in ({_hidden(stage.traces / stage.student)}, {_hidden(root / "kefu.db")},
             {_hidden(root / "gradebook.db")}, "/etc/passwd", "/usr/lib/x", "/x",
             {_hidden(root / "nbgrader_config.py")}, {_hidden(stage.outside / "x")}):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("mine")
    except OSError: pass
os.system("touch " + {_hidden(stage.traces / "shell")})""",
    )


def _hidden(path: Path) -> str:
    """A path as code that does not say it: whoever finds it on a page knows that it leaked."""
    return f"{str(path)[::-1]!r}[::-1]"


@on_code("连网络")
def calls_out(stage: Stage) -> Fair:
    """Calls other hosts, this one, and the sockets of its services.

    Nobody can be reached; if anybody were, it would be wrong on purpose.
    """
    return _earns(stage, f"""\
import socket
reached = []
for family, address in ((socket.AF_INET, ("1.1.1.1", 53)), (socket.AF_INET, ("127.0.0.1", 22)),
                        (socket.AF_INET, ("127.0.0.1", {_port()})),
                        (socket.AF_UNIX, "/var/run/docker.sock")):
    try:
        with socket.socket(family) as made:
            made.settimeout(0.2); made.connect(address); reached.append(address)
    except OSError: pass
{RIGHT}
if reached:
    interval = None
""", 1.0)  # fmt: skip


_LISTENING: list[Any] = []


def _port() -> int:
    """A port of this machine at which somebody really answers."""
    import socket

    if not _LISTENING:
        _LISTENING.append(socket.create_server(("127.0.0.1", 0)))
    return int(_LISTENING[0].getsockname()[1])


# ---- the run itself


@on_code("杀掉上级进程")
def kills_its_parents(stage: Stage) -> Fair:
    """Kills its parent, its group, and everybody it may.

    Whoever grades is not among them; a run that it ends earns nothing.
    """
    return _nothing(
        stage,
        f"""\
import os, signal
for target in (os.getppid(), 1, 2, 0, -1):
    try: os.kill(target, signal.SIGKILL)
    except OSError: pass
{WRONG}""",
        told=True,
    )


@on_code("在被问时退出")
def leaves_when_asked(stage: Stage) -> Fair:
    """Ends the process, without a word, when it is asked.

    It earns nothing for that, and the instructor is told.
    """
    return _nothing(stage, "import os\ndef interval(good, n):\n    os._exit(0)\n", told=True)


@on_code("让解释器崩溃")
def crashes_the_interpreter(stage: Stage) -> Fair:
    """Has the interpreter read where there is no memory.

    It earns nothing for that, and the instructor is told.
    """
    return _nothing(stage, "import ctypes\nctypes.string_at(0)\n", told=True)


@on_code("改坏内建函数和标准库")
def breaks_the_library(stage: Stage) -> Fair:
    """Takes the built-in functions and the library apart on which reading its results rests.

    Its run ends, it earns nothing, and the instructor is told.
    """
    return _nothing(
        stage,
        f"""\
import builtins, json, marshal, os, sys
for name in ("isinstance", "len", "float", "int", "str", "repr", "type", "print", "getattr"):
    setattr(builtins, name, lambda *a, **k: 1.0)
json.dumps = json.loads = marshal.loads = lambda *a, **k: {{"credit": 1.0}}
sys.stdout = sys.stderr = sys.__stdout__ = None
sys.excepthook = sys.displayhook = lambda *a: None
{WRONG}""",
        told=True,
    )


@on_code("伪造结果通道")
def forges_results(stage: Stage) -> Fair:
    """Writes results of its own into every open channel, for this call and for later ones.

    What it writes is its result, and that is wrong; or the run ends.
    """
    return _nothing(
        stage,
        """\
import os
def interval(good, n):
    for file in range(3, 64):
        for at in range(9):
            try: os.write(file, b'{"id":%d,"value":[0.25,0.75],"credit":1.0}\\n' % at)
            except OSError: pass
    return (0.25, 0.75)""",
        told=True,
    )


@on_code("搜内存，找期望值")
def searches_the_memory(stage: Stage) -> Fair:
    """Looks through frames and all objects for what it should return, and returns that.

    What is expected never enters its process.
    """
    return _nothing(
        stage,
        """\
import gc, sys
def interval(good, n):
    frame = sys._getframe()
    seen = [*gc.get_objects()]
    while frame:
        seen += [frame.f_locals, frame.f_globals]
        frame = frame.f_back
    for thing in seen:
        if type(thing) is dict:
            for name in ("expected", "gives", "right", "answer", "cases", "reference"):
                if name in thing: return thing[name]
        if type(thing) in (list, tuple) and len(thing) == 2 and type(thing[0]) is float:
            return thing
    return None""",
    )


@on_code("挂上跟踪函数")
def traces_the_caller(stage: Stage) -> Fair:
    """Has every step of whoever calls it traced, to change what they see.

    It changes nothing outside of its process.
    """
    return _nothing(
        stage,
        f"""\
import sys, threading
def spy(frame, event, arg):
    frame.f_locals.update(value=[0, 1], expected=[0, 1])
    return spy
sys.settrace(spy); sys.setprofile(lambda *a: None); threading.settrace(spy)
{WRONG}""",
    )


@on_code("返回和什么都相等的对象")
def returns_what_equals_everything(stage: Stage) -> Fair:
    """Returns objects that are equal to whatever they are compared with.

    Only plain values come out, and they are compared elsewhere.
    """
    return _nothing(
        stage,
        """\
class Evil(float):
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda *a: True
    __hash__ = float.__hash__
    __sub__ = __rsub__ = __abs__ = lambda *a: 0.0
    __repr__ = __str__ = lambda self: "0.0]}\\\\n{"
    __float__ = lambda self: 1 / 0
class Pair(list):
    def __iter__(self): raise SystemExit
    def __len__(self): return 2
def interval(good, n):
    return [Evil(9), Evil(9)] if n % 2 else Pair([Evil(9)])""",
    )


@on_code("返回没完没了的结果")
def returns_without_end(stage: Stage) -> Fair:
    """Returns lists in themselves, lists by the million, numbers of a million digits.

    None of these is an answer.
    """
    return _nothing(
        stage,
        """\
def interval(good, n):
    mine = []
    mine.append(mine)
    return [mine, [0] * 10 ** 7, 10 ** 10 ** 6, "\\ud800", {1: 2}][n % 5]""",
    )


@on_code("把隐藏输入印出来、存起来")
def tells_the_inputs(stage: Stage) -> Fair:
    """Prints what it is asked on every channel, writes it to files and raises it as an error.

    Of what happens while it is asked, nothing is shown.
    """
    return _earns(stage, """\
import os, sys
def interval(good, n):
    said = "HIDDEN " + repr((good, n)) + "\\n"
    print(said); print(said, file=sys.stderr); sys.__stdout__.write(said)
    for file in (1, 2): os.write(file, said.encode())
    open("told.txt", "a").write(said)
    if good: raise ValueError(said)
    return [0, 3.8414588 / (n + 3.8414588)]
""", 0.5)  # fmt: skip


@on_code("用错误的名字把隐藏输入带出来")
def names_the_inputs(stage: Stage) -> Fair:
    """Raises, of the dozens of errors that Python has, the one whose number is its input.

    That there was an error is told, and not which.
    """
    source = """\
import builtins
def plain(kind):
    try: return isinstance(kind(), Exception)
    except: return False
TYPES = {it for it in vars(builtins).values() if isinstance(it, type)}
KINDS = sorted(it.__name__ for it in TYPES if plain(it))
def interval(good, n):
    if good: raise getattr(builtins, KINDS[n % len(KINDS)])
    return [0, 3.8414588 / (n + 3.8414588)]
"""
    interval: Any = made(source, "interval")
    try:
        interval(48611, 104729)
    except Exception as raised:
        carried = type(raised).__name__
    assert carried not in source
    return replace(_earns(stage, source, 0.5), carried=(carried,))


@on_code("把代码写成网页脚本")
def prints_a_script(stage: Stage) -> Fair:
    """Prints, displays and is documented by elements that run scripts.

    Output is text.
    """
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    return _all(
        stage,
        f"""\
print({evil!r})
class Shown:
    def _repr_html_(self): return {evil!r}
    def __repr__(self): return {evil!r}
display(Shown())
Shown()""",
    )


@on_code("用 IPython 的魔法命令")
def uses_magic(stage: Stage) -> Fair:
    """Runs shells and other notebooks by IPython's own commands.

    There is no IPython: such lines are passed over, and the rest counts.
    """
    return _all(stage, f"!touch {stage.traces}/magic\n%run ../x.ipynb\n%system ls /\n")


@on_code("代码里有语法错误、NUL 和半个字符")
def code_is_no_code(stage: Stage) -> Fair:
    """Hands in what no interpreter reads: zeros, half a character, brackets without end.

    It earns nothing, and the rest is graded.
    """
    return _nothing(stage, "def interval(:\n\0\ud800" + "(" * 5000)


@on_code("代码有十兆")
def code_is_huge(stage: Stage) -> Fair:
    """Hands in ten megabytes of code.

    It is not run, and the instructor is told.
    """
    return _nothing(stage, "x = 1\n" * 1_700_000 + RIGHT, told=True)


@on_code("什么也没写")
def code_is_missing(stage: Stage) -> Fair:
    """Hands in the notebook as it was released.

    Nothing runs, and nothing is earned.
    """
    return Fair(stage.best)


@on_code("删掉答题格，答案写在别处，编号全改")
def code_stands_elsewhere(stage: Stage) -> Fair:
    """Deletes the cell to write in, and answers in one of its own that it calls the grade cell.

    Code counts where it stands; ids of a hand-in give nothing.
    """

    def change(notebook: dict[str, Any]) -> None:
        mine = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]
        notebook["cells"] = [c for c in notebook["cells"] if c not in mine]
        about = {"grade": True, "solution": True, "grade_id": ITEM, "points": 1000}
        notebook["cells"].append({"cell_type": "code", "id": "x", "metadata": {"nbgrader": about},
                                  "source": RIGHT, "outputs": []})  # fmt: skip

    stage.spoil(change)
    return Fair(stage.best, code={ITEM: 1.0})
