"""The player believes nothing that a page says, and says "saved" only of what is on disk."""

from __future__ import annotations

import errno
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu import kinds
from kefu.card import Receipt, canonical, version_of
from kefu.errors import KefuError
from kefu.journal import Attempt, FileJournal, NotSaved
from kefu.player import JournalDesk, Player, as_sentence
from kefu.publish import Published
from kefu.text import Text
from tests.pieces import any_json, any_text, choice, choices, dump, id_of, number, order

ITEMS = [
    choice({"own": 1.0, "wait": 0.7, "send": 0.0}, id="choice"),
    choices("ab", "cd", id="choices"),
    order("abc", id="order"),
    number(15, unit="秒/seconds"),
]
CHOICE = ITEMS[0]
SYNCED = {"cards", "receipts", "pace", "lang", "title", "notice", "handin", "seed", "progress",
          "map"}  # fmt: skip


def _desk(folder: Path, items: list[Published] = ITEMS, *, keys: bool = True) -> JournalDesk:
    journal = FileJournal(folder / "responses.jsonl")
    known = {item.card["item"]: item.key for item in items} if keys else None
    return JournalDesk([item.card for item in items], journal, known)


def _says(item: Published, response: object, n: int = 1, **other: object) -> dict[str, Any]:
    card = item.card
    return {"do": "answer", "id": f"{n:032x}", "item": card["item"], "version": card["version"],
            "response": response, "lang": "zh", **other}  # fmt: skip


def _lines(folder: Path) -> list[str]:
    path = folder / "responses.jsonl"
    return path.read_text("utf-8").splitlines() if path.exists() else []


class Heard(Player):
    """A player whose page writes down what it is told."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self.told: list[Any] = []
        super().__init__(*args, **named)

    def send(self, content: Any, buffers: Any = None) -> None:
        """What the page is told."""
        self.told.append(content)

    def hear(self, content: object) -> None:
        """A message of the page, as the comm brings it."""
        self._handle_custom_msg(content, [])


# An answer, and its receipt


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.card["kind"])
def test_an_answer(tmp_path: Path, item: Published) -> None:
    """A whole answer is on disk, gets its verdict, and stands in what the page shows."""
    player = Player(_desk(tmp_path))
    response = kinds.expert(item.card, item.key)
    reply = player.reply(_says(item, response))
    assert (reply["did"], reply["id"]) == ("saved", f"{1:032x}")
    receipt = reply["receipt"]
    assert receipt["verdict"] == kinds.judge(item.card, item.key, response)
    assert player.receipts == {item.card["item"]: receipt}
    line = json.loads(_lines(tmp_path)[0])
    assert (line["response"], line["at"], line["lang"]) == (response, receipt["at"], "zh")


def test_the_page_hears_of_it(tmp_path: Path) -> None:
    """A message that comes by the comm is answered by one message, under its id."""
    player = Heard(_desk(tmp_path))
    player.hear(_says(CHOICE, {"option": id_of(CHOICE, "wait")}))
    assert [(told["did"], told["id"]) for told in player.told] == [("saved", f"{1:032x}")]
    assert player.told[0]["receipt"]["verdict"]["credit"] == 0.7


def test_restored_after_a_restart(tmp_path: Path) -> None:
    """A new player, as after a restart, shows the last whole answer to each card."""
    first = Player(_desk(tmp_path))
    for n, item in enumerate(ITEMS):
        first.reply(_says(item, kinds.expert(item.card, item.key), n))
    first.reply(_says(CHOICE, {"option": id_of(CHOICE, "send")}, 9))
    again = Player(_desk(tmp_path))
    assert again.receipts == first.receipts
    assert len(again.receipts) == len(ITEMS)
    assert again.receipts[CHOICE.card["item"]]["verdict"]["credit"] == 0.0


def test_an_id_is_taken_once(tmp_path: Path) -> None:
    """An attempt that is sent again gets its first receipt, and counts once."""
    player = Player(_desk(tmp_path))
    first = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    assert player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")})) == first
    assert player.reply(_says(CHOICE, {"option": id_of(CHOICE, "send")})) == first
    assert len(_lines(tmp_path)) == 1
    restarted = Player(_desk(tmp_path))
    assert restarted.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")})) == first
    assert len([*FileJournal(tmp_path / "responses.jsonl").attempts()]) == 1


def test_an_older_versions_answer(tmp_path: Path) -> None:
    """An answer to an older card is neither restored on a newer one, nor taken for it."""
    old = Player(_desk(tmp_path))
    old.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    card = {**CHOICE.card, "prompt": {"zh": "现在呢？", "en": "And now?"}}
    card["version"] = version_of(card)  # type: ignore[arg-type]
    newer = Published(card, CHOICE.key, {})  # type: ignore[arg-type]
    player = Player(_desk(tmp_path, [newer]))
    assert player.receipts == {}
    late = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}, 2))
    assert late["did"] == "failed"
    assert len(_lines(tmp_path)) == 1


def test_the_clock_is_ours(tmp_path: Path) -> None:
    """What the page says of time is not written down."""
    player = Player(_desk(tmp_path))
    says = _says(CHOICE, {"option": id_of(CHOICE, "own")}, at="1999-01-01T00:00:00.000Z", credit=1)
    reply = player.reply(says)
    assert not reply["receipt"]["at"].startswith("1999")
    assert set(json.loads(_lines(tmp_path)[0])) == {
        "id",
        "item",
        "version",
        "response",
        "at",
        "lang",
    }


# Saved is on disk


def test_saved_comes_after_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the page is told "saved", the line was synced before."""
    happened: list[str] = []
    real = os.fsync

    def fsync(fd: int) -> None:
        real(fd)
        happened.append("synced")

    monkeypatch.setattr(os, "fsync", fsync)
    player = Heard(_desk(tmp_path))
    monkeypatch.setattr(player, "send", lambda content: happened.append(content["did"]))
    player.observe(lambda _: happened.append("shown"), "receipts")
    player.hear(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    assert happened == ["synced", "synced", "shown", "saved"]


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the page hears why, no receipt is shown, and trying again is fine."""

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    player = Player(_desk(tmp_path))
    says = _says(CHOICE, {"option": id_of(CHOICE, "own")})
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        reply = player.reply(says)
    assert reply["did"] == "failed"
    assert reply["why"]["zh"] == "磁盘满了，答案还没存上；腾出一点空间再试一次。"
    assert reply["why"]["en"].startswith("The disk is full, so the answer is not saved yet; ")
    assert player.receipts == {}
    assert _lines(tmp_path) == []
    assert player.reply(says)["did"] == "saved"


def test_a_journal_that_cannot_be_read(tmp_path: Path) -> None:
    """The cards are shown with a calm line where the journal cannot be read."""
    (tmp_path / "responses.jsonl").mkdir()
    player = Player(_desk(tmp_path))
    assert player.notice["zh"].startswith("读不了 responses.jsonl")
    assert len(player.cards) == len(ITEMS)
    reply = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    assert reply["did"] == "failed"


# What a page says


_IDS = st.just(f"{7:032x}") | any_json
_REFS = st.sampled_from([item.card["item"] for item in ITEMS]) | any_json
_VERSIONS = st.sampled_from([item.card["version"] for item in ITEMS]) | any_json
messages = any_json | st.fixed_dictionaries(
    {"id": _IDS},
    optional={
        "do": st.sampled_from(["answer", "hand-in"]) | any_json,
        "item": _REFS,
        "version": _VERSIONS,
        "response": any_json | st.dictionaries(st.sampled_from(["option", "number"]), any_json),
        "student": any_json,
        "lang": any_json,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=messages)
def test_messages_of_all_shapes(tmp_path: Path, message: object) -> None:
    """A message under a proper id gets one calm reply, any other none; nothing is raised."""
    player = Heard(_desk(tmp_path))
    player.hear(message)
    proper = isinstance(message, dict) and message.get("id") == f"{7:032x}"
    assert len(player.told) == int(proper)
    for told in player.told:
        assert told["id"] == f"{7:032x}"
        assert told["did"] in ("failed", "saved")
        if told["did"] == "failed":
            assert told["why"]["zh"].endswith("。")
            assert told["why"]["en"].endswith(".")
        assert canonical(told).encode()


def _deep() -> object:
    deep: object = {}
    for _ in range(50_000):
        deep = {"a": deep}
    return deep


@pytest.mark.parametrize(
    "change",
    [
        {"do": None},
        {"do": ["answer"]},
        {"do": "judge"},
        {"do": "hand-in", "student": "s01"},
        {"item": None},
        {"item": "story--other"},
        {"item": "../../etc/passwd"},
        {"version": "0" * 16},
        {"version": 1},
        {"response": None},
        {"response": []},
        {"response": {}},
        {"response": {"option": "own"}},
        {"response": {"option": "\ud800"}},
        {"response": {"option": float("nan")}},
        {"response": _deep()},
        {"response": {"option": _deep()}},
        {"response": {"option": "x" * 10**6}},
    ],
    ids=lambda change: f"{list(change)}",
)
def test_what_does_not_fit(tmp_path: Path, change: dict[str, object]) -> None:
    """What is no answer to a card that is shown fails calmly, and nothing is written."""
    player = Player(_desk(tmp_path))
    reply = player.reply({**_says(CHOICE, {"option": id_of(CHOICE, "own")}), **change})
    assert reply["did"] == "failed"
    assert reply["why"]["zh"]
    assert "Traceback" not in dump(reply)
    assert _lines(tmp_path) == []
    assert player.receipts == {}


@pytest.mark.parametrize(
    "id_", [None, 1, "", "x", "0" * 31, "A" * 32, "0" * 33, "0" * 32 + "\n", []]
)
def test_no_proper_id(tmp_path: Path, id_: object) -> None:
    """A message without a proper id is nobody's: no reply, nothing written."""
    player = Heard(_desk(tmp_path))
    player.hear({**_says(CHOICE, {"option": id_of(CHOICE, "own")}), "id": id_})
    player.hear({})
    player.hear(None)
    player.hear("answer")
    assert player.told == []
    assert _lines(tmp_path) == []


def test_a_fault_of_ours_is_calm(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """If the desk breaks, the page hears so in calm words, and the log says what broke."""

    class Broken(JournalDesk):
        def take(self, attempt: Attempt) -> Receipt:
            raise ZeroDivisionError("secret detail")

    player = Player(Broken([CHOICE.card], FileJournal(tmp_path / "responses.jsonl")))
    reply = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    assert reply["did"] == "failed"
    assert reply["why"]["zh"].endswith("。")
    assert "secret" not in dump(reply)
    assert "secret detail" in caplog.text


# What a page sets


def _forged() -> dict[str, Any]:
    card = {
        **CHOICE.card,
        "version": "f" * 16,
        "room": "practice",
        "options": [{"id": "zz", "text": {}}],
    }
    return {
        "cards": [card],
        "receipts": {CHOICE.card["item"]: {"item": "x", "verdict": {"credit": 1.0}}},
        "pace": "sideways",
        "lang": "fr",
        "title": {"zh": 1},
        "notice": ["<script>"],
        "handin": {"set": "../../x", "items": []},
    }


def test_what_the_page_sets_is_not_believed(tmp_path: Path) -> None:
    """Whatever a page sets, the cards that are judged, and what is saved, stay what they are."""
    player = Player(_desk(tmp_path))
    player.reply(_says(CHOICE, {"option": id_of(CHOICE, "wait")}, 1))
    player.set_state(_forged())
    forged = {**_says(CHOICE, {"option": "zz"}, 2), "version": "f" * 16}
    assert player.reply(forged)["did"] == "failed"
    handed = player.reply({"do": "hand-in", "id": f"{3:032x}", "student": "s01"})
    assert handed["did"] == "failed"
    reply = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "wait")}, 4))
    assert reply["receipt"]["verdict"]["credit"] == 0.7
    assert player.receipts == {CHOICE.card["item"]: reply["receipt"]}
    assert len(_lines(tmp_path)) == 2
    assert Player(_desk(tmp_path)).receipts == player.receipts
    assert sorted(file.name for file in tmp_path.iterdir()) == ["responses.jsonl"]


def test_setting_receipts_alone(tmp_path: Path) -> None:
    """A receipt that a page made up is nowhere but on that page."""
    player = Player(_desk(tmp_path))
    player.set_state({"receipts": {CHOICE.card["item"]: {"verdict": {"credit": 1.0}}}})
    assert _lines(tmp_path) == []
    assert Player(_desk(tmp_path)).receipts == {}
    player.refresh()
    assert player.receipts == {}


def test_a_page_cannot_change_our_cards(tmp_path: Path) -> None:
    """What a player syncs is its own copy: changing it does not change the desk's cards."""
    desk = _desk(tmp_path)
    before = canonical(list(desk.cards))
    player = Player(desk)
    player.set_state({"cards": []})
    assert canonical(list(desk.cards)) == before


# What a page is shown


def test_only_these_are_synced(tmp_path: Path) -> None:
    """A player syncs what a learner may see and nothing else."""
    state = Player(_desk(tmp_path)).get_state()
    own = {name for name in state if not name.startswith("_")} - {"layout", "tabbable", "tooltip"}
    assert own == SYNCED


def test_no_key_before_an_answer(tmp_path: Path) -> None:
    """Also in practice, reasons are on the page only after an answer."""
    player = Player(_desk(tmp_path))
    assert "why" not in dump(player.get_state([*SYNCED]))
    player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    assert "why own" in dump(player.get_state([*SYNCED]))


def test_graded_shows_saved_and_nothing_else(tmp_path: Path) -> None:
    """Without keys, no verdict is in any message or state, right or wrong answer alike."""
    player = Heard(_desk(tmp_path, keys=False))
    for n, item in enumerate(ITEMS):
        player.hear(_says(item, kinds.expert(item.card, item.key), n))
    player.hear(_says(CHOICE, {"option": id_of(CHOICE, "send")}, 9))
    assert [told["did"] for told in player.told] == ["saved"] * 5
    assert {told["receipt"]["verdict"] for told in player.told} == {None}
    restored = Player(_desk(tmp_path, keys=False))
    for shown in (player.told, *(one.get_state([*SYNCED]) for one in (player, restored))):
        for word in ("why", "credit", "expert", "takeaway", "tolerance"):
            assert f'"{word}' not in dump(shown)


# Two at a time


def test_two_players_of_one_journal(tmp_path: Path) -> None:
    """Two tabs, or two languages, add to one journal; each restores what both saved."""
    players = [Player(_desk(tmp_path), lang="zh"), Player(_desk(tmp_path), lang="en")]
    replies: list[str] = []

    def answer(at: int) -> None:
        for n in range(50):
            says = _says(ITEMS[at], kinds.expert(ITEMS[at].card, ITEMS[at].key), at * 100 + n)
            replies.append(players[at].reply(says)["did"])

    threads = [threading.Thread(target=answer, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == ["saved"] * 100
    assert len(_lines(tmp_path)) == 100
    assert set(Player(_desk(tmp_path)).receipts) == {item.card["item"] for item in ITEMS[:2]}


def test_refresh(tmp_path: Path) -> None:
    """A player that is refreshed shows what another saved since."""
    first, second = Player(_desk(tmp_path)), Player(_desk(tmp_path))
    first.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}))
    assert second.receipts == {}
    second.refresh()
    assert second.receipts == first.receipts


# Words


def test_a_sentence() -> None:
    """A sentence begins with a capital and leaves the names in it as they are."""
    error = KefuError(Text("读不了 A.json", "the file A.json is gone"), Text("重装", "ask IT"))
    assert as_sentence(error) == Text("读不了 A.json；重装。", "The file A.json is gone; ask IT.")


def test_a_notice_alone() -> None:
    """Without a desk a player shows its notice, and takes nothing."""
    player = Player(notice=Text("没有题目。", "No questions."))
    assert player.notice == {"zh": "没有题目。", "en": "No questions."}
    assert player.cards == []
    assert player.reply(_says(CHOICE, {"option": "x"}))["did"] == "failed"


@given(any_text)
def test_a_desk_takes_only_what_fits(word: str) -> None:
    """The desk itself refuses what does not fit, whoever calls it."""
    desk = JournalDesk([CHOICE.card], FileJournal(Path("/nowhere/responses.jsonl")))
    with pytest.raises(NotSaved):
        desk.take(Attempt(word, word, word, {"option": word}, word))


# Tries, hints, how sure


def test_the_first_try_is_kept(tmp_path: Path) -> None:
    """Another try counts, and the first one's credit stays beside it, also after a restart."""
    player = Player(_desk(tmp_path))
    for n, (name, credit) in enumerate((("wait", 0.7), ("send", 0.0), ("own", 1.0)), 1):
        told = player.reply(_says(CHOICE, {"option": id_of(CHOICE, name)}, n))["receipt"]
        assert (told["tries"], told["first"], told["verdict"]["credit"]) == (n, 0.7, credit)
    again = Player(_desk(tmp_path)).receipts[CHOICE.card["item"]]
    assert (again["tries"], again["first"]) == (3, 0.7)


def test_an_attempt_sent_again_keeps_its_number(tmp_path: Path) -> None:
    """The first attempt, sent again after others, is still the first."""
    player = Player(_desk(tmp_path))
    one = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "wait")}, 1))
    player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}, 2))
    assert player.reply(_says(CHOICE, {"option": id_of(CHOICE, "wait")}, 1)) == one
    assert one["receipt"]["tries"] == 1


def test_a_sealed_answer_has_tries_and_no_credit(tmp_path: Path) -> None:
    """Where nothing is judged, nothing of an earlier try is told either."""
    player = Player(_desk(tmp_path, keys=False))
    player.reply(_says(CHOICE, {"option": id_of(CHOICE, "send")}, 1))
    told = player.reply(_says(CHOICE, {"option": id_of(CHOICE, "own")}, 2))["receipt"]
    assert (told["tries"], told["first"], told["verdict"]) == (2, None, None)


def test_hints_and_sureness_come_back(tmp_path: Path) -> None:
    """How sure one was and which hints were open is on disk with the answer."""
    hint = [{"zh": "提示。", "en": "Hint.", "cost": 0.25}]
    item = choice({"own": 1.0, "wait": 0.7, "send": 0.0}, hint=hint, confidence=True)
    response = {"option": id_of(item, "own"), "sure": True, "hints": 1}
    told = Player(_desk(tmp_path, [item])).reply(_says(item, response))["receipt"]
    assert told["verdict"]["credit"] == 0.75
    again = Player(_desk(tmp_path, [item])).receipts[item.card["item"]]
    assert again["response"] == response
    assert again == told


def test_a_player_counts_when_its_page_asks(tmp_path: Path) -> None:
    """A page that asks to count is heard where there is something to count, and only there."""
    player = Player(_desk(tmp_path))
    asked = {"do": "count", "id": "0" * 32}
    assert player.reply(asked)["did"] == "failed"
    counted: list[int] = []
    player.count = lambda: counted.append(1)
    assert player.reply(asked) == {"did": "counted", "id": "0" * 32}
    assert counted == [1]
