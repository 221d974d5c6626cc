"""`rewrite`: a sentence is said better.

Phrases are judged here: max(0, required ones found − forbidden ones found) / required.
The rest is a person's to mark by the rubric, beside the model answer; both travel with the
verdict, never with the card.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import category

from kefu.card import Card, Key, Part, Response, public_id
from kefu.kinds import _shape
from kefu.text import LANGS, Lang, Text, fold

if TYPE_CHECKING:
    from kefu.scenario import RewriteItem, RewriteKey
    from kefu.scenario.keys import Phrase

__all__ = ["ONE_REASON", "ask", "expert", "judge", "key", "length", "more", "read", "says", "show"]

ONE_REASON = False

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Spaces beside a 汉字 are a matter of taste; elsewhere they part words.
_LOOSE = re.compile(rf"(?<=[{_HAN}]) | (?=[{_HAN}])")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"'})
_LETTER = r"[0-9a-z\u00df-\u024f]"
# "can't" does not say "can"; "the customer's" does say "customer".
_AFTER = rf"(?!{_LETTER}|'(?!s(?!{_LETTER})){_LETTER})"
_BEFORE = rf"(?<!{_LETTER})(?<!{_LETTER}')"
_HALF = re.compile("[\ud800-\udfff]")


def ask(ref: str, item: RewriteItem) -> dict[str, Any]:
    """What was said, and how many characters there are to say it better."""
    return {"given": item.given.text().json(), "most": item.max_length}


def key(ref: str, item: RewriteItem, authored: RewriteKey) -> Key:
    """Phrases, rubric and model, each list in the order of ids that come from its own words."""
    return {
        "required": _phrases(ref, authored.required.values()),
        "forbidden": _phrases(ref, authored.forbidden.values()),
        "rubric": sorted(
            (
                {
                    "id": public_id(ref, line.text().json()),
                    "text": line.text().json(),
                    "points": line.points,
                }
                for line in authored.rubric.values()
            ),
            key=lambda line: str(line["id"]),
        ),
        "model": authored.model.text().json(),
    }


def _phrases(ref: str, written: Iterable[Phrase]) -> list[dict[str, Any]]:
    made = (
        {
            "id": public_id(ref, {"zh": "\n".join(one.zh), "en": "\n".join(one.en)}),
            "zh": one.zh,
            "en": one.en,
            "why": one.why.text().json(),
        }
        for one in written
    )
    return sorted(made, key=lambda phrase: str(phrase["id"]))


def length(text: str) -> int:
    """How many characters a text counts: what stands around it is not counted, a line's end is one.

    The page counts alike.
    """
    return len(text.replace("\r\n", "\n").strip())


def read(card: Card, response: Response) -> str | None:
    """The text without what stands around it; white space alone is blank."""
    given = _shape.only(response, "text")
    if not isinstance(given, str) or _HALF.search(given):
        raise _shape.Malformed.shape()
    most = card["most"]
    if length(given) > most:
        raise _shape.Malformed(
            Text(
                f"写的超过了 {most} 字，按 0 分计。",
                f"The text is longer than {most} characters, so no credit.",
            )
        )
    return given.strip() if _plain(given) else None


def _plain(text: str) -> str:
    """As phrases are compared: one width, one case, one kind of quotation mark and of space."""
    text = fold(text.translate(_QUOTES)).casefold()
    seen = (" " if (kind := category(c)) == "Cc" else c if kind != "Cf" else "" for c in text)
    return _LOOSE.sub("", " ".join("".join(seen).split()))


def says(text: str, variant: str) -> bool:
    """Whether a text holds a variant of a phrase.

    Width, case, kinds of quotation mark and space do not matter.
    Where a variant begins or ends with a Latin letter or a digit, a word must begin or end there;
    汉字 are found anywhere.
    """
    return _holds(_plain(text), variant)


def _holds(plain: str, variant: str) -> bool:
    pattern = _pattern(variant)
    return pattern is not None and pattern.search(plain) is not None


@lru_cache(maxsize=1024)  # a class is asked for the same few phrases
def _pattern(variant: str) -> re.Pattern[str] | None:
    wanted = _plain(variant)
    if not wanted:
        return None
    before = _BEFORE if re.match(_LETTER, wanted[0]) else ""
    after = _AFTER if re.match(_LETTER, wanted[-1]) else ""
    return re.compile(before + re.escape(wanted) + after)


def _said(plain: str, phrase: dict[str, Any]) -> str | None:
    """The variant that the text holds, as its author wrote it; any of either language counts."""
    return next((v for lang in LANGS for v in phrase[lang] if _holds(plain, v)), None)


def judge(key: Key, value: str) -> tuple[float, list[Part], Text | None]:
    """Required phrases found less forbidden ones, as a share of those required."""
    required, forbidden = key["required"], key["forbidden"]
    plain = _plain(value)
    said = {phrase["id"]: _said(plain, phrase) for phrase in (*required, *forbidden)}
    met = [said[p["id"]] for p in required if said[p["id"]] is not None]
    bad = [said[p["id"]] for p in forbidden if said[p["id"]] is not None]
    parts = [
        Part(
            id=phrase["id"],
            credit=float((said[phrase["id"]] is not None) == wanted),
            why=phrase["why"],
            wanted=wanted,
            said=said[phrase["id"]],
            like={"zh": phrase["zh"][0], "en": phrase["en"][0]},
        )
        for wanted, phrases in ((True, required), (False, forbidden))
        for phrase in phrases
    ]
    if required:
        credit = max(0.0, (len(met) - len(bad)) / len(required))
    else:
        credit = 1 - len(bad) / len(forbidden) if forbidden else 1.0
    return credit, parts, _note(len(required), met, bad)


def _note(required: int, met: list[str | None], bad: list[str | None]) -> Text | None:
    """What was found, in words, and how much is missing."""
    zh, en = [], []
    if required:
        lacks = required - len(met)
        quoted = _quoted(met)
        zh.append(f"要有的说法 {required} 处，说到 {len(met)} 处{quoted.zh}，还缺 {lacks} 处")
        en.append(f"phrases to use: {len(met)} of {required} found{quoted.en}, {lacks} missing")
    if bad:
        quoted = _quoted(bad)
        zh.append(f"不该有的说法出现 {len(bad)} 处{quoted.zh}")
        en.append(f"phrases to avoid: {len(bad)} found{quoted.en}")
    if not zh:
        return None
    said = "; ".join(en)
    return Text("；".join(zh) + "。", said[0].upper() + said[1:] + ".")


def _quoted(variants: Iterable[str | None]) -> Text:
    """The variants in quotation marks, in brackets; nothing if there are none."""
    each = [f"“{variant}”" for variant in variants]
    return Text(f"（{'、'.join(each)}）", f" ({', '.join(each)})") if each else Text("", "")


def more(key: Key, value: str) -> dict[str, Any]:
    """What a person marks by."""
    return {"rubric": key["rubric"], "model": key["model"]}


def expert(key: Key) -> Response:
    """The model answer as one could have typed it: in one language.

    The bank sees to it that each language by itself earns every phrase.
    """
    return {"text": key["model"]["zh"]}


def show(card: Card, response: Response, lang: Lang) -> list[str]:
    """What was written, line by line."""
    return [line.strip() for line in response["text"].splitlines() if line.strip()]
