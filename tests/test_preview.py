"""One scenario alone, for its author."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from kefu import kinds
from kefu.card import Card
from kefu.preview import Preview, application, known
from tests.bank.maker import STORY, write

ID = "0" * 32


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small bank with one story."""
    return write(tmp_path / "content")


@pytest.fixture
def preview(content: Path, tmp_path: Path) -> Preview:
    """Its story, previewed."""
    return Preview("umbrella", [content], tmp_path / "responses.jsonl", "zh")


@pytest.fixture
def client(preview: Preview) -> TestClient:
    """A browser of its author's."""
    return TestClient(application(preview), base_url="http://127.0.0.1:8870")


def change(content: Path, old: str, new: str) -> None:
    """Save the story with some words replaced."""
    file = content / "scenarios/umbrella.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def cards(client: TestClient) -> list[Card]:
    """What is shown."""
    found: list[Card] = client.get("/state").json()["state"]["cards"]
    return found


def says(card: Card, response: Any) -> str:
    """What the page sends."""
    return json.dumps(
        {"do": "answer", "id": ID, "item": card["item"], "version": card["version"],
         "response": response, "lang": "zh"}
    )  # fmt: skip


def test_every_item_is_shown_as_practice(client: TestClient) -> None:
    """Practice, graded and exam items stand below one another, each as practice."""
    shown = cards(client)
    assert [card["item"].partition("--")[2] for card in shown] == [
        "first-reply", "all-that-help", "in-order", "rings",
    ]  # fmt: skip
    assert {card["room"] for card in shown} == {"practice"}
    told = client.get("/state").json()
    assert (told["faults"], told["state"]["pace"], told["state"]["lang"]) == ([], "all", "zh")


@pytest.mark.parametrize("name", ["first-reply", "all-that-help", "rings"])
def test_an_answer_is_judged_with_its_reasons(client: TestClient, name: str) -> None:
    """Also the answer to a graded or an exam item has its verdict: its author may see it."""
    card = next(c for c in cards(client) if c["item"].endswith(name))
    response: dict[str, Any] = {"number": "3"}
    if "options" in card:
        first = card["options"][0]["id"]
        response = {"option": first} if card["kind"] == "choice" else {"options": [first]}
    told = client.post("/message", content=says(card, response)).json()
    assert told["reply"]["did"] == "saved"
    verdict = told["reply"]["receipt"]["verdict"]
    assert verdict["status"] == "judged"
    assert verdict["why"] or verdict["parts"][0]["why"]
    assert told["state"]["receipts"][card["item"]]["response"] == response
    assert kinds.is_complete(card, response)


def test_saving_changes_the_stamp_and_the_page(client: TestClient, content: Path) -> None:
    """While nothing is saved the stamp stays; after a save it is another, and so is the page."""
    before = client.get("/state").json()
    assert client.get("/state").json() == before
    change(content, "先怎么说？", "您第一句说什么？")
    after = client.get("/state").json()
    assert after["stamp"] != before["stamp"]
    assert after["state"]["cards"][0]["prompt"]["zh"] == "您第一句说什么？"


def test_a_saved_answer_survives_a_save_elsewhere(client: TestClient, content: Path) -> None:
    """Answers to what has not changed are still there after a save."""
    card = cards(client)[0]
    client.post("/message", content=says(card, {"option": card["options"][0]["id"]}))
    change(content, "几声内接起？", "响几声之内接起？")
    assert list(client.get("/state").json()["state"]["receipts"]) == [card["item"]]


def test_a_number_of_the_house_is_reloaded_too(client: TestClient, content: Path) -> None:
    """Any file of the content counts: a standard that changes shows in the reason at once."""
    stamp = client.get("/state").json()["stamp"]
    file = content / "standards.toml"
    file.write_text(file.read_text("utf-8").replace("value = 3", "value = 4"), "utf-8")
    assert client.get("/state").json()["stamp"] != stamp
    card = next(c for c in cards(client) if c["kind"] == "number")
    told = client.post("/message", content=says(card, {"number": "4"})).json()
    assert told["reply"]["receipt"]["verdict"]["credit"] == 1.0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('title.en = "The umbrella"\n', "", 2, "the English is missing"),
        ('kind      = "choice"', 'kind      = "chioce"', 12, "perhaps you mean choice"),
        ('prompt.zh = "先怎么说？"', 'prompt.zh = "先怎么说？', 15, ""),
    ],
    ids=["missing", "misspelt", "no TOML"],
)
def test_a_fault_is_shown_and_goes(
    client: TestClient, content: Path, old: str, new: str, line: int, said: str
) -> None:
    """A fault stands above the page with its line, in both languages, until it is mended."""
    before = client.get("/state").json()
    change(content, old, new)
    told = client.get("/state").json()
    first = told["faults"][0]
    assert f"umbrella.toml:{line}: " in first["en"]
    assert f"umbrella.toml:{line}: " in first["zh"]
    assert said in first["en"]
    assert told["state"]["cards"], "what stood there before stays in sight"
    assert client.get("/").status_code == 200
    (content / "scenarios/umbrella.toml").write_text(STORY, "utf-8")
    after = client.get("/state").json()
    assert after["faults"] == []
    assert after["state"] == before["state"]


def test_a_broken_story_from_the_first(content: Path, tmp_path: Path) -> None:
    """Where nothing could be shown before, a calm line says when it will be."""
    (content / "scenarios/umbrella.toml").write_text("title.zh = ", "utf-8")
    told = Preview("umbrella", [content], tmp_path / "j", "zh").state()
    assert "umbrella.toml:1: " in told["faults"][0]["zh"]
    assert told["state"]["cards"] == []
    assert "题目就会出现" in told["state"]["notice"]["zh"]


def test_a_fault_elsewhere_that_hides_the_story_is_told(content: Path, tmp_path: Path) -> None:
    """When the story is good and yet nothing can be asked, the page says what stands in the way."""
    (content / "standards.toml").write_text("[phone.rings", "utf-8")
    (content / "scenarios/umbrella.toml").write_text(
        STORY.replace("先怎么说？", "先怎么说？{standard.phone.rings}"), "utf-8"
    )
    told = Preview("umbrella", [content], tmp_path / "j", "zh").state()
    assert told["faults"]


def test_a_story_that_is_gone(client: TestClient, content: Path) -> None:
    """A file that is removed is said to be gone; the server goes on, and shows it again."""
    cards(client)
    file = content / "scenarios/umbrella.toml"
    text = file.read_text("utf-8")
    file.unlink()
    told = client.get("/state").json()
    assert told["state"]["cards"] == []
    assert "没有 umbrella 这个故事了" in told["state"]["notice"]["zh"]
    file.write_text(text, "utf-8")
    assert len(cards(client)) == 4


def _cut(text: str, at: int) -> str:
    return text[:at]


@pytest.mark.parametrize("at", range(40, len(STORY), 83))
def test_a_story_half_written(content: Path, tmp_path: Path, at: int) -> None:
    """However much of a story is written, the page is served, and says what is missing."""
    (content / "scenarios/umbrella.toml").write_text(_cut(STORY, at), "utf-8")
    told = Preview("umbrella", [content], tmp_path / "j", "en").state()
    assert told["faults"]
    json.dumps(told)


@pytest.mark.parametrize("line", range(1, STORY.count("\n") + 1))
def test_a_line_is_missing(content: Path, tmp_path: Path, line: int) -> None:
    """Whichever line is taken out, the page is served and every answer gets a reply."""
    rows = STORY.splitlines(keepends=True)
    (content / "scenarios/umbrella.toml").write_text(
        "".join(rows[: line - 1] + rows[line:]), "utf-8"
    )
    preview = Preview("umbrella", [content], tmp_path / "j", "en")
    for card in preview.state()["state"]["cards"]:
        sent = json.loads(says(card, {"number": "3"}))
        assert preview.reply(sent)["reply"]["did"] in ("saved", "failed")


def test_a_house_is_laid_over(content: Path, tmp_path: Path) -> None:
    """A house's own stories are known beside the course's, and a broken one as well."""
    house = tmp_path / "house" / "content"
    (house / "scenarios").mkdir(parents=True)
    (house / "scenarios/ours.toml").write_text("not yet", "utf-8")
    assert known([content, house]) == ["ours", "umbrella"]


# Who may ask, and for what


@pytest.mark.parametrize("host", ["evil.example", "kefu.test:8870", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/", "/state", "/static/player.js"])
def test_a_foreign_name_is_refused(preview: Preview, host: str, path: str) -> None:
    """A page that came by another name than loopback's reads nothing."""
    client = TestClient(application(preview), base_url=f"http://{host}")
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8870", "127.0.0.1:1"])
def test_loopback_is_served(preview: Preview, host: str) -> None:
    """Both of loopback's names are answered, on any port."""
    client = TestClient(application(preview), base_url=f"http://{host}")
    page = client.get("/")
    assert page.status_code == 200
    assert '<html lang="zh-CN">' in page.text


def test_three_files_and_no_other(client: TestClient) -> None:
    """The page gets the player, its style and its own script, fresh each time; nothing else."""
    for name in ("player.js", "player.css", "preview.js"):
        got = client.get(f"/static/{name}")
        assert got.status_code == 200
        assert got.headers["cache-control"] == "no-cache"
    for name in ("host.js", "licences.txt", "nothing.js", "..%2fpreview.py", "%2e%2e/preview.py",
                 "../preview.py", "", "player.js/x"):  # fmt: skip
        assert client.get(f"/static/{name}").status_code == 404
    assert client.get("/preview.py").status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b"\xff", b'{"id": 7}', b"{}", b'{"id": "\\ud800"}', b"[" * 10**5],
)
def test_a_message_that_is_none(client: TestClient, body: bytes) -> None:
    """What is no message is refused, and the server goes on."""
    assert client.post("/message", content=body).status_code == 400
    assert client.get("/state").status_code == 200


def test_a_message_of_no_sense_gets_a_calm_reply(client: TestClient) -> None:
    """A message that asks for nothing known is answered in words."""
    told = client.post("/message", content=json.dumps({"id": ID, "do": "sing"})).json()
    assert told["reply"]["did"] == "failed"
    assert told["reply"]["why"]["zh"]


def test_nothing_is_written_by_asking(client: TestClient, content: Path) -> None:
    """Messages cannot be sent by a link: only POST is heard there."""
    assert client.get("/message").status_code == 405
    assert client.post("/state").status_code == 405


def test_many_pages_at_once(preview: Preview, content: Path) -> None:
    """A page that asks while another's save is being read never gets the old page as the new."""
    change(content, "先怎么说？", "第一句？")
    told: list[Any] = []

    def ask() -> None:
        told.append(preview.state())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {state["state"]["cards"][0]["prompt"]["zh"] for state in told} == {"第一句？"}
