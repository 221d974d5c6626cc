"""The course: its folder, what an author typed, what was made of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kefu.doctor.finding import Look, Site, fault, fine, warning
from kefu.errors import KefuError
from kefu.places import MARK
from kefu.weave import stale, weave

__all__ = ["config", "content", "released", "root", "shadows", "woven"]

# A module of one of these names in the way of the real one breaks everything.
_TAKEN = frozenset(sys.stdlib_module_names - {"test", "this", "antigravity"}) | {
    "kefu", "nbgrader", "jupyter", "jupyterlab", "IPython", "ipykernel", "ipywidgets", "anywidget",
    "traitlets", "numpy", "scipy", "matplotlib", "pandas", "sqlalchemy", "pydantic", "voila",
    "nbformat", "nbconvert", "jupytext", "typer", "starlette", "uvicorn", "tornado",
}  # fmt: skip


def root(site: Site) -> Iterator[Look]:
    """One stands in a course."""
    if isinstance(site.found, KefuError):
        yield Look("fault", site.found.what, site.found.write)
    else:
        yield fine(f"{site.found.root}", f"{site.found.root}")


def config(site: Site) -> Iterator[Look]:
    """`nbgrader_config.py` is ours: otherwise nbgrader would grade without kefu."""
    if site.places is None:
        return
    text = (site.places.root / MARK).read_text("utf-8", errors="replace")
    if "kefu.grading.config" in text and "configure(" in text:
        yield fine("是 kefu 的", "kefu's own")
    else:
        yield fault(
            f"{MARK} 没有用 kefu 的设置",
            f"{MARK} does not use kefu's settings",
            "照 kefu init 写出的那一份改",
            "write it as kefu init does",
        )


def shadows(site: Site) -> Iterator[Look]:
    """No file is named like a module: Python would take it for that."""
    folders = [site.start]
    if site.places:
        at = site.places.root
        folders += [at, at / "course", *at.glob("course/*"), *at.glob("solutions/*")]
        folders += [*at.glob("exercises/*")]
    found = sorted(
        path
        for folder in dict.fromkeys(map(Path.resolve, folders))
        if folder.is_dir()
        for path in folder.iterdir()
        if (path.suffix == ".py" and path.stem in _TAKEN)
        or (path.name in _TAKEN and (path / "__init__.py").is_file())
    )
    for path in found:
        yield fault(
            f"{path} 会被当成模块 {path.stem}",
            f"{path} would be taken for the module {path.stem}",
            "请改名或移走",
            "rename it or move it away",
        )
    if not found:
        yield fine("没有", "none")


def content(site: Site) -> Iterator[Look]:
    """What authors typed has no fault."""
    if site.content is None:
        return
    bank, faults = site.content
    if faults:
        yield fault(
            f"有 {len(faults)} 处要改，第一处：{faults[0].say('zh')}",
            f"{len(faults)} to mend, the first: {faults[0].say('en')}",
            "运行 kefu check，逐处改",
            "run kefu check and mend them one by one",
        )
    else:
        yield fine(f"{len(bank.entries)} 道题，没有问题", f"{len(bank.entries)} items, all well")


def woven(site: Site) -> Iterator[Look]:
    """What is woven is what the content says."""
    if site.places is None or site.bank is None:
        return
    if changed := stale(weave(site.bank), site.places.root):
        yield fault(
            f"{len(changed)} 个文件不是最新的，例如 {changed[0]}",
            f"{len(changed)} files are not up to date, such as {changed[0]}",
            "运行 kefu weave",
            "run kefu weave",
        )
    else:
        yield fine("和内容一致", "as the content says")


def cards_in(folder: Path) -> dict[str, dict[str, Any]]:
    """The cards of a woven or released set, by item; none where there is no such file."""
    file = folder / "cards.json"
    if not file.is_file():
        return {}
    return {card["item"]: card for card in json.loads(file.read_bytes())["cards"]}


def released(site: Site) -> Iterator[Look]:
    """What learners get is what nbgrader would release today."""
    if site.places is None:
        return
    told = []
    sets = sorted(path.parent for path in site.places.solutions.glob("*/cards.json"))
    for folder in sets:
        slug = folder.name
        how = f"nbgrader generate_assignment {slug}"
        out = site.places.exercises / slug
        if not (out / f"{slug}.ipynb").is_file():
            told.append(
                warning(
                    f"{slug} 还没有发布",
                    f"{slug} is not released yet",
                    f"要发给学员时运行 {how}",
                    f"run {how} when learners are to get it",
                )
            )
        elif _versions(folder) != _versions(out):
            told.append(
                fault(
                    f"{slug} 发布后题目改过",
                    f"the items of {slug} changed after it was released",
                    f"学员还没有开始的话，运行 {how}",
                    f"run {how}, if no learner has begun",
                )
            )
    yield from told or [fine(f"{len(sets)} 组都是最新的", f"{len(sets)} sets, all up to date")]


def _versions(folder: Path) -> dict[str, str]:
    return {item: card["version"] for item, card in cards_in(folder).items()}
