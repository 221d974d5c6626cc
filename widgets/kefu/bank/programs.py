"""Reading one program: its grammar, its starter, and whether its reference answers every call."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Callable, Iterator
from keyword import iskeyword
from typing import Any

from kefu.bank.faults import validate
from kefu.bank.keys import REF_MOST, slug_rules
from kefu.bank.locate import KeyPath
from kefu.bank.toml import Document
from kefu.bank.words import nearest
from kefu.errors import Fault, KefuError
from kefu.result import NotPlain, difference, plain
from kefu.scenario.inputs import GENERATORS
from kefu.scenario.program import CODE, PROGRAM, Case, Program, Sealed, hidden, reference
from kefu.text import Text

__all__ = ["read_program"]

_Calls = list[list[list[Any]]]
"""The hidden calls of each group."""
_LAST = 60
"""More characters than these of a value are not repeated in a fault."""


def read_program(
    slug: str, document: Document | None, file: str
) -> tuple[Program | None, list[Fault]]:
    """Read one program; rules are asked once its grammar is sound."""
    faults = list(slug_rules(slug, file))
    ref = f"{slug}{PROGRAM}"
    if len(ref + CODE) > REF_MOST:
        most = REF_MOST - len(PROGRAM + CODE)
        faults.append(
            Fault(
                file,
                1,
                Text(f"文件名有 {len(slug)} 个字符", f"the file name has {len(slug)} characters"),
                Text(f"请不超过 {most} 个字符", f"keep it within {most} characters"),
            )
        )
    if document is None:
        return None, faults
    program, found = validate(Program, document.data, document)
    faults += found
    if program is not None:
        faults += _groups(document, program)
        calls = [_calls(ref, at, program.sealed) for at in range(len(program.sealed.case))]
        faults += _starter(document, program, calls)
        faults += _results(document, program, calls)
    return program, faults


def _calls(ref: str, at: int, sealed: Sealed) -> list[list[Any]]:
    """The hidden calls of a group; none where the group says it wrongly, which is told."""
    case = sealed.case[at]
    if bool(case.given) == bool(case.inputs):
        return []
    try:
        return hidden(ref, at, sealed)
    except KefuError:
        return []


def _place(at: int, case: Case, call: int) -> KeyPath:
    """Where a hidden call stands."""
    base: KeyPath = ("sealed", "case", at)
    return (*base, "given", call) if case.given else (*base, "inputs")


# ---- the starter


def _starter(doc: Document, program: Program, calls: _Calls) -> Iterator[Fault]:
    """The starter is Python once a body stands below it, and ends with the function."""
    name = program.function
    if not name.isidentifier() or iskeyword(name):
        yield doc.fault(
            ("function",),
            Text(f"{name} 不能当函数名", f"{name} cannot be the name of a function"),
            Text("请用字母、数字和下划线，例如 interval", "use letters, digits and _, as interval"),
        )
        return
    if "BEGIN SOLUTION" in program.starter or "END SOLUTION" in program.starter:
        yield doc.fault(
            ("starter",),
            Text("starter 里有 SOLUTION 的记号", "starter has a mark of SOLUTION in it"),
            Text("请删掉，织的时候会加上", "delete it; weaving adds it"),
        )
    try:
        node = _function(program)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        yield doc.fault(
            ("starter",),
            Text(
                f"starter 第 {line} 行不是能用的 Python",
                f"line {line} of starter is not good Python",
            ),
            Text(
                "请写到 def 和说明为止，说明缩进 4 个空格",
                "write no more than def and its docstring, which is indented by 4 spaces",
            ),
        )
        return
    if node is None:
        yield doc.fault(
            ("starter",),
            Text(f"starter 的最后不是 def {name}", f"starter does not end with def {name}"),
            Text(f"请以 def {name}(…): 结束", f"end it with def {name}(…):"),
        )
        return
    if any(not _is_docstring(each) for each in node.body[:-1]):
        yield doc.fault(
            ("starter",),
            Text(f"starter 里已经写了 {name} 的内容", f"starter already has a body of {name}"),
            Text("请只留下 def 和说明", "leave only def and its docstring"),
        )
    yield from _arguments(doc, program, calls, node)


def _function(program: Program) -> ast.FunctionDef | None:
    """The function that the starter ends with, its body a `pass`; None: it ends otherwise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(f"{program.starter.rstrip()}\n    pass\n")
    last = tree.body[-1]
    return last if isinstance(last, ast.FunctionDef) and last.name == program.function else None


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _arguments(
    doc: Document, program: Program, calls: _Calls, node: ast.FunctionDef
) -> Iterator[Fault]:
    """Every call gives as many arguments as the function takes."""
    takes = node.args
    most = len(takes.posonlyargs) + len(takes.args)
    least = most - len(takes.defaults)

    def fits(given: list[Any]) -> bool:
        return least <= len(given) and (len(given) <= most or takes.vararg is not None)

    def wrong(path: KeyPath, given: list[Any]) -> Fault:
        return doc.fault(
            path,
            Text(
                f"这里给了 {len(given)} 个参数，{node.name} 要 {most} 个",
                f"{len(given)} given here, and {node.name} takes {most}",
            ),
            Text("请改成一样多", "make them as many"),
        )

    for at, example in enumerate(program.example):
        if not fits(example.given):
            yield wrong(("example", at, "given"), example.given)
    for at, case in enumerate(program.sealed.case):
        unfit = [call for call, given in enumerate(calls[at]) if not fits(given)]
        for call in unfit if case.given else unfit[:1]:
            yield wrong(_place(at, case, call), calls[at][call])


# ---- groups and results


def _groups(doc: Document, program: Program) -> Iterator[Fault]:
    """Each group has words of its own, and one way to its calls."""
    seen: dict[str, int] = {}
    for at, case in enumerate(program.sealed.case):
        path: KeyPath = ("sealed", "case", at)
        for lang, words in (("zh", case.about.zh), ("en", case.about.en)):
            line = seen.setdefault(f"{lang} {words.strip().casefold()}", doc.lines.of(*path))
            if line != doc.lines.of(*path):
                yield doc.fault(
                    (*path, "about", lang),
                    Text(f"和第 {line} 行那一组同名", f"named as the group on line {line} is"),
                    Text("请换一个名字", "choose another name"),
                )
                break
        if bool(case.given) == bool(case.inputs):
            yield doc.fault(
                path,
                Text("这一组要有 given 或 inputs 之一", "a group has either given or inputs"),
                Text(
                    'given 写出输入，inputs = "proportion" 由程序生成',
                    'write the calls as given, or inputs = "proportion" to have them drawn',
                ),
            )
        elif case.times is not None and case.given:
            yield doc.fault(
                (*path, "times"),
                Text("times 只和 inputs 一起用", "times goes with inputs"),
                Text("请删掉", "delete it"),
            )
        if case.inputs and case.inputs not in GENERATORS:
            close = nearest(case.inputs, GENERATORS)
            known = ", ".join(GENERATORS)
            yield doc.fault(
                (*path, "inputs"),
                Text(f"不会生成 {case.inputs} 这样的数据", f"no inputs are called {case.inputs}"),
                Text(f"您要写的也许是 {close}", f"perhaps you mean {close}")
                if close
                else Text(f"请写其中之一：{known}", f"write one of {known}"),
            )


def _results(doc: Document, program: Program, calls: _Calls) -> Iterator[Fault]:
    """The reference gives what the examples say, and has a result for every hidden call."""
    name = program.sealed.reference
    try:
        compute = reference(name)
    except KefuError as error:
        yield doc.fault(("sealed", "reference"), error.what, error.write)
        return
    for at, example in enumerate(program.example):
        path: KeyPath = ("example", at)
        given, said = _result(compute, example.given)
        if said:
            yield doc.fault((*path, "given"), *_no_result(name, said))
        elif (off := difference(given, example.gives, program.tolerance)) is not None:
            right = json.dumps(given, ensure_ascii=False)[:_LAST]
            yield doc.fault(
                (*path, "gives"),
                Text(f"{name} 给的是 {right}：{off.zh}", f"{name} gives {right}: {off.en}"),
                Text("请改 gives，或放宽 tolerance", "correct gives, or widen tolerance"),
            )
    for at, case in enumerate(program.sealed.case):
        for call, given in enumerate(calls[at]):
            _, said = _result(compute, given)
            if said:
                yield doc.fault(_place(at, case, call), *_no_result(name, said))
                break


def _result(compute: Callable[..., Any], given: list[Any]) -> tuple[Any, Text | None]:
    """What the reference gives, or why there is nothing."""
    try:
        return plain(compute(*[plain(each) for each in given])), None
    except KefuError as error:
        return None, error.what
    except NotPlain as error:
        return None, error.why
    except Exception as error:  # whatever a call that does not fit leads to
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:_LAST]}"
        return None, Text(said, said)


def _no_result(name: str, said: Text) -> tuple[Text, Text]:
    return (
        Text(f"{name} 算不了这个：{said.zh}", f"{name} has no result for this: {said.en}"),
        Text("请改输入", "correct the input"),
    )
