"""`number`: a number is worked out; right within an absolute tolerance."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kefu.card import Card, Key, Part, Response
from kefu.kinds import _shape
from kefu.text import LANGS, Lang, Text, digits, fold

if TYPE_CHECKING:
    from kefu.scenario import NumberItem, NumberKey

ONE_REASON = True

# Bounded, so that no claim costs time to read; thousands may be parted by commas.
_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4}|(?=\.))(\.\d{1,10})?")
_LONGEST = 64


def ask(ref: str, item: NumberItem) -> dict[str, Any]:
    """The unit that stands beside the field."""
    return {"unit": item.unit.text().json() if item.unit else None}


def key(ref: str, item: NumberItem, authored: NumberKey) -> Key:
    """The number and its tolerance; standards are resolved before."""
    return {
        "value": authored.value,
        "tolerance": authored.tolerance,
        "why": authored.why.text().json(),
    }


def read(card: Card, response: Response) -> Decimal | None:
    """The number as typed: full-width digits, thousands commas and the unit itself are read too."""
    given = _shape.only(response, "number")
    if not isinstance(given, str) or len(given) > _LONGEST:
        raise _shape.Malformed.shape()
    plain = fold(given).replace("\u2212", "-").casefold()
    if not plain:
        return None
    unit = card.get("unit")
    for lang in LANGS if unit else ():
        plain = plain.removesuffix(fold(unit[lang]).casefold()).strip()  # type: ignore[index]
    if not _NUMBER.fullmatch(plain):
        raise _shape.Malformed(
            Text("填写的不是一个数字，按 0 分计。", "What was typed is not a number, so no credit.")
        )
    return Decimal(plain.replace(",", ""))


def judge(key: Key, value: Decimal) -> tuple[float, list[Part], None]:
    """Full credit within the tolerance, else none."""
    distance = abs(value - Decimal(str(key["value"])))
    return float(distance <= Decimal(str(key["tolerance"]))), [], None


def expert(key: Key) -> Response:
    """The number, as one would type it."""
    return {"number": digits(key["value"])}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """The number with its unit."""
    unit = card.get("unit")
    return [f"{response['number']} {unit[lang]}" if unit else str(response["number"])]
