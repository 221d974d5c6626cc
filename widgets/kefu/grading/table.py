"""What stands under a graded quiz cell: what was answered, the credit, and why, in both languages.

The words come from the card and the key of the vault;
what a learner typed, a number or a text, is escaped.
"""

from __future__ import annotations

import html

from kefu import kinds
from kefu.card import Card, Part, Response, Verdict
from kefu.grading.judge import Judged
from kefu.text import LANGS, Lang, Text, TextJSON

__all__ = ["table"]

_ANSWER = Text("你的答案", "Your answer")
_CREDIT = Text("得分", "Credit")
_WHY = Text("理由", "Why")
_TAKEAWAY = Text("记住", "To remember")
_NONE = Text("（没有作答）", "(not answered)")
_MISSING = Text("还缺", "Missing")
_GIVEN = Text("原来的说法", "As it was said")

_WHO = {
    "customer": Text("客户", "Customer"),
    "agent": Text("客服", "Agent"),
    "colleague": Text("同事", "Colleague"),
    "supervisor": Text("主管", "Supervisor"),
}

_TABLE = "width:100%;max-width:42em;border-collapse:collapse;text-align:left;margin:.5em 0"
_CELL = "text-align:left;vertical-align:top;padding:.4em .6em;border:1px solid #d9dcd6"


def table(judged: Judged, points: float) -> dict[str, str]:
    """A mime bundle: the table as HTML, and the same as plain text."""
    rows = {lang: _rows(judged, points, lang) for lang in LANGS}
    body = "".join(_html(rows[lang], judged, lang) for lang in LANGS)
    plain = "\n\n".join(
        "\n".join([judged.card["prompt"][lang], *(f"{h}: {' / '.join(v)}" for h, v in rows[lang])])
        for lang in LANGS
    )
    return {"text/html": body, "text/plain": plain}


def _rows(judged: Judged, points: float, lang: Lang) -> list[tuple[str, list[str]]]:
    """Heading and lines of each row."""
    verdict, attempt = judged.verdict, judged.attempt
    given = kinds.show(judged.card, attempt.response, lang) if attempt else [_NONE[lang]]
    rows = [
        (_ANSWER[lang], given),
        (_CREDIT[lang], [_credit(verdict, points)[lang]]),
        (_WHY[lang], _reasons(judged, lang)),
    ]
    if attempt and verdict["takeaway"]:
        rows.append((_TAKEAWAY[lang], [verdict["takeaway"][lang]]))
    return rows


def _credit(verdict: Verdict, points: float) -> Text:
    """A sign, the score, and the same in words: never by the sign alone."""
    credit = verdict["credit"]
    if credit >= 1:
        sign, word = "✓", Text("满分", "full credit")
    elif credit > 0:
        sign, word = "◐", Text(f"得 {credit:.0%}", f"{credit:.0%} credit")
    else:
        sign, word = "✗", Text("不得分", "no credit")
    score = f"{round(points * credit, 2):g} / {points:g}"
    return Text(f"{sign} {word.zh}，{score}", f"{sign} {word.en}, {score}")


def _reasons(judged: Judged, lang: Lang) -> list[str]:
    """How the credit came about, and the reason of each part answered or of the whole item.

    Reasons of what was not picked stay sealed until the set's reasons are released.
    """
    verdict, lines = judged.verdict, list[str]()
    if verdict["note"]:
        lines.append(verdict["note"][lang])
    if judged.attempt:
        named, given = _named(judged.card), _given(judged.attempt.response)
        parts = verdict["parts"]
        if judged.card["kind"] == "review":  # as on the scorecard
            parts = sorted(parts, key=lambda part: [*named].index(part["id"]))
        lines += [
            _reason(part, named.get(part["id"]), judged, lang)
            for part in parts
            if part["id"] in given or "wanted" in part
            if not _was_avoided(part)
        ]
        if verdict["why"]:
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
    sign = "✓" if part["credit"] >= 1 else "✗" if part["credit"] <= 0 else "◐"
    if "wanted" in part:
        said = f"“{part['said']}”" if part["said"] else _MISSING[lang]
        return f"{sign} {said}{colon}{why}"
    if not about:
        return why
    score = judged.verdict["expert"].get("score", {}).get(part["id"])
    expert = "" if score is None else Text(f"（参考 {score} 分）", f" (expert: {score})")[lang]
    return f"{sign} {about[lang]}{expert}{colon}{why}"


def _html(rows: list[tuple[str, list[str]]], judged: Judged, lang: Lang) -> str:
    def lines(values: list[str]) -> str:
        return "<br>".join(html.escape(value) for value in values)

    body = "".join(
        f'<tr><th scope="row" style="{_CELL};white-space:nowrap">{html.escape(head)}</th>'
        f'<td style="{_CELL};width:100%">{lines(values)}</td></tr>'
        for head, values in rows
    )
    tag = "zh-CN" if lang == "zh" else "en"
    colon = "：" if lang == "zh" else ": "
    story = [
        f"{_WHO[turn['who']][lang]}{colon}{turn['text'][lang]}"
        if turn["who"] in _WHO
        else turn["text"][lang]
        for turn in judged.card["turns"]
    ]
    if "given" in judged.card:
        story.append(f"{_GIVEN[lang]}{colon}{judged.card['given'][lang]}")
    caption = html.escape(judged.card["prompt"][lang])
    return (
        f'<p lang="{tag}" style="max-width:42em;margin:.5em 0">{lines(story)}</p>'
        f'<table lang="{tag}" style="{_TABLE}">'
        f'<caption style="text-align:left;font-weight:600">{caption}</caption>{body}</table>'
    )
