"""What was measured as a result, a table, and the sentence for the READMEs; nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.columns import aligned
from benchmarks.grading.clock import Cost
from benchmarks.spread import Spread, ratio

__all__ = ["NAME", "PAIRS", "WIDEST", "Played", "result", "sentence", "table", "unsteady"]

NAME = "bench-grading"
"""The make target, and the marks in the READMEs."""
WIDEST = 3.0
"""How many times the least ratio of a pair at a size the most may be."""
PAIRS = (
    ("stock", "kefu"),
    ("stock-imports", "kefu"),
    ("stock-2", "kefu-2"),
    ("otter", "kefu"),
    ("kefu", "floor"),
)
"""Whose cost is divided by whose; both have as many workers."""
LEAST = 1e-5
"""Seconds; where a further submission seems to cost no more, the classes were too small to tell."""
MEASURES = {"cpu": "CPU", "wall": "用时 · wall"}


@dataclass(frozen=True, slots=True)
class Played:
    """One run: who graded how many of which set in which round, and what it took."""

    set: str
    who: str
    size: int
    round: int
    cost: Cost


def result(played: Sequence[Played], about: Mapping[str, Any]) -> dict[str, Any]:
    """Everything as JSON.

    Per set, `runs` holds by contestant and size the seconds (`wall`, `cpu`) and the MiB (`memory`)
    of each round; `ratios` by pair and size the ratios of the same round; `further` by contestant
    the seconds for each further submission, from its smallest class to its largest; `growth` how
    many times the step to the largest class costs what the step before it did, per submission: 1 is
    linear.

    Args:
        played: all runs.
        about: date, machine, versions, what the sets hold.

    Raises:
        ValueError: a pair did not play the same rounds, or a time cannot be.
    """
    sets = {}
    for slug in dict.fromkeys(one.set for one in played):
        runs = _runs([one for one in played if one.set == slug])
        sets[slug] = {
            "runs": runs,
            "ratios": {
                f"{theirs} / {ours}": {
                    size: {
                        name: _rounded(ratio(runs[theirs][size][name], runs[ours][size][name]))
                        for name in MEASURES
                    }
                    for size in runs[theirs]
                    if size in runs[ours]
                }
                for theirs, ours in PAIRS
                if theirs in runs and ours in runs
            },
            "further": {
                who: {name: _step(sizes, name, 0, -1) for name in MEASURES}
                for who, sizes in runs.items()
                if len(sizes) > 1
            },
            "growth": {
                who: {
                    name: round(_step(sizes, name, -2, -1) / _step(sizes, name, -3, -2), 2)
                    for name in MEASURES
                }
                for who, sizes in runs.items()
                if len(sizes) > 2
            },
        }
    return {**about, "sets": sets}


def table(data: Mapping[str, Any]) -> str:
    """The result for a terminal: for each set what it took a submission, then the ratios."""
    parts = []
    for slug, told in data["sets"].items():
        runs = told["runs"]
        sizes = sorted({int(size) for mine in runs.values() for size in mine})
        rows = [[slug, *(f"{size:,}" for size in sizes), "+1"]]
        for name, label in MEASURES.items():
            for who, mine in runs.items():
                cells = [_each(mine, size, name) for size in sizes]
                more = told["further"].get(who)
                rows.append([f"{label}, s/份 · each: {who}", *cells,
                             f"{more[name]:.4f}" if more else "–"])  # fmt: skip
        for who, mine in runs.items():
            held = [f"{max(mine[str(s)]['memory']):.0f}" if str(s) in mine else "–" for s in sizes]
            rows.append([f"内存 · memory, MiB: {who}", *held, ""])
        for name, label in MEASURES.items():
            for pair, by_size in told["ratios"].items():
                cells = [
                    Spread(**by_size[str(s)][name]).say(1) if str(s) in by_size else "–"
                    for s in sizes
                ]
                theirs, ours = (told["further"].get(who) for who in pair.split(" / "))
                told_of = theirs and ours and min(theirs[name], ours[name]) > LEAST
                more = f"{theirs[name] / ours[name]:.1f}" if told_of else "–"
                rows.append([f"{label}: {pair}", *cells, more])
        for who, growth in told["growth"].items():
            rows.append([f"增长 · growth: {who}", *[""] * len(sizes), f"{growth['cpu']:.2f}"])
        parts.append(aligned(rows))
    return "\n\n".join(parts)


def sentence(data: Mapping[str, Any], plain: str, code: str) -> dict[str, str]:
    """What the README of each language says.

    Args:
        data: the result.
        plain: the set without code.
        code: the one with code.
    """
    (p, c) = (data["sets"][slug] for slug in (plain, code))
    most = max(map(int, c["runs"]["kefu-2"]))
    shared = max(map(int, p["runs"]["stock"]))
    day, cores = data["date"][:10], data["machine"]["cores"]
    seconds = [f"{median(one['runs']['kefu-2'][str(most)]['wall']):.0f}" for one in (p, c)]
    small = str(min(map(int, p["ratios"]["stock / kefu"])))

    def at(told: Mapping[str, Any], pair: str, size: str | int) -> str:
        one = Spread(**told["ratios"][pair][str(size)]["cpu"])
        return one.say(1) if one.least != one.most else f"{one.median:.1f}"

    def more(told: Mapping[str, Any], pair: str) -> str:
        theirs, ours = (told["further"][who]["cpu"] for who in pair.split(" / "))
        return f"{theirs / ours:.1f}"

    loop = f"{p['further']['kefu']['cpu'] / p['further']['floor']['cpu']:.1f}"
    return {
        "zh": (
            f"{day} 在 {cores} 核的机器上同场测得；倍数是对方的 CPU 时间 ÷ kefu 的，"
            f"括号里是最小到最大，大于 1 是 kefu 省。"
            f"`kefu grade` 用两个进程批改 {most:,} 份交卷：不写代码的作业 {seconds[0]} 秒，"
            f"写代码的（每份都在沙箱里运行）{seconds[1]} 秒。"
            f"不写代码，每多一份（同类只批了 {small} 份和 {shared} 份，由此算出），"
            f"`nbgrader autograde` 是 {more(p, 'stock / kefu')} 倍，"
            f"otter-grader 是 {more(p, 'otter / kefu')} 倍；"
            f"一次只批 {small} 份，连启动在内，是 {at(p, 'stock / kefu', small)} 倍和 "
            f"{at(p, 'otter / kefu', small)} 倍；批 {shared} 份是 {at(p, 'stock / kefu', shared)} "
            f"倍和 {at(p, 'otter / kefu', shared)} 倍。"
            f"写代码，每多一份是 {more(c, 'stock / kefu')} 倍和 {more(c, 'otter / kefu')} 倍，"
            f"而它们不隔离。"
            f"只读答案、只判分的空循环，每份用 kefu 的 1/{loop}。"
        ),
        "en": (
            f"Measured side by side on {day} with {cores} cores; a factor is the peer's CPU time ÷ "
            f"kefu's, least to most in brackets, above 1 where kefu needs less. With two workers "
            f"`kefu grade` takes {seconds[0]} s for {most:,} submissions of a set without code and "
            f"{seconds[1]} s for one with code, each run in a sandbox. Without code, each further "
            f"submission (the peers' worked out from {small} and {shared} alone) costs "
            f"`nbgrader autograde` {more(p, 'stock / kefu')} times as much and "
            f"otter-grader {more(p, 'otter / kefu')} times; a class of only {small}, starting up "
            f"included, {at(p, 'stock / kefu', small)} and {at(p, 'otter / kefu', small)}; one of "
            f"{shared}, {at(p, 'stock / kefu', shared)} and {at(p, 'otter / kefu', shared)}. With "
            f"code each further submission costs them {more(c, 'stock / kefu')} and "
            f"{more(c, 'otter / kefu')} times as much, without a sandbox. A bare loop that only "
            f"reads and judges needs 1/{loop} of what kefu does."
        ),
    }


def unsteady(data: Mapping[str, Any]) -> list[str]:
    """The pairs whose rounds disagree so much with one another that no figure can be told."""
    return [
        f"{slug}, {pair}, {size}"
        for slug, told in data["sets"].items()
        for pair, by_size in told["ratios"].items()
        for size, one in by_size.items()
        if one["cpu"]["most"] > WIDEST * one["cpu"]["least"]
    ]


def _runs(played: Sequence[Played]) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Contestant → size → measure → what each round took, in the order of the rounds."""
    runs: dict[str, dict[str, dict[str, list[float]]]] = {}
    for one in sorted(played, key=lambda one: (one.size, one.round)):
        mine = runs.setdefault(one.who, {}).setdefault(
            str(one.size), {"wall": [], "cpu": [], "memory": []}
        )
        for name, values in mine.items():
            values.append(getattr(one.cost, name))
    return runs


def _each(mine: Mapping[str, Any], size: int, name: str) -> str:
    """The median for each submission."""
    return f"{median(mine[str(size)][name]) / size:.4f}" if str(size) in mine else "–"


def _step(sizes: Mapping[str, Any], name: str, start: int, end: int) -> float:
    """Seconds for each submission that one class has more than another.

    A class that takes less than a smaller one tells nothing; the least that can be told is told.
    """
    names = sorted(sizes, key=int)
    less, more = names[start], names[end]
    took = float(median(sizes[more][name]) - median(sizes[less][name]))
    return max(round(took / (int(more) - int(less)), 5), LEAST)


def _rounded(one: Spread) -> dict[str, float]:
    return {name: round(value, 3) for name, value in one._asdict().items()}
