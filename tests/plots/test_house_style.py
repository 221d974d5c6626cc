"""The house style: its font, its lines of words, and how a figure gets onto a page."""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from base64 import b64decode
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager

import kefu.plots
from kefu.plots.house import Plot, canvas, finish, wrap
from kefu.text import LANGS, Lang

ROOT = Path(__file__).resolve().parents[2]
FONT = Path(kefu.plots.__file__).with_name("kefu-sans.otf")


def drawn(lang: Lang, title: str = "“等待”是主要原因。") -> Plot:
    """A small figure with words of both languages."""
    with canvas(lang) as (figure, axes):
        axes.plot([1, 2, 3], [2, 1, 3])
        axes.set_xlabel("第几周 week")
    return finish(figure, title, 'says "this" & <that>', lang)


def test_the_font_has_every_character_of_the_course() -> None:
    """A label of the course, the plots or the explorers needs no other font."""
    has = TTFont(FONT).getBestCmap()
    files = [
        *(ROOT / "content").rglob("*.toml"), *(ROOT / "content").rglob("*.md"),
        *FONT.parent.glob("*.py"), *(FONT.parents[1] / "explorers").glob("*.py"),
    ]  # fmt: skip
    used = {each for file in files for each in file.read_text("utf-8") if each >= "\u4e00"}
    missing = {each for each in used if ord(each) not in has and each.isprintable()}
    assert missing == set(), "run scripts/house-font"


@pytest.mark.parametrize("lang", LANGS)
def test_the_houses_font_draws(lang: Lang) -> None:
    """On any machine the font that came with the package comes first."""
    words = drawn(lang).figure.axes[0].xaxis.label
    assert font_manager.findfont(words.get_fontproperties()) == str(FONT)


@pytest.mark.parametrize("lang", LANGS)
def test_the_same_figure_gives_the_same_bytes(lang: Lang) -> None:
    """Drawn twice, or shown twice, a figure is the same SVG and the same PNG."""
    one, other = drawn(lang), drawn(lang)
    assert one.svg() == one.svg() == other.svg()
    assert one.png(60) == other.png(60)


def test_a_picture_brings_nothing_from_elsewhere() -> None:
    """The SVG has no script, no link and no font: its letters are outlines."""
    data = drawn("zh").data()
    root = ET.fromstring(b64decode(data.partition(",")[2]))
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert not tags & {"script", "image", "a", "text", "foreignObject", "font-face"}
    links = {v for each in root.iter() for k, v in each.attrib.items() if k.endswith("href")}
    assert all(link.startswith("#") for link in links)


def test_a_notebook_shows_it_with_its_words() -> None:
    """In a notebook it is an image with a text for those who cannot see it, and its language."""
    shown = drawn("en")._repr_html_()
    assert shown.startswith('<img lang="en" alt="says &quot;this&quot; &amp; &lt;that&gt;"')


def test_english_has_narrow_quotation_marks() -> None:
    """The font's curly marks are as wide as a character, so English figures have straight ones."""
    assert drawn("en", "“Waits” aren’t rare").figure.get_suptitle() == '"Waits" aren\'t rare'
    assert drawn("zh", "“等待”").figure.get_suptitle() == "“等待”"


def columns(words: str) -> int:
    """How wide words are drawn: a Chinese character takes two columns."""
    return sum(
        2 if unicodedata.east_asian_width(each) in "WF" or each in "‘’“”" else 1 for each in words
    )


@given(st.text("ab 0123，。：！（）“”《》等待第周", max_size=80), st.integers(12, 60))
def test_lines_keep_all_words_and_their_width(words: str, across: int) -> None:
    """Wrapping loses nothing but spaces, and no line is too long that could be broken."""
    lines = wrap(words, across).split("\n")
    assert "".join("".join(lines).split()) == "".join(words.split())
    for line in lines:
        assert columns(line) <= across or not any(
            columns(each) == 2 for each in line[1:-1] if each not in "，。：！（）“”《》"
        )


@given(st.text("ab ，。：）”等待", max_size=60))
def test_no_line_begins_with_a_closing_mark(words: str) -> None:
    """A closing mark stays with what it closes."""
    lines = wrap(words.lstrip("，。：）” "), 12).split("\n")
    assert not any(line[:1] in tuple("，。：）") for line in lines[1:])
