from __future__ import annotations

import secrets
import socket
import stat
import threading
from pathlib import Path

import pytest

from kefu.card import Card
from kefu.errors import KefuError
from kefu.floor.desk import WAITS, Away, HouseDesk
from kefu.journal import Attempt, NotSaved
from tests.floor.conftest import Kept
from tests.house.furniture import good


def attempt(card: Card) -> Attempt:
    """A whole answer."""
    return Attempt(
        id=secrets.token_hex(16),
        item=card["item"],
        version=card["version"],
        response=good(card),
        at="",
        lang="zh",
    )


def test_an_answer_goes_through_the_house(kept: Kept) -> None:
    """What a desk hands in, the next desk of the same visit finds."""
    token = kept.enter()
    desk = HouseDesk(kept.keeper.socket, token)
    assert (len(desk.cards), desk.title.en, desk.receipts()) == (5, "Daily five", {})
    receipt = desk.take(attempt(desk.cards[0]))
    assert receipt["verdict"]
    assert receipt["verdict"]["credit"] == 1.0
    assert HouseDesk(kept.keeper.socket, token).receipts() == {receipt["item"]: receipt}


def test_a_refusal_is_said_in_the_houses_words(kept: Kept) -> None:
    """What the house does not take is not saved, and the page can say why."""
    desk = HouseDesk(kept.keeper.socket, kept.enter())
    sent = attempt(desk.cards[0])
    with pytest.raises(NotSaved) as refused:
        desk.take(Attempt(sent.id, sent.item, "0" * 16, sent.response, ""))
    assert refused.value.what.zh == "这一题不在今天的五题里"
    kept.keeper.ask("POST", "/visits/end", {"visitor": "ab" * 16})
    with pytest.raises(NotSaved) as refused:
        desk.take(sent)
    assert "put away" in refused.value.what.en


def test_a_house_that_dies_is_back_before_the_answer_is_lost(kept: Kept) -> None:
    """The house is killed; an answer given in that moment waits for the next one, and counts."""
    desk = HouseDesk(kept.keeper.socket, kept.enter())
    child = kept.keeper._child
    assert child
    child.kill()
    sent = attempt(desk.cards[0])
    assert desk.take(sent) == desk.take(sent)
    assert kept.keeper._child is not child
    assert [text.en for text in kept.said] == [
        "The house stopped and is being started again. Pages keep their answers."
    ]


def test_patience_ends_before_the_pages(tmp_path: Path) -> None:
    """With no house at all a desk tries for less than five seconds, then says it calmly."""
    waited: list[float] = []
    with pytest.raises(Away) as away:
        HouseDesk(str(tmp_path / "none"), "token", sleep=waited.append)
    assert waited == list(WAITS)
    assert sum(waited) < 5
    assert away.value.write.zh == "请过一会儿再试一次"


@pytest.mark.parametrize("reply", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nnot json"])
def test_whoever_is_not_the_house_is_no_house(kept: Kept, reply: bytes) -> None:
    """Something else behind the socket is taken for an absent house, never for an answer."""
    path = str(kept.folder / "other.sock")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()

        def answer() -> None:
            for _ in range(len(WAITS) + 1):
                line, _ = listening.accept()
                with line:
                    line.recv(4096)
                    line.sendall(reply)

        other = threading.Thread(target=answer)
        other.start()
        with pytest.raises(Away):
            HouseDesk(path, "token", sleep=lambda _: None)
        other.join()


def test_a_desk_without_a_door_says_what_to_do() -> None:
    """A page's notebook run by hand names the command that opens it."""
    with pytest.raises(KefuError, match="kefu floor"):
        HouseDesk.here({})


def test_the_socket_is_for_one_user(kept: Kept) -> None:
    """Nobody but the user who runs the house may open its socket."""
    mode = Path(kept.keeper.socket).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_the_house_shows_no_secret(kept: Kept) -> None:
    """Neither the house's command line nor its environment holds the door's secret."""
    child = kept.keeper._child
    assert child
    assert not any(kept.keeper._secret in arg for arg in map(str, child.args))
    environ = Path(f"/proc/{child.pid}/environ")
    if environ.exists():
        assert kept.keeper._secret.encode() not in environ.read_bytes()


def test_the_house_goes_with_its_door(kept: Kept) -> None:
    """When the door lets go of its line, the house finishes and ends by itself."""
    child = kept.keeper._child
    assert child
    kept.keeper.stop()
    assert child.returncode == 0
    assert kept.said == []
