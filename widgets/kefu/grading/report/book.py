"""The report's numbers as sheets of a workbook, and the instructor's notebook.

No sheet names a learner, nor does the notebook.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kefu.grading.report.agreement import Agreement
from kefu.grading.report.items import Item
from kefu.grading.report.whole import Report
from kefu.grading.sheets import Value
from kefu.quality.testing import Estimate
from kefu.text import TextJSON

__all__ = ["notebook", "sheets"]

Sheet = tuple[Sequence[str], list[list[Value]]]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _shares(estimate: Estimate) -> list[Value]:
    if estimate.value is None:
        return [None, None, None]
    return [_percent(one) for one in (estimate.value, estimate.low, estimate.high)]


def _plain(estimate: Estimate) -> list[Value]:
    return (
        [estimate.value, estimate.low, estimate.high] if estimate.value is not None else [None] * 3
    )


def _both(text: TextJSON) -> str:
    return f"{text['zh']} · {text['en']}"


def sheets(report: Report, agreement: Agreement | None = None) -> dict[str, Sheet]:
    """Sheet by name: headings in both languages, and rows of numbers.

    Shares are per cent; where there is no number the cell is empty.
    """
    found: dict[str, Sheet] = {"整组 set": _whole(report), "逐题 items": _items(report)}
    options = [row for item in report.items for row in _options(item)]
    pieces = [row for item in report.items for row in _pieces(item)]
    paths = [row for item in report.items for row in _paths(item)]
    head: tuple[str, ...]
    if options:
        head = ("题目 item", "选项 option", "得分 credit %", "人数 n", "份额 share %", "下限 low %",
                "上限 high %", "强组 strong %", "弱组 weak %", "相关 correlation", "下限 low",
                "上限 high")  # fmt: skip
        found["选项 options"] = (head, options)
    if pieces:
        head = ("题目 item", "内容 part", "类别 kind", "人数 n", "份额 share %", "下限 low %",
                "上限 high %", "等批改 waiting")  # fmt: skip
        found["各部分 parts"] = (head, pieces)
    if paths:
        head = ("题目 item", "走过的路 path", "人数 n", "得分 credit %", "结局 ending %")
        found["对话 paths"] = (head, paths)
    if agreement:
        found["一致 agreement"] = _agreement(agreement)
    return found


def _whole(report: Report) -> Sheet:
    alpha, scores = report.reliability, report.scores
    mean = sum(scores) / len(scores) if scores else None
    rows: list[list[Value]] = [
        ["交了的人 handed in", report.n],
        ["没有作答记录 without a journal", report.without_journal],
        ["满分 most points", report.most],
        ["平均总分 mean score", mean],
        ["信度 alpha", alpha.alpha],
        ["信度下限 alpha, low", alpha.low],
        ["信度上限 alpha, high", alpha.high],
        ["测量标准误 standard error of measurement", alpha.error],
        ["等批改的人 learners waiting for marks", report.waiting],
        ["等批改的处 marks to be given", report.waiting_parts],
    ]
    return ("项目 name", "数值 value"), rows


def _items(report: Report) -> Sheet:
    head = ("序号 no.", "题目 item", "题面 prompt", "类型 kind", "满分 points", "人数 n",
            "作答 answered", "平均得分 mean credit %", "下限 low %", "上限 high %",
            "区分度 discrimination", "下限 low", "上限 high", "空着 blank %", "读不出 unreadable",
            "旧版本 earlier version", "改过主意 changed", "用时中位秒 median s",
            "有把握 sure", "有把握却错 sure and wrong %")  # fmt: skip
    rows: list[list[Value]] = []
    for at, one in enumerate(report.items, 1):
        sure = one.sure
        rows.append(
            [
                at,
                one.ref,
                _both(one.title),
                one.asked.card["kind"],
                one.asked.most,
                one.n,
                one.answered,
                *_shares(one.facility),
                *_plain(one.discrimination),
                _percent(one.blank.value),
                one.malformed,
                one.earlier,
                one.changed,
                one.times.median if one.times else None,
                sure.sure if sure else None,
                _percent(sure.wrong_though_sure.value) if sure else None,
            ]
        )
    return head, rows


def _options(item: Item) -> list[list[Value]]:
    return [
        [
            item.ref,
            _both(one.text),
            _percent(one.credit),
            one.pick.times,
            *_shares(one.pick.share),
            _percent(one.pick.upper),
            _percent(one.pick.lower),
            *_plain(one.pick.correlation),
        ]
        for one in item.options
    ]


def _pieces(item: Item) -> list[list[Value]]:
    return [
        [item.ref, _both(one.text), one.kind, one.share.n, *_shares(one.share), one.waiting]
        for one in item.pieces
    ]


def _paths(item: Item) -> list[list[Value]]:
    paths = item.talk.paths if item.talk else ()
    return [
        [
            item.ref,
            " → ".join(map(str, one.stops)),
            one.times,
            _percent(one.credit),
            _percent(one.outcome),
        ]
        for one in paths
    ]


def _agreement(found: Agreement) -> Sheet:
    head = ("评分要点 criterion", "满分 most", "份数 texts", "给分相同 same %", "下限 low %",
            "上限 high %", "加权 kappa", "相差 difference")  # fmt: skip
    rows: list[list[Value]] = [
        [
            _both(one.text),
            one.most,
            one.same.n,
            *_shares(one.same),
            one.kappa,
            one.severity.value,
        ]
        for one in found.criteria
    ]
    return head, rows


def notebook(report: Report) -> str:
    """A notebook for JupyterLab, as text: a few calls and what they show; nothing run yet."""
    slug, title = report.set, report.title
    talks = [item.ref for item in report.items if item.talk]
    picked = [item.ref for item in report.items if item.options]
    cells = [
        _text(
            "start",
            f"# {title['zh']} · {title['en']}\n\n"
            "用 *运行 → 运行所有单元格* 算出最新的数；每次都从课程文件夹里重新读。\n\n"
            "Choose *Run → Run All Cells* for the numbers as they are now: "
            "everything is read from the course's folder again.",
        ),
        _code(
            "load",
            "from kefu.grading.report import (\n    agreement, discrimination, facility, items, "
            f'load, options, paths, scores, times,\n)\n\nr = load("{slug}")\nitems(r)',
        ),
        _text("whole", "## 整组 · The set"),
        _code("scores", "scores(r)"),
        _code("reliability", "r.reliability"),
        _text("items", "## 逐题 · Item by item"),
        _code("facility", "facility(r)"),
        _code("discrimination", "discrimination(r)"),
        _code("times", "times(r)"),
    ]
    if picked:
        cells += [
            _text("options", "## 选项 · Options"),
            _code("picked", "\n".join(f'display(options(r, "{ref}"))' for ref in picked)),
        ]
    if talks:
        cells += [
            _text("paths", "## 对话 · Conversations"),
            _code("talks", "\n".join(f'display(paths(r, "{ref}"))' for ref in talks)),
        ]
    cells += [
        _text("markers", "## 两位批改人 · Two markers"),
        _code("agreement", f'agreement("{slug}")'),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    made = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _text(cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def _code(cell_id: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": cell_id,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
