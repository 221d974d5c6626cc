"""`number`: a number is worked out, from the story or from data shown.

Right is what lies within the tolerance of the value, or within a range; the ends belong to it.
One may answer in any unit that the card names, and numbers are compared exactly, as fractions.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response, public_id
from kefu.kinds import _shape
from kefu.text import LANGS, Lang, Text, digits, fold

if TYPE_CHECKING:
    from kefu.scenario import Column, NumberItem, NumberKey

ONE_REASON = True

# Bounded, so that no claim costs time to read; thousands may be parted by commas.
_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4}|(?=\.))(\.\d{1,10})?")
_LONGEST = 64


def ask(ref: str, item: NumberItem) -> dict[str, Any]:
    """The unit beside the field, the other units, and the data: each only where there is any."""
    asked: dict[str, Any] = {"unit": item.unit.text().json() if item.unit else None}
    if item.also:
        units = [{"text": u.text().json(), "factor": _plain(u.factor)} for u in item.also.values()]
        asked["also"] = sorted(units, key=lambda u: public_id(ref, u["text"]))
    if item.data:
        columns = sorted(item.data.values(), key=lambda c: _place(ref, c))
        asked["data"] = [
            {"text": c.text().json(), "values": [_plain(v) for v in c.values]} for c in columns
        ]
    return asked


def _place(ref: str, column: Column) -> tuple[bool, str]:
    """Where a column stands: by what is public, since an author's order might tell.

    Columns that count up (days, months, numbers of cases) come first, as one reads a table.
    """
    counts = all(a < b for a, b in zip(column.values, column.values[1:], strict=False))
    return not (counts and len(column.values) > 1), public_id(ref, column.text().json())


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def key(ref: str, item: NumberItem, authored: NumberKey) -> Key:
    """The number and its tolerance, or the ends of a range; formulas are worked out before."""
    made: Key = {"why": authored.why.text().json()}
    if authored.value is None:
        ends = {"least": authored.least, "most": authored.most}
        return {**{name: end for name, end in ends.items() if end is not None}, **made}
    share = Decimal(str(authored.tolerance_percent)) / 100
    percent = float(abs(Decimal(str(authored.value))) * share)
    return {"value": authored.value, "tolerance": percent or authored.tolerance, **made}


def _exact(number: int | float) -> Fraction:
    return Fraction(str(number))


def _factor(number: int | float) -> Fraction:
    """What an author meant: 0.016666666666666666 is a sixtieth."""
    near = Fraction(number).limit_denominator(1000)
    return near if float(near) == number else _exact(number)


def read(card: Card, response: Response) -> Fraction | None:
    """The number in the item's unit, as typed: full-width digits, thousands commas, any unit."""
    given = _shape.only(response, "number")
    if not isinstance(given, str) or len(given) > _LONGEST:
        raise _shape.Malformed.shape()
    plain = fold(given).replace("\u2212", "-").casefold()
    if not plain:
        return None
    factor = Fraction(1)
    for word, one in _units(card):
        if plain.endswith(word):
            plain, factor = plain.removesuffix(word).strip(), one
            break
    if not _NUMBER.fullmatch(plain):
        raise _shape.Malformed(
            Text("填写的不是一个数字，按 0 分计。", "What was typed is not a number, so no credit.")
        )
    return Fraction(plain.replace(",", "")) * factor


def _units(card: Card) -> list[tuple[str, Fraction]]:
    """Every unit's word and factor, the longest word first: "minutes" before "s"."""
    own = card.get("unit")
    units = [(own, Fraction(1))] if own else []
    units += [(one["text"], _factor(one["factor"])) for one in card.get("also", ())]
    words = {fold(text[lang]).casefold(): factor for text, factor in units for lang in LANGS}
    return sorted(words.items(), key=lambda unit: -len(unit[0]))


def judge(key: Key, value: Fraction) -> tuple[float, list[Part], None]:
    """Full credit within the tolerance or the range, else none."""
    if "value" in key:
        good = abs(value - _exact(key["value"])) <= _exact(key["tolerance"])
    else:
        good = "least" not in key or value >= _exact(key["least"])
        good = good and ("most" not in key or value <= _exact(key["most"]))
    return float(good), [], None


def expert(key: Key) -> Response:
    """The number, as one would type it; of a range its middle, or the one end it has."""
    if "value" in key:
        return {"number": digits(key["value"])}
    ends = [Decimal(str(key[name])) for name in ("least", "most") if name in key]
    middle = f"{(sum(ends, Decimal()) / len(ends)).normalize():f}"
    return {"number": middle if _NUMBER.fullmatch(middle) else digits(float(ends[0]))}


def more(key: Key, value: Fraction) -> dict[str, Any]:
    """The ends of a range, as one would type them; None where it has no such end."""
    if "value" in key:
        return {}
    ends = (key.get("least"), key.get("most"))
    return {"range": [None if end is None else digits(end) for end in ends]}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """The number as typed, with its unit unless one was typed along."""
    typed, unit = str(response["number"]), card.get("unit")
    plain = fold(typed).casefold()
    if unit is None or any(plain.endswith(word) for word, _ in _units(card)):
        return [typed]
    return [f"{typed} {unit[lang]}"]
