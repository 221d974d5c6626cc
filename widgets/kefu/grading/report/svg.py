"""Charts by hand, as inline SVG: no script, no font of their own, colours of the page around.

Every chart has one language, says in its label what it shows, and stands beside a table with the
same numbers. Widths are in the chart's own units; the page scales them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from kefu.grading.report.paths import Talked
from kefu.quality.testing import Estimate

__all__ = ["bars", "histogram", "scatter", "ways"]

_WIDE = 360.0
_LEFT, _RIGHT = 34.0, 352.0
_ROW = 22.0


def _svg(high: float, label: str, body: Sequence[str], wide: float = _WIDE) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {wide:g} {high:g}" aria-label="{escape(label)}">'
        f"{''.join(body)}</svg>"
    )


def _x(share: float) -> float:
    return _LEFT + share * (_RIGHT - _LEFT)


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">'
        f"{escape(words)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def bars(rows: Sequence[tuple[str, Estimate, bool]], label: str) -> str:
    """Shares from 0 to 100 % as bars, each with its interval as a whisker.

    Args:
        rows: a short name, the share, whether it is drawn in the strong colour.
        label: what the chart shows.
    """
    high = _ROW * len(rows) + 22
    body = []
    for tick in (0, 25, 50, 75, 100):
        x = _x(tick / 100)
        body.append(_line(x, 2, x, high - 18, "grid"))
        body.append(_text(x, high - 5, f"{tick}%", "middle" if 0 < tick < 100 else
                          "start" if not tick else "end", "tick"))  # fmt: skip
    for at, (name, share, strong) in enumerate(rows):
        y = _ROW * at + 4
        body.append(_text(_LEFT - 6, y + 13, name, "end"))
        if share.value is None:
            continue
        wide = _x(share.value) - _LEFT
        kind = "bar strong" if strong else "bar"
        body.append(
            f'<rect x="{_LEFT}" y="{y:.1f}" width="{wide:.1f}" height="16" rx="2" class="{kind}"/>'
        )
        body.append(_whisker(_x(share.low), _x(share.high), y + 8))
    return _svg(high, label, body)


def _whisker(x1: float, x2: float, y: float) -> str:
    ends = "".join(_line(x, y - 4, x, y + 4, "whisker") for x in (x1, x2))
    return _line(x1, y, x2, y, "whisker") + ends


def histogram(scores: Sequence[float], most: float, label: str) -> str:
    """How many learners earned how much, in ten steps of 10 %."""
    counts = [0] * 10
    for score in scores:
        share = score / most if most else 0.0
        counts[min(9, max(0, int(share * 10 + 1e-9)))] += 1
    top, base = max([*counts, 1]), 130.0
    wide = (_RIGHT - _LEFT) / 10
    body = [_line(_LEFT, base, _RIGHT, base, "axis")]
    for at, count in enumerate(counts):
        tall = 104 * count / top
        x = _LEFT + at * wide
        body.append(
            f'<rect x="{x + 2:.1f}" y="{base - tall:.1f}" width="{wide - 4:.1f}" '
            f'height="{tall:.1f}" rx="2" class="bar strong"/>'
        )
        if count:
            body.append(_text(x + wide / 2, base - tall - 4, f"{count}", "middle"))
    for tick in (0, 50, 100):
        anchor = "start" if not tick else "middle" if tick < 100 else "end"
        body.append(_text(_x(tick / 100), base + 15, f"{tick}%", anchor, "tick"))
    return _svg(base + 20, label, body)


def scatter(
    dots: Sequence[tuple[str, Estimate, Estimate]], label: str, across: str, up: str
) -> str:
    """Facility across (0 to 1), discrimination up (-1 to 1), each with both its intervals."""
    top, base = 18.0, 258.0
    known = [apart for _, easy, apart in dots if None not in (easy.value, apart.value)]
    least = -1.0 if any(one.low < -0.5 for one in known) else -0.5

    def y(value: float) -> float:
        return base - (value - least) / (1 - least) * (base - top)

    body = []
    for tick in (-1.0, -0.5, 0.0, 0.5, 1.0)[least > -1 :]:
        body.append(_line(_LEFT, y(tick), _RIGHT, y(tick), "axis" if not tick else "grid"))
        body.append(_text(_LEFT - 4, y(tick) + 4, f"{tick:g}".replace("-", "−"), "end", "tick"))
    for share in (0.0, 0.5, 1.0):
        body.append(_line(_x(share), top, _x(share), base, "grid"))
        anchor = "start" if not share else "middle" if share < 1 else "end"
        body.append(_text(_x(share), base + 15, f"{share:.0%}", anchor, "tick"))
    body.append(_text(_RIGHT, base + 31, across, "end"))
    body.append(_text(_LEFT, 11, up))
    for _, easy, apart in dots:
        if easy.value is None or apart.value is None:
            continue
        cx, cy = _x(easy.value), y(apart.value)
        body.append(_line(_x(easy.low), cy, _x(easy.high), cy, "faint"))
        body.append(_line(cx, y(apart.low), cx, y(apart.high), "faint"))
    taken: list[tuple[float, float]] = []
    for _, easy, apart in dots:
        if easy.value is None or apart.value is None:
            continue
        cx, cy = _x(easy.value), y(apart.value)
        body.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3.5" class="dot"/>')
        taken.append((cx, cy))
    for name, easy, apart in dots:
        if easy.value is None or apart.value is None:
            continue
        cx, cy = _x(easy.value), y(apart.value)
        spot = _free(cx, cy, taken)
        taken.append(spot)
        body.append(_text(spot[0], spot[1] + 4, name, "middle", "name"))
    return _svg(base + 36, label, body)


def _free(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where beside a dot its number stands clear of other dots and numbers, if anywhere."""
    around = [(11, -9), (-11, -9), (11, 9), (-11, 9), (0, -14), (0, 14), (18, 0), (-18, 0)]
    around += [(2 * dx, 2 * dy) for dx, dy in around]
    spots = [(x + dx, y + dy) for dx, dy in around]

    def room(spot: tuple[float, float]) -> float:
        return min(max(abs(spot[0] - a), abs(spot[1] - b)) for a, b in taken)

    return next((spot for spot in spots if room(spot) >= 9), max(spots, key=room))


def ways(talk: Talked, label: str) -> str:
    """The nodes that a class came to, in columns by how many sayings lead there.

    A line is as wide as many took it; where it cost the ending it is drawn in the warning colour.
    """
    columns: dict[int, list[int]] = {}
    for stop in talk.stops:
        columns.setdefault(stop.depth, []).append(stop.number)
    deep, tall = max(columns) + 1, max(len(one) for one in columns.values())
    wide = max(_WIDE, 64.0 * deep)
    # Ways that pass over a column go round its boxes, above or below.
    high = 84 + 62.0 * tall
    at = {
        number: (
            34 + depth * ((wide - 68) / max(deep - 1, 1)),
            42 + (high - 84) * (row + 0.5) / len(column),
        )
        for depth, column in columns.items()
        for row, number in enumerate(column)
    }
    depths = {stop.number: stop.depth for stop in talk.stops}
    most = max(stop.visits for stop in talk.stops)
    lines, boxes = [], []
    for stop in talk.stops:
        x, y = at[stop.number]
        for to in sorted({said.to for said in stop.says}):
            mine = [said for said in stop.says if said.to == to]
            to_x, to_y = at[to]
            span = depths[to] - stop.depth
            bend = 0.0 if span == 1 else -52.0 if y + to_y < high - 1 else 52.0
            thick = 1.5 + 9 * sum(said.times for said in mine) / most
            kind = "way lost" if any(said.lost for said in mine) else "way"
            middle = (x + to_x) / 2
            lines.append(
                f'<path d="M{x:.1f} {y:.1f} C{middle:.1f} {y + bend:.1f} {middle:.1f} '
                f'{to_y + bend:.1f} {to_x:.1f} {to_y:.1f}" class="{kind}" '
                f'stroke-width="{thick:.1f}"/>'
            )
        kind = "node" if stop.outcome is None else "node end"
        boxes.append(
            f'<rect x="{x - 24:.1f}" y="{y - 17:.1f}" width="48" height="34" rx="8" '
            f'class="{kind}"/>'
        )
        boxes.append(_text(x, y - 2, f"{stop.number}", "middle", "name"))
        boxes.append(_text(x, y + 12, f"n={stop.visits}", "middle", "tick"))
    return _svg(high, label, [*lines, *boxes], wide)
