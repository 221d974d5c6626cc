"""What was measured as a result, a table, and the sentence for the READMEs; nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.columns import aligned
from benchmarks.player.rounds import Round
from benchmarks.player.weigh import Weight
from benchmarks.spread import Spread, ratio, spread

__all__ = ["MEASURES", "NAME", "WIDEST", "result", "sentence", "strangers", "table", "unsteady"]

NAME = "bench-player"
"""The make target, and the marks in the READMEs."""
US = "kefu"
WIDEST = 3.0
"""How many times the least ratio of a run the most may be."""
MEASURES = {
    "asked_shown": "请求 → 首条显示消息 · asked → first message (ms)",
    "shown_present": "首条消息 → 全部出现 · first message → all there (ms)",
    "shown_clicked": "首条消息 → 首尾可点 · first message → clickable (ms)",
    "asked_clicked": "请求 → 首尾可点 · asked → clickable (ms)",
}
"""What is told of each round."""
_SIZES = {
    "own": "随输出而来 · comes with the output",
    "extensions": "Lab 扩展 · JupyterLab extensions",
}


def result(
    rounds: Mapping[str, Sequence[Round]],
    weights: Mapping[str, Mapping[str, Weight]],
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """Everything as JSON.

    Args:
        rounds: the rounds of each contestant, kefu first, in the order in which they were played.
        weights: `own` and `extensions` of each.
        about: date, machine, versions.

    Raises:
        ValueError: a contestant has fewer rounds than kefu, or a time cannot be.
    """
    times = {
        who: {name: [round(getattr(one, name), 1) for one in played] for name in MEASURES}
        for who, played in rounds.items()
    }
    return {
        **about,
        "rounds": len(rounds[US]),
        "times": {
            who: {name: {**spread(all_)._asdict(), "all": all_} for name, all_ in mine.items()}
            for who, mine in times.items()
        },
        "ratios": {
            who: {
                name: _rounded(ratio(times[US][name], all_))._asdict()
                for name, all_ in mine.items()
            }
            for who, mine in times.items()
            if who != US
        },
        "bytes": {
            who: {**weights[who], "messages": round(spread([r.bytes for r in played]).median)}
            for who, played in rounds.items()
        },
        "rounds_that_asked_another_host": {
            who: sum(bool(one.strangers) for one in played) for who, played in rounds.items()
        },
    }


def table(data: Mapping[str, Any]) -> str:
    """The result for a terminal: a row a measure, a column a contestant, then kefu's ratios."""
    names = list(data["times"])
    peers = names[1:]
    rows = [["", *names, *(f"{US} / {peer}" for peer in peers)]]
    for name, label in MEASURES.items():
        times = [_spread(data["times"][who][name]).say() for who in names]
        ratios = [_spread(data["ratios"][who][name]).say(2) for who in peers]
        rows.append([label, *times, *ratios])
    for part, label in _SIZES.items():
        for form in ("raw", "gzip", "brotli"):
            sizes = [data["bytes"][who][part][form] for who in names]
            rows.append([f"{label}, {form} (B)", *_sizes(sizes)])
    sizes = [data["bytes"][who]["messages"] for who in names]
    rows.append(["内核消息 · kernel's messages (B)", *_sizes(sizes)])
    return aligned(rows)


def sentence(data: Mapping[str, Any]) -> dict[str, str]:
    """One line of ratios in each language, for the README in it.

    Where a ratio is above one, kefu is the slower or the heavier, and it stands there as it is.
    """
    ratios = {
        (who, name): _spread(one[name]).say(2)
        for who, one in data["ratios"].items()
        for name in ("asked_clicked", "shown_clicked")
    }
    radio, quiz = data["ratios"]
    loads = {
        who: data["bytes"][who]["own"]["gzip"] + data["bytes"][who]["extensions"]["gzip"]
        for who in data["bytes"]
    }
    own = data["bytes"][US]["own"]["gzip"]
    small, big = f"{own / loads[radio]:.2f}", f"{own / loads[quiz]:.2f}"
    whole = f"{loads[US] / loads[radio]:.2f}"
    day, cores, count = data["date"][:10], data["machine"]["cores"], data["rounds"]
    asked, shown = "asked_clicked", "shown_clicked"
    return {
        "zh": (
            f"{day} 在 {cores} 核的机器上轮流测了 {count} 轮；下面都是 kefu ÷ 对方的中位数，"
            f"括号里是最小到最大，小于 1 是 kefu 占优，大于 1 是对方占优。"
            f"JupyterLab 里二十道选择题，从运行单元格到首尾两题都点得动："
            f"比 ipywidgets 的 RadioButtons 是 {ratios[radio, asked]}，"
            f"比 jupyterquiz 是 {ratios[quiz, asked]}；"
            f"从内核的第一条显示消息算起，是 {ratios[radio, shown]} 和 {ratios[quiz, shown]}。"
            f"自带的前端（gzip）比 RadioButtons 要加载的是 {small}，比 jupyterquiz 的是 {big}；"
            f"连同所依赖的小部件扩展，比 RadioButtons 是 {whole}。"
        ),
        "en": (
            f"Measured on {day} with {cores} cores, {count} rounds by turns; each figure is the "
            f"median of kefu ÷ peer, least to most in brackets: below 1 kefu is ahead, above 1 the "
            f"peer is. Twenty choice questions in JupyterLab, from running the cell until the "
            f"first and the last of them take a click: {ratios[radio, asked]} against ipywidgets' "
            f"RadioButtons, {ratios[quiz, asked]} against jupyterquiz; counted from the kernel's "
            f"first message of what to show, {ratios[radio, shown]} and {ratios[quiz, shown]}. "
            f"Bytes of its own front end, gzipped: {small} of what RadioButtons loads and {big} of "
            f"jupyterquiz's; with the widget extensions it stands on, {whole} of what RadioButtons "
            f"loads."
        ),
    }


def unsteady(data: Mapping[str, Any]) -> list[str]:
    """The peers whose rounds disagree so much with one another that no figure can be told."""
    return [
        who
        for who, one in data["ratios"].items()
        if one["asked_clicked"]["most"] > WIDEST * one["asked_clicked"]["least"]
    ]


def strangers(data: Mapping[str, Any]) -> list[str]:
    """A line for whoever tried to reach another host, which the run lets nobody do."""
    return [
        f"{who}：{count}/{data['rounds']} 轮想访问别的主机，没有放行。"
        f" · tried to reach another host in {count} of {data['rounds']} rounds; not let out."
        for who, count in data["rounds_that_asked_another_host"].items()
        if count
    ]


def _rounded(one: Spread) -> Spread:
    return Spread(*(round(value, 3) for value in one))


def _spread(data: Mapping[str, Any]) -> Spread:
    return Spread(data["median"], data["least"], data["most"])


def _sizes(sizes: Sequence[int | None]) -> list[str]:
    ours = sizes[0]
    ratios = [f"{ours / one:.2f}" if ours is not None and one else "–" for one in sizes[1:]]
    return [*("–" if one is None else f"{one:,}" for one in sizes), *ratios]
