"""Explorers: a few controls, a picture, and what the numbers say now.

Each is one module with one `EXPLORER`; a module is imported when it is asked for, since each
draws, and a page that draws nothing imports none.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from kefu.errors import KefuError
from kefu.explorers.explorer import Explorer
from kefu.text import Text

__all__ = ["SLUGS", "explorer"]

SLUGS = (
    "which-chart",
    "limits-and-rules",
    "sample-size",
    "two-raters",
    "staffing",
    "nps-noise",
    "iceberg",
    "pareto",
    "compensation",
    "before-after",
    "rings-and-agents",
)
"""Every explorer, in the order of the course."""


def explorer(slug: str) -> Explorer:
    """The explorer of that name.

    Raises:
        KefuError: there is none; it names the nearest.
    """
    if slug not in SLUGS:
        near = get_close_matches(str(slug), SLUGS, 1, 0.4)
        known = "、".join(SLUGS)
        raise KefuError(
            Text(f"没有叫“{slug}”的探索器", f"there is no explorer called “{slug}”"),
            Text(f"是不是“{near[0]}”", f"did you mean “{near[0]}”?")
            if near
            else Text(f"有这些：{known}", f"there are {', '.join(SLUGS)}"),
        )
    found = import_module(f"{__name__}.{slug.replace('-', '_')}").EXPLORER
    assert isinstance(found, Explorer)
    return found
