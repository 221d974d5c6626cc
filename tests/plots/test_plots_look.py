"""How every plot looks: as it was once looked at and kept, and clear in the extreme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from kefu.text import LANGS, Lang
from tests.plots.clear import clear
from tests.plots.gallery import Draw, extremes, plots
from tests.plots.golden import FOLDER, same

NARROW = re.compile("[\u4e00-\u9fff][,;:?()]|[,;:?()][\u4e00-\u9fff]")


def _each(drawn: dict[str, dict[str, Draw]]) -> Iterator[tuple[str, Draw]]:
    for subject, named in drawn.items():
        for name, draw in named.items():
            yield f"{subject}-{name}", draw


def _kept() -> list[Any]:
    return [pytest.param(name, draw, id=name) for name, draw in _each(plots())]


def _extreme() -> list[Any]:
    """Each in one language, by turns: the other says the same in other words."""
    return [
        pytest.param(draw, lang, id=f"{name}-{lang}")
        for (name, draw), lang in zip(_each(extremes()), cycle(LANGS), strict=False)
    ]


@pytest.mark.parametrize(("name", "draw"), _kept())
def test_it_looks_as_kept(name: str, draw: Draw, lang: Lang) -> None:
    """Each plot is the one that was looked at, and its words stand clear of each other.

    In 中文 it has no comma, colon or bracket of the Latin kind between characters.
    """
    plot = draw(lang)
    same(plot, f"{name}-{lang}")
    clear(plot)
    assert lang == "en" or NARROW.search(f"{plot.title}\n{plot.alt}") is None


@pytest.mark.parametrize(("draw", "lang"), _extreme())
def test_extremes_stay_clear(draw: Draw, lang: Lang) -> None:
    """All zero, one of a kind, sixty, a million, long names, nothing: no word hides another."""
    clear(draw(lang))


def test_no_picture_is_kept_in_vain() -> None:
    """Each golden file belongs to a plot."""
    kept = {file.stem for file in FOLDER.glob("*.png")}
    assert kept == {f"{name}-{lang}" for name, _ in _each(plots()) for lang in LANGS}
