"""Causes: a fishbone to look for them, a chain of whys to the root, a radar of the whole system."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from kefu.plots._parts import LINE, SMALL, Name, high, named, on, said
from kefu.plots._radar import SYSTEM, radar
from kefu.plots.house import (
    ACCENT,
    BAD,
    INK,
    PAPER,
    SOFT,
    TINT,
    WIDE,
    Plot,
    canvas,
    finish,
    wrap,
)
from kefu.plots.words import counted
from kefu.quality._given import refusal
from kefu.text import Lang, Text

__all__ = ["SYSTEM", "fishbone", "radar", "whys"]

_Kind = TypeVar("_Kind", bound=Name)  # a mapping of texts is none of names, for mypy
_HALF = WIDE / 2 - 0.06
"""Inches from the spine to the edge of the figure."""


def fishbone(
    effect: Name,
    branches: Mapping[_Kind, Sequence[Name]],
    *,
    lang: Lang,
    proven: Collection[Name] = (),
) -> Plot:
    """Possible causes of one effect, by where they come from.

    The spine runs down the page to the effect; branches stand left and right of it in turn,
    so that every word is upright and a phone is wide enough.

    Args:
        effect: the problem, as it was seen.
        branches: what the causes are about, each with its causes; at least one.
        lang: the language of the words.
        proven: the causes that data have shown; they are marked.

    Raises:
        KefuError: there is no branch; a proven cause stands on no branch.
    """
    if not branches:
        raise refusal("鱼骨图没有分支", "the fishbone has no branch", "至少写一类", "name one")
    causes = [cause for each in branches.values() for cause in each]
    if strange := next((cause for cause in proven if cause not in causes), None):
        raise refusal(
            f"分支上没有“{said(strange, 'zh')}”",
            f"no branch has the cause “{said(strange, 'en')}”",
            "proven 里只写图上有的原因",
            "name in proven only causes of the branches",
        )
    what, kinds = said(effect, lang), len(branches)
    if lang == "zh":
        title = f"“{what}”：从 {kinds} 个方面找出 {len(causes)} 个可能的原因"
        title += f"，{len(proven)} 个已有数据证实" if proven else "，还要用数据核实"
    else:
        many = counted(len(causes), Text("", "possible cause"), lang)
        title = f"{many} of “{what}”, of {counted(kinds, Text('', 'kind'), lang)}"
        title += f"; data have shown {len(proven)}" if proven else "; data must tell which"

    blocks = [
        _Block(said(kind, lang), [(said(one, lang), one in proven) for one in each])
        for kind, each in branches.items()
    ]
    tops, top = [], 0.0
    for left in range(0, len(blocks), 2):
        tops += [top] * len(blocks[left : left + 2])
        top += max(block.high for block in blocks[left : left + 2]) + 0.1
    head = wrap(what, 44)
    inside = top + 0.2 + 0.2 * (head.count("\n") + 1)

    with canvas(lang, high=high(title, inside, below=0.05)) as (figure, axes):
        axes.axis("off")
        axes.set(xlim=(-_HALF, _HALF), ylim=(inside, -0.02))
        axes.annotate("", (0, top + 0.06), (0, 0),
                      arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 2.4, "shrinkA": 0,
                                  "shrinkB": 0, "mutation_scale": 14})  # fmt: skip
        axes.text(0, top + 0.12, head, ha="center", va="top", fontsize=10,
                  color=PAPER, bbox={"boxstyle": "round", "fc": INK, "ec": INK})  # fmt: skip
        for at, (block, start) in enumerate(zip(blocks, tops, strict=True)):
            room = max(each.high for each in blocks[at - at % 2 : at - at % 2 + 2])
            block.draw(axes, start, room, -1 if at % 2 == 0 else 1)
        alt = _fishbone_alt(what, blocks, lang)
        return finish(figure, title, alt, lang)


class _Block:
    """One branch: its name in a box, from there a bone down to the spine, causes beside it."""

    def __init__(self, kind: str, causes: Sequence[tuple[str, bool]]) -> None:
        self.kind, self.said = wrap(kind, 23), kind
        self.causes = [(wrap(f"● {one}" if shown else one, 23), shown) for one, shown in causes]
        self.head = 0.2 * (self.kind.count("\n") + 1) + 0.1
        lines = sum(one.count("\n") + 1 for one, _ in self.causes)
        self.high = self.head + LINE * lines + 0.07 * len(self.causes) + 0.12

    def draw(self, axes: Axes, start: float, room: float, side: int) -> None:
        outer, foot = 0.62, start + room  # the bone begins this far out, and ends at the spine
        axes.plot([side * outer, 0], [start + 0.12, foot], color=ACCENT, lw=1.6, zorder=1)
        axes.text(side * outer, start + 0.03, self.kind, va="top",
                  ha="left" if side > 0 else "right", fontsize=SMALL,
                  color=on(ACCENT), linespacing=1.25,
                  bbox={"boxstyle": "square,pad=0.25", "fc": ACCENT, "ec": ACCENT})  # fmt: skip
        at = start + self.head + 0.05
        for words, shown in self.causes:
            middle = at + LINE * (words.count("\n") + 1) / 2
            bone = outer * (foot - middle) / (foot - start - 0.12)
            axes.plot([side * bone, side * (outer + 0.02)], [middle, middle], lw=0.9,
                      color=BAD if shown else SOFT)  # fmt: skip
            axes.text(side * (outer + 0.06), middle, words, va="center", linespacing=1.2,
                      ha="left" if side > 0 else "right", fontsize=SMALL,
                      color=BAD if shown else INK)  # fmt: skip
            at += LINE * (words.count("\n") + 1) + 0.07


def _fishbone_alt(what: str, blocks: Sequence[_Block], lang: Lang) -> str:
    def one(words: str, shown: bool) -> str:
        bare = words.replace("\n", "" if lang == "zh" else " ").removeprefix("● ")
        return bare + (("（已证实）" if lang == "zh" else " (shown by data)") if shown else "")

    if lang == "zh":
        return f"鱼骨图，结果是“{what}”。" + "".join(
            f"{block.said}：{'、'.join(one(*each) for each in block.causes) or '还没写'}。"
            for block in blocks
        )
    return f"Fishbone diagram of “{what}”. " + " ".join(
        f"{block.said}: {', '.join(one(*each) for each in block.causes) or 'none yet'}."
        for block in blocks
    )


def whys(chain: Sequence[Name], *, lang: Lang) -> Plot:
    """From a problem to its root: each answer is asked why it is so.

    Args:
        chain: the problem, then the answer to each why; at least the problem and one answer.
        lang: the language of the words.

    Raises:
        KefuError: there is no answer.
    """
    steps = named(chain, lang, count=len(chain), least=2)
    asked = len(steps) - 1
    if lang == "zh":
        title = f"连问 {asked} 次为什么，问到的是：{steps[-1]}"
        alt = f"从上到下 {asked} 问。问题：{steps[0]}。" + "".join(
            f"第 {at} 个为什么：{step}。" for at, step in enumerate(steps[1:], 1)
        )
    else:
        times = {1: "once", 2: "twice"}.get(asked, f"{asked} times")
        title = f"Asked why {times}, it comes down to this: {steps[-1]}"
        alt = f"A chain of {asked} from top to bottom. Problem: {steps[0]}. " + " ".join(
            f"Why {at}: {step}." for at, step in enumerate(steps[1:], 1)
        )
    wrapped = [wrap(step, 58) for step in steps]
    heights = [0.19 * (step.count("\n") + 1) + 0.16 for step in wrapped]
    gap = 0.34
    inside = sum(heights) + gap * asked + 0.1
    with canvas(lang, high=high(title, inside, below=0.05)) as (figure, axes):
        axes.axis("off")
        axes.set(xlim=(0, 1), ylim=(inside, 0))
        top = 0.05
        for at, (step, tall) in enumerate(zip(wrapped, heights, strict=True)):
            root = at == asked
            ground, edge, thick = (TINT, ACCENT, 2.4) if root else (PAPER, SOFT, 1.0)
            axes.add_patch(Rectangle((0.01, top), 0.98, tall, fc=ground, ec=edge, lw=thick))
            axes.text(0.03, top + tall / 2, step, va="center", fontsize=10, linespacing=1.2)
            top += tall
            if not root:
                axes.annotate("", (0.07, top + gap), (0.07, top),
                              arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.4,
                                          "shrinkA": 1, "shrinkB": 1})  # fmt: skip
                words = "为什么？" if lang == "zh" else "Why?"
                axes.text(0.11, top + gap / 2, f"{at + 1}  {words}", va="center", color=SOFT,
                          fontsize=SMALL)  # fmt: skip
            top += 0 if root else gap
        return finish(figure, title, alt, lang)
