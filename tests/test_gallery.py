"""The gallery in the documentation shows every kind, and has every picture that it names."""

from __future__ import annotations

from pathlib import Path

from kefu.scenario import KINDS
from kefu.text import LANGS
from tests.browser.gallery import page_of, shots

DOCS = Path(__file__).resolve().parents[1] / "docs"


def test_the_gallery_is_whole() -> None:
    """Page and pictures are those that `make gallery` makes: no more, no fewer, and light."""
    taken = list(shots())
    assert (DOCS / "gallery.md").read_text("utf-8") == page_of(taken)
    pictures = {file.name: file.stat().st_size for file in (DOCS / "images/gallery").iterdir()}
    assert set(pictures) == {shot.file for shot in taken}
    assert sum(pictures.values()) < 3_500_000


def test_every_kind_is_in_the_gallery() -> None:
    """Each kind is seen on a phone and on a desktop, in both languages, before and after."""
    seen = {
        (shot.scene.card["kind"], shot.scene.lang, shot.width, shot.scene.state) for shot in shots()
    }
    for kind in KINDS:
        for lang in LANGS:
            for width in (390, 1280):
                states = {s for k, g, w, s in seen if (k, g, w) == (kind, lang, width)}
                assert len(states) >= 2, (kind, lang, width)
