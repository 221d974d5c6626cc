"""The grammar of what authors write."""

import tomllib
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from kefu.scenario import (
    KEYS,
    KINDS,
    PLACEHOLDER,
    ChoiceKey,
    Item,
    NumberKey,
    Scenario,
    Words,
)
from kefu.text import Text
from tests.bank.maker import STORY


def data() -> dict[str, Any]:
    """A good scenario as TOML reads it."""
    return tomllib.loads(STORY)


def test_a_good_scenario_is_read() -> None:
    """Items come in the author's order, each as its kind; keys stay as typed."""
    scenario = Scenario.model_validate(data())
    assert [item.kind for item in scenario.item] == ["choice", "choices", "order", "number"]
    assert {"first-reply", "in-order"} == set(scenario.open)
    assert Text("落下的伞", "The umbrella") == scenario.title.text()


def test_an_item_is_worth_four_points_unless_it_says() -> None:
    """Points are optional."""
    assert [item.points for item in Scenario.model_validate(data()).item] == [4, 4, 4, 4]


def test_every_kind_but_the_selfcheck_has_a_key() -> None:
    """A kind without the grammar of its key cannot be judged."""
    kinds = [
        get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Item)[0])
    ]
    assert [*KEYS, "selfcheck"] == kinds
    assert set(KINDS) == set(kinds)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("title", "zh"), ""),
        (("teaches",), []),
        (("teaches",), ["a", "b", "c"]),
        (("item", 0, "id"), "Reply"),
        (("item", 0, "id"), "a--b"),
        (("item", 0, "id"), "reply\n"),
        (("item", 0, "points"), 0),
        (("item", 0, "points"), "4"),
        (("item", 0, "points"), True),
        (("item", 0, "extra"), 1),
        (("item", 0, "lesson"), 5.2),
        (("item", 2, "step"), {"a": {"zh": "听", "en": "Listen"}}),
        (("turn", 0, "who"), "clerk"),
    ],
)
def test_what_does_not_fit_is_refused(place: tuple[str | int, ...], value: object) -> None:
    """Types are strict, unknown names are refused, and bounds hold."""
    typed: Any = data()
    inner = typed
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    with pytest.raises(ValidationError):
        Scenario.model_validate(typed)


@pytest.mark.parametrize("value", [15, 1.5, -3, "{standard.phone.rings}", "mean(wait) * 2"])
def test_a_number_key_is_a_number_or_a_formula(value: object) -> None:
    """Both are taken as they are."""
    assert value == NumberKey(value=value, why=Words(zh="对", en="Right")).value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value", ["soon", "standard.phone.rings", float("nan"), float("inf"), True]
)
def test_a_number_key_is_nothing_else(value: object) -> None:
    """Text, truth and numbers that are not finite are refused."""
    with pytest.raises(ValidationError):
        NumberKey(value=value, why=Words(zh="对", en="Right"))  # type: ignore[arg-type]


@pytest.mark.parametrize("credit", [-0.1, 1.1, float("nan"), "1.0"])
def test_a_credit_is_from_0_to_1(credit: object) -> None:
    """A credit outside its range is refused."""
    with pytest.raises(ValidationError):
        TypeAdapter(ChoiceKey).validate_python({"credit": {"own": credit}, "why": {}})


def test_a_placeholder_names_topic_and_name() -> None:
    """`{standard.topic.name}` is found wherever it stands."""
    assert PLACEHOLDER.findall("在 {standard.phone.rings} 声内，{不是}") == [("phone", "rings")]
