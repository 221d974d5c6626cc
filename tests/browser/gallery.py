"""Makes docs/gallery.md and its pictures: every kind, before and after its verdict.

    python -m tests.browser.gallery [folder]

The pictures are those of the scenes that the browser tests look at, so that what is shown is what
is proven. The same content gives the same pictures on the same machine: no clock and no chance is
in them.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from kefu.text import LANGS, Lang, Text
from tests.browser import hands, laws, scenes
from tests.browser.conftest import DESKTOP, PHONE, launch
from tests.browser.scenes import Scene
from tests.browser.stage import Stage

__all__ = ["main"]

_KINDS = {
    "choice": Text("单选：理由在每个选项里打开", "choice: the reason opens inside each option"),
    "choices": Text("多选：该选没选，也说清楚", "choices: what was missed is said as well"),
    "order": Text("排序：拖、按钮、方向键都行", "order: drag, buttons or arrow keys"),
    "match": Text("归类：几个格子，一条一条放", "match, with bins: each line goes into one"),
    "pairs": Text("配对：在自己那一行里选", "match, in pairs: each row opens its own list"),
    "number": Text("数字：数据在上面，单位在旁边", "number: the data above, the unit beside"),
    "rewrite": Text(
        "改写：关键说法自动看，其余对照参考",
        "rewrite: phrases are found, the rest is compared with a model",
    ),
    "dialogue": Text(
        "对话：一句一句选，客户的火气和信任跟着变",
        "dialogue: line by line, while the customer’s anger and trust move",
    ),
    "review": Text("评通话：对着记录，照表打分", "review: a call, scored on a card of behaviours"),
    "selfcheck": Text(
        "自检：只给自己看，画成一张图", "selfcheck: for nobody else, and drawn as a picture"
    ),
}
_BEFORE = {"pairs": "halfway", "dialogue": "halfway", "number": "beside", "review": "unanswered"}
_AFTER = {"number": "right", "selfcheck": "answered"}
_DARK = ("choice", "dialogue", "selfcheck")
_MOST_HIGH = {390: 1150, 1280: 900}
"""Longer pictures are cut here, in px: the page is as long as the question, a picture need not."""
_END = ("dialogue", "review", "rewrite", "selfcheck")
"""Of these the end is shown once they are answered: the plot, the picture, the sum."""
_STATES = {
    "unanswered": Text("作答前", "before"),
    "beside": Text("看了提示", "hints open"),
    "halfway": Text("答到一半", "halfway"),
    "partly": Text("答完", "after"),
    "right": Text("答完", "after"),
    "answered": Text("答完", "after"),
}


@dataclass(frozen=True)
class Shot:
    """One picture."""

    scene: Scene
    width: int
    theme: str = "light"

    @property
    def file(self) -> str:
        """Its name."""
        parts = (self.scene.name, self.scene.state, self.scene.lang, str(self.width))
        return "-".join([*parts, *(["dark"] if self.theme == "dark" else [])]) + ".webp"

    @property
    def end(self) -> bool:
        """Whether its last part is shown, not its first."""
        return self.scene.name in _END and self.scene.state == states(self.scene.name)[1]

    def title(self, lang: Lang) -> str:
        """What is seen."""
        kind = _KINDS[self.scene.name][lang]
        state = _STATES[self.scene.state][lang]
        dark = {"zh": "，暗色", "en": ", dark"}[lang] if self.theme == "dark" else ""
        joined = {"zh": f"{kind}（{state}{dark}）", "en": f"{kind} ({state}{dark})"}
        return joined[lang]


def shots() -> Iterator[Shot]:
    """All pictures, in the order of the page."""
    for name in _KINDS:
        for state in states(name):
            for lang in LANGS:
                yield Shot(Scene(name, state, lang), 390)
                yield Shot(Scene(name, state, lang), 1280)
        if name in _DARK:
            yield Shot(Scene(name, states(name)[1], "zh"), 390, "dark")


def states(name: str) -> tuple[str, str]:
    """Before and after."""
    return _BEFORE.get(name, "unanswered"), _AFTER.get(name, "partly")


def take(browser: Browser, shot: Shot) -> Image.Image:
    """A picture of the page, all of its height up to a limit, at one pixel a px."""
    profile: dict[str, Any] = {**(DESKTOP if shot.width > 700 else PHONE)}
    profile |= {"device_scale_factor": 1, "reduced_motion": "reduce", "color_scheme": shot.theme}
    context = browser.new_context(**profile)
    with tempfile.TemporaryDirectory() as name:
        page, folder = context.new_page(), Path(name)
        stage = Stage(page, scenes.player(shot.scene, folder))
        hand = hands.MOUSE if shot.width > 700 else hands.TOUCH
        scenes.reach_state(stage, shot.scene, folder, hand)
        whole = page.evaluate("document.documentElement.scrollHeight")
        high = min(whole, _MOST_HIGH[shot.width])
        # As high as the picture, so that nothing that sticks to the screen stands in the middle.
        page.set_viewport_size({"width": shot.width, "height": high})
        page.evaluate("""() => {
            const paper = getComputedStyle(document.querySelector(".kefu")).backgroundColor;
            document.body.style.background = paper;
            document.activeElement.blur();
        }""")
        page.mouse.move(0, 0)
        page.evaluate("(end) => scrollTo(0, end ? document.body.scrollHeight : 0)", shot.end)
        laws.settle(page)
        made = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    context.close()
    if shot.width > 700:  # the margins left and right are only paper
        side = 230 if shot.scene.name != "review" else 0
        made = made.crop((side, 0, made.width - side, made.height))
    return made


def page_of(taken: list[Shot]) -> str:
    """The page, first in Chinese and then in English."""
    lines = [
        "# 题型画廊 · Gallery",
        "",
        "<!-- 由 make gallery 写成 / written by make gallery -->",
        "",
        "[中文](#中文) · [English](#english)",
        "",
    ]
    intro: dict[Lang, list[str]] = {
        "zh": [
            "## 中文",
            "",
            "九种题各是什么样子：手机（390 像素）和桌面（1280 像素），作答前和答完之后，"
            "都是真题、真的播放器。太长的只截一段：一般是开头；"
            "对话、评通话、改写和自检答完后是结尾。"
            "英文界面见[下半页](#english)。重做：`make gallery`。",
        ],
        "en": [
            "## English",
            "",
            "What each of the nine kinds looks like, on a phone (390 px) and on a desktop "
            "(1280 px), before and after the answer: real questions in the real player. Of long "
            "ones only a part is shown: the beginning, or for answered dialogues, reviews, "
            "rewrites and self-checks the end. Made anew by `make gallery`.",
        ],
    }
    for lang in LANGS:
        lines += [*intro[lang], ""]
        for name, kind in _KINDS.items():
            lines += [f"### {kind[lang]}", "", '<p align="left">']
            for shot in taken:
                if (shot.scene.name, shot.scene.lang) == (name, lang) or (
                    shot.theme == "dark" and lang == "en" and shot.scene.name == name
                ):
                    wide = 240 if shot.width < 700 else 460
                    px = {"zh": f"，{shot.width} 像素", "en": f", {shot.width} px"}[lang]
                    lines.append(
                        f'<img src="images/gallery/{shot.file}" width="{wide}" '
                        f'alt="{shot.title(lang)}{px}">'
                    )
            lines += ["</p>", ""]
    return "\n".join(lines)


def main(docs: Path) -> None:
    """Make the page and its pictures below a folder; what was there of them is gone."""
    folder = docs / "images" / "gallery"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    taken = list(shots())
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for shot in taken:
            take(browser, shot).save(folder / shot.file, "WEBP", quality=55, method=6)
        browser.close()
    (docs / "gallery.md").write_text(page_of(taken), "utf-8")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{docs / 'gallery.md'}: {len(taken)} × webp, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
