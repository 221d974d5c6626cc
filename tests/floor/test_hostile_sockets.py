"""Hostile visitors at a kernel's socket: what it hears, from whom, and in which shape."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.floor.frames import V1, Closed, message
from tests.floor.visitors import Visitor, attempt

BOTH = pytest.mark.parametrize("protocol", ["", V1], ids=["text", "binary"])


@BOTH
def test_no_code_is_run(page: Visitor, tmp_path: Path, protocol: str) -> None:
    """A request to run code reaches no kernel, on whichever channel it comes."""
    proof = tmp_path / "it-ran"
    code = {
        "code": f"open({str(proof)!r}, 'w')",
        "silent": False,
        "store_history": False,
        "user_expressions": {"x": f"open({str(proof)!r}, 'w')"},
        "allow_stdin": False,
        "stop_on_error": False,
    }
    line = page.socket(protocol=protocol)
    for channel in ("shell", "control", "stdin", "iopub", "hb", ""):
        line.send(message("execute_request", code, channel=channel))
    assert line.states()  # What came before it has been dealt with.
    assert not proof.exists()
    page.sieged.logged(f"refused {page.source} a message: 'execute_request")


ASKED = [
    "complete_request", "inspect_request", "history_request", "is_complete_request",
    "debug_request", "interrupt_request", "shutdown_request", "connect_request",
    "create_subshell_request", "input_reply", "usage_request", "no_such_request",
]  # fmt: skip


@BOTH
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_nothing_else_is_asked_of_a_kernel(page: Visitor, protocol: str, channel: str) -> None:
    """Completing, inspecting, debugging, stopping: none is answered, and the kernel lives on."""
    line = page.socket(protocol=protocol)
    content = {
        "code": "import os; os.",
        "cursor_pos": 14,
        "restart": False,
        "value": "x",
        "detail_level": 1,
        "hist_access_type": "tail",
        "n": 9,
        "type": "request",
        "command": "attach",
        "seq": 1,
    }
    sent = [message(kind, content, channel=channel) for kind in ASKED]
    for one in sent:
        line.send(one)
    assert line.states()
    assert not {one["header"]["msg_id"] for one in sent} & line.parents
    assert page.ask("GET", f"/kernels/{page.kernel}").status == 204


@BOTH
def test_no_widget_is_made_from_outside(page: Visitor, protocol: str) -> None:
    """A page opens no widget, under any module's name."""
    state = {
        "_model_module": "anywidget",
        "_model_name": "AnyModel",
        "_view_module": "anywidget",
        "_view_name": "AnyView",
        "_esm": "alert(1)",
    }
    line = page.socket(protocol=protocol)
    before = set(line.states())
    for target in ("jupyter.widget", "jupyter.widget.version", "os", "", None, ["os"]):
        opened = {
            "comm_id": secrets.token_hex(16),
            "target_name": target,
            "target_module": "os",
            "data": {"state": state, "buffer_paths": []},
        }
        line.send(message("comm_open", opened, metadata={"version": "2.1.0"}))
    assert set(line.states()) == before
    page.sieged.logged(f"refused {page.source} a message: 'comm_open of")


@BOTH
def test_traits_that_a_page_sets_are_its_own_affair(
    page: Visitor, other: Visitor, protocol: str
) -> None:
    """Cards, receipts, seed and script may be set over the socket; nobody believes them."""
    card = page.cards[0]
    forged = {
        "cards": [],
        "receipts": {card["item"]: {"verdict": {"credit": 1}}},
        "seed": "0" * 16,
        "title": {"zh": "改了", "en": "changed"},
        "_esm": "alert(1)",
        "_css": "body { display: none }",
        "_desk": "mine",
        "notice": {"zh": "改了", "en": "changed"},
    }
    line = page.socket(protocol=protocol)
    data = {"method": "update", "state": forged, "buffer_paths": []}
    line.send(message("comm_msg", {"comm_id": page.views[0], "data": data}))
    sent = attempt(card)
    line.custom(page.views[0], sent)
    assert line.heard(sent["id"])["did"] == "saved"
    again = Visitor(page.sieged, page.source, cookie=page.cookie)
    assert again.cards == page.cards
    assert again.state["seed"] == page.state["seed"]
    assert list(again.state["receipts"]) == [card["item"]]
    theirs = Visitor(page.sieged, other.source, cookie=other.cookie).state
    assert theirs["receipts"] == {}
    assert theirs["cards"] == page.cards


def test_a_page_reads_no_key(page: Visitor) -> None:
    """All states of all widgets hold no reason, no credit and no expert's answer of any card."""
    before = len(page.sieged.given)
    line = page.socket()
    states = line.states()
    line.send(message("comm_info_request", {}))
    line.send(message("kernel_info_request", {}))
    assert line.states()
    assert states[page.views[0]]
    seen = page.html.encode() + b"".join(page.sieged.given[before:])
    for hidden in (b"why", b'"credit"', b"takeaway", b"expert"):
        assert hidden not in seen


@BOTH
def test_saved_is_said_by_the_house_alone(page: Visitor, protocol: str) -> None:
    """A page that says “saved” of itself has saved nothing."""
    before = page.sieged.floor.attempts()
    line = page.socket(protocol=protocol)
    card = page.cards[0]
    receipt = {"item": card["item"], "version": card["version"], "verdict": {"credit": 1}}
    line.custom(page.views[0], {"did": "saved", "id": "ab" * 16, "receipt": receipt})
    line.custom(page.views[0], {"do": "hand-in", "id": "cd" * 16, "student": "../../x"})
    assert line.heard("cd" * 16)["did"] == "failed"
    assert page.sieged.floor.attempts() == before
    assert Visitor(page.sieged, page.source, cookie=page.cookie).state["receipts"] == {}


@BOTH
def test_a_frame_that_is_replayed_counts_once(page: Visitor, protocol: str) -> None:
    """The same bytes again, on this socket, another one or another kernel, are one answer."""
    before = page.sieged.floor.attempts()
    sent = attempt(page.cards[0])
    data = {"method": "custom", "content": sent}
    frame = message("comm_msg", {"comm_id": page.views[0], "data": data})
    receipts = []
    for line in (page.socket(protocol=protocol), page.socket(protocol=protocol)):
        line.send(frame)
        line.send(frame)
        line.custom(page.views[0], sent)
        receipts.append(line.heard(sent["id"])["receipt"])
        assert line.states()
        line.close()
    second = Visitor(page.sieged, page.source, cookie=page.cookie).start()
    line = second.socket(protocol=protocol)
    line.send(frame)
    line.custom(second.views[0], sent)
    receipts.append(line.heard(sent["id"])["receipt"])
    second.leave()
    assert receipts == [receipts[0]] * 3
    assert page.sieged.floor.attempts() == before + 1


def test_anothers_frame_is_ones_own_answer_at_most(page: Visitor, other: Visitor) -> None:
    """A frame that was overheard answers for whoever sends it; the other's answer stays theirs."""
    theirs = other.socket()
    sent = attempt(other.cards[0])
    theirs.custom(other.views[0], sent)
    kept = theirs.heard(sent["id"])["receipt"]
    line = page.socket()
    line.custom(other.views[0], {**sent, "response": {"option": "bb"}})  # a widget of their kernel
    line.custom(page.views[0], {**sent, "response": {"option": "bb"}})
    assert line.heard(sent["id"])["receipt"]["response"] == {"option": "bb"}
    state = Visitor(page.sieged, other.source, cookie=other.cookie).state
    assert state["receipts"][sent["item"]] == kept


@BOTH
def test_the_first_answer_under_an_id_counts(page: Visitor, protocol: str) -> None:
    """Whoever sends another response under the same id gets the first one's receipt."""
    line = page.socket(protocol=protocol)
    card = next(card for card in page.cards if card["kind"] == "choice")
    first = attempt(card, {"option": "bb"})
    line.custom(page.views[0], first)
    kept = line.heard(first["id"])
    assert kept["receipt"]["verdict"]["credit"] == 0
    before = page.sieged.floor.attempts()
    for changed in ({"response": {"option": "aa"}}, {"item": page.cards[1]["item"]}):
        line.custom(page.views[0], {**first, **changed})
        assert line.heard(first["id"]) == kept
    assert page.sieged.floor.attempts() == before


def _deep(levels: int) -> Any:
    made: Any = []
    for _ in range(levels):
        made = [made]
    return made


NOT_ANSWERS: list[tuple[str, Any]] = [
    ("item", "story-9--item-99"), ("item", "../../etc/passwd"), ("item", 7), ("item", None),
    ("item", {"$ne": ""}), ("item", "x' OR '1'='1"), ("version", "0" * 16),
    ("version", None), ("version", ["a"]), ("response", None), ("response", []),
    ("response", "aa"), ("response", {}), ("response", {"option": "zz"}),
    ("response", {"option": ["aa"]}), ("response", {"option": float("nan")}),
    ("response", {"option": "aa\u0000"}), ("response", {"option": "aa", "more": 1}),
    ("response", {"options": ["aa"] * 20_000}), ("response", {"number": "9" * 200_000}),
    ("response", {"number": "1e999"}), ("response", {"option": _deep(500)}),
    ("do", "shutdown"), ("do", None), ("do", ["answer"]),
]  # fmt: skip


@BOTH
def test_what_nobody_could_answer_is_not_kept(page: Visitor, protocol: str) -> None:
    """Whatever an answer holds that no card asks for: a calm “failed”, and no row."""
    before = page.sieged.floor.attempts()
    line = page.socket(protocol=protocol)
    card = next(card for card in page.cards if card["kind"] == "choice")
    for name, value in NOT_ANSWERS:
        sent = {**attempt(card), name: value}
        line.custom(page.views[0], sent)
        said = line.heard(sent["id"])
        assert said["did"] == "failed", (name, value)
        assert set(said["why"]) == {"zh", "en"}
    assert page.sieged.floor.attempts() == before


@BOTH
def test_an_id_is_an_id(page: Visitor, protocol: str) -> None:
    """An answer under what is no id is not heard at all."""
    before = page.sieged.floor.attempts()
    line = page.socket(protocol=protocol)
    for no_id in ("", "AB" * 16, "a" * 31, "a" * 33, 7, None, "../" * 11, ["a"], {"a": 1}):
        line.custom(page.views[0], {**attempt(page.cards[0]), "id": no_id})
    no_answers: tuple[Any, ...] = (None, 7, "answer", [], [[]], True)
    for no_answer in no_answers:
        line.custom(page.views[0], no_answer)
    assert line.states()
    assert page.sieged.floor.attempts() == before


@BOTH
def test_text_that_is_no_unicode_is_not_kept(page: Visitor, protocol: str) -> None:
    """Half of a character is no answer; the page is told, or hung up on, and the floor stays."""
    before = page.sieged.floor.attempts()
    line = page.socket(protocol=protocol)
    sent = attempt(page.cards[0], {"option": "\ud800"})
    line.custom(page.views[0], sent)
    with suppress(Closed):
        assert line.heard(sent["id"])["did"] == "failed"
    assert page.sieged.floor.attempts() == before
