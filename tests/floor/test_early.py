from __future__ import annotations

import datetime as dt
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from kefu.card import SPEAKERS, Card
from kefu.door.early import early, in_order
from kefu.house.quiz import draw
from kefu.text import LANGS, Lang
from tests.house.furniture import published

OPTIONS: Any = [{"id": letter, "text": {"zh": letter, "en": letter}} for letter in "abcdef"]
DAY = dt.date(2026, 11, 22)


def quiz(*cards: Card, answered: int = 0) -> dict[str, Any]:
    """As the house gives it, the first few of its cards answered."""
    done = {card["item"]: {"version": card["version"]} for card in cards[:answered]}
    return {"title": {"zh": "", "en": ""}, "cards": cards, "receipts": done, "seed": "1f2e3d4c"}


def cards(*kinds: int) -> list[Card]:
    """A choice for 0, 4, 8…; choices for 1, 5…; an order for 2; a number for 3."""
    return [published(n).card for n in kinds]


@pytest.mark.parametrize(
    ("seed", "item", "order"),
    [("1f2e3d4c5b6a7988", "a--b", "bfecad"), ("a", "phone--first", "dbefca")],
)
def test_options_stand_as_the_player_draws_them(seed: str, item: str, order: str) -> None:
    """The order is the player's: its own test (mix.test.ts) holds the same two."""
    assert "".join(option["id"] for option in in_order(OPTIONS, seed, item)) == order


def test_the_first_open_question_is_shown() -> None:
    """What is answered is passed over; a new version of a card is a new question."""
    four = cards(0, 4, 1, 8)
    shown = early(quiz(*four, answered=2))
    assert shown
    assert (shown["card"], shown["type"]) == (four[2], "checkbox")
    assert shown["marks"] == ["k-done", "k-done", "k-now", ""]
    told = quiz(*four, answered=2)
    told["receipts"][four[1]["item"]]["version"] = "an earlier one"
    again = early(told)
    assert again
    assert (again["card"], again["type"]) == (four[1], "radio")


def test_what_only_the_player_can_draw_waits_for_it() -> None:
    """Neither another kind, nor a summary, nor a quiz of one question is shown early."""
    assert early(quiz(*cards(2, 0))) is None
    assert early(quiz(*cards(3, 1))) is None
    assert early(quiz(*cards(0, 1), answered=2)) is None
    assert early(quiz(*cards(0))) is None
    assert early(quiz()) is None


def test_a_day_begins_with_what_can_be_shown() -> None:
    """The daily five open with a question to pick from, wherever they hold one."""
    all_kinds = cards(*range(31))
    for day in range(40):
        assert early(quiz(*draw(DAY + dt.timedelta(days=day), all_kinds)))
    assert not early(quiz(*draw(DAY, cards(2, 3, 6, 7))))


@pytest.mark.parametrize("lang", LANGS)
def test_no_word_of_an_author_is_markup(lang: Lang) -> None:
    """Whatever stands in a card stands in the page as text; and no blank stands between tags."""
    (card, other) = cards(0, 4)
    card = json.loads(json.dumps(card).replace("aa", "</b>&lt;<script>'"))
    shown = early({**quiz(card, other), "title": {"zh": "<i>", "en": "<i>"}})
    folder = Path(str(resources.files("kefu"))) / "door/share/nbconvert/templates/kefu"
    made = Environment(loader=FileSystemLoader(folder)).get_template("early.html.j2")
    page = made.render(k={"lang": lang}, early=shown, speakers=SPEAKERS)
    assert "&lt;/b&gt;&amp;lt;&lt;script&gt;" in page
    assert "&lt;i&gt;" in page
    assert "<script" not in page
    assert "<i>" not in page
    assert not re.search(r">\s+<", page)
