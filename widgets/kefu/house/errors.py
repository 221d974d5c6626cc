"""Why the house says no, with the status it says it with."""

from __future__ import annotations

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["Refused", "empty", "gone", "not_asked", "unreadable"]

_RELOAD = Text("请刷新页面", "please reload the page")


class Refused(KefuError):  # noqa: N818 - an answer, not a breakdown
    """The house does not take this. `status` is the HTTP status."""

    def __init__(self, status: int, what: Text, write: Text) -> None:
        self.status = status
        super().__init__(what, write)


def gone() -> Refused:
    """The token is unknown, or its visit is over."""
    return Refused(
        401,
        Text("这一轮已经收起来了", "this round has been put away"),
        Text("请刷新页面，重新开始", "please reload the page and start afresh"),
    )


def empty() -> Refused:
    """There is nothing to ask."""
    return Refused(
        503,
        Text("这里还没有题", "there are no questions here yet"),
        Text("请先运行 kefu weave", "run kefu weave first"),
    )


def not_asked() -> Refused:
    """The item, or this version of it, is not in the token's quiz."""
    return Refused(409, Text("这一题不在今天的五题里", "this item is not among today's"), _RELOAD)


def unreadable(why: Text | None = None) -> Refused:
    """The request has the wrong shape."""
    return Refused(400, why or Text("没看懂这个请求", "this request was not understood"), _RELOAD)
