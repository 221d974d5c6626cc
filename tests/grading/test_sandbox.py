"""What a notebook's run gives back: outputs, errors, and a function's answers."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from kefu.errors import KefuError
from kefu.grading import jail, sandbox
from kefu.grading.family import children
from kefu.grading.sandbox import Call, Failure, Limits, Ran, ready, run
from kefu.text import Text

BOTH = pytest.mark.parametrize("sandboxed", [True, False])


def one(*cells: str, inputs: list[Any] | None = None, **more: Any) -> Ran:
    """Run cells and ask `f` once for each argument."""
    asked = [] if inputs is None else [Call("a--program", "f", [[each] for each in inputs])]
    return run(cells, asked, more.pop("files", {}), **more)


def answer(body: str) -> Any:
    """What `f` gives, where its body is this."""
    return one(f"def f(a):\n    {body}", inputs=[0]).answers["a--program"][0]


@BOTH
def test_cells_share_names_and_functions_answer(sandboxed: bool) -> None:
    """A function may use what other cells defined, and gives one answer for each input."""
    ran = one("half = 2", "def f(a):\n    return a / half", inputs=[1, 5], sandboxed=sandboxed)
    assert ran.answers == {"a--program": [0.5, 2.5]}
    assert [cell.state for cell in ran.cells] == ["ran", "ran"]


@BOTH
def test_numpy_gives_plain_numbers(sandboxed: bool) -> None:
    """numpy can be imported, and its arrays and numbers come out as lists and numbers."""
    body = "import numpy as np\ndef f(a):\n    return np.arange(a), np.float32(0.5), np.bool_(a)"
    assert one(body, inputs=[2], sandboxed=sandboxed).answers["a--program"] == [[[0, 1], 0.5, True]]


def test_the_other_libraries_have_room() -> None:
    """What a course on quality uses can be imported and drawn with, within the limits."""
    source = (
        "import pandas, scipy.stats, statsmodels.api\nimport matplotlib.pyplot as plt\n"
        "plt.plot([1, 2]); plt.savefig('a.png')\npandas.DataFrame({'a': [1]})"
    )
    (cell,) = one(source, limits=Limits(cell_wall=200, wall=200, cpu=200)).cells
    assert cell.error is None
    assert "a" in cell.output


def test_output_is_kept_by_cell() -> None:
    """A cell's output is what it printed, on either stream, and the value of its last line."""
    ran = one("import sys, os\nprint('一')", "print('x', file=sys.stderr)\n[1]", "2;", "None")
    assert [cell.output for cell in ran.cells] == ["一\n", "x\n[1]\n", "", ""]


def test_output_is_cut() -> None:
    """Output beyond its room is left out, with a word; control characters are too."""
    ran = one("print('a' * 100)", "print('\\x1b[1mb\\x00')", limits=Limits(output=10))
    assert ran.cells[0].output == "a" * 10 + "\n（后面省略 · the rest is left out）"
    assert ran.cells[1].output == "[1mb\n"


def test_an_error_names_its_line() -> None:
    """An error is told with its kind and the learner's own line, and later cells run."""
    ran = one("x = 1\ny = z", "def g(:", "def h():\n    raise KeyError('k')", "1\nh()", "8")
    assert [cell.error for cell in ran.cells] == [
        "NameError: name 'z' is not defined (第 2 行 · line 2)",
        "SyntaxError: invalid syntax (第 1 行 · line 1)",
        None,
        "KeyError: 'k' (第 2 行 · line 2)",
        None,
    ]
    assert ran.cells[4].output == "8\n"


def test_messages_name_no_folder_of_this_machine() -> None:
    """Where Python lies on the grader's machine stands in no message."""
    for sandboxed in (True, False):
        cell = one("import json.no\nimport json", "from json import no", sandboxed=sandboxed).cells[
            1
        ]
        assert cell.error is not None
        assert cell.error.startswith("ImportError")
        assert not any(folder in cell.error for folder in jail.hidden())


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("%matplotlib inline\n1", "（跳过 · skipped: %matplotlib inline）\n1\n"),
        ("if True:\n    !ls -l\n2", "（跳过 · skipped: !ls -l）\n2\n"),
        ("print?\n3", "（跳过 · skipped: print?）\n3\n"),
        ("%%time\nprint(4)", "（跳过 · skipped: %%time）\n4\n"),
        ("%%bash\nrm -r /", "（跳过 · skipped: %%bash）\n"),
        ("x = '''\n%d?\n''' % 5\nprint((x\n).strip())", "5?\n"),
        ("7\n% 4", "（跳过 · skipped: % 4）\n"),
    ],
)
def test_lines_of_ipython_are_skipped(source: str, output: str) -> None:
    """A line that is IPython's own is left out, with a word; one that is Python's is run."""
    (cell,) = one(source).cells
    assert cell.error is None
    assert cell.output == output


def test_course_lines_do_nothing() -> None:
    """`import kefu` stands in learners' cells; it works, shows nothing, and holds nothing."""
    ran = one("import kefu\nkefu.try_out('a', 1)\nkefu.play('b')", "import kefu.quality")
    assert ran.cells[0].state == "ran"
    assert ran.cells[0].output == ""
    assert ran.cells[1].error is not None
    assert ran.cells[1].error.startswith("ModuleNotFoundError")


def test_files_lie_beside_the_notebook() -> None:
    """Files given are there, and are the run's own copy."""
    files = {"data/a.csv": b"1,2", "mine.py": b"x = 3"}
    source = "import mine\nprint(open('data/a.csv').read(), mine.x)\nopen('data/a.csv', 'w')"
    assert one(source, files=files).cells[0].output.startswith("1,2 3\n")
    with pytest.raises(ValueError, match="out of the folder"):
        one("1", files={"../a": b""})
    ran = one("import os; os.listdir()", files={"a": b"1234"}, limits=Limits(disk=7))
    assert ran.cells[0].output == "[]\n"
    assert [remark.en for remark in ran.remarks] == ["files too large, left out"]


@pytest.mark.parametrize("value", ["None", "True", "-1", "0.25", "'文 \"'", "[1, [2.5, None]]"])
def test_plain_results_come_as_they_are(value: str) -> None:
    """A result of plain values comes out as it was."""
    given = answer(f"return {value}")
    assert given == eval(value)
    assert type(given) is type(eval(value))


def test_results_become_plain() -> None:
    """Tuples and what builds on plain values come out as lists and plain values."""
    assert answer("return (1, {'a': (2,)})") == [1, {"a": [2]}]
    assert answer("import enum; return enum.IntEnum('E', 'X').X") == 1
    assert answer("import collections; return collections.namedtuple('P', 'x y')(1, 2)") == [1, 2]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return float('nan')", "not a finite number"),
        ("return [1, float('inf')]", "not a finite number"),
        ("import numpy; return numpy.array([numpy.nan])", "not a finite number"),
        ("return 10 ** 5000", "too large a number"),
        ("r = []\n    for _ in range(99): r = [r]\n    return r", "too many lists"),
        ("r = []; r.append(r); return r", "too many lists"),
        ("return 'x' * 2_000_000", "the result is too large"),
        ("return [0] * 2_000_000", "the result is too large"),
        ("import numpy; return numpy.zeros(2_000_000)", "the result is too large"),
        ("return {1: 2}", "keys are not text"),
        ("return {1, 2}", "neither numbers nor text"),
        ("return 1j", "neither numbers nor text"),
        ("return f", "neither numbers nor text"),
        ("return (x for x in [1])", "neither numbers nor text"),
        ("import numpy; return numpy.longdouble(1)", "too many lists"),
        ("return '\\ud800'", "neither numbers nor text"),
        ("return 1 / 0", "it raised an error"),
        ("raise SystemExit(3)", "it raised an error"),
        ("raise KeyboardInterrupt", "it raised an error"),
        ("raise type('Mine', (Exception,), {})", "it raised an error"),
        ("return f(a)", "it raised an error"),
        ("return [0] * (1 << 40)", "it raised an error"),
        ("class E(float):\n        def __float__(s): raise X\n    return [E('nan')]", "finite"),
        (
            "class E(list):\n        def __iter__(s): raise ValueError\n    return E()",
            "it raised an",
        ),
    ],
)
def test_what_is_no_result_is_told(body: str, why: str) -> None:
    """What is no plain value gives a failure that says what it is instead."""
    given = answer(body)
    assert isinstance(given, Failure)
    assert why in given.why.en


def test_a_missing_function_is_told() -> None:
    """A function that is not there, or is no function, fails each asking."""
    for cells in ([], ["f = 3"]):
        (given,) = one(*cells, inputs=[1]).answers["a--program"]
        assert isinstance(given, Failure)
        assert given.why.en == "there is no function f"


def test_a_dead_cell_is_left_out() -> None:
    """The process dies in a cell: the others run again without it, and the functions answer."""
    ran = one(
        "x = 1", "print('here'); import os; os._exit(3)", "def f(a): return a + x", inputs=[1]
    )
    assert [cell.state for cell in ran.cells] == ["ran", "dead", "ran"]
    assert ran.cells[1].output == "here\n"
    assert ran.cells[1].error == "代码自己结束了进程 · the code ended the process itself"
    assert ran.answers == {"a--program": [2]}
    assert [remark.en for remark in ran.remarks] == [
        "cell 2 ended the run: the code ended the process itself"
    ]


def test_a_dead_call_is_one_failure() -> None:
    """The process dies of one input: that one fails, the others and other functions answer.

    The learner reads that there is no result; how it ended is told to the instructor.
    """
    cell = "import os\ndef f(a): return a if a else os._exit(1)\ndef g(): return 7"
    ran = run([cell], [Call("a", "f", [[1], [0], [2]]), Call("b", "g", [[]])], {})
    undone = Failure(Text("没有算完", "it did not come to a result"))
    assert ran.answers == {"a": [1, undone, 2], "b": [7]}
    assert [remark.en for remark in ran.remarks] == [
        "function f ended the run: the code ended the process itself"
    ]


def test_a_function_that_dies_twice_is_asked_no_more() -> None:
    """After its second death the rest of a function's askings fail; other functions answer."""
    cell = "import os\ndef f(a): os._exit(1)\ndef g(): return 7"
    ran = run([cell], [Call("a", "f", [[1], [0], [2], [3]]), Call("b", "g", [[]])], {})
    assert [type(given) for given in ran.answers["a"]] == [Failure] * 4
    assert ran.answers["b"] == [7]
    assert len(ran.remarks) == 2


def test_patience_has_an_end() -> None:
    """After three fresh starts what is left is told as not run."""
    ran = one(*["import os; os._exit(1)"] * 5, inputs=[1])
    assert [cell.state for cell in ran.cells] == ["dead"] * 4 + ["skipped"]
    (given,) = ran.answers["a--program"]
    assert isinstance(given, Failure)
    assert given.why.en == "code before it ended the run several times"


def test_the_whole_has_its_time() -> None:
    """The time for the whole holds over all starts; what it did not reach is told."""
    limits = Limits(wall=1.5, cell_wall=1.0)
    ran = one(*["while True: pass"] * 3, inputs=[1], limits=limits)
    assert [cell.state for cell in ran.cells] == ["dead", "dead", "skipped"]
    assert "after 1 seconds" in str(ran.cells[0].error)
    assert ran.cells[1].error == ran.cells[2].error == "整本的时间用完了 · " + sandbox._TIME.en


@BOTH
def test_nothing_stays_behind(
    sandboxed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a run there is no file, no descriptor and no child process more than before."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = len(os.listdir("/proc/self/fd")), children(os.getpid())
    lock = "import os\nos.makedirs('a/b'); open('a/b/c', 'w'); os.chmod('a', 0)"
    for cell in (lock, "import os; os._exit(1)", "import time; time.sleep(99)", "os.fork()"):
        one(cell, inputs=[1], sandboxed=sandboxed, limits=Limits(cell_wall=0.5))
    assert (len(os.listdir("/proc/self/fd")), children(os.getpid())) == before
    assert list(tmp_path.iterdir()) == []


def test_without_bubblewrap_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no bubblewrap, the command refuses, and says what to install instead."""
    monkeypatch.setattr(sandbox, "_tried", set())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(KefuError, match=r"apt install bubblewrap.*--no-sandbox"):
        ready()
    ready(False)


@pytest.mark.parametrize(
    ("told", "mend"),
    [
        ("bwrap: No permissions to create new namespace", "kernel.unprivileged_userns_clone=1"),
        ("bwrap: Unknown option --size", "0.8"),
        ("Killed", "kefu doctor"),
    ],
)
def test_a_sandbox_that_does_not_start_is_told(
    told: str, mend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where bubblewrap cannot start, what to allow is said, and nothing is run."""
    fake = tmp_path / "bwrap"
    fake.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit 1\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(sandbox, "_tried", set())
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(KefuError) as caught:
        ready()
    assert told in caught.value.what.en
    assert mend in caught.value.write.en
    with pytest.raises(KefuError):
        one("1")


def test_other_systems_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose kernel we cannot tell what to refuse gets no sandbox."""
    monkeypatch.setattr(sandbox, "_tried", set())
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(KefuError, match="Linux on x86-64 or ARM64"):
        ready()


def test_a_sandbox_that_works_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ready` really starts a sandbox, and does not start one again in the same process."""
    monkeypatch.setattr(sandbox, "_tried", set())
    ready()
    monkeypatch.setenv("PATH", "/nowhere")
    ready()
