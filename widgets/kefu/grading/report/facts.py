"""An item's numbers as words and tables, for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kefu.grading.report.advice import percent, ranged
from kefu.grading.report.items import Item, Piece
from kefu.text import Text

__all__ = ["facts", "tables"]

_MOST_PATHS = 8
_KINDS = {
    "part": Text("各部分平均得分", "Mean credit of each part"),
    "wanted": Text("要有的说法：说到的人", "Phrases to use: how many said them"),
    "avoid": Text("不该有的说法：说了的人", "Phrases to avoid: how many said them"),
    "line": Text("评分要点：得到的份额", "Rubric: share of the points given"),
}
_OPTION = Text("选项", "Option")
_SHARE = Text("选的人", "Picked by")
_STRONG = Text("强组", "Strong")
_WEAK = Text("弱组", "Weak")
_WITH_REST = Text("相关", "Correlation")
_CREDIT = Text("得分", "Credit")
_TIMES = Text("人数", "Learners")


def facts(item: Item) -> list[dict[str, Text | str]]:
    """Name and value of what is known of an item, the most important first."""
    code = item.asked.card["kind"] == "program"
    rows: list[tuple[Text, Text | str]] = [
        (
            Text("已批改", "Graded") if code else Text("作答", "Answered"),
            Text(f"{item.n} 人中 {item.answered} 人", f"{item.answered} of {item.n}"),
        ),
        (Text("平均得分", "Mean credit"), _counted(item)),
        (Text("区分度", "Discrimination"), ranged(item.discrimination, share=False)),
    ]
    if not code:
        rows.append((Text("空着", "Blank"), ranged(item.blank)))
    if item.malformed:
        said = Text(f"{item.malformed} 份", f"{item.malformed}")
        rows.append((Text("读不出", "Unreadable"), said))
    if item.earlier:
        said = Text(
            f"{item.earlier} 人，计分，不进下面的表", f"{item.earlier}, scored, not in the tables"
        )
        rows.append((Text("答的是旧版本", "Answers to an earlier version"), said))
    if item.times:
        rows.append((Text("用时（自报）", "Time (as claimed)"), _time(item)))
    if item.n and not code:
        rows.append(
            (
                Text("改过主意", "Changed their mind"),
                Text(f"{item.changed} 人", f"{item.changed}"),
            )
        )
    if item.sure:
        wrong, other = item.sure.wrong_though_sure, item.sure.wrong_and_unsure
        rows.append(
            (
                Text("有把握却答错", "Sure and wrong"),
                Text(
                    f"{item.sure.sure} 人有把握，其中错 {ranged(wrong).zh}；"
                    f"{item.sure.unsure} 人没把握，其中错 {ranged(other).zh}",
                    f"of {item.sure.sure} who were sure {ranged(wrong).en}; "
                    f"of {item.sure.unsure} who were not {ranged(other).en}",
                ),
            )
        )
    if item.talk:
        rows.append((Text("失去客户最多的地方", "Where most customers were lost"), _worst(item)))
    return [{"name": name, "value": value} for name, value in rows]


def _counted(item: Item) -> Text:
    said = ranged(item.facility)
    if not item.asked.rubric:
        return said
    if item.rubric_counted:
        return Text(f"{said.zh}，含老师批的", f"{said.en}, the marker’s points included")
    return Text(f"{said.zh}，老师批的还不算", f"{said.en}, the marker’s points not yet counted")


def _time(item: Item) -> Text:
    assert item.times is not None
    times = item.times
    cut = Text(f"，{times.capped} 次停顿过长", f", {times.capped} long pauses cut")
    return Text(
        f"中位 {_span(times.median).zh}，一半人在 {_span(times.low).zh}到 "
        f"{_span(times.high).zh}之间（{times.n} 人{cut.zh if times.capped else ''}）",
        f"median {_span(times.median).en}, middle half {_span(times.low).en} to "
        f"{_span(times.high).en} (n={times.n}{cut.en if times.capped else ''})",
    )


def _span(seconds: float) -> Text:
    if seconds < 120:
        return Text(f"{seconds:.0f} 秒", f"{seconds:.0f} s")
    return Text(f"{seconds / 60:.1f} 分钟", f"{seconds / 60:.1f} min")


def _worst(item: Item) -> Text:
    worst = item.talk.worst if item.talk else None
    if worst is None:
        return Text("没有", "nowhere")
    return Text(
        f"第 {worst.number} 处：{worst.visits} 次里失去 {worst.lost} 次，"
        f"最好的结局平均少了 {percent(worst.drop)}",
        f"node {worst.number}: lost in {worst.lost} of {worst.visits} visits, "
        f"the best ending {percent(worst.drop)} lower on average",
    )


def tables(item: Item) -> list[dict[str, Any]]:
    """What was picked, said or done, in tables."""
    found = []
    if item.options:
        found.append(_options(item))
    for kind, caption in _KINDS.items():
        pieces = [one for one in item.pieces if one.kind == kind]
        if pieces:
            found.append(_pieces(caption, pieces))
    if item.common:
        rows = [[Text.of(c.text), f"{c.times}", percent(c.credit)] for c in item.common]
        caption = Text("两人以上给出的答案", "Answers that two or more gave")
        heads = [Text("答案", "Answer"), _TIMES, _CREDIT]
        found.append({"caption": caption, "heads": heads, "rows": rows})
    if item.talk and item.talk.stops:
        found += [_stops(item), _paths(item)]
    return found


def _options(item: Item) -> dict[str, Any]:
    rows = [
        [
            Text(f"{at}. {one.text['zh']}", f"{at}. {one.text['en']}"),
            percent(one.credit),
            Text(
                f"{one.pick.times} 人，{ranged(one.pick.share).zh}",
                f"{one.pick.times}, {ranged(one.pick.share).en}",
            ),
            percent(one.pick.upper),
            percent(one.pick.lower),
            ranged(one.pick.correlation, share=False),
        ]
        for at, one in enumerate(item.options, 1)
    ]
    heads = [_OPTION, _CREDIT, _SHARE, _STRONG, _WEAK, _WITH_REST]
    return {"caption": Text("选项", "Options"), "heads": heads, "rows": rows}


def _pieces(caption: Text, pieces: Sequence[Piece]) -> dict[str, Any]:
    by_hand = pieces[0].kind == "line"
    heads = [Text("内容", "Part"), Text("人数", "n"), Text("份额", "Share")]
    rows: list[list[Text | str]] = []
    for one in pieces:
        row: list[Text | str] = [Text.of(one.text), f"{one.share.n}", ranged(one.share)]
        if by_hand:
            row[0] = Text(
                f"{one.text['zh']}（{one.points:g} 分）", f"{one.text['en']} ({one.points:g})"
            )
            row.append(f"{one.waiting}")
        rows.append(row)
    if by_hand:
        heads.append(Text("等批改", "Waiting"))
    return {"caption": caption, "heads": heads, "rows": rows}


def _stops(item: Item) -> dict[str, Any]:
    assert item.talk is not None
    rows: list[list[Text | str]] = []
    for stop in item.talk.stops:
        told: Text | str = Text(f"{stop.lost} 次", f"{stop.lost}") if stop.says else "–"
        end: Text | str = "–" if stop.outcome is None else percent(stop.outcome)
        rows.append(
            [
                Text(f"{stop.number}. {stop.text['zh']}", f"{stop.number}. {stop.text['en']}"),
                f"{stop.visits}",
                told,
                end,
            ]
        )
        for said in stop.says:
            lost: Text | str = "–"
            if said.lost:
                lost = Text(
                    f"{said.lost} 次，结局少 {percent(said.drop)}",
                    f"{said.lost}, ending {percent(said.drop)} lower",
                )
            rows.append(
                [
                    Text(
                        f"　└ {said.text['zh']}（到第 {said.to} 处，得分 {percent(said.credit)}）",
                        f"　└ {said.text['en']} (to {said.to}, credit {percent(said.credit)})",
                    ),
                    f"{said.times}",
                    lost,
                    "–",
                ]
            )
    heads = [
        Text("客户的话，和说了什么", "What the customer says, and what was said"),
        Text("次数", "Times"),
        Text("失去客户", "Lost"),
        Text("结局值", "Ending"),
    ]
    return {"caption": Text("各处", "Nodes"), "heads": heads, "rows": rows}


def _paths(item: Item) -> dict[str, Any]:
    assert item.talk is not None
    paths = item.talk.paths
    rows = [
        [" → ".join(map(str, p.stops)), f"{p.times}", percent(p.credit), percent(p.outcome)]
        for p in paths[:_MOST_PATHS]
    ]
    more = len(paths) - _MOST_PATHS
    zh, en = f"，另有 {more} 条没列出" if more > 0 else "", f"; {more} more" if more > 0 else ""
    caption = Text(f"走过的路{zh}", f"Paths taken{en}")
    heads = [Text("路", "Path"), _TIMES, _CREDIT, Text("结局值", "Ending")]
    return {"caption": caption, "heads": heads, "rows": rows}
