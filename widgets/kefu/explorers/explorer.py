"""What an explorer is: controls as data, and one pure function from their values to a view.

The same values give the same picture and the same words; what looks like chance is drawn from a
seed, and a button that draws again only counts its presses.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kefu.errors import KefuError
from kefu.text import LANGS, Lang, Text

if TYPE_CHECKING:
    from kefu.plots.house import Plot

__all__ = [
    "Choice",
    "Control",
    "Explorer",
    "Press",
    "Seen",
    "Slider",
    "Switch",
    "Values",
    "shown",
    "sound",
    "start",
]

Values = Mapping[str, float | int | str | bool]
"""What the controls are set to, by name."""

_MOST_PRESSES = 1_000_000
_PER_CENT = re.compile(r"(?<=\d)%")


def shown(text: Text) -> dict[str, str]:
    """A text as the page reads it, its per cents written as the plots beside it write them."""
    return {lang: _PER_CENT.sub("\N{NO-BREAK SPACE}%", text[lang]) for lang in LANGS}


@dataclass(frozen=True, slots=True)
class Slider:
    """A number from `low` to `high` in steps; whole if `low` and `step` are."""

    name: str
    label: Text
    low: float
    high: float
    step: float
    start: float
    unit: Text | None = None

    def take(self, given: object) -> float | int:
        """The nearest number that the slider can stand on.

        Raises:
            KefuError: `given` is no finite number.
        """
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise _refused(self.label)
        if isinstance(given, float) and math.isnan(given):
            raise _refused(self.label)
        inside = min(max(given, self.low), self.high)
        steps = round((inside - self.low) / self.step)
        most = math.floor((self.high - self.low) / self.step + 1e-9)
        found = self.low + min(steps, most) * self.step
        whole = self.low == int(self.low) and self.step == int(self.step)
        return int(found) if whole else round(found, 10)

    def json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "kind": "slider",
            "name": self.name,
            "label": shown(self.label),
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "start": self.start,
            "unit": shown(self.unit) if self.unit else None,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few; `start` and the value are the name of an option."""

    name: str
    label: Text
    options: tuple[tuple[str, Text], ...]
    start: str

    def take(self, given: object) -> str:
        """One of the options.

        Raises:
            KefuError: `given` is none of them.
        """
        for name, _ in self.options:
            if given == name:
                return name
        raise _refused(self.label)

    def json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "kind": "choice",
            "name": self.name,
            "label": shown(self.label),
            "options": [{"value": name, "text": shown(text)} for name, text in self.options],
            "start": self.start,
        }


@dataclass(frozen=True, slots=True)
class Switch:
    """Yes or no."""

    name: str
    label: Text
    start: bool

    def take(self, given: object) -> bool:
        """Yes or no.

        Raises:
            KefuError: `given` is neither.
        """
        if not isinstance(given, bool):
            raise _refused(self.label)
        return given

    def json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "kind": "switch",
            "name": self.name,
            "label": shown(self.label),
            "start": self.start,
        }


@dataclass(frozen=True, slots=True)
class Press:
    """A button; its value counts how often it was pressed."""

    name: str
    label: Text

    @property
    def start(self) -> int:
        """Not yet pressed."""
        return 0

    def take(self, given: object) -> int:
        """How often it was pressed.

        Raises:
            KefuError: `given` is no whole number from 0.
        """
        if isinstance(given, bool) or not isinstance(given, int) or given < 0:
            raise _refused(self.label)
        return min(given, _MOST_PRESSES)

    def json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {"kind": "press", "name": self.name, "label": shown(self.label)}


Control = Slider | Choice | Switch | Press


@dataclass(frozen=True)
class Seen:
    """What there is to see at some values.

    Args:
        plot: the picture, in the language asked for; None where there is nothing to draw yet.
        said: what the numbers say now; the first is the headline, up to three sentences follow.
        figures: label and value, for whoever wants the number.
        hidden: names of the controls that do not apply now.
    """

    plot: Plot | None
    said: tuple[Text, ...]
    figures: tuple[tuple[Text, Text], ...] = ()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Explorer:
    """Something to try out, which ends in a question.

    Args:
        slug: its name in a notebook.
        title: its name for people.
        lead: what one can try here, in a sentence or two.
        controls: in the order in which they are shown.
        see: sound values and a language → what there is to see; pure.
        question: what to think about in the end.
        answer: one good answer, opened after thinking.
    """

    slug: str
    title: Text
    lead: Text
    controls: tuple[Control, ...]
    see: Callable[[Values, Lang], Seen]
    question: Text
    answer: Text

    def json(self) -> dict[str, Any]:
        """As the page reads it."""
        return {
            "slug": self.slug,
            "title": shown(self.title),
            "lead": shown(self.lead),
            "controls": [control.json() for control in self.controls],
            "question": shown(self.question),
            "answer": shown(self.answer),
        }


def start(explorer: Explorer) -> Values:
    """The values that an explorer opens with."""
    return {control.name: control.take(control.start) for control in explorer.controls}


def sound(explorer: Explorer, values: Mapping[str, object]) -> Values:
    """Values that `see` can be given: numbers within their bounds and on a step, choices known.

    A control that is not named keeps its start.

    Raises:
        KefuError: a name that no control has, or a value of the wrong sort.
    """
    controls = {control.name: control for control in explorer.controls}
    for name in values:
        if name not in controls:
            raise KefuError(
                Text(f"这里没有“{name}”这一项", f"nothing here is called “{name}”"),
                Text("请刷新页面", "please reload the page"),
            )
    given = {name: controls[name].take(value) for name, value in values.items()}
    return {**start(explorer), **given}


def _refused(label: Text) -> KefuError:
    return KefuError(
        Text(f"“{label.zh}”不能这样设", f"“{label.en}” cannot be set to that"),
        Text("请换一个值", "please choose another value"),
    )
