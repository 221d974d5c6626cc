"""Makes docs/plots.md and its pictures: every plot of the golden tests, in both languages.

    python -m tests.plots.gallery [folder]

What is shown is what is proven; the same numbers give the same pictures.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from io import BytesIO
from pathlib import Path

from PIL import Image

from kefu.plots.house import Plot
from kefu.text import LANGS, Lang, Text

__all__ = ["Draw", "extremes", "main", "plots"]

DOCS = Path(__file__).resolve().parents[2] / "docs"
DPI, COLOURS = 110, 64
ABOUT: Mapping[str, Text] = {
    "charts": Text("控制图 · 判异的代价", "Control charts, and the price of rules"),
    "shares": Text("比例、等待、抽多少、改进前后", "Shares, waits, sample size, before and after"),
    "hours": Text("一天和一周、排班、铃声、抽样验收", "Day and week, staffing, rings, acceptance"),
    "agreement": Text("评分人合不合得上", "Whether raters agree"),
    "satisfaction": Text("满意度", "Satisfaction"),
    "complaints": Text("投诉和钱", "Complaints and money"),
    "causes": Text("原因、体系自评", "Causes, and a look at one's own system"),
}
HEAD = """\
# 图册 · The plots

由 `make gallery` 生成，请勿手改。数据都是编的；每张图下面是念给看不见图的人听的话。

Made by `make gallery`; do not edit. All data are made up.
Under each picture stands what a listener is told.
"""


Draw = Callable[[Lang], Plot]


def plots() -> dict[str, dict[str, Draw]]:
    """What is drawn, by subject and name."""
    return {one: import_module(f"tests.plots.test_plots_{one}").KEPT for one in ABOUT}


def extremes() -> dict[str, dict[str, Draw]]:
    """What is drawn of data that are too few, too many or too alike."""
    return {one: import_module(f"tests.plots.test_plots_{one}").EXTREME for one in ABOUT}


def main(folder: Path = DOCS) -> None:
    """Writes `plots.md` and `images/plots/*.png` below a folder, and takes away what is gone."""
    pictures = folder / "images" / "plots"
    pictures.mkdir(parents=True, exist_ok=True)
    page, made = [HEAD], set()
    for subject, drawn in plots().items():
        page.append(f"## {ABOUT[subject].zh} · {ABOUT[subject].en}\n")
        for name, draw in drawn.items():
            for lang in LANGS:
                plot = draw(lang)
                file = pictures / f"{subject}-{name}.{lang}.png"
                picture = Image.open(BytesIO(plot.png(DPI))).convert("RGB").quantize(COLOURS)
                picture.save(file, optimize=True)
                made.add(file)
                alt = " ".join(plot.alt.split())
                shown = f'<img src="images/plots/{file.name}" width="440" alt="">'
                page.append(f"{shown}\n\n{alt}\n")
    for file in set(pictures.glob("*.png")) - made:
        file.unlink()
    (folder / "plots.md").write_text("\n".join(page), "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
