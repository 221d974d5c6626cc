from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kefu.card import Card
from kefu.house.app import MOST_BYTES
from tests.house.furniture import SECRET, House, attempt

VISITOR = "ab" * 16


def ask(house: House, method: str, target: str, bearer: str = "", **sent: Any) -> httpx.Response:
    """One call, served in a thread of its own: a browser's loop may be running in this one."""
    headers = {"Authorization": f"Bearer {bearer}".encode()} if bearer else {}
    return TestClient(house.app).request(method, target, headers=headers, **sent)


def enter(house: House, visitor: str = VISITOR) -> str:
    """A visitor's token."""
    reply = ask(house, "POST", "/tokens", SECRET, json={"visitor": visitor})
    assert reply.status_code == 200
    return str(reply.json()["token"])


def test_a_visit_over_the_wire(house: House) -> None:
    """A token opens the quiz, takes an answer, and finds it again; given back, it opens nothing."""
    token = enter(house)
    today = ask(house, "GET", "/daily", token).json()
    assert (today["day"], today["title"]["zh"]) == ("2026-11-21", "每日五题")
    assert len(today["cards"]) == 5
    receipt = ask(house, "POST", "/attempts", token, json=attempt(today["cards"][0])).json()
    assert ask(house, "GET", "/daily", token).json()["receipts"] == {receipt["item"]: receipt}
    assert ask(house, "DELETE", "/tokens/current", token).status_code == 204
    assert ask(house, "GET", "/daily", token).status_code == 401


def test_a_person_meets_options_in_an_order_of_their_own(house: House) -> None:
    """The seed of the order stays with the visitor, whatever the token; others have another."""
    seeds = [ask(house, "GET", "/daily", enter(house)).json()["seed"] for _ in range(2)]
    other = ask(house, "GET", "/daily", enter(house, "cd" * 16)).json()["seed"]
    assert len({*seeds, other}) == 2
    assert seeds[0] == seeds[1]


def test_one_visitor_never_sees_another(house: House) -> None:
    """What a visitor answered is in her own day and in nobody else's."""
    mine, yours = enter(house), enter(house, "cd" * 16)
    card = ask(house, "GET", "/daily", mine).json()["cards"][0]
    ask(house, "POST", "/attempts", mine, json=attempt(card))
    assert ask(house, "GET", "/daily", yours).json()["receipts"] == {}


@pytest.mark.parametrize(
    ("method", "target"), [("GET", "/daily"), ("POST", "/attempts"), ("POST", "/tokens")]
)
@pytest.mark.parametrize("bearer", ["", "nobody's", "钥匙"])
def test_a_stranger_is_refused(sqlite: House, method: str, target: str, bearer: str) -> None:
    """Without a token that the house gave, every call is 401 and says so in both languages."""
    reply = ask(sqlite, method, target, bearer, content=b"{}")
    assert reply.status_code == 401
    assert {*reply.json()} == {"what", "write"}
    assert {*reply.json()["what"]} == {"zh", "en"}


def test_a_token_is_no_key_to_the_door(sqlite: House) -> None:
    """A page's kernel, which knows a token, can neither make tokens nor end visits."""
    token = enter(sqlite)
    for target in ("/tokens", "/visits/end", "/visits/stay"):
        assert ask(sqlite, "POST", target, token, json={"visitor": VISITOR}).status_code == 401
    assert ask(sqlite, "GET", "/daily", SECRET).status_code == 401


def test_a_card_tells_no_answer(sqlite: House) -> None:
    """Before an answer is given, nothing that the house says holds a credit or a reason."""
    said = ask(sqlite, "GET", "/daily", enter(sqlite)).text
    assert '"credit"' not in said
    assert '"why"' not in said
    assert "why aa" not in said


def test_too_long_is_refused(sqlite: House) -> None:
    """A body beyond the limit is 413, and nothing of it is kept."""
    body = json.dumps({"id": "a" * MOST_BYTES}).encode()
    assert ask(sqlite, "POST", "/attempts", enter(sqlite), content=body).status_code == 413
    assert sqlite.attempts() == 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NAMES = st.sampled_from(["id", "item", "version", "response", "lang", "option", "order"])
HOSTILE = (
    st.binary(max_size=200)
    | JSON.map(lambda data: json.dumps(data).encode())
    | st.dictionaries(NAMES, JSON).map(lambda data: json.dumps(data).encode())
    | st.sampled_from(
        [
            b"[" * 60_000,
            b'{"a":' * 12_000,
            b"9" * 60_000,
            b'{"id": NaN}',
            b'{"id": "\\ud800"}',
            b"\xff\xfe{}",
            b"",
        ]
    )
)


@given(body=HOSTILE)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_hostile_body_is_refused(sqlite: House, body: bytes) -> None:
    """Whatever is sent, the house says what is wrong: never a 500, and nothing is kept."""
    token = enter(sqlite)
    reply = ask(sqlite, "POST", "/attempts", token, content=body)
    assert 400 <= reply.status_code < 500
    assert reply.json()["what"]["en"]
    assert sqlite.attempts() == 0


@pytest.fixture
def page(house: House) -> Iterator[tuple[TestClient, list[Card]]]:
    """A visitor's line to the house, kept open, and the cards of the day."""
    token = enter(house)
    cards = ask(house, "GET", "/daily", token).json()["cards"]
    with TestClient(house.app, headers={"Authorization": f"Bearer {token}"}) as line:
        yield line, cards


@given(response=JSON, other=st.dictionaries(NAMES, JSON))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_hostile_response_is_refused(
    page: tuple[TestClient, list[Card]], response: Any, other: dict[str, Any]
) -> None:
    """A response of any shape under a good item's name is judged or refused: never a 500."""
    line, cards = page
    for card in cards:
        reply = line.post("/attempts", json={**attempt(card, response), **other})
        assert reply.status_code == 200 or 400 <= reply.status_code < 500


@given(visitor=JSON)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_visitor_is_128_bits(sqlite: House, visitor: Any) -> None:
    """A visitor's id that is no 32 hex digits opens nothing."""
    for sent in (visitor, {"visitor": visitor}):
        assert ask(sqlite, "POST", "/tokens", SECRET, json=sent).status_code == 400


def test_health_names_what_may_be_asked(sqlite: House) -> None:
    """The house tells how many items it has, and says no to calls it does not know."""
    assert ask(sqlite, "GET", "/health").json() == {"items": 12}
    assert ask(sqlite, "GET", "/nothing").status_code == 404
    assert ask(sqlite, "PUT", "/daily").status_code == 405
