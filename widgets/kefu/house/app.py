"""What the house answers over its socket.

| call | who may | what it gives |
|---|---|---|
| `POST /visits {visitor}` | the door | `{visit, quiz}`, the quiz as `GET /daily` gives it |
| `POST /tokens {visitor, visit?, day?}` | the door | `{token, visit}`; 401 if that visit is gone |
| `POST /visits/stay {visitor}` | the door | `{running}` |
| `POST /visits/end {visitor}` | the door | nothing |
| `GET /daily` | a token | `{day, title, cards, receipts, seed}`; no receipts if the visit is late |
| `POST /attempts {id, item, version, response, lang}` | a token | the receipt |
| `DELETE /tokens/current` | a token | nothing |
| `GET /health` | anybody who may open the socket | `{items}` |

A refusal is `{what, write}`, both in both languages.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kefu.card import digest
from kefu.errors import KefuError
from kefu.house.errors import Refused, gone, unreadable
from kefu.house.journal import Journal
from kefu.house.quiz import TITLE
from kefu.house.visits import Pass, Visits
from kefu.text import Text

__all__ = ["MOST_BYTES", "application"]

MOST_BYTES = 64 * 2**10
_log = logging.getLogger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]


def application(journal: Journal, visits: Visits, secret: str) -> Starlette:
    """The house over HTTP.

    Args:
        journal: the quiz and the answers to it.
        visits: who is there.
        secret: what only the door knows; without it nobody gets a token.
    """

    def from_the_door(request: Request) -> None:
        if not hmac.compare_digest(_bearer(request).encode(), secret.encode()):
            raise gone()

    async def asked(request: Request) -> dict[str, Any]:
        from_the_door(request)
        sent = await _json(request)
        if not (isinstance(sent, dict) and isinstance(sent.get("visitor"), str)):
            raise unreadable()
        if not all(isinstance(value, str) for value in sent.values()):
            raise unreadable()
        return sent

    async def visitor(request: Request) -> str:
        return str((await asked(request))["visitor"])

    def enter(visitor: str) -> dict[str, Any]:
        entered = visits.enter(visitor)
        return {"visit": entered.visit, "quiz": quiz(entered.who)}

    async def enter_visit(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(enter, await visitor(request)))

    async def open_token(request: Request) -> Response:
        sent = await asked(request)
        opened = await run_in_threadpool(
            visits.open, sent["visitor"], sent.get("visit"), sent.get("day")
        )
        return JSONResponse({"token": opened.token, "visit": opened.visit})

    async def stay(request: Request) -> Response:
        running = await run_in_threadpool(visits.stay, await visitor(request))
        return JSONResponse({"running": running})

    async def end(request: Request) -> Response:
        await run_in_threadpool(visits.end, await visitor(request))
        return Response(status_code=204)

    async def forget(request: Request) -> Response:
        await run_in_threadpool(visits.forget, _bearer(request))
        return Response(status_code=204)

    def quiz(who: Pass) -> dict[str, Any]:
        cards = journal.quiz(who.day)
        receipts = {} if who.late else journal.receipts(who)
        return {
            "day": who.day,
            "title": TITLE.json(),
            "cards": cards,
            "receipts": receipts,
            # Options stand in an order of this person's own, the same after a reload.
            "seed": digest("seed", who.person)[:16],
        }

    async def daily(request: Request) -> Response:
        who = await run_in_threadpool(visits.check, _bearer(request))
        return JSONResponse(await run_in_threadpool(quiz, who))

    async def attempts(request: Request) -> Response:
        who = await run_in_threadpool(visits.check, _bearer(request))
        sent = await _json(request)
        return JSONResponse(await run_in_threadpool(journal.take, who, sent))

    async def health(_: Request) -> Response:
        return JSONResponse({"items": await run_in_threadpool(journal.ready)})

    return Starlette(
        routes=[
            Route("/visits", enter_visit, methods=["POST"]),
            Route("/tokens", open_token, methods=["POST"]),
            Route("/tokens/current", forget, methods=["DELETE"]),
            Route("/visits/stay", stay, methods=["POST"]),
            Route("/visits/end", end, methods=["POST"]),
            Route("/daily", daily),
            Route("/attempts", attempts, methods=["POST"]),
            Route("/health", health),
        ],
        exception_handlers={
            Refused: _refused,
            HTTPException: _no_such_call,
            sa.exc.DBAPIError: _unsaved,
            KefuError: _unsaved,  # as the vault says it
        },
    )


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


async def _json(request: Request) -> object:
    """The body as strict JSON that any database can keep.

    Raises:
        Refused: too long, not JSON, or text that is no Unicode.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(
                413,
                Text("内容太长，没有存", "this is too long to be kept"),
                Text("请写短一些", "please make it shorter"),
            )
    try:
        sent: object = json.loads(body.decode(), parse_constant=_no_constant)
        json.dumps(sent, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise unreadable() from error
    return sent


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return _say(error.status, error.what, error.write)


async def _no_such_call(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refused = unreadable()
    return _say(error.status_code, refused.what, refused.write)


async def _unsaved(_: Request, error: Exception) -> Response:
    _log.error("the database did not take it: %s", error)
    return _say(
        503,
        Text("数据库暂时写不进去，还没存上", "the database cannot be written to, so not saved yet"),
        Text("请稍后再试一次", "please try again in a moment"),
    )


def _say(status: int, what: Text, write: Text) -> Response:
    return JSONResponse({"what": what.json(), "write": write.json()}, status_code=status)
