"""What runs a learner's notebook inside the sandbox: one file, the standard library, no kefu.

`kefu.grading.session` hands this text to a fresh Python, which first gives up what it may do and
only then reads any learner's code. Requests come on a pipe as a length of four bytes and a
marshalled dict (the house's own words, so they may be believed); each is answered by one line of
JSON on another pipe (which nobody has to believe: the learner's code can write there too).

Nothing here keeps a learner's code from anything: that is bubblewrap's work and the parent's.
"""

from __future__ import annotations

import _ast
import builtins
import marshal
import os
import resource
import sys
from _json import encode_basestring_ascii as quoted  # the whole of json takes a third of the start
from typing import Any

DEEPEST = 50
DIGITS = 10**1000
ERROR = 2000  # characters of an error's text
WHOLE_PROGRAMS = ("%%time", "%%timeit", "%%capture", "%%prun")


# A learner may change what is built in; this file has names of its own for it.
globals().update({name: it for name, it in vars(builtins).items() if not name.startswith("__")})


class Refused(Exception):  # noqa: N818 - a result, not an error of ours
    """A result that is not plain JSON; the argument says what it is instead."""


# --- Before any learner's code --------------------------------------------------------------


def settle(request: dict[str, Any]) -> None:
    """Give up root, set the limits, and lay out the folder that the notebook runs in."""
    uid = request["uid"]
    if uid:  # root in a sandbox without users of its own: become nobody that there is
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    for name, most in request["limits"].items():
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
    os.umask(0o077)
    folder = request["folder"]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    for name, data in request["files"].items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        with open(os.path.join(folder, name), "xb") as file:
            file.write(data)
    sys.path[:] = ["", *sys.path, *request["path"]]
    sys.argv = [""]


def notebook() -> dict[str, Any]:
    """The names that a notebook's code starts with."""
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    # `import kefu` and its lines are the learner's own view of the course; here they do nothing.
    kefu = type(sys)("kefu")
    for name in ("play", "map", "try_out"):
        setattr(kefu, name, lambda *_args, **_named: None)
    sys.modules["kefu"] = kefu
    import _sitebuiltins  # Python was started without site

    builtins.help = _sitebuiltins._Helper()
    builtins.exit = builtins.quit = _sitebuiltins.Quitter("exit", "Ctrl-D")
    names: dict[str, Any] = module.__dict__
    names["__builtins__"] = builtins
    names["display"] = lambda *values: print(*map(repr, values), sep="\n")
    return names


# --- Cells ----------------------------------------------------------------------------------


def is_magic(line: str) -> bool:
    """Whether IPython would take a line for itself."""
    line = line.strip()
    return line[:1] in ("%", "!", "?") or line.endswith("?")


def parsed(source: str, name: str) -> tuple[Any, list[str]]:
    """A cell's tree, and the lines of IPython's that were left out of it."""
    if source.lstrip().startswith("%%"):
        first, _, rest = source.lstrip().partition("\n")
        lines = ["", *rest.split("\n")] if first.split()[0] in WHOLE_PROGRAMS else []
        skipped = [first]
    else:
        lines, skipped = source.split("\n"), []
    for _ in range(200):
        try:
            flags = _ast.PyCF_ONLY_AST
            return compile("\n".join(lines), name, "exec", flags, dont_inherit=True), skipped
        except SyntaxError as error:
            # Only where Python stumbles: a line of a text or of a sum may begin with % as well.
            at = (error.lineno or 0) - 1
            if not (0 <= at < len(lines) and is_magic(lines[at])):
                raise
            line = lines[at]
            skipped.append(line.strip())
            lines[at] = line[: len(line) - len(line.lstrip())] + "pass"
    raise SyntaxError("too many lines that are not Python")


def run_cell(source: str, name: str, names: dict[str, Any]) -> None:
    """Run one cell; show the value of its last line, as a notebook does."""
    tree, skipped = parsed(source, name)
    for line in skipped:
        print(f"（跳过 · skipped: {line[:80]}）")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], _ast.Expr) else None
    exec(compile(tree, name, "exec", dont_inherit=True), names)
    if last is not None:
        value = eval(compile(_ast.Expression(last.value), name, "eval", dont_inherit=True), names)
        if value is not None and not source.rstrip().endswith(";"):
            print(repr(value))


def described(error: BaseException, name: str) -> str:
    """`NameError: … (line 3)`, whatever the exception does to those who look at it."""
    try:
        kind, line = str(type(error).__name__), None
        if isinstance(error, SyntaxError):
            text, line = str(error.msg), error.lineno
        else:
            text = str(error)
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == name:
                line = trace.tb_lineno
            trace = trace.tb_next
        said = f"{kind[:80]}: {text[:ERROR]}" if text else kind[:80]
        return f"{said} (第 {line} 行 · line {line})" if line else said
    except BaseException:
        return "Exception"


def flush() -> None:
    """Send on what was printed."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            continue


def do_cell(request: dict[str, Any], names: dict[str, Any]) -> str:
    """Run a cell; its output goes where output goes."""
    name = f"<cell {request['cell']}>"
    error = "null"
    try:
        run_cell(request["source"], name, names)
    except BaseException as raised:
        error = quoted(described(raised, name))
    flush()
    return f'"error":{error}'


# --- Calls ----------------------------------------------------------------------------------


def write(value: Any, into: list[str], room: list[int], depth: int = 0) -> None:
    """A result as JSON; `Refused` if it is not made of plain values or has no room."""
    if depth > DEEPEST:
        raise Refused("deep")
    if value is None or value is True or value is False:
        text = {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int):
        value = int.__add__(value, 0)
        if not -DIGITS < value < DIGITS:
            raise Refused("large")
        text = str(value)
    elif isinstance(value, float):
        value = float.__add__(value, 0.0)
        if value != value or value in (float("inf"), float("-inf")):
            raise Refused("nan")
        text = repr(value)
    elif isinstance(value, str):
        if str.__len__(value) > room[0]:
            raise Refused("size")
        text = quoted(whole(value))
    elif isinstance(value, list | tuple):
        into.append("[")
        for index, each in enumerate(value):
            into.append("," if index else "")
            write(each, into, room, depth + 1)
        text = "]"
    elif isinstance(value, dict):
        into.append("{")
        for index, (name, each) in enumerate(value.items()):
            if not isinstance(name, str):
                raise Refused("keys")
            into.append("," if index else "")
            write(name, into, room, depth + 1)
            into.append(":")
            write(each, into, room, depth + 1)
        text = "}"
    elif type(value).__module__.partition(".")[0] == "numpy" and hasattr(value, "tolist"):
        if getattr(value, "size", 1) > room[0]:
            raise Refused("size")
        return write(value.tolist(), into, room, depth + 1)
    else:
        raise Refused("type")
    room[0] -= len(text) + 1
    if room[0] < 0:
        raise Refused("size")
    into.append(text)
    return None


def whole(text: str) -> str:
    """A text itself; `Refused` if it holds half a character, which no file can keep."""
    text = str.__str__(text)
    try:
        text.encode()
    except UnicodeError:
        raise Refused("type") from None
    return text


def do_call(request: dict[str, Any], names: dict[str, Any]) -> str:
    """Call the learner's function once and give its result, or what became of it."""
    function = names.get(request["function"])
    if not callable(function):
        return '"failed":"missing"'
    try:
        into: list[str] = []
        write(function(*request["inputs"]), into, [request["most"]])
        return f'"value":{"".join(into)}'
    except Refused as refused:
        return f'"failed":{quoted(str(refused))}'
    except BaseException:
        return '"failed":"raised"'


# --- The loop -------------------------------------------------------------------------------


def read(file: int, size: int) -> bytes:
    """So many bytes; the parent has gone if there are fewer."""
    parts = []
    while size:
        part = os.read(file, min(size, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main() -> None:
    """Answer requests until the parent has no more."""
    requests, report, nothing = os.dup(0), int(sys.argv[1]), os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(  # type: ignore[union-attr]
            line_buffering=True, errors="backslashreplace"
        )
    names: dict[str, Any] = {}
    myself, printing = os.getpid(), True
    while True:
        request = marshal.loads(read(requests, int.from_bytes(read(requests, 4), "big")))
        if request["do"] == "settle":
            settle(request)
            names = notebook()
            said = '"ready":true'
        elif request["do"] == "cell":
            said = do_cell(request, names)
        else:
            if printing:  # nobody reads any more: what is printed must not trip the function
                flush()
                os.dup2(nothing, 1)
                os.dup2(nothing, 2)
                printing = False
            said = do_call(request, names)
        if os.getpid() != myself:  # a copy that the code made, and that came back
            os._exit(0)
        line = f'{{"id":{request["id"]},{said}}}\n'.encode()
        while line:
            line = line[os.write(report, line) :]


if __name__ == "__main__":
    main()
