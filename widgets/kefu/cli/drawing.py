"""A dialogue as a picture for its author: an SVG of boxes, each with what may be said in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kefu.cli.layers import Spot, Way, arrange
from kefu.text import Lang, Text

if TYPE_CHECKING:
    from kefu.scenario import DialogueItem, DialogueKey
    from kefu.scenario.items import Node, Say

__all__ = ["Drawn", "Tone", "draw", "tone"]

_WIDE, _GUTTER, _PAD = 300, 110, 12
_SIZE, _LINE, _ROW = 13, 19, 9  # text, its lines, and the room above and below a saying
_MARGIN, _HEAD = 40, 64
_LANE = 12  # between ways that lead back, above the boxes
_BEST = 3.0  # how thick a way of full credit is
_QUOTES = "“”…"  # as wide as a 汉字 in Chinese, narrower in English: taken as wide
_NO_START = "，。：；？！、）”’》…"


Point = tuple[float, float]


class Tone(NamedTuple):
    """How a credit is shown: sign and number, colour, thickness of its line."""

    said: str
    colour: str
    wide: float


def tone(credit: float | None) -> Tone:
    """The look of a credit; None where the key has none yet."""
    if credit is None:
        return Tone("?", "#52616b", 1.5)
    sign, colour = ("✓", "#22663a") if credit >= 1 else ("◐", "#7a5200")
    if credit <= 0:
        sign, colour = "✗", "#9c2f1b"
    return Tone(f"{sign} {credit:g}", colour, _BEST if credit >= 1 else 1.5)


@dataclass(frozen=True)
class Drawn:
    """What is drawn: a dialogue, its key if that can be read, and the story's title."""

    title: Text
    item: DialogueItem
    key: DialogueKey | None

    def credit(self, node: str, name: str) -> float | None:
        """The credit of a saying."""
        return self.key.credit.get(node, {}).get(name) if self.key else None

    def outcome(self, node: str) -> float | None:
        """What an ending is worth."""
        return self.key.outcome.get(node) if self.key else None

    def moves(self, say: Say, lang: Lang) -> Iterator[str]:
        """How a saying moves feelings, and what it needs, in words."""
        names = {"anger": Text("火气", "anger"), "trust": Text("信任", "trust")}
        for name, by in (("anger", say.anger), ("trust", say.trust)):
            if by:
                yield f"{names[name][lang]} {'−' if by < 0 else '+'}{abs(by)}"
        for need, bound in say.needs.items():
            feeling, side = need.split("_")
            yield f"[{names[feeling][lang]} {'≥' if side == 'min' else '≤'} {bound}]"


class _Row(NamedTuple):
    """A part of a box: a small line with a colour, then words; `to` where it leads."""

    small: str
    lines: list[str]
    colour: str
    wide: float
    to: str | None
    height: float


def draw(drawn: Drawn, lang: Lang) -> str:
    """The whole SVG file."""
    item = drawn.item
    boxes = {name: _rows(drawn, name, node, lang) for name, node in item.node.items()}
    strangers = {s.to for node in item.node.values() for s in node.say.values()} - boxes.keys()
    for name in sorted(strangers):
        said = Text("✗ 没有这个节点", "✗ there is no such node")[lang]
        boxes[name] = [_row(f"{name}  {said}", [], "#9c2f1b")]
    ways, looks = [], []
    for name, rows in boxes.items():
        top = 0.0
        for row in rows:
            if row.to:
                ways.append(Way(name, row.to, top + row.height / 2))
                looks.append((row.colour, row.wide))
            top += row.height
    heights = {name: sum(row.height for row in rows) for name, rows in boxes.items()}
    ends = [name for name in boxes if name not in item.node or not item.node[name].say]
    spots = arrange(heights, ways, [name for name in ends if name != item.start])
    for spot in spots.values():
        spot.top += _HEAD + _LANE * sum(way.back for way in ways)
    wide = _left(max(s.column for s in spots.values())) + _WIDE + _MARGIN
    high = max(s.top + s.height for s in spots.values()) + _MARGIN
    title = Text(
        f"{drawn.title.zh} · {item.id}：开始时火气 {item.anger}，信任 {item.trust}",
        f"{drawn.title.en} · {item.id}: at the start anger is {item.anger} and trust {item.trust}",
    )[lang]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
            f'viewBox="0 0 {wide:.0f} {high:.0f}" lang="{"zh-CN" if lang == "zh" else "en"}" '
            f'font-family="{_FACES[lang]}" font-size="{_SIZE}" fill="#1c2730">',
            f"<title>{escape(title)}</title>",
            '<rect width="100%" height="100%" fill="#fbfaf6"/>',
            f'<text x="{_MARGIN}" y="36" font-size="19" font-weight="600">{escape(title)}</text>',
            *_lines(ways, looks, spots),
            *(line for name, rows in boxes.items() for line in _box(rows, spots[name])),
            "</svg>\n",
        ]
    )


_LATIN = "system-ui,'Segoe UI','Noto Sans',sans-serif"
_FACES = {
    "zh": f"'PingFang SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei',{_LATIN}",
    "en": _LATIN,
}


def _left(column: int) -> float:
    return _MARGIN + column * (_WIDE + _GUTTER)


def _rows(drawn: Drawn, name: str, node: Node, lang: Lang) -> list[_Row]:
    """The head of a box, with what is heard there, and a row for each saying."""
    small, colour = name, "#0f6b66"
    heard = [words.text()[lang] for words in (node.customer, node.ending) if words]
    if not node.say:
        mark = tone(drawn.outcome(name))
        small, colour = f"{name}  {Text('结局', 'ending')[lang]} {mark.said}", mark.colour
    rows = [_row(small, heard, colour)]
    for each, say in node.say.items():
        mark = tone(drawn.credit(name, each))
        moved = "  ".join([mark.said, each, *drawn.moves(say, lang)])
        rows.append(_row(moved, [say.text()[lang]], mark.colour, mark.wide, say.to))
    return rows


def _row(
    small: str, texts: list[str], colour: str, wide: float = 1.5, to: str | None = None
) -> _Row:
    lines = [line for text in texts for line in _wrapped(text)]
    return _Row(small, lines, colour, wide, to, 2 * _ROW + _LINE * (1 + len(lines)))


def _width(char: str) -> float:
    if char in "mwMW@%":
        return _SIZE * 0.9
    return _SIZE if unicodedata.east_asian_width(char) in "WF" or char in _QUOTES else _SIZE * 0.55


def _wrapped(text: str) -> Iterator[str]:
    """The text in lines that fit a box: 汉字 break anywhere, English between words."""
    pieces: list[str] = []
    for char in text:
        wide = unicodedata.east_asian_width(char) in "WF"
        fresh = wide or (pieces and unicodedata.east_asian_width(pieces[-1][-1]) in "WF")
        if pieces and (char in _NO_START or not (fresh or pieces[-1].endswith(" "))):
            pieces[-1] += char
        else:
            pieces.append(char)
    line, used = "", 0.0
    for piece in pieces:
        needs = sum(map(_width, piece.rstrip()))
        if line and used + needs > _WIDE - 2 * _PAD:
            yield line.rstrip()
            line, used = "", 0.0
        line += piece
        used += sum(map(_width, piece))
    yield line.rstrip()


def _box(rows: list[_Row], spot: Spot) -> Iterator[str]:
    left, top = _left(spot.column), spot.top
    frame = f'x="{left}" width="{_WIDE}" rx="12"'
    yield f'<g><rect {frame} y="{top:.1f}" height="{spot.height:.1f}" fill="#fff"/>'
    yield f'<rect {frame} y="{top:.1f}" height="{rows[0].height:.1f}" fill="#e6f2f0"/>'
    for at, row in enumerate(rows):
        if at:
            yield f'<path d="M{left} {top:.1f}h{_WIDE}" stroke="#d9dcd6"/>'
        base = top + _ROW + _SIZE
        yield (
            f'<text x="{left + _PAD}" y="{base:.1f}" fill="{row.colour}" font-size="12" '
            f'font-weight="600" xml:space="preserve">{escape(row.small)}</text>'
        )
        for line in row.lines:
            base += _LINE
            yield f'<text x="{left + _PAD}" y="{base:.1f}">{escape(line)}</text>'
        top += row.height
    yield (
        f'<rect {frame} y="{spot.top:.1f}" height="{spot.height:.1f}" '
        f'fill="none" stroke="#75828a"/></g>'
    )


def _lines(
    ways: list[Way], looks: list[tuple[str, float]], spots: dict[str, Spot]
) -> Iterator[str]:
    """Each way from its saying to the box it leads to; what several share is drawn once."""
    shared: dict[tuple[Point, Point], list[tuple[str, float]]] = {}
    lanes: list[float] = []
    for way, (colour, wide) in zip(ways, looks, strict=True):
        goal = spots[way.target]
        x, y = _left(spots[way.source].column) + _WIDE, spots[way.source].top + way.port
        if way.back:
            # Out to the right, over all boxes, and down again left of where it leads.
            lane, aside = _HEAD + _LANE * len(lanes), 5 * (len(lanes) % 4)
            into = _entry(goal)
            yield _path(
                f"M{x} {y:.1f}H{x + 14 + aside}V{lane}"
                f"H{into[0] - 20 - aside}V{into[1]:.1f}H{into[0]}",
                colour,
                wide,
                ' stroke-dasharray="6 4"',
            )
            yield _head(*into, colour)
            lanes.append(lane)
            continue
        stops = [_entry(spots[name]) for name in (*way.over, way.target)]
        yield _path(_curve((x, y), stops[0]), colour, wide)
        for one, two in pairwise(stops):
            shared.setdefault((one, two), []).append((colour, wide))
        if not way.over:
            yield _head(*stops[0], colour)
    goals = {_entry(spot) for spot in spots.values() if not spot.passing}
    for (one, two), used in shared.items():
        # The best way that goes along it shows; else, where they differ, neither does.
        colour, wide = max(used, key=lambda look: look[1])
        if wide < _BEST and len({look[0] for look in used}) > 1:
            colour = "#75828a"
        far = (one[0] + _WIDE, one[1])
        yield _path(f"M{one[0]} {one[1]:.1f}H{far[0]}" + _curve(far, two), colour, wide)
        if two in goals:
            yield _head(*two, colour)


def _entry(spot: Spot) -> Point:
    """Where a line comes into a spot."""
    return _left(spot.column), spot.top + spot.entry


def _curve(one: Point, two: Point) -> str:
    bend = _GUTTER / 2
    return (
        f"M{one[0]} {one[1]:.1f}"
        f"C{one[0] + bend} {one[1]:.1f} {two[0] - bend} {two[1]:.1f} {two[0]} {two[1]:.1f}"
    )


def _path(line: str, colour: str, wide: float, more: str = "") -> str:
    return f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="{wide}"{more}/>'


def _head(x: float, y: float, colour: str) -> str:
    return f'<path d="M{x:.1f} {y:.1f}l-9-5v10z" fill="{colour}"/>'
