"""Controls are data, and only sound values reach the function that sees."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.errors import KefuError
from kefu.explorers import SLUGS, explorer
from kefu.explorers.explorer import (
    Choice,
    Control,
    Explorer,
    Press,
    Seen,
    Slider,
    Switch,
    Values,
    sound,
    start,
)
from kefu.text import Lang, Text
from tests.pieces import any_json

NAME = Text("数", "number")


def demo(*controls: Control) -> Explorer:
    """An explorer that says what it was given."""

    def see(values: Values, lang: Lang) -> Seen:
        return Seen(None, (Text(f"{dict(values)}", f"{dict(values)}"),))

    return Explorer("demo", NAME, NAME, controls, see, NAME, NAME)


SLIDER = Slider("n", NAME, 10, 100, 10, 50, NAME)
CHOICE = Choice("way", NAME, (("a", NAME), ("b", NAME)), "a")
DEMO = demo(SLIDER, CHOICE, Switch("on", NAME, True), Press("again", NAME))


def test_it_starts_where_its_controls_start() -> None:
    """Every control has its start, and a button was not pressed yet."""
    assert start(DEMO) == {"n": 50, "way": "a", "on": True, "again": 0}
    assert sound(DEMO, {}) == start(DEMO)
    assert sound(DEMO, {"way": "b"}) == {**start(DEMO), "way": "b"}


@pytest.mark.parametrize(
    ("given", "taken"),
    [(50, 50), (54, 50), (55.1, 60), (-1e300, 10), (10**400, 100), (float("inf"), 100), (99, 100)],
)
def test_a_number_is_put_on_the_nearest_step(given: float, taken: int) -> None:
    """A slider gives a place it can stand on, within its bounds, whatever number it is given."""
    found = SLIDER.take(given)
    assert (found, type(found)) == (taken, int)


@pytest.mark.parametrize(
    ("low", "high", "step", "given", "taken"),
    [(0, 1, 0.1, 0.3000001, 0.3), (0.5, 10, 0.5, 0.1, 0.5), (0, 1, 0.3, 1, 0.9), (1, 8, 2.5, 9, 6)],
)
def test_steps_need_be_neither_whole_nor_fill_the_range(
    low: float, high: float, step: float, given: float, taken: float
) -> None:
    """The last step is the last one within the bounds; 0.1 three times is 0.3."""
    assert Slider("n", NAME, low, high, step, low).take(given) == taken


@given(st.floats(allow_nan=False) | st.integers())
def test_taking_twice_changes_nothing(given: float) -> None:
    """What a slider gives, it takes as it is."""
    for slider in (SLIDER, Slider("n", NAME, 0.5, 7, 0.05, 1)):
        once = slider.take(given)
        assert slider.take(once) == once
        assert slider.low <= once <= slider.high


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", "50"), ("n", None), ("n", True), ("n", float("nan")), ("n", [50]),
        ("way", "c"), ("way", 0), ("way", None), ("way", ["a"]),
        ("on", 1), ("on", "yes"), ("on", None),
        ("again", -1), ("again", 1.0), ("again", True), ("again", "1"),
        ("other", 1), ("", 1),
    ],
)  # fmt: skip
def test_what_no_control_could_say_is_refused(name: str, value: object) -> None:
    """A name that nobody has, and a value of another sort, are refused in both languages."""
    with pytest.raises(KefuError) as refused:
        sound(DEMO, {name: value})
    assert refused.value.say("zh")
    assert refused.value.say("en")


def test_presses_are_counted_up_to_a_bound() -> None:
    """A count that no finger could reach is cut, so that a seed stays small."""
    assert sound(DEMO, {"again": 3})["again"] == 3
    assert sound(DEMO, {"again": 10**30})["again"] == 1_000_000


@given(st.dictionaries(st.sampled_from(["n", "way", "on", "again", "x"]), any_json))
def test_whatever_comes_is_made_sound_or_refused(values: dict[str, Any]) -> None:
    """Values are whole and of their sort, or a calm refusal."""
    try:
        found = sound(DEMO, values)
    except KefuError:
        return
    assert set(found) == {"n", "way", "on", "again"}
    assert sound(DEMO, found) == found


def test_a_page_reads_all_of_it() -> None:
    """Every field of an explorer but its function goes to the page, in both languages."""
    told = DEMO.json()
    assert set(told) == {field.name for field in dataclasses.fields(Explorer)} - {"see"}
    assert [one["kind"] for one in told["controls"]] == ["slider", "choice", "switch", "press"]
    assert told["controls"][0] == {
        "kind": "slider", "name": "n", "label": NAME.json(), "unit": NAME.json(),
        "low": 10, "high": 100, "step": 10, "start": 50,
    }  # fmt: skip
    assert told["controls"][1]["options"] == [
        {"value": "a", "text": NAME.json()},
        {"value": "b", "text": NAME.json()},
    ]


@pytest.mark.parametrize(
    ("typed", "meant"), [("sample_size", "sample-size"), ("icebergs", "iceberg"), ("两位", "")]
)
def test_a_wrong_name_is_told_the_nearest(typed: str, meant: str) -> None:
    """Where a name is nearly one, that one is said; else all of them."""
    with pytest.raises(KefuError) as refused:
        explorer(typed)
    for said in (refused.value.say("zh"), refused.value.say("en")):
        assert typed in said
        assert all(slug in said for slug in ([meant] if meant else SLUGS))
