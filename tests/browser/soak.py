"""What `make soak` looked at, written down as a page of the documentation."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from tests.browser import laws

__all__ = ["Soak"]

_HOSTS = {
    "stage": (
        "单独的页面",
        "a bare page",
        "下面列的全部",
        "all that is named below",
    ),
    "lab": (
        "JupyterLab",
        "JupyterLab",
        "练习和计分题，答前答后：axe、目标大小、语言标记、不只靠颜色",
        "practice and graded, before and after: axe, targets, languages, colour",
    ),
    "floor": (
        "一线页面",
        "the floor page",
        "整页，答前、断网、答后、小结：axe、宽度、目标大小、语言标记、不只靠颜色",
        "the whole page, before, offline, after, summary: axe, width, targets, languages, colour",
    ),
    "voila": (
        "Voila 自带模板",
        "stock Voila",
        "答前答后：axe、目标大小、语言标记、不只靠颜色；作答并保存；题目自己不连别的主机",
        "before and after: axe, targets, languages, colour; answering and saving; "
        "no request of ours to another host",
    ),
}


class Soak:
    """Counts of what was looked at, by host."""

    def __init__(self) -> None:
        self.looked: Counter[tuple[str, str]] = Counter()
        self.found: list[str] = []

    def __call__(
        self,
        host: str,
        name: str,
        state: str,
        lang: str,
        theme: str,
        width: int,
        found: list[str],
    ) -> None:
        """One scene was looked at, and this was found."""
        self.looked[host, name] += 1
        self.found += [f"{host} {name} {state} {lang} {theme} {width}: {one}" for one in found]

    def write(self, path: Path, browser: str, seconds: float) -> None:
        """Write the page, Chinese first."""
        hosts = [host for host in _HOSTS if any(h == host for h, _ in self.looked)]
        names = sorted({name for _, name in self.looked})
        day = dt.date.today().isoformat()
        about = (
            f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核；"
            f"Python {platform.python_version()}，Chromium {browser}，"
            f"Playwright {version('playwright')}，axe-core {laws.axe_version()}"
        )
        total = sum(self.looked.values())
        lines = [
            "# 全面检查 · Soak",
            "",
            "<!-- 由 make soak 写成 / written by make soak -->",
            "",
            f"{day}，`make soak` 看过 {total} 个画面：每种题的每个状态，"
            f"两种语言，明暗两种主题；单独的页面有 320、390、1280 三种宽度。"
            f"查出问题 {len(self.found)} 处。",
            "",
            f"机器：{about}。用时 {seconds / 60:.0f} 分钟。",
            "",
            f"On {day}, `make soak` looked at {total} scenes: every state of every kind, in both "
            f"languages, light and dark; the bare page at widths of 320, 390 and 1280. Findings: "
            f"{len(self.found)}.",
            "",
            "Machine: "
            + about.replace("，", ", ").replace("；", "; ").replace(" 核", " cores")
            + f". It took {seconds / 60:.0f} minutes.",
            "",
            "| 题型 / kind | " + " | ".join(" / ".join(_HOSTS[h][:2]) for h in hosts) + " |",
            "|---|" + "---:|" * len(hosts),
        ]
        lines += [
            f"| {name} | " + " | ".join(str(self.looked[host, name]) for host in hosts) + " |"
            for name in names
        ]
        lines += ["", "查了什么 / What was looked for:", ""]
        lines += [f"- {_HOSTS[h][0]}：{_HOSTS[h][2]}" for h in hosts]
        lines += ["", *(f"- {_HOSTS[h][1]}: {_HOSTS[h][3]}" for h in hosts), ""]
        lines += [
            "单独的页面上的全部：axe 的默认规则（含最佳做法）和另外六条；"
            "不横向滚动；文字放大到 200% 不丢字、不重叠；"
            "目标不小于 44 像素；焦点处处看得见；文字都标了语言；不只靠颜色；"
            "减少动态时什么都不动。",
            "",
            "All of them, on a bare page: axe by its default rules, best practice among them, and "
            "six more; no sideways scroll; text at 200 % "
            "without loss or overlap; targets of at least 44 px; a focus that can be seen at every "
            "stop; a language on every text; nothing by colour alone; no motion where less is "
            "asked for.",
            "",
        ]
        if self.found:
            lines += ["## Findings", "", *(f"- `{one}`" for one in self.found), ""]
        path.write_text("\n".join(lines), "utf-8")
