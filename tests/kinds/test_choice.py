"""One option is picked, and has a credit of its own."""

from __future__ import annotations

import pytest

from kefu import kinds
from tests.pieces import both, choice, id_of

ITEM = choice({"own": 1.0, "wait": 0.7, "send": 0.0})


@pytest.mark.parametrize(("option", "credit"), [("own", 1.0), ("wait", 0.7), ("send", 0.0)])
def test_credit_of_the_option(option: str, credit: float) -> None:
    """A response is worth the credit of its option."""
    verdict = kinds.judge(ITEM.card, ITEM.key, {"option": id_of(ITEM, option)})
    assert (verdict["credit"], verdict["status"]) == (credit, "judged")


def test_every_option_has_its_reason() -> None:
    """The verdict gives credit and reason of every option, in published order."""
    parts = kinds.judge(ITEM.card, ITEM.key, {"option": id_of(ITEM, "own")})["parts"]
    assert [part["id"] for part in parts] == [option["id"] for option in ITEM.card["options"]]
    assert {part["id"]: (part["credit"], part["why"]) for part in parts} == {
        id_of(ITEM, name): (credit, both(f"why {name}"))
        for name, credit in {"own": 1.0, "wait": 0.7, "send": 0.0}.items()
    }


@pytest.mark.parametrize("blank", [None, {}, {"option": None}])
def test_blank(blank: object) -> None:
    """No option is blank: worth 0, and no reasons are given away."""
    verdict = kinds.judge(ITEM.card, ITEM.key, blank)
    assert (verdict["credit"], verdict["status"], verdict["parts"]) == (0.0, "blank", [])
    assert not kinds.is_complete(ITEM.card, blank)


@pytest.mark.parametrize(
    "strange",
    [
        {"option": "own"},
        {"option": ""},
        {"option": "\ud800"},
        {"option": 0},
        {"option": []},
        {"option": {"id": id_of(ITEM, "own")}},
        {"options": [id_of(ITEM, "own")]},
        {"option": id_of(ITEM, "own"), "credit": 1},
        id_of(ITEM, "own"),
        [id_of(ITEM, "own")],
        True,
        1.0,
    ],
)
def test_what_nobody_could_pick(strange: object) -> None:
    """Whatever is not an option of this card is worth 0, and the verdict says why."""
    verdict = kinds.judge(ITEM.card, ITEM.key, strange)
    assert (verdict["credit"], verdict["status"]) == (0.0, "malformed")
    assert verdict["note"] is not None
    assert not kinds.is_complete(ITEM.card, strange)


def test_the_expert_picks_one_of_several_best() -> None:
    """Of several best options the expert always names the same one."""
    item = choice({"a": 1.0, "b": 1.0, "c": 0.0})
    picked = kinds.expert(item.card, item.key)["option"]
    assert picked == min(id_of(item, "a"), id_of(item, "b"))


def test_in_words() -> None:
    """A response is shown in the words of its option."""
    assert kinds.show(ITEM.card, {"option": id_of(ITEM, "own")}, "zh") == ["own。"]
    assert kinds.show(ITEM.card, {"option": id_of(ITEM, "own")}, "en") == ["own."]
