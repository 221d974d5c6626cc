"""A learner's questions about marks, in the file beside the journal."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.appeals import LONGEST, MOST_BYTES, Appeals, appeals_in
from kefu.card import Card
from kefu.journal import NotSaved
from kefu.notebook import APPEALS, hand_in, play
from tests.pieces import any_json, any_text, choice

CARD: Card = choice({"a": 1.0, "b": 0.0}).card
ITEM = CARD["item"]


def _line(**over: Any) -> bytes:
    whole = {"id": "0" * 32, "item": ITEM, "text": "why?", "at": "2026-11-22T08:00:00.000Z"}
    return json.dumps({**whole, **over}).encode() + b"\n"


def _ask(appeals: Appeals, text: str, n: int = 0, item: object = ITEM) -> None:
    appeals.ask({"id": f"{n:032x}", "item": item, "text": text, "lang": "zh"})


@pytest.fixture
def appeals(tmp_path: Path) -> Appeals:
    """No question yet."""
    return Appeals(tmp_path / APPEALS, [CARD])


def test_a_question_is_on_disk_and_read_back(appeals: Appeals, tmp_path: Path) -> None:
    """A question that was taken is one whole line, and another reader finds it as it was typed."""
    _ask(appeals, "  为什么？\r\n我数过。 ")
    raw = (tmp_path / APPEALS).read_bytes()
    assert raw.endswith(b"}\n")
    [found] = appeals_in(raw, [ITEM])
    assert (found.item, found.text, found.lang) == (ITEM, "为什么？\n我数过。", "zh")
    assert [one["text"] for one in appeals.json()["appeals"]] == ["为什么？\n我数过。"]


def test_an_id_is_taken_once(appeals: Appeals) -> None:
    """A message sent again asks nothing twice."""
    _ask(appeals, "one")
    _ask(appeals, "one")
    _ask(appeals, "two", 1)
    assert [one.text for one in appeals.asked()] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "item"),
    [("", ITEM), ("  \n", ITEM), ("x" * (LONGEST + 1), ITEM), ("why?", "other--item"), ("why?", 3),
     (None, ITEM), (["why?"], ITEM), ("why?", None)],
)  # fmt: skip
def test_what_is_no_question_is_not_kept(
    appeals: Appeals, tmp_path: Path, text: Any, item: object
) -> None:
    """An empty or too long text, and a question about another item, are refused in a sentence."""
    with pytest.raises(NotSaved):
        _ask(appeals, text, item=item)
    assert not (tmp_path / APPEALS).exists()


def test_the_longest_question_is_kept(appeals: Appeals) -> None:
    """As many characters as the page allows are taken, counted as the page counts them."""
    _ask(appeals, "😀" * LONGEST)
    assert len(appeals.asked()[0].text) == LONGEST


def test_a_torn_line_survives_the_next_question(appeals: Appeals, tmp_path: Path) -> None:
    """A line that a crash tore costs nothing but itself."""
    (tmp_path / APPEALS).write_bytes(_line()[:30])
    _ask(appeals, "next", 1)
    assert [one.text for one in appeals.asked()] == ["next"]


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"null", b'"x"', b"\xff\xfe", _line(id="x"), _line(id=3), _line(item="a--b"),
     _line(item=["x"]), _line(text=""), _line(text=7), _line(text="x" * 501), _line(at="today"),
     _line(at=None), b"[" * 9000, b'{"id":' * 3000],
)  # fmt: skip
def test_foreign_lines_are_passed_over(line: bytes) -> None:
    """Whatever nobody could have typed asks nothing, and keeps back no other question."""
    found = appeals_in(line + b"\n" + _line(id="1" * 32), [ITEM])
    assert [one.id for one in found] == ["1" * 32]


@given(st.lists(any_json | any_text | st.binary(max_size=40), max_size=6))
def test_reading_never_fails(lines: list[Any]) -> None:
    """No file makes reading fail, and what is read can be kept and shown anywhere."""
    data = b"\n".join(
        one if isinstance(one, bytes) else json.dumps({"text": one, "id": "2" * 32}).encode()
        for one in lines
    )
    for one in appeals_in(data + b"\n" + _line(text="a\x00\ud800b\x1b"), [ITEM]):
        one.text.encode()
        assert one.text == "a \ufffdb"


def test_a_flood_is_cut_off(appeals: Appeals, tmp_path: Path) -> None:
    """Of a file without end only a hundred questions are read, and no more are taken."""
    many = b"".join(_line(id=f"{n:032x}") for n in range(500))
    assert len(appeals_in(many, [ITEM])) == 100
    (tmp_path / APPEALS).write_bytes(many)
    with pytest.raises(NotSaved):
        _ask(appeals, "one more", 999)
    (tmp_path / APPEALS).write_bytes(b"\n" * MOST_BYTES)
    with pytest.raises(NotSaved):
        _ask(appeals, "no room", 999)


def test_a_link_is_not_followed(appeals: Appeals, tmp_path: Path) -> None:
    """A link in the file's place is neither read nor written through."""
    other = tmp_path / "other"
    other.write_bytes(_line())
    (tmp_path / APPEALS).symlink_to(other)
    assert appeals.asked() == []
    with pytest.raises(NotSaved):
        _ask(appeals, "through", 1)
    assert other.read_bytes() == _line()


def test_a_closed_folder_says_so(
    appeals: Appeals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What did not reach the disk is said not to be saved, in both languages."""

    def full(fd: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotSaved, match=r"问题还没有存上.*the question is not saved yet"):
        _ask(appeals, "why?")
    assert appeals.asked() == []


def test_the_panel_takes_questions_and_hands_them_in(tmp_path: Path) -> None:
    """A question is shown once it is on disk, is there after a reload, and is in the hand-in."""
    data = {"set": "first", "title": {"zh": "一", "en": "One"}, "cards": [CARD]}
    (tmp_path / "cards.json").write_text(json.dumps(data), "utf-8")
    (tmp_path / "first.ipynb").write_text("{}", "utf-8")
    panel = play("first", tmp_path)
    assert panel.handin["about"] == [{"item": ITEM, "text": CARD["prompt"]}]
    ask = {"do": "appeal", "id": "a" * 32, "item": ITEM, "text": "why?", "lang": "en"}
    assert panel.reply(ask) == {"did": "appealed", "id": "a" * 32}
    assert panel.reply({**ask, "id": "b" * 32, "text": ""})["did"] == "failed"
    for shown in (panel, play("first", tmp_path)):
        assert [one["text"] for one in shown.handin["appeals"]] == ["why?"]
    with zipfile.ZipFile(tmp_path / hand_in(tmp_path, "s01")) as archive:
        assert APPEALS in archive.namelist()


def test_the_page_cannot_make_up_what_was_asked(tmp_path: Path) -> None:
    """What the page sets is never taken for what is on disk."""
    data = {"set": "first", "title": {"zh": "一", "en": "One"}, "cards": [CARD]}
    (tmp_path / "cards.json").write_text(json.dumps(data), "utf-8")
    panel = play("first", tmp_path)
    panel.handin = {"set": "other", "items": [], "about": [], "appeals": [{"text": "x"}]}
    panel.reply({"do": "appeal", "id": "a" * 32, "item": ITEM, "text": "why?", "lang": "en"})
    assert panel.handin["set"] == "first"
    assert [one["text"] for one in panel.handin["appeals"]] == ["why?"]


def test_an_answer_to_no_panel_is_refused(tmp_path: Path) -> None:
    """A player that takes no questions answers such a message calmly, and keeps nothing."""
    data = {"set": "first", "title": {"zh": "一", "en": "One"}, "cards": [CARD]}
    (tmp_path / "cards.json").write_text(json.dumps(data), "utf-8")
    ask = {"do": "appeal", "id": "a" * 32, "item": ITEM, "text": "why?", "lang": "en"}
    assert play(ITEM, tmp_path).reply(ask)["did"] == "failed"
    assert not (tmp_path / APPEALS).exists()
