"""Numbers and names in words, as figures and explorers write them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isfinite, log10

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from kefu.plots.house import WIDE, wrap
from kefu.text import Lang, Text

__all__ = [
    "across",
    "capital",
    "counted",
    "few",
    "footnote",
    "higher",
    "listed",
    "percent",
    "plain",
    "short",
    "signed",
    "span",
]

ACROSS = 15
"""Columns of the smaller letters in an inch."""


def short(value: float, digits: int = 3) -> str:
    """A number to three digits that count and all before the point: 1,235 or 0.0123 or −2.5."""
    if not isfinite(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    if abs(value) >= 1e9 or abs(value) < 1e-4:
        written = f"{value:.{digits - 1}e}"
    else:
        after = max(0, digits - 1 - floor(log10(abs(value))))
        written = f"{value:,.{after}f}"
        if "." in written:
            written = written.rstrip("0").rstrip(".")
    return written.replace("-", "−")


def plain(value: float, digits: int = 1) -> str:
    """A number with at most `digits` decimals and a true minus sign: −1.2, 40, 1,200."""
    rounded = round(float(value), digits) + 0.0  # no −0
    words = f"{rounded:,.{digits}f}"
    return (words.rstrip("0").rstrip(".") if digits else words).replace("-", "−")


def signed(value: float, digits: int = 1) -> str:
    """A difference: +0.8, −1.2, 0."""
    words = plain(value, digits)
    return words if words.startswith("−") or words == "0" else f"+{words}"


def percent(share: float, digits: int = 2) -> str:
    """A share from 0 to 1 in per cent; what is not all is never written as 100%."""
    hundred = 100 * share
    if hundred < 100:
        hundred = min(hundred, 99.99)
    if hundred >= 99.5:  # what is missing to all counts
        digits = 3 if hundred < 99.95 else 4
    return f"{short(hundred, digits)}\N{NO-BREAK SPACE}%"


def span(low: float, high: float) -> str:
    """An interval of shares in per cent, finer the narrower it is: 53–71 % or 8.1–8.4 %."""
    if high - low < 0.0002:
        return f"{short(100 * low)}–{short(100 * high)}\N{NO-BREAK SPACE}%"
    after = 0 if high - low >= 0.02 else 1 if high - low >= 0.002 else 2
    return f"{100 * low:.{after}f}–{100 * high:.{after}f}\N{NO-BREAK SPACE}%"


def listed(names: Sequence[str], lang: Lang, most: int = 6) -> str:
    """Names in a row; of more than `most` the first ones, and how many more there are."""
    shown, more = list(names[:most]), len(names) - most
    if lang == "zh":
        if more > 0:
            return f"{'、'.join(shown)}等 {len(names)} 个"
        return "和".join(filter(None, ["、".join(shown[:-1]), *shown[-1:]]))
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def counted(count: float, unit: Text, lang: Lang, digits: int = 0) -> str:
    """So many of a thing; the English name of its unit is given in the singular."""
    number = plain(count, digits)
    plural = "" if lang == "zh" or number in ("1", "−1") or unit.en == "yuan" else "s"
    return f"{number}\N{NO-BREAK SPACE}{unit[lang]}{plural}"


def few(n: int, one: str, many: str) -> str:
    """`1 point` or `2 points`."""
    return f"{n:,} {one if n == 1 else many}"


def capital(words: str) -> str:
    """The words with a capital in front, as a sentence begins."""
    return words[:1].upper() + words[1:]


def across(axes: Axes, names: Sequence[str], places: Sequence[float], columns: int = 46) -> None:
    """As many of the names under the axis as have room side by side, the first one among them.

    Args:
        axes: whose horizontal axis it is.
        names: one for each place.
        places: where on the axis.
        columns: of how many Latin letters there is room; a Chinese character takes two.
    """
    lines = [line for name in names for line in name.split("\n")]
    longest = max(
        (len(line) + sum(ord(each) > 0x2E80 for each in line) for line in lines), default=1
    )
    step = max(1, ceil(len(names) * (longest + 2) / columns))
    axes.set_xticks(list(places)[::step], list(names)[::step])


def higher(words: str, wide: float = WIDE) -> float:
    """Inches that a footnote adds to a figure."""
    return 0.16 * (wrap(words, int(wide * ACROSS)).count("\n") + 1) + 0.08 if words else 0.0


def footnote(figure: Figure, words: str, colour: str) -> None:
    """Words under the whole figure, broken into lines to fit."""
    if words:
        said = wrap(words, int(figure.get_figwidth() * ACROSS))
        figure.supxlabel(said, x=0.01, ha="left", fontsize=9, color=colour)
