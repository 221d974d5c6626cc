"""What stands under a graded quiz cell: what was answered, the credit, and why, in both languages.

The words come from the card and the key of the vault;
what a learner typed, a number or a text, is escaped.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from functools import lru_cache

from kefu import kinds
from kefu.card import SPEAKERS, Card, Key, Part, Response, Verdict
from kefu.grading.explain import Told, credit_in_words, everything, right
from kefu.grading.judge import Judged
from kefu.text import LANGS, Lang, Text, TextJSON

__all__ = ["table"]

_ANSWER = Text("你的答案", "Your answer")
_CREDIT = Text("得分", "Credit")
_WHY = Text("理由", "Why")
_EVERY = Text("每一项", "Each one")
_HIDDEN = Text("检查用的数", "Hidden calls")
_RIGHT = Text("参考答案", "What is right")
_TAKEAWAY = Text("记住", "To remember")
_NONE = Text("（没有作答）", "(not answered)")
_CODE = Text("见下面的代码", "See your code below")
_MISSING = Text("还缺", "Missing")
_GIVEN = Text("原来的说法", "As it was said")
_CALL = Text("通话记录", "The call")
_TASK = Text("题目", "The task")

_TABLE = "width:100%;max-width:42em;border-collapse:collapse;text-align:left;margin:.5em 0"
_CELL = "text-align:left;vertical-align:top;padding:.4em .6em;border:1px solid #d9dcd6"
_TEXT = "max-width:42em;margin:.5em 0"

_HAN = re.compile("[\u3400-\u9fff](?:[\u3400-\u9fff，。、：；？！… ]*[\u3400-\u9fff。？！…])?")
_LATIN = re.compile("[A-Za-z]{2,}")

_Row = tuple[str, list[str | Told]]


def table(judged: Judged, points: float, released: Key | None = None) -> dict[str, str]:
    """A mime bundle: the table as HTML, and the same as plain text.

    Args:
        judged: the item with what was answered.
        points: what it is worth.
        released: the item's key once the set's reasons are released, of the version in `judged`;
            until then only the reasons of what was picked are told.
    """
    rows = {lang: _rows(judged, points, released, lang) for lang in LANGS}
    body = "".join(_html(rows[lang], judged.card, lang) for lang in LANGS)
    plain = "\n\n".join(
        "\n".join(
            [
                _asked(judged.card)[lang],
                *(f"{h}: {' / '.join(map(_flat, v))}" for h, v in rows[lang]),
            ]
        )
        for lang in LANGS
    )
    return {"text/html": body, "text/plain": plain}


def _asked(card: Card) -> TextJSON:
    """What an item is called; a program's question is too long for that."""
    return card["title"] if card["kind"] == "program" else card["prompt"]


def _rows(judged: Judged, points: float, key: Key | None, lang: Lang) -> list[_Row]:
    """Heading and lines of each row."""
    card, verdict, attempt = judged.card, judged.verdict, judged.attempt
    given = kinds.show(card, attempt.response, lang) if attempt else [_NONE[lang]]
    if card["kind"] == "program" and verdict["status"] == "judged":
        given = [_CODE[lang]]
    rows: list[_Row] = [
        (_ANSWER[lang], [*given]),
        (_CREDIT[lang], [_credit(verdict, points)[lang]]),
        (_WHY[lang], [*_reasons(judged, key, lang)]),
    ]
    if key:
        head = _HIDDEN if card["kind"] == "program" else _EVERY
        response = attempt.response if attempt else None
        rows.append((head[lang], [*everything(card, key, response, lang)]))
        rows.append((_RIGHT[lang], [*right(card, key, lang)]))
    if (attempt or key) and verdict["takeaway"]:
        rows.append((_TAKEAWAY[lang], [verdict["takeaway"][lang]]))
    return [row for row in rows if row[1]]


def _credit(verdict: Verdict, points: float) -> Text:
    """A sign, the score, and the same in words: never by the sign alone."""
    sign, word = credit_in_words(verdict["credit"])
    score = f"{round(points * verdict['credit'], 2):g} / {points:g}"
    return Text(f"{sign} {word.zh}，{score}", f"{sign} {word.en}, {score}")


def _reasons(judged: Judged, key: Key | None, lang: Lang) -> list[str]:
    """How the credit came about, and the reason of each part answered or of the whole item.

    Reasons of what was not picked stay sealed until the set's reasons are released;
    from then on each part has its own line elsewhere.
    """
    card, verdict, lines = judged.card, judged.verdict, list[str]()
    if verdict["note"]:
        lines.append(verdict["note"][lang])
    coded = card["kind"] == "program"
    if coded or (judged.attempt and not key):
        named = _named(card)
        given = _given(judged.attempt.response) if judged.attempt else set()
        parts = verdict["parts"]
        if card["kind"] == "review":  # as on the scorecard
            parts = sorted(parts, key=lambda part: [*named].index(part["id"]))
        lines += [
            _reason(part, named.get(part["id"]), judged, lang)
            for part in parts
            if coded or part["id"] in given or "wanted" in part
            if not _was_avoided(part)
        ]
    if verdict["why"] and (judged.attempt or key or verdict["parts"]):
        lines.append(verdict["why"][lang])
    return lines


def _given(response: Response) -> set[str]:
    """The ids that a response speaks of, whatever its kind."""
    ids = {response["option"]} if "option" in response else set[str]()
    for field in ("options", "pairs", "path", "score", "critical"):
        ids |= set(response.get(field, ()))
    return ids


def _was_avoided(part: Part) -> bool:
    """A phrase that must not be there, and is not: nothing to tell."""
    return part.get("wanted") is False and part["credit"] == 1


def _named(card: Card) -> dict[str, TextJSON]:
    """What the parts of a card say, where a reason alone would not tell what it is about."""
    said = [*card.get("options", []), *card.get("lefts", [])] if card["kind"] != "choice" else []
    if card["kind"] == "review":
        said += [*card["scorecard"]["criteria"], *card["scorecard"]["critical"]]
    said += [say for node in card.get("nodes", {}).values() for say in node["says"]]
    return {one["id"]: one["text"] for one in said}


def _reason(part: Part, about: TextJSON | None, judged: Judged, lang: Lang) -> str:
    """The reason of one part: a sign, what it is about, and why."""
    why, colon = part["why"][lang], "：" if lang == "zh" else ": "
    sign = credit_in_words(part["credit"])[0]
    if judged.card["kind"] == "program":
        return f"{sign} {why}"
    if "wanted" in part:
        said = f"“{part['said']}”" if part["said"] else _MISSING[lang]
        return f"{sign} {said}{colon}{why}"
    if not about:
        return why
    score = judged.verdict["expert"].get("score", {}).get(part["id"])
    expert = "" if score is None else Text(f"（参考 {score} 分）", f" (expert: {score})")[lang]
    return f"{sign} {about[lang]}{expert}{colon}{why}"


def _flat(line: str | Told) -> str:
    if isinstance(line, str):
        return line
    head = f"{line.sign} {line.word}: ".lstrip()
    return f"{head}{line.what}{f' ({line.why})' if line.why else ''}"


def _html(rows: list[_Row], card: Card, lang: Lang) -> str:
    """Roles stand beside the elements: a phone's style lays the table out as blocks."""
    body = "".join(
        f'<tr role="row"><th role="rowheader" scope="row" style="{_CELL};white-space:nowrap">'
        f"{html.escape(head)}</th>"
        f'<td role="cell" style="{_CELL};width:100%">{_lines(lines, lang)}</td></tr>'
        for head, lines in rows
    )
    about = f'class="{lang}" lang="{"zh-CN" if lang == "zh" else "en"}"'
    return (
        f"{_story(card, about, lang)}"
        f'<table role="table" {about} style="{_TABLE}">'
        f'<caption style="text-align:left;font-weight:600">{_spoken(_asked(card)[lang], lang)}'
        f"</caption>{body}</table>"
    )


def _lines(lines: list[str | Told], lang: Lang) -> str:
    """Sentences below each other; what has parts of its own is a list."""
    if any(isinstance(line, Told) for line in lines):
        return f"<ul>{''.join(f'<li>{_told(line, lang)}</li>' for line in lines)}</ul>"
    return "<br>".join(_spoken(str(line), lang) for line in lines)


@lru_cache(maxsize=4096)  # a class meets the same words again and again
def _spoken(text: str, lang: Lang) -> str:
    """A text whose words of the other language are marked as such, for whoever listens to it."""
    safe = html.escape(text)
    if lang == "en":
        return _HAN.sub(r'<span lang="zh-CN">\g<0></span>', safe)
    if not _HAN.search(text) and len(_LATIN.findall(text)) > 2:
        return f'<span lang="en">{safe}</span>'
    return safe


def _told(line: str | Told, lang: Lang) -> str:
    if isinstance(line, str):
        return _spoken(line, lang)
    safe = replace(line, **{name: _spoken(getattr(line, name), lang) for name in line.__slots__})
    sign = f'<span aria-hidden="true">{safe.sign}</span> ' if safe.sign else ""
    why = f"<br>{safe.why}" if safe.why else ""
    return f"<b>{sign}{safe.word}</b><br>{safe.what}{why}"


def _story(card: Card, about: str, lang: Lang) -> str:
    """What came before the question; what is long can be opened."""
    colon = "：" if lang == "zh" else ": "

    def spoken(who: str, words: TextJSON, at: str | None = None) -> str:
        clock = f"{at} " if at else ""
        name = f"{clock}{SPEAKERS[who][lang]}{colon}" if who in SPEAKERS else clock
        return f"{name}{words[lang]}"

    lines = [spoken(turn["who"], turn["text"]) for turn in card["turns"]]
    comma = "、" if lang == "zh" else ", "
    lines += [
        f"{column['text'][lang]}{colon}{comma.join(f'{value:g}' for value in column['values'])}"
        for column in card.get("data", ())
    ]
    if "given" in card:
        lines.append(f"{_GIVEN[lang]}{colon}{card['given'][lang]}")
    made = f'<p {about} style="{_TEXT}">{_lines([*lines], lang)}</p>' if lines else ""
    long, name = [spoken(c["who"], c["text"], c["at"]) for c in card.get("lines", ())], _CALL
    if card["kind"] == "program":
        long, name = card["prompt"][lang].splitlines(), _TASK
    if long:
        inside = f'<p style="{_TEXT}">{_lines([*long], lang)}</p>'
        made += f"<details {about}><summary>{name[lang]}</summary>{inside}</details>"
    return made
