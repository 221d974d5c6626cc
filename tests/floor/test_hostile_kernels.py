"""Hostile visitors at another's kernel, session and page."""

from __future__ import annotations

import json
import secrets
from typing import Any

from tests.floor.frames import V1, Socket, message
from tests.floor.visitors import Visitor, attempt

NO_KERNEL = "00000000-0000-4000-8000-000000000000"


def test_nobody_joins_anothers_kernel(page: Visitor, other: Visitor) -> None:
    """Whoever knows a kernel's id, with whatever cookie, gets 404, as for one that is not there."""
    for cookie in (
        page.cookie,
        "",
        f"kefu-visit={secrets.token_hex(16)}",
        f"kefu-visit={other.kernel.replace('-', '')}",
        f"{page.cookie}; kefu-visit=*; kefu-visit={'0' * 32}",
    ):
        _joins_nothing(page, other, cookie)
    assert other.ask("GET", f"/kernels/{other.kernel}").status == 204
    line = other.socket()
    assert line.states()
    line.close()


def _joins_nothing(page: Visitor, other: Visitor, brought: str) -> None:
    headers: dict[str, Any] = {"Origin": f"http://{page.sieged.host}", "Cookie": brought}
    for protocol in ("", V1):
        for kernel in (other.kernel, other.kernel.upper(), NO_KERNEL):
            line = Socket(page.sieged, kernel, protocol=protocol, **headers)
            assert line.status == 404
            line.close()
    for kernel in (other.kernel, NO_KERNEL):
        assert page.ask("GET", f"/kernels/{kernel}", Cookie=brought).status == 404
        assert page.ask("POST", f"/kernels/{kernel}/leave", Cookie=brought).status == 204


def test_anothers_session_is_of_no_use(page: Visitor, other: Visitor) -> None:
    """A socket under another's session id takes nothing over and hears nothing of theirs."""
    session = secrets.token_hex(16)
    theirs = other.socket(session=session)
    assert theirs.states()
    line = page.socket(session=session)
    assert line.status == 101
    sent = attempt(other.cards[0])
    theirs.custom(other.views[0], sent)
    assert theirs.heard(sent["id"])["did"] == "saved"
    mine = line.states()
    assert sent["id"] not in json.dumps(mine)
    assert not set(mine) & set(theirs.states())


SESSIONS = ["", "%00", "%0a%0d", "..%2f..%2f", "x" * 300, "%E5%AE%A2", "a&session_id=%00", "*"]


def test_a_session_is_a_plain_name(page: Visitor) -> None:
    """A session that could not be one is 400, and no kernel hears of it."""
    for session in SESSIONS:
        line = page.socket(session=session)
        assert line.status == 400
        line.close()


HANDSHAKES = [
    ("Origin", "http://elsewhere.test", 403),
    ("Origin", "null", 403),
    ("Origin", "http://kefu.test.elsewhere.test", 403),
    ("Origin", "http://elsewhere.test#@kefu.test", 403),
    ("Origin", "file://", 403),
    ("Upgrade", "h2c", 400),
    ("Connection", "close", 400),
    ("Sec-WebSocket-Version", "99", 426),
    ("Sec-WebSocket-Key", "", 400),
]


def test_a_handshake_from_elsewhere_is_refused(page: Visitor) -> None:
    """Another site's page, or what is no handshake, opens no socket."""
    for header, value, status in HANDSHAKES:
        line = page.socket(**{header: value})
        assert line.status == status, (header, value)
        line.close()


def test_a_program_without_an_origin_is_a_visitor_like_any_other(page: Visitor) -> None:
    """What sends no Origin is no browser; with the right cookie it may do what the page may."""
    headers: dict[str, Any] = {"Cookie": page.cookie}
    line = Socket(page.sieged, page.kernel, **headers)
    assert line.status == 101
    line.send(message("execute_request", {"code": "1"}))
    assert line.states()
    line.close()
