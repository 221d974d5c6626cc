"""Law. Raters' plots: who differs where, who agrees with whom, who is strict, who drifts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from kefu.errors import KefuError
from kefu.plots.agreement import disagreement, raters, severity
from kefu.plots.house import Plot
from kefu.quality import raters as quality
from kefu.text import Lang, Text

NAN = float("nan")
LEVELS = [Text("达标", "met"), Text("部分达标", "partly met"), Text("未达标", "not met")]
LONG = [Text(f"第 {i} 档的说明比较长", f"level {i} with a longish name") for i in range(1, 7)]
NAMES = [
    Text("王芳", "Wang Fang"), Text("李强", "Li Qiang"), Text("张伟", "Zhang Wei"),
    Text("刘洋", "Liu Yang"), Text("陈静", "Chen Jing"), Text("赵敏", "Zhao Min"),
    Text("欧阳建国", "Ouyang Jianguo"), Text("外包质检组第三组", "Outsourced team three"),
]  # fmt: skip
TABLE = [[52, 6, 1], [3, 20, 2], [1, 5, 10]]
KAPPAS = [[1, 0.82, 0.64, NAN], [0.82, 1, 0.31, 0.7], [0.64, 0.31, 1, -0.05], [NAN, 0.7, -0.05, 1]]
WEEKS = np.array([
    [0.1, -0.2, 0.0, 0.1], [0.0, -0.1, -0.1, 0.2], [0.1, -0.2, -0.3, NAN], [0.2, -0.1, -0.5, 0.3],
    [0.1, -0.2, -0.6, 0.3], [0.2, -0.1, -0.9, 0.4],
])  # fmt: skip
MANY = np.abs(np.sin(np.add.outer(np.arange(8.0), np.arange(8.0)) ** 2))

Draw = Callable[[Lang], Plot]

KEPT: dict[str, Draw] = {
    "disagreement": lambda lang: disagreement(
        TABLE, LEVELS, lang=lang, one=NAMES[0], other=NAMES[1]
    ),
    "raters": lambda lang: raters(KAPPAS, NAMES[:4], lang=lang),
    "severity": lambda lang: severity([-1.2, 0.3, 0.1, 0.8], NAMES[:4], lang=lang),
    "severity-by-week": lambda lang: severity(WEEKS, NAMES[:4], lang=lang),
}
EXTREME: dict[str, Draw] = {
    "all-agree": lambda lang: disagreement([[40, 0], [0, 5]], ["是", "否"], lang=lang),
    "nothing-scored": lambda lang: disagreement(np.zeros((3, 3)), LEVELS, lang=lang),
    "one-level": lambda lang: disagreement([[7]], LEVELS[:1], lang=lang),
    "six-long-levels": lambda lang: disagreement(
        np.arange(36).reshape(6, 6) * 31, LONG, lang=lang, one=NAMES[7], other=NAMES[6]
    ),
    "eight-raters": lambda lang: raters(MANY, NAMES, lang=lang),
    "two-raters": lambda lang: raters([[1, 0.4], [0.4, 1]], NAMES[6:], lang=lang),
    "no-kappa": lambda lang: raters([[1, NAN], [NAN, 1]], NAMES[:2], lang=lang),
    "all-alike": lambda lang: severity([0, 0], NAMES[:2], lang=lang),
    "one-missing": lambda lang: severity([-1.2, 0.3, 0.1, 0.8, 0, 0, NAN, 0.02], NAMES, lang=lang),
    "eight-by-week": lambda lang: severity(np.cumsum(MANY - 0.6, axis=0), NAMES, lang=lang),
    "one-week": lambda lang: severity([[0.0, 0.0]], NAMES[:2], lang=lang),
    "nobody-scored": lambda lang: severity([[NAN, NAN]], NAMES[:2], lang=lang),
}


def test_the_commonest_disagreement_is_named() -> None:
    """The title says how many agree and where the two part most often."""
    title = KEPT["disagreement"]("zh").title
    assert "82 通（82\N{NO-BREAK SPACE}%）" in title.replace("\N{NO-BREAK SPACE}通", " 通")
    assert "王芳判“达标”，李强判“部分达标”" in title


def test_severity_is_told_from_scores() -> None:
    """What quality finds in scores is drawn: the strict one and the mild one by name."""
    found = quality.severity([[3.0, 5.0], [4.0, 5.0], [2.0, 4.0]])
    title = severity(found, ["甲", "乙"], lang="zh").title
    assert title.startswith("甲最严")
    assert "乙最松" in title


def test_the_drifting_rater_is_named() -> None:
    """By week, the title names the one who moved most, and which way."""
    assert KEPT["severity-by-week"]("en").title.startswith("Zhang Wei became stricter")


@pytest.mark.parametrize("draw", [
    lambda: disagreement([[1, 2]], LEVELS[:1], lang="zh"),
    lambda: disagreement([[1.5]], LEVELS[:1], lang="zh"),
    lambda: disagreement([[-1]], LEVELS[:1], lang="zh"),
    lambda: disagreement(TABLE, LEVELS[:2], lang="zh"),
    lambda: disagreement([], [], lang="zh"),
    lambda: raters([[1]], NAMES[:1], lang="zh"),
    lambda: raters([[1, 2], [2, 1]], NAMES[:2], lang="zh"),
    lambda: severity([[[0.0]]], NAMES[:1], lang="zh"),
    lambda: severity([0.0, float("inf")], NAMES[:2], lang="zh"),
    lambda: severity(WEEKS, NAMES[:4], lang="zh", weeks=["1"]),
])  # fmt: skip
def test_raters_plots_refuse_what_cannot_be(draw: Callable[[], Plot]) -> None:
    """No square, no whole count, names that do not fit, kappa above 1: refused."""
    with pytest.raises(KefuError):
        draw()
