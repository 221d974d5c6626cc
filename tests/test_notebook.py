"""What a notebook's one line shows, and the file that is handed in."""

from __future__ import annotations

import errno
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

import kefu
from kefu import kinds
from kefu.bank import Bank, read
from kefu.coursework import JOURNAL, Coursework
from kefu.errors import KefuError
from kefu.explorers.widget import Exploration
from kefu.journal import FileJournal
from kefu.notebook import hand_in, play
from kefu.notebook import map as course_map
from kefu.player import JournalDesk, Player
from kefu.weave import Woven, weave
from tests.pieces import CONTENT, dump


@pytest.fixture(scope="module")
def bank() -> Bank:
    """The course's own content."""
    return read([CONTENT])[0]


@pytest.fixture(scope="module")
def woven(bank: Bank) -> Woven:
    """What is made of it."""
    return weave(bank)


@pytest.fixture
def root(tmp_path: Path, woven: Woven) -> Path:
    """What a learner has: the course, and each set as it was released."""
    for name, data in woven.files.items():
        file = tmp_path / name.replace("solutions/", "exercises/", 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return tmp_path


@pytest.fixture
def practice(woven: Woven) -> dict[str, Any]:
    """The cards and keys of one scenario."""
    data: dict[str, Any] = json.loads(woven.files["course/cards/phone-shop-lunch.json"])
    return data


def _set(root: Path) -> Path:
    return next(folder for folder in sorted((root / "exercises").iterdir()))


def _answer(player: Player, n: int = 1, ref: str | None = None, response: object = None) -> Any:
    card = next(c for c in player.cards if ref in (None, c["item"]))
    return player.reply(
        {
            "do": "answer",
            "id": f"{n:032x}",
            "item": card["item"],
            "version": card["version"],
            "response": response or _some(card),
            "lang": "zh",
        }
    )


def _some(card: Any) -> dict[str, Any]:
    match card["kind"]:
        case "choice":
            return {"option": card["options"][0]["id"]}
        case "choices":
            return {"options": [card["options"][0]["id"]]}
        case "order":
            return {"order": [step["id"] for step in card["steps"]]}
        case "match":
            return {"pairs": {left["id"]: card["rights"][0]["id"] for left in card["lefts"]}}
        case "rewrite":
            return {"text": "好的，我来。"}
        case "review":
            criteria = card["scorecard"]["criteria"]
            return {"score": {c["id"]: c["levels"][0]["score"] for c in criteria}, "critical": []}
        case "dialogue":
            return {"path": _way(card)}
        case _:
            return {"number": "7"}


def _way(card: Any) -> list[str]:
    """To an ending, by what may always be said."""
    node, path = card["start"], list[str]()
    while card["nodes"][node]["says"]:
        say = next(s for s in card["nodes"][node]["says"] if not s["needs"])
        path.append(say["id"])
        node = say["to"]
    return path


# Lessons


def test_a_scenario(root: Path, practice: dict[str, Any]) -> None:
    """A scenario's name shows its practice items, in their order."""
    player = play("phone-shop-lunch", root / "course" / "zh")
    assert player.cards == practice["cards"]
    assert player.notice is None
    assert player.lang == "zh"


def test_one_item(root: Path, practice: dict[str, Any]) -> None:
    """An item's name shows that item alone."""
    ref = practice["cards"][-1]["item"]
    player = play(ref, root / "course" / "en")
    assert [card["item"] for card in player.cards] == [ref]
    assert player.lang == "en"


def test_every_line_of_every_lesson(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each code cell of each woven lesson runs as it stands, and shows cards, or a map."""
    shown: list[Player] = []
    monkeypatch.setattr(kefu, "play", lambda slug: shown.append(play(slug)), raising=False)
    monkeypatch.setattr(kefu, "map", lambda name: shown.append(course_map(name)), raising=False)
    for lang in ("zh", "en"):
        monkeypatch.chdir(root / "course" / lang)
        for file in sorted(Path.cwd().glob("*.ipynb")):
            for cell in json.loads(file.read_text("utf-8"))["cells"]:
                if cell["cell_type"] == "code":
                    exec("".join(cell["source"]), {})
    assert shown
    assert all((player.cards or player.map) and player.notice is None for player in shown)
    assert sum(player.map is not None for player in shown) > 4


@pytest.mark.parametrize(("folder", "lang"), [("course/zh", "zh"), ("course/en", "en")])
def test_an_explorer_speaks_its_folders_language(root: Path, folder: str, lang: str) -> None:
    """An explorer opens with its picture, in the language of the folder it lies in."""
    shown = kefu.explore("two-raters", root / folder)
    assert isinstance(shown, Exploration)
    assert shown.lang == lang
    assert shown.seen["view"]["plot"]["lang"] == lang


@pytest.mark.parametrize("slug", ["two-ratters", "", None, 5])
def test_an_explorer_that_is_none(root: Path, slug: Any) -> None:
    """A name that no explorer has gets a calm sentence, never a traceback."""
    shown = kefu.explore(slug, root / "course" / "zh")
    assert isinstance(shown, Player)
    assert shown.notice
    if slug == "two-ratters":
        assert "two-raters" in shown.notice["zh"]


def test_both_languages_share_a_journal(root: Path) -> None:
    """What is answered in the Chinese lesson is there in the English one."""
    first = play("phone-shop-lunch", root / "course" / "zh")
    assert _answer(first)["did"] == "saved"
    second = play("phone-shop-lunch", root / "course" / "en")
    assert second.receipts == first.receipts
    assert (root / "course" / "responses.jsonl").is_file()
    assert len([*root.rglob("responses.jsonl")]) == 1


def test_practice_shows_every_reason(root: Path, practice: dict[str, Any]) -> None:
    """In practice an answer brings the verdict and the reasons."""
    player = play("phone-shop-lunch", root / "course" / "zh")
    card = player.cards[0]
    verdict = _answer(player)["receipt"]["verdict"]
    assert verdict == kinds.judge(card, practice["keys"][card["item"]], _some(card))


def test_from_any_folder_of_the_course(root: Path) -> None:
    """The course is found from its root, from a lesson's folder and from below."""
    below = root / "course" / "zh" / "mine" / "notes"
    below.mkdir(parents=True)
    for folder in (root, root / "course", below):
        assert play("phone-shop-lunch", folder).cards


BAD = [
    "",
    ".",
    "..",
    "/",
    "../secret",
    "../../secret",
    "/etc/passwd",
    "cards/phone-shop-lunch",
    "phone-shop-lunch.json",
    "phone-shop-lunch/",
    "phone-shop-lunch--",
    "phone-shop-lunch--none",
    "phone-shop-lunch--first-reply--x",
    "Phone-Shop-Lunch",
    "phone_shop",
    "no-such-story",
    "维修",
    "a\x00b",
    "\ud800",
    "phone-shop-lunch\n",
    "%2e%2e%2fsecret",
    "a" * 300,
    "a" * 100_000,
    "a-" * 5000 + "a",
    None,
    5,
    ["phone-shop-lunch"],
]


@pytest.mark.parametrize("slug", BAD, ids=lambda slug: f"{slug!r}"[:24])
@pytest.mark.parametrize("exercise", [False, True], ids=["lesson", "exercise"])
def test_a_name_that_names_nothing(root: Path, slug: Any, exercise: bool) -> None:
    """A name that names nothing shows a calm line; no other file is opened."""
    secret = {"cards": [{"item": "secret"}], "keys": {}, "set": "secret", "title": {}}
    for folder in (root, root / "course", root / "course" / "zh"):
        (folder / "secret.json").write_text(json.dumps(secret))
    player = play(slug, _set(root) if exercise else root / "course" / "zh")
    assert player.cards == []
    assert "没有找到题目" in player.notice["zh"]
    assert len(player.notice["zh"]) < 200


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe", b'{"cards": []}', b"[" * 10**5]
)
def test_cards_that_are_damaged(root: Path, data: bytes) -> None:
    """Damaged cards are said in a calm line, in lessons and exercises, never in a traceback."""
    (root / "course" / "cards" / "phone-shop-lunch.json").write_bytes(data)
    (_set(root) / "cards.json").write_bytes(data)
    for folder in (root / "course" / "zh", _set(root)):
        player = play("phone-shop-lunch", folder)
        assert player.cards == []
        assert player.notice["en"].startswith("The cards in ")


def test_outside_a_course(tmp_path: Path) -> None:
    """Outside a course there is a calm line that says where to go."""
    assert "解压" in play("phone-shop-lunch", tmp_path).notice["zh"]


# Exercises


def test_graded_items_hold_no_key(root: Path, bank: Bank) -> None:
    """No reason of a sealed key is in any state or message of any set, whatever is answered."""
    sealed = {
        words
        for entry in bank.entries
        if entry.item.use != "practice" and entry.key is not None
        for words in _words(entry.key.model_dump())
    }
    assert len(sealed) > 20
    shown: list[object] = []
    for folder in sorted((root / "exercises").iterdir()):
        panel = play(folder.name, folder)
        for n, ref in enumerate(panel.handin["items"]):
            player = play(ref, folder)
            assert player.pace == "all"
            reply = _answer(player, n)
            assert reply["did"] == "saved"
            assert reply["receipt"]["verdict"] is None
            shown += [reply, player.get_state(), play(ref, folder).get_state()]
        shown += [panel.get_state(), play(folder.name, folder).get_state()]
    text = dump(shown)
    assert [words for words in sealed if words in text] == []
    for name in ("credit", "expert", "takeaway", "right", "tolerance", "why"):
        assert f'"{name}"' not in text


def _words(data: object) -> set[str]:
    if isinstance(data, dict):
        return {words for inner in data.values() for words in _words(inner)}
    if isinstance(data, list):
        # The phrases of a rewrite are lists of ordinary words, which anybody may say.
        return {words for inner in data if not isinstance(inner, str) for words in _words(inner)}
    return {data} if isinstance(data, str) and len(data) > 8 else set()


def test_the_panel_counts_what_its_items_save(root: Path) -> None:
    """The hand-in panel that stands open shows each answer as it is saved, and no card."""
    folder = _set(root)
    panel = play(folder.name, folder)
    assert panel.cards == []
    assert panel.receipts == {}
    items = panel.handin["items"]
    for n, ref in enumerate(items):
        player = play(ref, folder)
        _answer(player, n)
        assert set(panel.receipts) == set(items[: n + 1])


def test_panels_of_two_folders(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A panel counts its own folder only."""
    folder = _set(root)
    other = tmp_path_factory.mktemp("other")
    (other / "cards.json").write_bytes((folder / "cards.json").read_bytes())
    here, there = play(folder.name, folder), play(folder.name, other)
    _answer(play(here.handin["items"][0], folder))
    assert (len(here.receipts), len(there.receipts)) == (1, 0)


def test_an_exercise_shows_no_lesson(root: Path) -> None:
    """In an exercise a practice scenario's name names nothing."""
    assert play("phone-shop-lunch", _set(root)).cards == []


# How far one has come


def test_a_player_tells_how_far_its_lesson_is(root: Path) -> None:
    """Below a player stands how much of its lesson is answered; each answer counts at once."""
    player = play("phone-shop-lunch", root / "course" / "zh")
    before = player.progress
    assert (before["done"], before["lesson"]) == (0, player.cards[0]["lesson"])
    _answer(player)
    assert player.progress == {**before, "done": 1, "again": player.progress["again"]}


def test_all_that_stands_open_counts_along(root: Path) -> None:
    """An answer in one player counts in the others of its lesson, its results and the map."""
    folder = root / "course" / "zh"
    player = play("phone-shop-lunch", folder)
    lesson = player.cards[0]["lesson"]
    other = play(player.cards[0]["item"], root / "course" / "en")
    results = course_map(lesson.replace(".", "-"), folder)
    course = course_map("course", folder)
    _answer(player)
    assert other.progress["done"] == results.map["done"] == 1
    (here,) = [x for c in course.map["chapters"] for x in c["lessons"] if x["id"] == lesson]
    assert here["done"] == 1
    (item,) = [x for x in results.map["items"] if x["item"] == player.cards[0]["item"]]
    assert item["tries"] == 1


def test_a_map_counts_what_another_kernel_saved(root: Path) -> None:
    """When its page asks, a map tells also what was answered elsewhere meanwhile."""
    folder = root / "course" / "zh"
    course = course_map("course", folder)
    assert course.count is not None
    cards, keys = Coursework(root / "course").scenario("phone-shop-lunch") or ([], {})
    elsewhere = Player(JournalDesk(cards, FileJournal(root / "course" / JOURNAL), keys))
    _answer(elsewhere)

    def done() -> int:
        return sum(x["done"] for c in course.map["chapters"] for x in c["lessons"])

    assert done() == 0
    assert course.reply({"do": "count", "id": "0" * 32})["did"] == "counted"
    assert done() == 1


def test_another_course_counts_for_itself(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two courses on one machine have nothing to do with each other."""
    other = tmp_path_factory.mktemp("other") / "course"
    shutil.copytree(root / "course", other)
    here, there = play("phone-shop-lunch", root / "course"), play("phone-shop-lunch", other)
    _answer(here)
    assert (here.progress["done"], there.progress["done"]) == (1, 0)


@pytest.mark.parametrize("name", ["", "no-such", "course/", "../course", "9-9", "5.2.", None, 7])
def test_a_map_of_nothing(root: Path, name: Any) -> None:
    """A name that is no lesson's shows a calm line."""
    player = course_map(name, root / "course" / "zh")
    assert player.map is None
    assert "没有找到题目" in player.notice["zh"]


def test_a_map_outside_a_course(tmp_path: Path) -> None:
    """Outside a course the map says where to go."""
    assert "解压" in course_map("course", tmp_path).notice["zh"]


@pytest.mark.parametrize(
    "data",
    [None, b"", b"{", b"[]", b'{"title": {}, "chapters": 7}', b'{"title": {}, "chapters": [{}]}',
     b'{"title": {}, "chapters": [{"lessons": [{"id": "5.2"}]}]}'],
)  # fmt: skip
def test_a_damaged_map_stops_no_lesson(root: Path, data: bytes | None) -> None:
    """With a map that is missing or damaged lessons play and save; only the map says so."""
    file = root / "course" / "map.json"
    file.unlink() if data is None else file.write_bytes(data)
    player = play("phone-shop-lunch", root / "course" / "zh")
    assert player.cards
    assert player.notice is None
    assert _answer(player)["did"] == "saved"
    assert "重新解压" in course_map("course", root / "course" / "zh").notice["zh"]


def test_an_answer_that_cannot_be_counted_is_saved(root: Path) -> None:
    """Whatever happens to the counting, what is on disk is said to be saved."""
    player = play("phone-shop-lunch", root / "course" / "zh")
    before = player.progress
    (root / "course" / "map.json").write_bytes(b"7")
    assert _answer(player)["did"] == "saved"
    assert player.progress == before


# A learner's own order


def test_a_learner_has_one_order(root: Path) -> None:
    """All of a learner's lessons are mixed by one seed; an exercise's by its own folder's."""
    zh = play("phone-shop-lunch", root / "course" / "zh").seed
    assert zh
    assert play("phone-shop-lunch", root / "course" / "en").seed == zh
    folder = _set(root)
    ref = play(folder.name, folder).handin["items"][0]
    assert play(ref, folder).seed == play(ref, folder).seed != zh


def test_the_seed_is_not_handed_in(root: Path) -> None:
    """What is the learner's alone is not in the file to hand in."""
    folder = _set(root)
    _answer(play(play(folder.name, folder).handin["items"][0], folder))
    assert (folder / ".kefu" / "seed").is_file()
    with zipfile.ZipFile(folder / hand_in(folder, "s01")) as archive:
        assert sorted(archive.namelist()) == sorted([f"{folder.name}.ipynb", "responses.jsonl"])


# A folder that is closed


@pytest.mark.parametrize("begun", [False, True], ids=["no-file", "file"])
def test_a_read_only_folder_is_said_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, begun: bool
) -> None:
    """Before answering, a learner is told that nothing would be saved; what was, is shown."""
    folder = _set(root)
    ref = play(folder.name, folder).handin["items"][0]
    if begun:
        _answer(play(ref, folder))
        _answer(play("phone-shop-lunch", root / "course" / "zh"))
    assert play(ref, folder).notice is None
    real = os.access
    # Root may write everywhere, so the system's word is changed and not the folder's mode.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and real(path, mode))
    for player in (play(ref, folder), play("phone-shop-lunch", root / "course" / "zh")):
        assert "不能写入" in player.notice["zh"]
        assert "cannot be written to" in player.notice["en"]
        assert player.cards
        assert len(player.receipts) == int(begun)


# Handing in


def test_the_hand_in_file(root: Path) -> None:
    """The file holds the notebook and the journal as they are, under the documented name."""
    folder = _set(root)
    panel = play(folder.name, folder)
    _answer(play(panel.handin["items"][0], folder))
    reply = panel.reply({"do": "hand-in", "id": "0" * 32, "student": "s01"})
    assert reply == {"did": "handed-in", "id": "0" * 32, "file": f"{folder.name}--s01.zip"}
    with zipfile.ZipFile(folder / reply["file"]) as archive:
        assert sorted(archive.namelist()) == sorted([f"{folder.name}.ipynb", "responses.jsonl"])
        assert archive.read("responses.jsonl") == (folder / "responses.jsonl").read_bytes()


def test_handing_in_again(root: Path) -> None:
    """Handing in again replaces the file, and never packs an earlier one."""
    folder = _set(root)
    panel = play(folder.name, folder)
    hand_in(folder, "s01")
    _answer(play(panel.handin["items"][0], folder))
    hand_in(folder, "s01")
    with zipfile.ZipFile(folder / f"{folder.name}--s01.zip") as archive:
        assert "responses.jsonl" in archive.namelist()
        assert not any(name.endswith(".zip") for name in archive.namelist())
    assert not [*folder.glob(".*.part")]


@pytest.mark.parametrize(
    "student", ["", " ", "../s01", "s/1", "s.1", "张三", "x" * 33, "-rf", "s01\n", "\x00", "\ud800"]
)
def test_a_number_that_is_none(root: Path, student: str) -> None:
    """What is no learner's number is refused in words, and no file is made."""
    folder = _set(root)
    before = sorted(root.rglob("*"))
    reply = play(folder.name, folder).reply({"do": "hand-in", "id": "0" * 32, "student": student})
    assert reply["did"] == "failed"
    assert "学号" in reply["why"]["zh"]
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize("student", [None, 7, ["s01"], {"s": 1}])
def test_a_number_is_text(root: Path, student: object) -> None:
    """What is no text is no learner's number."""
    folder = _set(root)
    reply = play(folder.name, folder).reply({"do": "hand-in", "id": "0" * 32, "student": student})
    assert reply["did"] == "failed"
    assert [*root.rglob("*.zip")] == []


def test_a_full_disk_while_handing_in(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the file cannot be written, words say why, and no part of it stays."""
    folder = _set(root)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, "write", refuse)
    with pytest.raises(KefuError, match="No space left"):
        hand_in(folder, "s01")
    assert [*folder.glob("*.zip")] == []
    assert [*folder.glob(".*")] == []


def test_files_from_before_1980(root: Path) -> None:
    """A machine whose clock once stood at 1970 can hand in all the same."""
    folder = _set(root)
    for file in folder.iterdir():
        os.utime(file, (0, 0))
    assert (folder / hand_in(folder, "s01")).is_file()


def test_import_kefu_is_light() -> None:
    """`import kefu` offers `play`, and names nothing that it does not have."""
    assert kefu.play is play
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = kefu.nothing_such


@pytest.mark.parametrize("cards", [7, [7], [{}], [{"item": "a--b"}], {"a": 1}, None])
def test_cards_that_are_damaged_are_said_calmly(tmp_path: Path, cards: object) -> None:
    """Cards that are JSON and yet no cards give a sentence, never a traceback."""
    data = {"set": "first", "title": {"zh": "一", "en": "One"}, "cards": cards}
    (tmp_path / "cards.json").write_text(json.dumps(data))
    for slug in ("first", "a--b"):
        notice = play(slug, tmp_path).notice
        assert notice is None or "unpack the course again" in notice["en"] or "a--b" in notice["en"]
