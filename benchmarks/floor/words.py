"""What the READMEs say of it: ratios, with what they are made of in brackets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.floor.contestants import HEATED, KEFU, VOILA
from benchmarks.floor.report import fastest

__all__ = ["sentence"]

_WHERE = {
    "desktop, first": ("电脑上初次打开", "a first visit on a desktop"),
    "desktop, again": ("再次打开", "a second one"),
    "phone, first": ("手机档（CPU 慢四倍、20 Mbit/s、30 ms）初次打开",
                     "a first visit on a phone profile (CPU four times slower, 20 Mbit/s, 30 ms)"),
    "phone, again": ("再次打开", "a second one"),
}  # fmt: skip


def sentence(data: Mapping[str, Any]) -> dict[str, str]:
    """One paragraph in each language, for the README in it; all figures peer ÷ kefu."""
    lines: dict[str, list[str]] = {"zh": [], "en": []}
    for key, (zh, en) in _WHERE.items():
        peer = fastest(data, key)
        lines["zh"].append(
            f"{zh}，同类里最快的 {peer} 是 kefu 的 {_ratio(data, key, peer)}，"
            f"原样的 Voila 是 {_ratio(data, key, VOILA.name)}，"
            f"预热的是 {_ratio(data, key, HEATED.name)}"
        )
        lines["en"].append(
            f"{en}: {peer}, the fastest peer, {_ratio(data, key, peer)}, "
            f"stock Voila {_ratio(data, key, VOILA.name)}, "
            f"preheated {_ratio(data, key, HEATED.name)}"
        )
    first = data["pages"]["desktop, first"]
    ours, theirs = first[KEFU.name], {who: one for who, one in first.items() if who != KEFU.name}
    light = min(theirs, key=lambda who: theirs[who]["kB"])
    sizes = (f"{ours['kB']:.0f} kB", f"{ours['requests']:.0f}", light,
             f"{theirs[light]['kB']:,.0f} kB", f"{theirs[light]['requests']:.0f}",
             f"{theirs[VOILA.name]['kB']:,.0f} kB",
             f"{theirs[VOILA.name]['requests']:.0f}")  # fmt: skip
    at_once = data["pages"]["desktop, first"][KEFU.name]["feedback"]["median"]
    paused = data["pages"]["desktop, again"][KEFU.name]["feedback"]["median"]
    peers = [one["feedback"]["median"] for who, one in data["pages"]["desktop, again"].items()
             if who != KEFU.name]  # fmt: skip
    memory = {who: one["a_visitor"] for who, one in data["memory"].items()}
    others = sorted(
        (held, who) for who, held in memory.items() if who not in (KEFU.name, VOILA.name)
    )
    machine = data["machine"]
    zh = (
        f"{data['date'][:10]} 在 {machine['cores']} 核、{machine['memory_gib']:.0f} GiB 的机器"
        f"（{machine['cpu']}）上轮流测了 {data['rounds']} 轮，每轮都是新的浏览器环境；"
        f"数字是同一轮里对方 ÷ kefu 的中位数，括号里是两边的毫秒数。"
        f"同样的五道题、热着的服务器，到第一题点得动：{'；'.join(lines['zh'])}。"
        f"初次打开 kefu 一共收 {sizes[0]}、{sizes[1]} 个请求，最轻的同类 {sizes[2]} 是 {sizes[3]}、"
        f"{sizes[4]} 个，Voila 是 {sizes[5]}、{sizes[6]} 个。"
        f"从点击到看见理由，一能点就点是 {at_once:.0f} ms，停两秒再点是 {paused:.0f} ms"
        f"（同类 {min(peers):.0f}–{max(peers):.0f} ms）。"
        f"多一位访客多占内存 {memory[KEFU.name]:.1f} MiB，Voila {memory[VOILA.name]:.1f} MiB，"
        f"没有内核的同类从 {others[0][0]:.1f} MiB（{others[0][1]}）起。"
    )
    en = (
        f"Measured on {data['date'][:10]} with {machine['cores']} cores and "
        f"{machine['memory_gib']:.0f} GiB ({machine['cpu']}), {data['rounds']} rounds by turns, "
        f"each in a fresh browser context; every figure is the median of peer ÷ kefu in the same "
        f"round, both sides' milliseconds in brackets. The same five questions from a warm server, "
        f"until the first can be clicked. {_capital('; '.join(lines['en']))}. "
        f"A first visit to kefu takes {sizes[0]} in {sizes[1]} requests; the lightest peer, "
        f"{sizes[2]}, {sizes[3]} in {sizes[4]}; Voila {sizes[5]} in {sizes[6]}. "
        f"From the click to the reason: {at_once:.0f} ms when clicked at once, {paused:.0f} ms "
        f"after two seconds (peers {min(peers):.0f}–{max(peers):.0f} ms). "
        f"A further visitor takes {memory[KEFU.name]:.1f} MiB of memory, "
        f"{memory[VOILA.name]:.1f} MiB with Voila, and from {others[0][0]:.1f} MiB "
        f"({others[0][1]}) with peers that start no kernel. "
    )
    for crowd in data["crowds"][-1:]:
        page, answer, held = crowd["page"], crowd["answer"], crowd["memory"]["a_visitor"]
        wrong = sum(crowd["errors"].values())
        zh += (
            f"{crowd['visitors']} 人同时在场、每人答五题："
            f"题目到手的 p95 是 {page['p95']:.0f} ms，"
            f"答案存好的 p50、p95、p99 是 {answer['p50']:.0f}、{answer['p95']:.0f}、"
            f"{answer['p99']:.0f} ms，出错 {wrong} 次，答完 {crowd['acknowledged']} 题、"
            f"丢 {crowd['lost']} 题、重 {crowd['twice']} 题，每人占内存 {held:.1f} MiB。"
        )
        en += (
            f"{crowd['visitors']} visitors at once, five answers each: the questions are there in "
            f"{page['p95']:.0f} ms (p95), an answer is saved in {answer['p50']:.0f}, "
            f"{answer['p95']:.0f} and {answer['p99']:.0f} ms (p50, p95, p99), {wrong} errors, "
            f"{crowd['acknowledged']} answers, {crowd['lost']} lost, {crowd['twice']} counted "
            f"twice, {held:.1f} MiB a visitor."
        )
    return {"zh": zh.strip(), "en": en.strip()}


def _ratio(data: Mapping[str, Any], key: str, peer: str) -> str:
    here = data["pages"][key]
    theirs, ours = (here[who]["clickable"]["median"] for who in (peer, KEFU.name))
    return f"{data['ratios'][key][peer]['median']:.1f} ({theirs:.0f} ÷ {ours:.0f})"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
