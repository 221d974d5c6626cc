"""Law. A golden image goes red when something is seen or said otherwise, and only then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from kefu.plots.house import ACCENT, BAD, Plot, canvas, finish
from kefu.text import Lang
from tests.plots.clear import clear
from tests.plots.golden import FOLDER, MOST, same

LEVELS = [62.0, 65, 63, 70, 66, 64, 81, 67, 65, 69]


def drawn(
    lang: Lang = "zh",
    levels: list[float] = LEVELS,
    label: str = "81",
    colour: str = ACCENT,
    alt: str = "十天的接通率",
) -> Plot:
    """Ten days, one of them apart."""
    title = "第七天的接通率不同" if lang == "zh" else "Day seven is different"
    with canvas(lang) as (figure, axes):
        axes.plot(levels, "o-", color=colour, markersize=4)
        axes.annotate(label, (6, 81), xytext=(6, 0), textcoords="offset points")
        axes.set(xlabel="天" if lang == "zh" else "day", ylim=(50, 90))
        return finish(figure, title, alt, lang)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one golden picture in it."""
    folder = tmp_path_factory.mktemp("golden")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_GOLDEN", "1")
        same(drawn(), "ten-days", folder)
    return folder


@pytest.fixture(autouse=True)
def comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nothing is kept by wish of the caller."""
    monkeypatch.delenv("KEFU_GOLDEN", raising=False)


def test_the_same_plot_passes(kept: Path) -> None:
    """A plot drawn anew is the picture that was kept."""
    same(drawn(), "ten-days", kept)


OTHERS: dict[str, dict[str, Any]] = {
    "point-moved": {"levels": [*LEVELS[:4], 63, *LEVELS[5:]]},
    "point-gone": {"levels": LEVELS[:-1]},
    "label": {"label": "87"},
    "label-gone": {"label": ""},
    "colour": {"colour": BAD},
    "alt": {"alt": "九天的接通率"},
    "language": {"lang": "en"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_seen_or_said_otherwise_fails(kept: Path, name: str) -> None:
    """A point, a label, a colour, the words for a listener or the language: each is noticed."""
    with pytest.raises(AssertionError, match="KEFU_GOLDEN=1 pytest tests/plots"):
        same(drawn(**OTHERS[name]), "ten-days", kept)


@pytest.mark.parametrize("hinting", ["none", "force_autohint"])
def test_other_edges_of_the_same_letters_pass(kept: Path, hinting: str) -> None:
    """Another way of fitting letters to pixels, as of another FreeType, is no difference."""
    with mpl.rc_context({"text.hinting": hinting}):
        same(drawn(), "ten-days", kept)


def test_a_missing_picture_says_how_to_make_it(tmp_path: Path) -> None:
    """A plot without a golden picture fails and says how one is kept."""
    with pytest.raises(AssertionError, match="KEFU_GOLDEN=1 pytest tests/plots"):
        same(drawn(), "ten-days", tmp_path)


@pytest.mark.parametrize("place", [(0.52, 0.5), (0.97, 0.1)], ids=["over", "beyond"])
def test_words_over_words_or_beyond_the_edge_fail(place: tuple[float, float]) -> None:
    """Words that cannot be read are noticed: those over others, and those that leave the figure."""
    with canvas("en") as (figure, _):
        figure.text(0.5, 0.5, "first words")
        plot = finish(figure, "a title", "two words", "en")
        clear(plot)
        figure.text(*place, "second words")
    with pytest.raises(AssertionError, match="these words"):
        clear(plot)


def test_golden_files_stay_small() -> None:
    """The repository carries little: no golden file has 25 kB."""
    assert [one.name for one in FOLDER.glob("*.png") if one.stat().st_size >= MOST] == []
