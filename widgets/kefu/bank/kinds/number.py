"""`number`: a value or a range; formulas can be worked out; columns are equally long."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from keyword import iskeyword

from kefu.bank.lint import BLANK
from kefu.bank.locate import KeyPath
from kefu.bank.named import alike
from kefu.bank.toml import Document
from kefu.errors import Fault, KefuError
from kefu.scenario import PLACEHOLDER, NumberItem, NumberKey
from kefu.scenario.formula import FUNCTIONS, Standard, result, typeable, worked_out
from kefu.text import Text, digits

__all__ = ["item", "key", "with_standards"]

_NUMBERS = ("value", "least", "most")


def item(doc: Document, base: KeyPath, asked: NumberItem) -> Iterator[Fault]:
    """Columns have names a formula can use, headings apart, and one length; so have units."""
    yield from alike(doc, (*base, "data"), asked.data)
    own = {"unit": asked.unit} if asked.unit else {}
    yield from alike(doc, (*base, "also"), {**own, **asked.also})
    if asked.also and not asked.unit:
        yield doc.fault(
            (*base, "also"),
            Text("写了别的单位，却没有写 unit", "other units are given, but not the unit itself"),
            Text('请补上 unit.zh = "…"', 'add unit.zh = "…"'),
        )
    lengths = {name: len(column.values) for name, column in asked.data.items()}
    first = next(iter(lengths), "")
    for name, length in lengths.items():
        if length != lengths[first]:
            yield doc.fault(
                (*base, "data", name, "values"),
                Text(
                    f"{name} 有 {length} 个数，{first} 有 {lengths[first]} 个",
                    f"{name} has {length} values, {first} has {lengths[first]}",
                ),
                Text("请让每一列一样长", "make all columns equally long"),
            )
        if not name.isidentifier() or iskeyword(name) or name in FUNCTIONS:
            yield doc.fault(
                (*base, "data", name),
                Text(f"{name} 不能用作列名", f"{name} cannot name a column"),
                Text(
                    "请用字母开头，只用字母、数字和下划线，也不要用 sum 这样的算式词",
                    "begin with a letter, use letters, digits and _, and no word such as sum",
                ),
            )


def key(doc: Document, base: KeyPath, asked: NumberItem, given: NumberKey) -> Iterator[Fault]:
    """A value with one tolerance, or a range with none; every number can be typed.

    Formulas that name a standard wait for `with_standards`.
    """
    yield from _shape(doc, base, given)
    for name in _NUMBERS:
        number = getattr(given, name)
        if isinstance(number, str):
            if not (PLACEHOLDER.search(number) or BLANK.search(number)):
                yield from _formula(doc, (*base, name), asked, name, number, _none)
        elif number is not None and not typeable(Fraction(str(number))):
            yield doc.fault(
                (*base, name),
                Text(
                    f"{digits(number)} 位数太多，没法照样填",
                    f"{digits(number)} has more digits than one can type",
                ),
                Text(
                    "请写至多 15 位数字，小数至多 10 位",
                    "write at most 15 digits, at most 10 of them decimals",
                ),
            )
    yield from _turned(doc, base, asked, given, _none)


def with_standards(
    doc: Document, base: KeyPath, asked: NumberItem, given: NumberKey, standard: Standard
) -> Iterator[Fault]:
    """Whether formulas that name the house's numbers can be worked out.

    A standard that is not there is told of elsewhere, once.
    """
    for name in _NUMBERS:
        number = getattr(given, name)
        if isinstance(number, str) and PLACEHOLDER.search(number):
            try:
                for found in PLACEHOLDER.finditer(number):
                    standard(found[1], found[2])
            except KefuError:
                return
            yield from _formula(doc, (*base, name), asked, name, number, standard)
    if any(isinstance(n := getattr(given, e), str) and PLACEHOLDER.search(n) for e in _NUMBERS):
        yield from _turned(doc, base, asked, given, standard)


def _none(topic: str, name: str) -> float:
    raise KefuError(Text("", ""), Text("", ""))


def _shape(doc: Document, base: KeyPath, given: NumberKey) -> Iterator[Fault]:
    ends = [name for name in ("least", "most") if getattr(given, name) is not None]
    if given.value is None and not ends:
        yield doc.fault(
            base,
            Text("答案里没有数", "the key has no number"),
            Text(
                "请写 value = 15，或用 least 和 most 写一个范围",
                "write value = 15, or a range with least and most",
            ),
        )
    if given.value is not None and ends:
        yield doc.fault(
            (*base, ends[0]),
            Text("既有 value 又有范围", "there is both a value and a range"),
            Text("请只留一样", "keep one of them"),
        )
    loose = [name for name in ("tolerance", "tolerance_percent") if getattr(given, name)]
    if given.value is None and ends and loose:
        yield doc.fault(
            (*base, loose[0]),
            Text(f"范围不用再写 {loose[0]}", f"a range needs no {loose[0]}"),
            Text(f"请删掉 {loose[0]}，或把范围写宽些", f"delete {loose[0]}, or widen the range"),
        )
    if len(loose) == 2:
        yield doc.fault(
            (*base, "tolerance_percent"),
            Text(
                "tolerance 和 tolerance_percent 都写了",
                "both tolerance and tolerance_percent are given",
            ),
            Text("请只留一个", "keep one of them"),
        )


def _formula(
    doc: Document, path: KeyPath, asked: NumberItem, name: str, text: str, standard: Standard
) -> Iterator[Fault]:
    try:
        worked_out(asked, NumberKey.model_construct(None, **{name: text}), standard)
    except KefuError as error:
        yield doc.fault(path, error.what, error.write)


def _turned(
    doc: Document, base: KeyPath, asked: NumberItem, given: NumberKey, standard: Standard
) -> Iterator[Fault]:
    """The least must not be more than the most; ends that cannot be worked out are told already."""
    try:
        least, most = (
            result(asked, end, standard) if isinstance(end, str) else end
            for end in (given.least, given.most)
        )
    except KefuError:
        return
    if least is not None and most is not None and least > most:
        yield doc.fault(
            (*base, "least"),
            Text("least 比 most 大", "least is more than most"),
            Text("请把两个数对调", "exchange the two numbers"),
        )
