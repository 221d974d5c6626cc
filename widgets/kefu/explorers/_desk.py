"""The desk of `staffing`: half an hour of calls, who answers them, and the picture of it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace

from kefu.plots import hours, house
from kefu.quality.staffing import (
    Service,
    agents_needed,
    erlang_a_service,
    erlang_c_service,
    load,
)
from kefu.text import Lang, Text

__all__ = ["Desk", "draw", "people", "percent"]

_HALF_HOUR = 1800
"""Seconds."""


def percent(share: float) -> str:
    """In whole per cent; what is not all is never written as all, what is not none not as none."""
    hundred = 100 * share
    return "<1%" if 0 < hundred < 0.5 else f"{min(hundred, 99) if share < 1 else 100:.0f}%"


def people(n: int) -> str:
    return f"{n} {'person' if n == 1 else 'people'}"


@dataclass(frozen=True)
class Desk:
    """Half an hour of calls and what is wanted of it; times in seconds, shares from 0 to 1."""

    calls: int
    handle: int
    target: int
    level: float
    cap: float
    shrinkage: float
    patience: int | None

    def service(self, agents: int) -> Service:
        """What comes of so many people: Erlang A where callers give up, else Erlang C."""
        asked = (self.calls, _HALF_HOUR, self.handle, agents, self.target)
        if self.patience is None:
            return erlang_c_service(*asked)
        return erlang_a_service(*asked, self.patience)

    def needed(self, cap: float) -> int:
        """The fewest that keep level and occupancy."""
        if self.patience is None:
            return agents_needed(
                self.calls, _HALF_HOUR, self.handle,
                target=self.target, level=self.level, occupancy=cap,
            ).agents  # fmt: skip

        def enough(n: int) -> bool:
            service = self.service(n)
            return service.level >= self.level and service.occupancy <= cap

        return 1 + bisect_left(range(1, 10_000), True, key=enough)

    def scheduled(self, agents: int) -> int:
        """How many must be on the roster for so many to be at the phones."""
        return -int(-round(agents / (1 - self.shrinkage), 9) // 1)


def draw(desk: Desk, now: int, need: int, service: Service, lang: Lang) -> house.Plot:
    erlangs = load(desk.calls, _HALF_HOUR, desk.handle)
    first = max(1, min(int(erlangs) - 1, need - 4, now))
    agents = range(first, max(need + 4, now + 1) + 1)
    plot = hours.staffing(
        agents, [desk.service(n) for n in agents],
        seconds=desk.target, level=desk.level, cap=desk.cap, lang=lang,
    )  # fmt: skip
    axes, level = plot.figure.axes[0], 100 * service.level
    colour = house.BAD if now < need else house.ACCENT
    axes.plot([now, now], [0, level], color=colour, linewidth=1, linestyle=":")
    axes.plot(now, level, "D", color=colour, markersize=9, markeredgecolor=house.PAPER, zorder=6,
              clip_on=False)  # fmt: skip
    left = now > (agents[0] + agents[-1]) / 2
    label = axes.annotate(
        Text(f"现在 {now} 人", f"now {now}")[lang], (now, 4), xytext=(-6 if left else 6, 0),
        textcoords="offset points", ha="right" if left else "left", va="bottom", color=colour,
    )  # fmt: skip
    label.set_fontproperties(axes.xaxis.label.get_fontproperties())
    here = Text(
        f"现在 {now} 人：{percent(service.level)}，用菱形标出。",
        f" Now, a diamond: {people(now)}, {percent(service.level)}.",
    )
    return replace(plot, alt=plot.alt + here[lang])
