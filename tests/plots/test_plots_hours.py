"""The week, the day, agents and rings, and the OC curve, as they look and as they are told."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from kefu.errors import KefuError
from kefu.plots.acceptance import oc
from kefu.plots.hours import day, heat, rings, staffing
from kefu.plots.house import Plot
from kefu.quality.staffing import Service, erlang_c_service
from kefu.text import Lang, Text

DAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
TIMES = [f"{8 + at // 2:02d}:{'30' if at % 2 else '00'}" for at in range(24)]
LEVEL = Text("服务水平", "service level")
CALLS = Text("来电", "calls")
LEVELS = np.array([[0.8 + (7 * row + 5 * at) % 19 / 100 for at in range(24)] for row in range(7)])
LEVELS[2, 8:10] = 0.47, 0.34
LEVELS[5:, :3] = np.nan
OFFERED = [20, 30, 45, 60, 70, 72, 75, 78, 80, 70, 60, 55,
           50, 52, 55, 50, 45, 40, 35, 30, 22, 18, 12, 10]  # fmt: skip
ABLE = [48 if 7 <= at < 11 else 75 for at in range(24)]


def served(agents: range) -> list[Service]:
    """100 calls of 180 s in half an hour, 20 s to answer."""
    return [erlang_c_service(100, 1800, 180, n, 20) for n in agents]


def staffed(agents: range, lang: Lang, cap: float = 0.85) -> Plot:
    """So many agents against 80 % in 20 s."""
    return staffing(agents, served(agents), seconds=20, level=0.8, cap=cap, lang=lang)


def ringing(lang: Lang) -> Plot:
    """Eight rings, four numbers of agents."""
    return rings(
        {
            n: [erlang_c_service(100, 1800, 180, n, 5 * at).level for at in range(1, 9)]
            for n in (12, 13, 14, 16)
        },
        lang=lang,
    )


KEPT: dict[str, Callable[[Lang], Plot]] = {
    "heat": lambda lang: heat(
        LEVELS, DAYS[lang], TIMES, lang=lang, what=LEVEL, share=True, low_is_bad=True
    ),
    "staffing": lambda lang: staffed(range(11, 20), lang),
    "rings": ringing,
    "day": lambda lang: day(TIMES, OFFERED, ABLE, lang=lang, lunch=(7, 11)),
    "oc": lambda lang: oc(89, 2, good=0.01, bad=0.08, lang=lang),
}


@cache
def drawn(name: str, lang: Lang) -> Plot:
    """One of them, drawn once."""
    return KEPT[name](lang)


NUMBERS = [f"{at}" for at in range(60)]
BUSY = [40 + 17 * at % 23 for at in range(60)]
EXTREME: dict[str, Callable[[Lang], Plot]] = {
    "all-zero": lambda lang: heat([[0]] * 7, DAYS[lang], ["08:00"], lang=lang, what=CALLS),
    "large": lambda lang: heat(
        [[123456 * (row + at) for at in range(12)] for row in range(7)], DAYS[lang], TIMES[:12],
        lang=lang, what=CALLS,
    ),
    "no-room": lambda lang: heat(np.eye(24) * 12345, TIMES, TIMES, lang=lang, what=CALLS),
    "never-enough": lambda lang: staffed(range(8, 12), lang),
    "sixty-agents": lambda lang: staffed(range(1, 61), lang, cap=1),
    "one-number": lambda lang: staffed(range(14, 15), lang),
    "caps-alike": lambda lang: staffed(range(11, 20), lang, cap=0.8),
    "quiet": lambda lang: day(TIMES[:1], [0], [0], lang=lang),
    "sixty": lambda lang: day(NUMBERS, BUSY, [50] * 60, lang=lang),
    "one-piece": lambda lang: oc(1, 0, good=0, bad=1, lang=lang),
    "a-million": lambda lang: oc(10**6, 2000, good=0.0018, bad=0.0022, lang=lang),
}  # fmt: skip


def test_the_worst_cell_is_named(lang: Lang) -> None:
    """Where the week is worst stands in the title, in words and not only in colour."""
    title = drawn("heat", lang).title
    assert ("周三 12:30 最低" if lang == "zh" else "lowest on Wed 12:30") in title
    assert "34\u00a0%" in title


def test_darker_is_worse_without_colour() -> None:
    """From best to worst the lightness of a cell falls all the way."""
    plot = heat([[at / 20 for at in range(21)]] * 2, ["a", "b"], [str(at) for at in range(21)],
                lang="en", what=LEVEL, share=True)  # fmt: skip
    (mesh,) = plot.figure.axes[0].collections
    colours = mesh.to_rgba(np.linspace(0, 1, 21))
    light = colours[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) < 0).all()


def test_the_fewest_that_do_are_named(lang: Lang) -> None:
    """The title says how many agents keep the level and the cap; 13 would break the level."""
    assert ("至少 14 人" if lang == "zh" else "takes 14 agents") in drawn("staffing", lang).title


def test_too_few_are_called_so(lang: Lang) -> None:
    """Where no number shown is enough, none is named as enough."""
    title = staffed(range(8, 12), lang).title
    assert ("11 人还做不到" if lang == "zh" else "11 agents are too few") in title


def test_the_stretch_over_capacity_is_named(lang: Lang) -> None:
    """When more comes than can be taken: from when, to when, and how many calls."""
    title = drawn("day", lang).title
    assert "11:30–13:30" in title
    assert "96" in title


def test_both_risks_are_said(lang: Lang) -> None:
    """The title has the share of good lots refused and of bad lots let through."""
    title = drawn("oc", lang).title
    assert "6\u00a0%" in title
    assert "2.3\u00a0%" in title


def test_what_cannot_be_is_refused() -> None:
    """Names that do not fit, an empty table, no agents, columns unlike: refused with words."""
    with pytest.raises(KefuError):
        heat([[1, 2]], ["a"], ["b"], lang="zh", what=CALLS)
    with pytest.raises(KefuError):
        heat([[np.nan]], ["a"], ["b"], lang="zh", what=CALLS)
    with pytest.raises(KefuError):
        staffing([], [], seconds=20, level=0.8, lang="zh")
    with pytest.raises(KefuError):
        day(["08:00"], [1, 2], [1], lang="zh")
    with pytest.raises(KefuError):
        rings({12: [0.5]}, lang="zh", standard=3)
    with pytest.raises(KefuError):
        oc(10, 1, good=0.2, bad=0.1, lang="zh")
