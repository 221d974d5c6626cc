"""What becomes of the rounds once they are played: no figure that was not measured."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from benchmarks import block
from benchmarks.player import report
from benchmarks.player.contestants import CONTESTANTS
from benchmarks.player.items import COUNT, OPTIONS, cards, words
from benchmarks.player.rounds import Round
from benchmarks.player.weigh import extension_of, weigh
from benchmarks.spread import Spread, ratio, spread
from kefu import kinds

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["kefu", "RadioButtons", "jupyterquiz"]


def _rounds(*clicked: float, asks: int = 0) -> list[Round]:
    """Rounds whose clicks were taken so long after the cell was asked for."""
    return [
        Round(100, (all_ - 100) / 2, all_ - 100, 1000, (), ("cdn.test",) if n < asks else ())
        for n, all_ in enumerate(clicked)
    ]


def _weights(own: int, extensions: int) -> dict[str, Any]:
    def weight(size: int) -> dict[str, Any]:
        return {"files": 1, "raw": 4 * size, "gzip": size, "brotli": None}

    return {"own": weight(own), "extensions": weight(extensions)}


def _data(**rounds: list[Round]) -> dict[str, Any]:
    played = {
        "kefu": _rounds(300, 600, 900),
        "RadioButtons": _rounds(600, 1200, 1000),
        "jupyterquiz": _rounds(200, 300, 400, asks=2),
    } | rounds
    weights = dict(zip(NAMES, (_weights(30, 250), _weights(0, 200), _weights(10, 0)), strict=True))
    about = {"date": "2026-11-22T08:00:00+00:00", "machine": {"cores": 2}, "versions": {}}
    return report.result(played, weights, about)


# Medians and ratios


def test_a_spread_is_median_least_and_most() -> None:
    """The median stands between the least and the most, and is said with both."""
    assert spread([3, 1, 8]) == Spread(3, 1, 8)
    assert spread([1, 2, 3, 10]).median == 2.5
    assert Spread(812.4, 790.2, 1031.0).say() == "812 (790–1031)"
    assert Spread(0.5, 0.25, 1.0).say(2) == "0.50 (0.25–1.00)"


@pytest.mark.parametrize("values", [[], [0.0, 1.0], [-1.0]])
def test_what_cannot_be_is_refused(values: list[float]) -> None:
    """No values, or a time that is not above zero, have no spread."""
    with pytest.raises(ValueError, match="nothing to take"):
        spread(values)


def test_ratios_are_of_the_same_round() -> None:
    """A minute in which both are twice as slow leaves their ratio as it is."""
    assert ratio([10, 20, 10], [40, 80, 40]) == Spread(0.25, 0.25, 0.25)
    with pytest.raises(ValueError, match="zip"):
        ratio([10, 20], [40])


def test_the_result_keeps_every_round() -> None:
    """Each time of each round stands in the result beside its median, and so do the ratios."""
    data = _data()
    assert data["rounds"] == 3
    assert list(data["times"]) == NAMES
    assert data["times"]["kefu"]["asked_clicked"] == {
        "median": 600, "least": 300, "most": 900, "all": [300, 600, 900]
    }  # fmt: skip
    assert data["ratios"]["RadioButtons"]["asked_clicked"] == {
        "median": 0.5, "least": 0.5, "most": 0.9
    }  # fmt: skip
    assert data["ratios"]["jupyterquiz"]["asked_clicked"]["median"] == 2.0
    assert "kefu" not in data["ratios"]


def test_a_round_too_few_is_refused() -> None:
    """Whoever played fewer rounds than kefu is compared with nothing."""
    with pytest.raises(ValueError, match="zip"):
        _data(RadioButtons=_rounds(600, 1200))


def test_rounds_that_disagree_are_named() -> None:
    """A peer whose ratios lie more than three times apart has no figure."""
    assert report.unsteady(_data()) == []
    assert report.unsteady(_data(jupyterquiz=_rounds(900, 300, 400))) == ["jupyterquiz"]


# What is said of them


def test_the_table_has_a_row_for_everything() -> None:
    """Every measure and every size is a row, every contestant and every ratio a column."""
    lines = report.table(_data()).splitlines()
    assert len(lines) == 1 + len(report.MEASURES) + 6 + 1
    assert lines[0].split("  ")[-1].strip() == "kefu / jupyterquiz"
    (clickable,) = [line for line in lines if line.startswith("请求 → 首尾可点")]
    assert "600 (300–900)" in clickable
    assert clickable.endswith("2.00 (1.50–2.25)")
    (own,) = [line for line in lines if "with the output, gzip" in line]
    assert own.split()[-5:] == ["30", "0", "10", "–", "3.00"], "nothing is divided by nothing"
    (unknown,) = [line for line in lines if "with the output, brotli" in line]
    assert unknown.split()[-5:] == ["–"] * 5


def test_the_sentence_tells_the_measured_ratios() -> None:
    """Both languages tell the same ratios, those above one too."""
    said = report.sentence(_data())
    for words_ in said.values():
        for figure in ("0.50 (0.50–0.90)", "2.00 (1.50–2.25)", "0.15", "3.00", "1.40"):
            assert figure in words_
        assert "2026-11-22" in words_
        assert "\n" not in words_


def test_who_asked_another_host_is_named() -> None:
    """A line tells in how many rounds somebody tried to reach another host."""
    (line,) = report.strangers(_data())
    assert line.startswith("jupyterquiz：2/3")


# The READMEs


def test_a_block_is_replaced_and_nothing_else() -> None:
    """What stands between the marks is new, whatever it was; the rest stays as it is."""
    page = "one\n<!-- x -->\nold\n\nolder\n<!-- /x -->\ntwo <!-- xy -->\n"
    made = block.replaced(page, "x", r"new \1")
    assert made == "one\n<!-- x -->\nnew \\1\n<!-- /x -->\ntwo <!-- xy -->\n"
    assert block.replaced(made, "x", r"new \1") == made


@pytest.mark.parametrize(
    "page",
    ["", "<!-- x -->", "<!-- /x --><!-- x -->", "<!-- x --><!-- /x --><!-- x --><!-- /x -->"],
)
def test_a_page_without_its_marks_is_refused(tmp_path: Path, page: str) -> None:
    """If one page has no place, or two, none is written."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_text("<!-- x -->old<!-- /x -->")
    bad.write_text(page)
    with pytest.raises(ValueError, match="once"):
        block.write({good: "new", bad: "new"}, "x")
    assert good.read_text() == "<!-- x -->old<!-- /x -->"


def test_both_readmes_have_the_place() -> None:
    """README.md and README.zh.md have room for the sentence."""
    block.find([ROOT / "README.md", ROOT / "README.zh.md"], report.NAME)


# Who is compared, and with what


def test_everybody_asks_the_same() -> None:
    """Twenty whole questions, no two alike, and every text of them is looked for on the page."""
    made = cards()
    assert len(made) == COUNT
    assert len({card["item"] for card in made}) == COUNT
    for card in made:
        options = card["options"]
        assert len({option["id"] for option in options}) == OPTIONS
        assert kinds.is_complete(card, {"option": options[0]["id"]})
        assert card["turns"][0]["text"]["zh"] in words()


def test_every_cell_is_python() -> None:
    """The cell of each contestant compiles and reads the same cards."""
    for who in CONTESTANTS:
        compile(who.cell, who.name, "exec")
        assert "cards.json" in who.cell
    assert [who.name for who in CONTESTANTS] == NAMES
    assert not CONTESTANTS[0].asks | CONTESTANTS[0].says, "kefu is forgiven nothing"


def test_an_extension_is_known_by_its_address() -> None:
    """Scripts and styles count for the extension they belong to; nothing else does."""
    lab = "http://127.0.0.1:8888/lab/extensions"
    assert extension_of(f"{lab}/anywidget/static/2.js") == "anywidget"
    assert (
        extension_of(f"{lab}/@jupyter-widgets/jupyterlab-manager/static/7.js?v=7")
        == "@jupyter-widgets/jupyterlab-manager"
    )
    assert extension_of("http://127.0.0.1:8888/static/lab/main.js") is None
    assert extension_of(f"{lab}/anywidget/static/icon.svg") is None


def test_files_are_weighed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is compressed by itself, as it is sent; without Node there is no brotli."""
    monkeypatch.setattr("benchmarks.player.weigh._node", lambda: None)
    one = b"kefu " * 100
    assert weigh([one, one]) == {
        "files": 2,
        "raw": 1000,
        "gzip": 2 * len(gzip.compress(one, 9, mtime=0)),
        "brotli": None,
    }
    assert weigh([]) == {"files": 0, "raw": 0, "gzip": 0, "brotli": 0}
