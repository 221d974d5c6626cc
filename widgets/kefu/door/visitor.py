"""Who is at the device: a random id in a cookie that only this server reads."""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

from tornado.web import RequestHandler

from kefu.text import Lang

__all__ = ["COOKIE", "forget", "from_here", "language", "meet", "visitor_of"]

COOKIE = "kefu-visit"
LANG_COOKIE = "kefu-lang"
_ID = re.compile(r"[0-9a-f]{32}")


def visitor_of(handler: RequestHandler) -> str | None:
    """The visitor's id, or None if the request brings none."""
    value = handler.get_cookie(COOKIE)
    return value if value and _ID.fullmatch(value) else None


def meet(handler: RequestHandler) -> str:
    """The visitor's id; a newcomer is given one until the browser is closed."""
    visitor = visitor_of(handler)
    if visitor is None:
        visitor = secrets.token_hex(16)
        handler.set_cookie(
            COOKIE,
            visitor,
            path=handler.settings["base_url"],
            httponly=True,
            samesite="Lax",
            secure=handler.request.protocol == "https",
        )
    return visitor


def forget(handler: RequestHandler) -> None:
    """The next person starts afresh."""
    handler.clear_cookie(COOKIE, path=handler.settings["base_url"])


def language(handler: RequestHandler) -> Lang:
    """The one last chosen on this device; else 中文, unless the browser reads only others."""
    chosen = handler.get_cookie(LANG_COOKIE)
    if chosen in ("zh", "en"):
        return "en" if chosen == "en" else "zh"
    reads = handler.request.headers.get("Accept-Language", "").lower()
    return "en" if reads and not re.search(r"(^|[,\s])(zh|\*)", reads) else "zh"


def from_here(handler: RequestHandler) -> bool:
    """Whether a request that changes something was made by one of our own pages."""
    origin = handler.request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == handler.request.host
    except ValueError:  # “//[” is no address
        return False
