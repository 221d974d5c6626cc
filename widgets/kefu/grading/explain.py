"""Everything that the key of an item says, once its set's reasons are released.

What each option, pair, step, saying, criterion and phrase was worth, and why, and what would
have been right.
Words only: how they are laid out is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kefu import kinds
from kefu.card import Card, Key, Response
from kefu.grading.program import expected
from kefu.text import Lang, Text, digits

__all__ = ["Told", "credit_in_words", "everything", "right"]

_MINE = Text("你选的", "your choice")
_PICK, _LEAVE = Text("应选", "should be picked"), Text("不选", "leave out")
_DID, _DID_NOT = Text("你选了", "you picked it"), Text("你没选", "you left it out")
_THERE, _NOT_THERE = Text("有这个错误", "it is there"), Text("没有这个错误", "it is not there")
_TICKED, _UNTICKED = Text("你勾了", "you ticked it"), Text("你没勾", "you did not tick it")
_WANTED, _UNWANTED = Text("要有的说法", "to be said"), Text("不该有的说法", "not to be said")
_FOUND, _MISSING = Text("你写到了", "you wrote it"), Text("你没有写", "you did not write it")
_SAID = Text("你说的", "you said it")
_ENDING = Text("结局", "Ending")
_HALF = Text("算一半", "half credit")
_VARIANTS = 6
"""More ways to say a phrase than these are not listed."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing of an item: a sign, in words how it counts, what it is, and why it is so."""

    sign: str
    word: str
    what: str
    why: str = ""


def credit_in_words(credit: float) -> tuple[str, Text]:
    """A sign and what it means: never the sign alone."""
    if credit >= 1:
        return "✓", Text("满分", "full credit")
    if credit <= 0:
        return "✗", Text("不得分", "no credit")
    # Never rounded up to full or down to none.
    share = f"{min(99, max(1, round(100 * credit)))}%"
    return "◐", Text(f"得 {share}", f"{share} credit")


def everything(card: Card, key: Key, response: Response | None, lang: Lang) -> list[Told]:
    """What each part of an item is worth and why, picked or not.

    Args:
        card: the version that was answered, or that is released.
        key: its key.
        response: a whole answer to it; None if there is none.
        lang: the language.
    """
    tell = _KINDS.get(card["kind"])
    return list(tell(card, key, response or {}, lang)) if tell else []


def right(card: Card, key: Key, lang: Lang) -> list[str]:
    """What would have been right, where the parts themselves do not say it: a line each."""
    kind = card["kind"]
    if kind == "rewrite":
        return [str(key["model"][lang])]
    if kind == "number":
        return [_number(card, key, lang)]
    if kind == "order":
        words = {step["id"]: step["text"][lang] for step in card["steps"]}
        pairs = [[words[one] for one in pair] for pair in key["free"]]
        free = [
            Text(f"前后都行：“{a}”和“{b}”", f"Either way round: “{a}” and “{b}”")[lang]
            for a, b in pairs
        ]
        return kinds.show(card, kinds.expert(card, key), lang) + free
    if kind == "dialogue":
        return kinds.show(card, kinds.expert(card, key), lang)
    return []


def _number(card: Card, key: Key, lang: Lang) -> str:
    unit = card.get("unit")
    after = f" {unit[lang]}" if unit else ""
    if "value" in key:
        off = key["tolerance"]
        said = Text(f"（差 {digits(off)} 以内都对）", f" (within {digits(off)})") if off else None
        return f"{digits(key['value'])}{after}{said[lang] if said else ''}"
    least, most = (digits(key[end]) if end in key else "" for end in ("least", "most"))
    if least and most:
        return Text(f"{least} 到 {most}{after}", f"{least} to {most}{after}")[lang]
    if least:
        return Text(f"不少于 {least}{after}", f"at least {least}{after}")[lang]
    return Text(f"不多于 {most}{after}", f"at most {most}{after}")[lang]


_Tell = Iterator[Told]


def _with(lang: Lang, *words: Text | None) -> str:
    return ("，" if lang == "zh" else ", ").join(word[lang] for word in words if word)


def _choice(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    for one in card["options"]:
        sign, word = credit_in_words(key["credit"][one["id"]])
        mine = _MINE if one["id"] == given.get("option") else None
        yield Told(sign, _with(lang, word, mine), one["text"][lang], key["why"][one["id"]][lang])


def _choices(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    for one in card["options"]:
        wanted, mine = one["id"] in key["right"], one["id"] in given.get("options", ())
        word = _with(lang, _PICK if wanted else _LEAVE, _DID if mine else _DID_NOT)
        sign = "✓" if wanted == mine else "✗"
        yield Told(sign, word, one["text"][lang], key["why"][one["id"]][lang])


def _match(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    rights = {one["id"]: one["text"][lang] for one in card["rights"]}
    pairs = given.get("pairs", {})
    for one in card["lefts"]:
        half = key["half"].get(one["id"], ())
        mine = pairs.get(one["id"])
        sign, word = credit_in_words(
            1.0 if mine == key["pair"][one["id"]] else 0.5 if mine in half else 0.0
        )
        also = [f"{_HALF[lang]}{'：' if lang == 'zh' else ': '}{rights[i]}" for i in half]
        pair = f"{one['text'][lang]} → {rights[key['pair'][one['id']]]}"
        what = ("；" if lang == "zh" else "; ").join([pair, *also])
        yield Told(sign, word[lang], what, key["why"][one["id"]][lang])


def _rewrite(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    from kefu.kinds.rewrite import says

    text = str(given.get("text", ""))
    for wanted, phrases in ((True, key["required"]), (False, key["forbidden"])):
        for phrase in phrases:
            variants = [*phrase["zh"], *phrase["en"]]
            mine = any(says(text, variant) for variant in variants)
            word = _with(lang, _WANTED if wanted else _UNWANTED, _FOUND if mine else _MISSING)
            what = " / ".join(f"“{variant}”" for variant in phrase[lang][:_VARIANTS])
            if len(phrase[lang]) > _VARIANTS:
                count = len(phrase[lang])
                what += Text(f" …（共 {count} 种说法）", f" … ({count} ways to say it)")[lang]
            yield Told("✓" if wanted == mine else "✗", word, what, phrase["why"][lang])


def _dialogue(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    """Every saying, in the order in which one may come to it; then every ending."""
    nodes, ahead = card["nodes"], [card["start"]]
    for at in ahead:  # grows while it is walked
        ahead += [s["to"] for s in nodes[at]["says"] if s["to"] not in ahead]
    ahead = list(dict.fromkeys(ahead))
    for at in ahead:
        heard = nodes[at]["customer"]
        before = f"“{heard[lang]}” → " if heard else ""
        for saying in nodes[at]["says"]:
            sign, word = credit_in_words(key["credit"][saying["id"]])
            mine = _SAID if saying["id"] in given.get("path", ()) else None
            why = key["why"][saying["id"]][lang]
            yield Told(sign, _with(lang, word, mine), f"{before}{saying['text'][lang]}", why)
    for at in ahead:
        if not nodes[at]["says"]:
            sign, word = credit_in_words(key["outcome"][at])
            words = [text[lang] for text in (nodes[at]["customer"], nodes[at]["ending"]) if text]
            yield Told(sign, f"{_ENDING[lang]} · {word[lang]}", " ".join(words))


def _review(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    for one in card["scorecard"]["criteria"]:
        due, mine = key["criteria"][one["id"]]["score"], given.get("score", {}).get(one["id"])
        expert = Text(f"参考 {due} 分", f"expert: {due}")
        yours = None if mine is None else Text(f"你打 {mine} 分", f"you: {mine}")
        anchor = next(each["text"][lang] for each in one["levels"] if each["score"] == due)
        what = f"{one['text'][lang]}{'：' if lang == 'zh' else ': '}{anchor}"
        sign = "✓" if mine == due else "✗"
        yield Told(sign, _with(lang, expert, yours), what, key["why"][one["id"]][lang])
    for one in card["scorecard"]["critical"]:
        there, ticked = key["critical"][one["id"]], one["id"] in given.get("critical", ())
        word = _with(lang, _THERE if there else _NOT_THERE, _TICKED if ticked else _UNTICKED)
        sign = "✓" if there == ticked else "✗"
        yield Told(sign, word, one["text"][lang], key["why"][one["id"]][lang])


def _program(card: Card, key: Key, given: Response, lang: Lang) -> _Tell:
    """Each hidden call with what it should give."""
    results = iter(expected(key))
    for case in key["cases"]:
        for call in case["given"]:
            said = f"{card['function']}({', '.join(map(repr, call))}) → {next(results)!r}"
            yield Told("", case["about"][lang], said)


_KINDS: dict[str, Callable[[Card, Key, Any, Lang], _Tell]] = {
    "choice": _choice,
    "choices": _choices,
    "match": _match,
    "rewrite": _rewrite,
    "dialogue": _dialogue,
    "review": _review,
    "program": _program,
}
