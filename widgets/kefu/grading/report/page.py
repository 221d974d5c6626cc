"""The report as one page: both languages, charts beside tables, no script, no other host."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kefu.grading.report import svg
from kefu.grading.report.advice import percent, ranged, reading, signed, suggestions
from kefu.grading.report.agreement import Agreement
from kefu.grading.report.facts import facts, tables
from kefu.grading.report.items import Item
from kefu.grading.report.whole import Report
from kefu.grading.report.words import HOW, WORDS
from kefu.quality.testing import ENOUGH
from kefu.text import Lang, Text

__all__ = ["page"]

_HAN = re.compile("[\u4e00-\u9fff]")
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "report"


def page(report: Report, lang: Lang, agreement: Agreement | None = None) -> str:
    """The page of a report; the reader switches between the languages.

    Args:
        report: what was found.
        lang: the language it opens in.
        agreement: two markers compared, where there is such a comparison.
    """
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    many = [(f"{at}", one) for at, one in enumerate(report.items, 1)]
    charted = bool(report.n and report.items)
    made: str = templates.get_template("page.html.j2").render(
        lang=lang,
        title=report.title,
        subtitle=_subtitle(report),
        words=SimpleNamespace(**WORDS),
        how=HOW,
        totals=_totals(report),
        spread=_spread(report),
        looks=[
            Text(f"第 {at} 题：{one.zh}", f"Item {at}: {one.en}")
            for at, item in many
            for one in suggestions(item)
        ],
        easy=charted and _easy(many),
        both=charted and _both(many),
        overview=_overview(many),
        items=[_item(one) for one in report.items],
        agreement=agreement and _agreement(agreement),
    )
    return made


def _chart(draw: Callable[[Lang], str], *, wide: bool = False) -> dict[str, Any]:
    return {"zh": draw("zh"), "en": draw("en"), "wide": wide}


def _subtitle(report: Report) -> Text:
    if not report.n:
        return Text("还没有人交这一组。", "Nobody has handed in this set yet.")
    few = report.n < ENOUGH
    zh = f"不到 {ENOUGH} 人：只给数字和区间，不下结论。" if few else "区间都是 95%。"
    en = (
        f"Fewer than {ENOUGH}: numbers and intervals, no conclusions."
        if few
        else "All intervals are 95%."
    )
    learners = "learner" if report.n == 1 else "learners"
    return Text(f"{report.n} 人交了。{zh}", f"Handed in by {report.n} {learners}. {en}")


def _totals(report: Report) -> list[dict[str, Text | str | None]]:
    scores, found = report.scores, report.reliability
    mean = f"{sum(scores) / len(scores):.1f} / {report.most:g}" if scores else "–"
    spread = (
        Text(f"最低 {scores[0]:.1f}，最高 {scores[-1]:.1f}",
             f"from {scores[0]:.1f} to {scores[-1]:.1f}")
        if scores
        else None
    )  # fmt: skip
    unknown = Text("算不出", "undefined")
    why = Text("要两人、两题以上，总分有高低", "it takes two learners, two items, unequal totals")
    alpha: Text | str = unknown if found.alpha is None else signed(found.alpha)
    within = (
        why
        if found.low is None or found.high is None
        else Text(
            f"{signed(found.low)} 到 {signed(found.high)}（{found.learners} 人，{found.items} 题）",
            f"{signed(found.low)} to {signed(found.high)} "
            f"({found.learners} learners, {found.items} items)",
        )
    )
    error = unknown if found.error is None else Text(f"{found.error:.1f} 分",
                                                     f"{found.error:.1f} points")  # fmt: skip
    waiting = Text(f"{report.waiting} 人", f"{report.waiting}")
    parts = Text(f"共 {report.waiting_parts} 处", f"{report.waiting_parts} marks in all")
    rows: list[dict[str, Text | str | None]] = [
        {"name": WORDS["mean"], "value": mean, "note": spread},
        {"name": WORDS["alpha"], "value": alpha, "note": within},
        {"name": WORDS["error"], "value": error, "note": WORDS["error_note"]},
        {"name": WORDS["waiting"], "value": waiting, "note": parts if report.waiting else None},
    ]
    if report.without_journal:
        n = report.without_journal
        rows.append({"name": WORDS["no_journal"], "value": Text(f"{n} 人", f"{n}"), "note": None})
    return rows


def _spread(report: Report) -> dict[str, Any] | None:
    if not report.scores:
        return None
    said = Text(
        f"总分分布，每格是满分的一成，共 {len(report.scores)} 人",
        f"Distribution of the scores in steps of a tenth, {len(report.scores)} learners",
    )
    return _chart(lambda lang: svg.histogram(report.scores, report.most, said[lang]))


def _easy(many: list[tuple[str, Item]]) -> dict[str, Any]:
    said = Text("每道题的平均得分和区间", "Mean credit of each item with its interval")
    rows = [(at, one.facility, one.facility.n >= ENOUGH) for at, one in many]
    return _chart(lambda lang: svg.bars(rows, said[lang]))


def _both(many: list[tuple[str, Item]]) -> dict[str, Any]:
    said = Text(
        "横轴是平均得分，纵轴是区分度；圆里是题号，数字在下面的表里",
        "Mean credit across, discrimination up; the circles hold the item's number, "
        "the numbers stand in the table below",
    )
    dots = [(at, one.facility, one.discrimination) for at, one in many]
    across, up = Text("平均得分", "Mean credit"), Text("区分度", "Discrimination")
    return _chart(lambda lang: svg.scatter(dots, said[lang], across[lang], up[lang]))


def _overview(many: list[tuple[str, Item]]) -> dict[str, Any]:
    heads = [WORDS[name] for name in ("item", "n", "easy", "apart", "blank")]
    rows = [
        [
            Text(f"{at}. {item.title['zh']}", f"{at}. {item.title['en']}"),
            f"{item.facility.n}",
            ranged(item.facility),
            ranged(item.discrimination, share=False),
            percent(item.blank.value),
        ]
        for at, item in many
    ]
    return {"caption": WORDS["overview"], "heads": heads, "rows": rows}


def _item(item: Item) -> dict[str, Any]:
    talk = item.talk
    ways = None
    if talk and talk.stops:
        said = Text(
            f"对话走过的路：{len(talk.stops)} 处，{len(talk.paths)} 条路；走法和人数在下面的表里",
            f"The ways through the conversation: {len(talk.stops)} nodes, {len(talk.paths)} paths; "
            "the tables below list them with their numbers",
        )
        ways = _chart(lambda lang: svg.ways(talk, said[lang]), wide=True)
    bars = None
    if item.options and item.answered:
        about = Text(
            "各选项被选的份额和区间；深色是得满分的选项",
            "Share picking each option with its interval; those worth full credit are dark",
        )
        rows = [
            (f"{at}", one.pick.share, one.credit >= 1) for at, one in enumerate(item.options, 1)
        ]
        bars = _chart(lambda lang: svg.bars(rows, about[lang]))
    return {
        "ref": item.ref,
        "prompt": item.title,
        "title": item.asked.card["title"],
        "says": reading(item),
        "looks": suggestions(item),
        "facts": facts(item),
        "ways": ways,
        "bars": bars,
        "tables": tables(item) if item.answered else [],
    }


def _agreement(found: Agreement) -> dict[str, Any]:
    heads = [WORDS[name] for name in ("criterion", "texts", "same", "kappa", "severity", "means")]
    rows = [
        [
            Text.of(one.text),
            f"{one.same.n}",
            ranged(one.same),
            signed(one.kappa) if one.kappa is not None else Text("算不出", "undefined"),
            _severity(one.severity.value, one.severity.low, one.severity.high),
            one.reading,
        ]
        for one in found.criteria
    ]
    lost = Text(
        f"另有 {found.unmarked} 处第一位还没有批。",
        f" The first marker has yet to mark {found.unmarked} of them.",
    )
    note = WORDS["agreement_note"]
    if found.unmarked:
        note = Text(note.zh + lost.zh, note.en + lost.en)
    return {
        "note": note,
        "table": {"caption": WORDS["agreement"], "heads": heads, "rows": rows},
        "apart": [
            {
                "question": one.question,
                "criterion": one.criterion,
                "text": one.text,
                "lang": "zh-CN" if _HAN.search(one.text) else "en",
                "marks": Text(
                    f"第一位 {one.first:g} 分，第二位 {one.second:g} 分，满分 {one.most:g} 分",
                    f"First marker {one.first:g}, second marker {one.second:g}, "
                    f"out of {one.most:g}",
                ),
            }
            for one in found.apart
        ],
    }


def _severity(value: float | None, low: float, high: float) -> Text:
    if value is None:
        return Text("算不出", "undefined")
    said = signed(value)
    if low == float("-inf"):
        return Text(f"{said}（区间算不出）", f"{said} (no interval)")
    return Text(
        f"{said}（{signed(low)} 到 {signed(high)}）", f"{said} ({signed(low)} to {signed(high)})"
    )
