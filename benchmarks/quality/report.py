"""What was measured as a result, tables, and the words for the READMEs; nothing is run here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from benchmarks.columns import aligned
from benchmarks.quality.case import Case
from benchmarks.quality.rounds import PATIENCE, wide
from benchmarks.spread import Spread, ratio

__all__ = ["NAME", "page", "result", "sentence", "table", "unsteady"]

NAME = "bench-quality"
"""The make target, and the marks in the READMEs."""
_SIDES = {"ours": "kefu", "theirs": "oracle"}


def result(
    found: Mapping[str, Mapping[str, Any]], cases: Iterable[Case], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything as JSON.

    `cases` holds by name the `oracle`, what a `row` is, and by number of rows either the seconds
    of each round (`ours`, `theirs`) and their `ratio`, oracle ÷ kefu of the same round (median,
    least, most), or who was `left_out`, with about how many `seconds` it would have taken.

    Args:
        found: name → what `rounds.play` gave.
        cases: those that were played.
        about: date, machine, versions.

    Raises:
        ValueError: nothing was measured, or a time cannot be.
    """
    told = {}
    for case in cases:
        if case.name not in found:
            continue
        sizes: dict[str, Any] = {}
        for rows, one in found[case.name].items():
            if "left_out" in one:
                sizes[rows] = dict(one)
                continue
            each = ratio(one["theirs"], one["ours"])
            rounded = {name: float(f"{value:.4g}") for name, value in each._asdict().items()}
            sizes[rows] = {**one, "ratio": rounded}
        told[case.name] = {
            "oracle": case.oracle,
            "row": {"zh": case.row.zh, "en": case.row.en},
            "sizes": sizes,
        }
    data = {**about, "cases": told}
    if not _lasted(data):
        raise ValueError("nothing was measured")
    return data


def table(data: Mapping[str, Any]) -> str:
    """The result for a terminal: ratios with least and most, and kefu's own time."""
    sizes = _sizes(data)
    rows = [["", "oracle", *(f"{size:,}" for size in sizes), "kefu"]]
    for name, told in data["cases"].items():
        cells = []
        for size in sizes:
            one = told["sizes"].get(str(size))
            if one is None or "ratio" not in one:
                cells.append(_left_out(one))
            else:
                spread = Spread(**one["ratio"])
                cells.append(spread.say(1 if spread.median >= 10 else 2))
        rows.append([name, told["oracle"], *cells, _own(told)])
    return aligned(rows)


def page(data: Mapping[str, Any]) -> str:
    """The result as Markdown, for a page in both languages."""
    sizes = _sizes(data)
    lines = [
        "| 函数 · function | 参照 · oracle | 一行 · a row | "
        + " | ".join(_power(size) for size in sizes)
        + " | kefu |",
        "|---|---|---|" + "---:|" * (len(sizes) + 1),
    ]
    for name, told in data["cases"].items():
        cells = []
        for size in sizes:
            one = told["sizes"].get(str(size))
            measured = one is not None and "ratio" in one
            cells.append(_short(one["ratio"]["median"]) if measured else _left_out(one))
        row = f"{told['row']['zh']} · {told['row']['en']}"
        cells = [f"`{name}`", told["oracle"], row, *cells, _own(told)]
        lines.append("| " + " | ".join(cells) + " |")
    where = data["machine"]
    versions = "，".join(f"{name} {number}" for name, number in data["versions"].items())
    lines += ["", f"{data['date'][:10]}，{where['cpu']}，{where['cores']} 核；{versions}。"]
    return "\n".join(lines)


def sentence(data: Mapping[str, Any]) -> dict[str, str]:
    """What the README of each language says: how many are faster, how many slower, the extremes.

    Of each comparison the largest number of rows counts that both sides lasted.
    """
    last = _lasted(data)
    ratios = {
        name: data["cases"][name]["sizes"][rows]["ratio"]["median"] for name, rows in last.items()
    }
    most = max(map(int, last.values()))
    whole = sum(int(rows) == most for rows in last.values())
    faster = sum(each >= 1 for each in ratios.values())
    slower = {name: each for name, each in ratios.items() if each < 1}
    best, worst = max(ratios, key=ratios.__getitem__), min(ratios, key=ratios.__getitem__)
    middle = _short(median(ratios.values()))
    who = Counter(
        told["sizes"][str(most)]["left_out"]
        for told in data["cases"].values()
        if "left_out" in told["sizes"].get(str(most), {})
    )
    day, cores, n = data["date"][:10], data["machine"]["cores"], len(ratios)
    functions = len({name.split(",")[0] for name in ratios})

    def named(name: str) -> tuple[str, str, str]:
        return name.split(",")[0], data["cases"][name]["oracle"], _short(ratios[name])

    top, low = named(best), named(worst)
    zh = [
        f"{day} 在 {cores} 核的机器上同场测得：`kefu.quality` 的 {functions} 个函数各和一个参照"
        f"算同样的数据，答案先核对一致，再轮流计时；倍数是参照的用时 ÷ kefu 的，大于 1 是 kefu 快。"
        f"各取双方都撑得住的最多行数（{n} 项里 {whole} 项是 {most:,} 行）："
        f"{faster} 项不比参照慢，中位数 {middle} 倍，"
        f"最快的是 `{top[0]}`（{top[1]} 的 {top[2]} 倍）",
    ]
    en = [
        f"Measured side by side on {day} with {cores} cores: {functions} functions of "
        f"`kefu.quality`, each on the same data as an oracle, answers compared before times; a "
        f"factor is the oracle's time ÷ kefu's, above 1 where kefu is faster. At the most rows "
        f"that both last ({most:,} in {whole} of {n} comparisons) kefu is no slower in {faster}; "
        f"the median is {middle}, the best `{top[0]}` ({top[2]} against {top[1]})",
    ]
    if slower:
        zh.append(f"；{len(slower)} 项更慢，最慢的是 `{low[0]}`（{low[1]} 的 {low[2]} 倍）")
        en.append(
            f"; it is slower in {len(slower)}, most of all `{low[0]}` ({low[2]} against {low[1]})"
        )
    zh.append("。")
    en.append(".")
    if who["theirs"]:
        zh.append(f"{who['theirs']} 项的参照在 {PATIENCE:.0f} 秒内算不完 {most:,} 行，没有比。")
        en.append(
            f" In {who['theirs']} the oracle would need more than {PATIENCE:.0f} s for "
            f"{most:,} rows and was left out there."
        )
    if who["ours"]:
        zh.append(f"{who['ours']} 项是 kefu 自己算不完。")
        en.append(f" In {who['ours']} it is kefu that would.")
    zh.append("每一项见 [benchmarks](benchmarks/README.md#make-bench-quality)。")
    en.append(" All of them: [benchmarks](benchmarks/README.md#make-bench-quality-1).")
    return {"zh": "".join(zh), "en": "".join(en)}


def unsteady(data: Mapping[str, Any]) -> list[str]:
    """The pairs whose rounds disagree so much with one another that no figure can be told."""
    return [
        f"{name}, {rows}"
        for name, told in data["cases"].items()
        for rows, one in told["sizes"].items()
        if "ratio" in one and wide(one["ours"], one["theirs"])
    ]


def _sizes(data: Mapping[str, Any]) -> list[int]:
    return sorted({int(rows) for told in data["cases"].values() for rows in told["sizes"]})


def _last(told: Mapping[str, Any]) -> str | None:
    """The most rows that were measured."""
    there = [rows for rows, one in told["sizes"].items() if "ratio" in one]
    return max(there, key=int) if there else None


def _lasted(data: Mapping[str, Any]) -> dict[str, str]:
    """Name → the most rows that were measured, of every comparison that was."""
    last = {name: _last(told) for name, told in data["cases"].items()}
    return {name: rows for name, rows in last.items() if rows}


def _left_out(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return "–"
    who = _SIDES[one["left_out"]]
    return f"{who}: MemoryError" if one.get("memory") else f"{who} ~{one['seconds']:,} s"


def _own(told: Mapping[str, Any]) -> str:
    """kefu's time at the most rows that were measured."""
    rows = _last(told)
    if not rows:
        return "–"
    ms = 1000 * median(told["sizes"][rows]["ours"])
    return f"{ms:,.0f} ms" if ms >= 10 else f"{ms:.2g} ms"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _power(size: int) -> str:
    digits = len(str(size)) - 1
    return (
        f"10{''.join('⁰¹²³⁴⁵⁶⁷⁸⁹'[int(d)] for d in str(digits))}"
        if size == 10**digits
        else f"{size:,}"
    )
