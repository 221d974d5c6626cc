"""A number's key as a formula over the house's standards and the data shown.

What is understood: numbers, `+ - * / ( )`, `{standard.topic.name}`, `round(x, n)`, and over a
column of the item's own data `sum mean median min max count`, `share_at_most(col, x)` and
`share_at_least(col, x)`. It is worked out exactly, in fractions: `0.1 * 3` is 0.3.
"""

from __future__ import annotations

import ast
import operator
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from kefu.errors import KefuError
from kefu.scenario import PLACEHOLDER
from kefu.scenario.items import NumberItem
from kefu.scenario.keys import NumberKey
from kefu.text import Text, digits

__all__ = ["FUNCTIONS", "Standard", "result", "typeable", "worked_out"]

Standard = Callable[[str, str], int | float]
"""The house's number of a topic and a name."""
Columns = Mapping[str, Sequence[Fraction]]

LONGEST = 400
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_OF_A_COLUMN: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "sum": lambda column: sum(column, Fraction()),
    "mean": lambda column: sum(column, Fraction()) / len(column),
    "median": lambda column: Fraction(statistics.median(column)),
    "min": min,
    "max": max,
    "count": lambda column: Fraction(len(column)),
}
_SHARES: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "share_at_most": operator.le,
    "share_at_least": operator.ge,
}
FUNCTIONS = (*_OF_A_COLUMN, *_SHARES, "round")
_KNOWN = Text(
    f"能用的有：数、+ - * / ( )、{{standard.主题.名字}}、data 里的列，和 {'、'.join(FUNCTIONS)}",
    "what may be used: numbers, + - * / ( ), {standard.topic.name}, columns of data, and "
    + ", ".join(FUNCTIONS),
)


def worked_out(item: NumberItem, key: NumberKey, standard: Standard) -> NumberKey:
    """The same key with every formula replaced by its number.

    Raises:
        KefuError: a formula is not understood, has no result, or one with more digits than
            anybody could type.
    """
    numbers = {
        name: _number(result(item, text, standard))
        for name in ("value", "least", "most")
        if isinstance(text := getattr(key, name), str)
    }
    return key.model_copy(update=numbers) if numbers else key


def result(item: NumberItem, text: str, standard: Standard) -> Fraction:
    """What a formula comes to, exactly.

    Raises:
        KefuError: it is not understood, or has no result.
    """
    named: dict[str, Fraction] = {}
    spoken: dict[str, str] = {}

    def put(found: re.Match[str]) -> str:
        # A name that no author can give a column, apart from its neighbours.
        name = f"标准{len(named)}"
        named[name], spoken[name] = _exact(standard(found[1], found[2])), found[0]
        return f" {name} "

    columns = {name: [_exact(v) for v in column.values] for name, column in item.data.items()}
    if len(text) > LONGEST:
        raise _refused(Text("算式太长", "the formula is too long"))
    plain = " ".join(PLACEHOLDER.sub(put, text).split())
    text = " ".join(text.split())
    try:
        tree = ast.parse(plain, mode="eval")
        return _Work(columns, named, spoken).number(tree.body)
    except ZeroDivisionError as error:
        raise KefuError(
            Text(f"算式 {text} 除以了 0，没有结果", f"{text} divides by 0 and has no result"),
            Text("请检查除数", "check what it divides by"),
        ) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise _refused(Text(f"读不懂算式 {text}", f"the formula {text} cannot be read")) from error


def typeable(value: Fraction) -> bool:
    """Whether a learner could type it: at most 15 digits in all, at most 10 of them decimals."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1 or (value * 10**10).denominator != 1:
        return False
    return abs(value * 10**10) < 10**25 and len(_digits(value)) <= 15


def _digits(value: Fraction) -> str:
    """The significant digits of a number with at most ten decimals."""
    return str(abs(int(value * 10**10))).strip("0") if value.denominator != 1 else str(abs(value))


def _number(value: Fraction) -> float:
    if typeable(value):
        return float(value)
    about = digits(float(f"{float(value):.6g}"))
    raise KefuError(
        Text(
            f"结果是 {about}……，位数太多，没法照样填",
            f"it comes to {about}…, with more digits than one can type",
        ),
        Text(
            "请用 round(…, 1) 这样的写法定下保留几位小数",
            "say how many decimals to keep, as in round(…, 1)",
        ),
    )


def _exact(number: int | float) -> Fraction:
    return Fraction(str(number))


def _refused(what: Text) -> KefuError:
    return KefuError(what, _KNOWN)


class _Work:
    """One formula being worked out."""

    def __init__(
        self, columns: Columns, named: Mapping[str, Fraction], spoken: Mapping[str, str]
    ) -> None:
        self.columns, self.named, self.spoken = columns, named, spoken

    def number(self, node: ast.expr) -> Fraction:
        """The number that a part of the formula comes to."""
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return _exact(value)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self.number(inner)
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.number(inner)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
                return _OPERATORS[type(sign)](self.number(left), self.number(right))
            case ast.Name(id=name) if name in self.named:
                return self.named[name]
            case ast.Name(id=name) if name in self.columns:
                raise KefuError(
                    Text(f"{name} 是一整列数", f"{name} is a whole column"),
                    Text(f"请写成 mean({name}) 这样", f"write it as in mean({name})"),
                )
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                return self._call(node, name, given)
        raise self._stranger(node)

    def _call(self, node: ast.expr, name: str, given: list[ast.expr]) -> Fraction:
        match name, given:
            case _, [column] if name in _OF_A_COLUMN:
                return _OF_A_COLUMN[name](self._column(column))
            case _, [column, bound] if name in _SHARES:
                values, limit = self._column(column), self.number(bound)
                kept = sum(_SHARES[name](value, limit) for value in values)
                return Fraction(kept, len(values))
            case "round", [inner]:
                return _rounded(self.number(inner), 0)
            case "round", [inner, ast.Constant(value=int() as places)] if 0 <= places <= 10:
                return _rounded(self.number(inner), places)
        if name not in FUNCTIONS:
            raise self._stranger(node)
        sample = {"round": "round(x, 1)", **{n: f"{n}(col, 15)" for n in _SHARES}}
        shape = sample.get(name, f"{name}(col)")
        raise KefuError(
            Text(f"{name} 的用法不对", f"{name} is not used as it should be"),
            Text(f"请写成 {shape} 这样", f"write it as in {shape}"),
        )

    def _column(self, node: ast.expr) -> Sequence[Fraction]:
        if isinstance(node, ast.Name) and node.id in self.columns:
            return self.columns[node.id]
        raise self._stranger(node, column=True)

    def _stranger(self, node: ast.expr, *, column: bool = False) -> KefuError:
        """Names what is not understood."""
        if isinstance(node, ast.Call):
            node = node.func
        said = ast.unparse(node)
        for name, standard in self.spoken.items():
            said = said.replace(name, standard)
        if column:
            names = ", ".join(self.columns)
            return KefuError(
                Text(f"data 里没有 {said} 这一列", f"data has no column {said}"),
                Text(f"请写其中之一：{names}", f"write one of {names}")
                if names
                else Text("请先写 data.<列名>", "write data.<column> first"),
            )
        return _refused(Text(f"算式里的 {said} 不认识", f"{said} in the formula is not understood"))


def _rounded(value: Fraction, places: int) -> Fraction:
    """Rounded as at school: a half goes away from zero."""
    scaled = abs(value) * 10**places
    whole = (scaled + Fraction(1, 2)).__floor__()
    return Fraction(whole if value >= 0 else -whole, 10**places)
