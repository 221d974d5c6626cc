"""Words in both languages of the course."""

from __future__ import annotations

import locale
import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Self, TypedDict

__all__ = ["LANGS", "Lang", "Text", "TextJSON", "digits", "fold", "preferred"]

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, Lang] = ("zh", "en")


class TextJSON(TypedDict):
    """`Text` on the wire."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in 简体中文 (`zh`) and in English (`en`)."""

    zh: str
    en: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read `{"zh": …, "en": …}`; KeyError if a language is missing."""
        return cls(zh=str(data["zh"]), en=str(data["en"]))

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def json(self) -> TextJSON:
        """The form in which cards, keys and pages carry it."""
        return {"zh": self.zh, "en": self.en}

    def map(self, change: Callable[[str], str]) -> Text:
        """Apply `change` to both languages."""
        return Text(change(self.zh), change(self.en))


def fold(typed: str) -> str:
    """Full-width digits, signs and spaces as their plain forms, without outer white space."""
    return unicodedata.normalize("NFKC", typed).strip()


def digits(number: int | float) -> str:
    """A number as one would type it: all its digits, no exponent, no empty decimals."""
    return f"{Decimal(str(number)):f}".removesuffix(".0")


def preferred(asked: str | None = None) -> Lang:
    """The language to speak: the one asked for, else the machine's.

    Only a locale that names another language than Chinese turns it to English:
    中文 comes first, also where the locale says nothing (`C`, `POSIX`, unset).

    Raises:
        ValueError: `asked` is neither `zh` nor `en`.
    """
    if asked is not None:
        if asked not in LANGS:
            raise ValueError(f"语言只能是 zh 或 en · the language is zh or en, not {asked!r}")
        return "en" if asked == "en" else "zh"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            break
    else:
        value = locale.getlocale()[0] or ""
    neutral = value.split(".")[0] in {"", "C", "POSIX"}
    return "zh" if neutral or value.lower().startswith(("zh", "chinese")) else "en"
