"""What a learner reflects on is kept whole, alone, and only as long as wanted."""

from __future__ import annotations

import json
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from kefu.card import Card
from kefu.errors import KefuError
from kefu.journal import NotSaved
from kefu.reflections import Reflections, reply


def card(item: str = "story--look", *ids: str) -> Card:
    """A card with statements of these ids."""
    statements = [{"id": i} for i in ids or ("s1", "s2")]
    return {"item": item, "version": "v", "kind": "selfcheck", "statements": statements}  # type: ignore[typeddict-item]


def kept(tmp_path: Path) -> Reflections:
    """A place of its own."""
    return Reflections(tmp_path / ".kefu" / "selfcheck.json")


def test_kept_and_recalled(tmp_path: Path) -> None:
    """What is kept is recalled by whoever opens the file next; only its owner may read it."""
    kept(tmp_path).keep(card(), {"s1": 2, "s2": 0})
    assert kept(tmp_path).recall(card()) == {"s1": 2, "s2": 0}
    assert stat.S_IMODE(kept(tmp_path).path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept(tmp_path).path.parent.stat().st_mode) == 0o700
    assert kept(tmp_path).recall(card("story--other")) is None
    kept(tmp_path).keep(card(), {"s1": 1})
    assert kept(tmp_path).recall(card()) == {"s1": 1}


def test_a_statement_that_is_gone(tmp_path: Path) -> None:
    """Of an older card what still stands is recalled."""
    kept(tmp_path).keep(card(), {"s1": 2, "s2": 0})
    assert kept(tmp_path).recall(card("story--look", "s2", "s3")) == {"s2": 0}
    assert kept(tmp_path).recall(card("story--look", "s3")) is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"story--look": 3}', '{"story--look": {"levels": [1]}}',
             '{"story--look": {"levels": {"s1": 7, "s2": true}}}', "\udcff", "[" * 10_000]
)  # fmt: skip
def test_a_damaged_file(tmp_path: Path, text: str) -> None:
    """A damaged file recalls nothing, and the next thing kept replaces it."""
    place = kept(tmp_path)
    place.path.parent.mkdir()
    place.path.write_bytes(text.encode(errors="surrogateescape"))
    assert place.recall(card()) is None
    place.keep(card(), {"s1": 1})
    assert place.recall(card()) == {"s1": 1}


def test_forgetting(tmp_path: Path) -> None:
    """One is forgotten without the other; the last takes file and folder along."""
    place = kept(tmp_path)
    for item in ("story--look", "story--other"):
        place.keep(card(item), {"s1": 1})
    (place.path.parent / "selfcheck.json.part").write_text("torn")
    place.forget(card())
    assert (place.recall(card()), place.recall(card("story--other"))) == (None, {"s1": 1})
    place.forget(card("story--other"))
    assert [*tmp_path.iterdir()] == []
    place.forget(card())


def test_others_in_the_folder_stay(tmp_path: Path) -> None:
    """What else lies in the folder is left alone."""
    place = kept(tmp_path)
    place.keep(card(), {"s1": 1})
    (place.path.parent / "seed").write_text("abc")
    place.forget(card())
    assert [p.name for p in place.path.parent.iterdir()] == ["seed"]


def test_tabs_do_not_lose_each_others(tmp_path: Path) -> None:
    """Several kernels that keep at once lose nothing."""
    cards = [card(f"story--look-{n}") for n in range(12)]
    threads = [
        threading.Thread(target=kept(tmp_path).keep, args=(each, {"s1": 1})) for each in cards
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [kept(tmp_path).recall(each) for each in cards] == [{"s1": 1}] * 12


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A link that stands where the file is written does not lead the words elsewhere."""
    place = kept(tmp_path)
    place.path.parent.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    place.path.symlink_to(elsewhere)
    place.path.with_name("selfcheck.json.part").symlink_to(elsewhere)
    place.keep(card(), {"s1": 1})
    assert elsewhere.read_text() == "mine"
    assert not place.path.is_symlink()


def test_what_stands_in_the_way(tmp_path: Path) -> None:
    """Where nothing can be written it is said calmly, and nothing half-written is left."""
    (tmp_path / ".kefu").write_text("a file where the folder belongs")
    with pytest.raises(NotSaved):
        kept(tmp_path).keep(card(), {"s1": 1})
    assert kept(tmp_path).recall(card()) is None
    kept(tmp_path).forget(card())
    (tmp_path / ".kefu").unlink()
    place = kept(tmp_path)
    (place.path / "in-the-way").mkdir(parents=True)
    with pytest.raises(NotSaved):
        place.keep(card(), {"s1": 1})
    assert [p.name for p in place.path.parent.iterdir()] == ["selfcheck.json"]
    with pytest.raises(KefuError):
        place.forget(card())


@pytest.mark.parametrize(
    "change",
    [
        {"item": "story--other"},
        {"item": None},
        {"version": "w"},
        {"levels": None},
        {"levels": {}},
        {"levels": {"s1": 3}},
        {"levels": {"s1": True}},
        {"levels": {"s1": 1.0}},
        {"levels": {"s1": 1, "zz": 2}},
        {"levels": [["s1", 1]]},
    ],
)
def test_what_a_page_may_ask(tmp_path: Path, change: dict[str, Any]) -> None:
    """What fits no self-check on the page is refused, and nothing is written."""
    asked = {"do": "reflect", "item": "story--look", "version": "v", "levels": {"s1": 1}, **change}
    with pytest.raises(NotSaved):
        reply(asked, [card()], kept(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_replies(tmp_path: Path) -> None:
    """Recalling, reflecting and forgetting each has its reply; what is something else has none."""
    place, about = kept(tmp_path), {"item": "story--look", "version": "v"}
    assert reply({"do": "answer", **about}, [card()], place) is None
    empty = {"did": "recalled", "kept": True, "levels": None}
    assert reply({"do": "recall", **about}, [card()], place) == empty
    said = {"do": "reflect", **about, "levels": {"s1": 0}}
    assert reply(said, [card()], place) == {"did": "reflected"}
    assert reply({"do": "recall", **about}, [card()], place) == {**empty, "levels": {"s1": 0}}
    assert json.loads(place.path.read_text()) == {
        "story--look": {"version": "v", "levels": {"s1": 0}}
    }
    assert reply({"do": "forget", **about}, [card()], place) == {"did": "forgotten"}
    assert reply({"do": "recall", **about}, [card()], place) == empty


def test_another_kind_is_none_of_it(tmp_path: Path) -> None:
    """Only a self-check is reflected on."""
    other: Any = {**card(), "kind": "choice"}
    with pytest.raises(NotSaved):
        reply({"do": "recall", "item": "story--look"}, [other], kept(tmp_path))
