"""What an item earns without knowing anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from kefu import kinds
from kefu.bank import Bank, Entry, read
from kefu.bank.chance import FEWEST, LEEWAY, by_chance, cue_faults, cues, guesses
from kefu.card import Card, Key
from kefu.publish import Published
from kefu.scenario import KEYS, Scenario
from tests.bank.maker import line_of, story, write
from tests.pieces import authored, both, choice, choices, number, order


def dialogue() -> Published:
    """One decision: 是 leads to a good end (1.0), 否 to a bad one (0.0)."""
    return authored(
        {
            "kind": "dialogue", "start": "open", "anger": 5, "trust": 5,
            "node": {
                "open": {"customer": both("well"), "say": {
                    "yes": {**both("yes"), "to": "good", "anger": 0, "trust": 0},
                    "no": {**both("no and never"), "to": "bad", "anger": -2, "trust": 0},
                }},
                "good": {"ending": both("good")},
                "bad": {"ending": both("bad")},
            },
        },
        {
            "credit": {"open": {"yes": 1.0, "no": 0.0}},
            "why": {"open": {"yes": both("why"), "no": both("why")}},
            "outcome": {"good": 1.0, "bad": 0.0},
        },
    )  # fmt: skip


def match() -> Published:
    """Two lefts, three rights; a half credit."""
    return authored(
        {
            "kind": "match",
            "left": {n: both(n) for n in ("one", "two")},
            "right": {n: both(n) for n in ("uno", "due", "tre")},
        },
        {
            "pair": {"one": "uno", "two": "due"},
            "half": {"two": ["tre"]},
            "why": {n: both(f"why {n}") for n in ("one", "two")},
        },
    )


# By chance, counted out by hand.


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (choice({"a": 1.0, "b": 0.5, "c": 0.0}), 0.5),
        # Of a right, b wrong: {a} earns 1, {b} and {a, b} nothing.
        (choices("a", "b"), 1 / 3),
        # Of a, b right, c wrong: a ½, b ½, c 0, ab 1, ac 0, bc 0, abc ½.
        (choices("ab", "c"), 2.5 / 7),
        # Of six orders: abc 1; acb and bac 1/3 each; the others nothing.
        (order("abc"), (1 + 2 / 3) / 6),
        # The first left ⅓, the second (1 + ½) / 3.
        (match(), (1 / 3 + 1.5 / 3) / 2),
        (number(15), 0.0),
        # Either way half: 0.7 × ½ + 0.3 × ½.
        (dialogue(), 0.5),
    ],
    ids=["choice", "choices-2", "choices-3", "order", "match", "number", "dialogue"],
)
def test_what_guessing_earns(item: Published, expected: float) -> None:
    """The mean credit over all the answers that somebody could give at random."""
    assert by_chance(item.card, item.key) == pytest.approx(expected, abs=1e-4)


def _mean(card: Card, key: Key, answers: Iterable[dict[str, Any]]) -> float:
    worth = [kinds.judge(card, key, answer)["credit"] for answer in answers]
    return sum(worth) / len(worth)


def test_matching_is_counted_out() -> None:
    """Counting one right for all lefts at a time gives what counting every answer gives."""
    item = match()
    lefts, rights = ([one["id"] for one in item.card[side]] for side in ("lefts", "rights"))
    every = [{"pairs": dict(zip(lefts, picks, strict=True))} for picks in product(rights, repeat=2)]
    expected = _mean(item.card, item.key, every)
    assert by_chance(item.card, item.key) == pytest.approx(expected, abs=1e-4)


def test_many_steps_are_drawn_alike_each_time() -> None:
    """With too many orders to count out, a draw comes near, and is the same tomorrow."""
    item = order("abcdefg")
    steps = [step["id"] for step in item.card["steps"]]
    exact = _mean(item.card, item.key, ({"order": list(o)} for o in permutations(steps)))
    assert by_chance(item.card, item.key) == by_chance(item.card, item.key)
    assert by_chance(item.card, item.key) == pytest.approx(exact, abs=0.03)


# Cues over a bank.


@pytest.fixture
def small(tmp_path: Path) -> Bank:
    """The small bank, without a fault."""
    bank, faults = read([write(tmp_path)])
    assert faults == []
    return bank


def planted(bank: Bank, items: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> Bank:
    """The bank with these items alone (name, item, key), each with a line of its own."""
    first = bank.entries[0]
    entries: list[Entry] = []
    for line, (name, item, key) in enumerate(items, 100):
        made = Scenario.model_validate(
            {
                "teaches": ["taboo-never-heard"],
                "title": both("story"),
                "turn": [{"who": "customer", **both("hello")}],
                "item": [
                    {"id": name, "use": "practice", "lesson": "5.2", "prompt": both("ask"), **item}
                ],
            }
        ).item[0]
        own = KEYS[item["kind"]].model_validate(key)
        entries.append(
            dataclasses.replace(first, ref=f"umbrella--{name}", item=made, key=own, line=line)
        )
    return dataclasses.replace(bank, entries=tuple(entries))


def picks(
    name: str, credit: dict[str, float], zh: dict[str, str], en: dict[str, str]
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """A choice between options of these words, declared in this order."""
    return (
        name,
        {"kind": "choice", "option": {n: {"zh": zh[n], "en": en[n]} for n in credit}},
        {"credit": credit, "why": {n: both("why") for n in credit}},
    )


def level(words: dict[str, float]) -> dict[str, str]:
    """Words of one length."""
    return {n: f"word {n}" for n in words}


def longest(lang: str, much: float = 0.0) -> list[Any]:
    """Four choices whose best option is the longest in one language, the last one most of all."""
    orders = ("abc", "bca", "cab", "abc")
    items = []
    for at, names in enumerate(orders):
        best = names[at % 3] if at < 3 else "c"
        rest = much if at < 3 else 0.0
        credit = {n: 1.0 if n == best else rest for n in names}
        credit[next(n for n in names if n != best)] = 0.0
        long = {**level(credit), best: f"word {best}, and some more"}
        other = level(credit)
        items.append(
            picks(f"item-{at}", credit, *((long, other) if lang == "zh" else (other, long)))
        )
    return items


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_bank_whose_longest_option_pays(small: Bank, lang: str) -> None:
    """It is a fault, at the item that adds most, in the language it is so; and only that."""
    bank = planted(small, longest(lang, much=0.6))
    found = guesses(bank)
    told = {cue.name: cue for cue in cues(found)}
    other = "en" if lang == "zh" else "zh"
    assert told[f"longest ({lang})"].earned == pytest.approx(1.0)
    assert told[f"longest ({other})"].earned == pytest.approx(told[f"longest ({other})"].chance)
    (fault,) = [f for f in cue_faults(found) if "longest" in f.what.en]
    assert fault.line == 103
    assert "100%" in fault.what.zh
    assert ("Chinese" if lang == "zh" else "English") in fault.what.en
    assert ("中文" if lang == "zh" else "英文") in fault.what.zh
    assert "umbrella--item-" in fault.what.en


def test_a_bank_whose_first_option_pays(small: Bank) -> None:
    """Whoever types the best option first is told to type it elsewhere."""
    credit = {"own": 1.0, "wait": 0.0, "send": 0.0}
    items = [picks(f"item-{n}", credit, level(credit), level(credit)) for n in range(FEWEST)]
    (fault,) = cue_faults(guesses(planted(small, items)))
    assert "文件里写在最前" in fault.what.zh
    assert "another order" in fault.write.en
    turned = [
        picks(f"item-{n}", dict(reversed(credit.items())), level(credit), level(credit))
        for n in range(FEWEST)
    ]
    assert list(cue_faults(guesses(planted(small, turned)))) == []


def talk(name: str, credit: dict[str, float], anger: dict[str, int]) -> Any:
    """A conversation of one decision."""
    says = {n: {"zh": f"话 {n}", "en": f"word {n}", "to": f"end-{n}", "anger": anger[n], "trust": 0}
            for n in credit}  # fmt: skip
    ends = {f"end-{n}": {"ending": both(f"so {n}")} for n in credit}
    return (
        name,
        {"kind": "dialogue", "start": "open", "anger": 5, "trust": 5,
         "node": {"open": {"customer": both("well"), "say": says}, **ends}},
        {"credit": {"open": credit}, "why": {"open": {n: both("why") for n in credit}},
         "outcome": {f"end-{n}": value for n, value in credit.items()}},
    )  # fmt: skip


def test_a_bank_whose_calmest_saying_pays(small: Bank) -> None:
    """Where soothing is always right, one need not think: a fault."""
    worth = {"sooth": 1.0, "promise": 0.0}
    paying = [talk(f"talk-{n}", worth, {"sooth": -3, "promise": 1}) for n in range(FEWEST)]
    told = [fault for fault in cue_faults(guesses(planted(small, paying)))
            if "calms" in fault.what.en]  # fmt: skip
    assert len(told) == 1
    assert "消气" in told[0].what.zh
    even = [
        talk(f"talk-{n}", worth, {"sooth": -3 if n % 2 else 1, "promise": 1 if n % 2 else -3})
        for n in range(FEWEST)
    ]
    assert not [f for f in cue_faults(guesses(planted(small, even))) if "calms" in f.what.en]


def test_a_few_items_prove_nothing(small: Bank) -> None:
    """Below a handful of items, a cue is luck and no fault."""
    items = longest("zh")[: FEWEST - 1]
    assert list(cue_faults(guesses(planted(small, items)))) == []


def test_a_cue_just_within_the_leeway(small: Bank) -> None:
    """A cue may earn chance and a little; from there on it is a fault."""
    cue = next(c for c in cues(guesses(planted(small, longest("zh")))) if c.name == "longest (zh)")
    assert cue.pays
    assert not dataclasses.replace(cue, earned=cue.chance + LEEWAY - 1e-6).pays
    assert dataclasses.replace(cue, earned=cue.chance + LEEWAY + 1e-6).pays


def test_where_several_are_longest_one_of_them_is_picked(small: Bank) -> None:
    """Options of one length give nothing away: the cue earns what chance does."""
    credit = {"a": 1.0, "b": 0.4, "c": 0.0}
    (guess,) = guesses(planted(small, [picks("same", credit, level(credit), level(credit))]))
    earned, chance = guess.cues["longest (zh)"]
    assert earned == chance == pytest.approx(1.4 / 3)


def test_an_item_with_a_fault_is_not_guessed(tmp_path: Path) -> None:
    """A file that has faults is mended first; the check of it is calm and counts the others."""
    words = "credit.look = 1.0\n"
    changed = story((words, ""))
    bank, faults = read([write(tmp_path, changed)])
    assert faults
    assert faults[0].line <= line_of(changed["scenarios/umbrella.toml"], "[sealed.rings]")
    assert guesses(bank, faults) == ()


def test_a_broken_bank_is_guessed_calmly() -> None:
    """However broken a bank is, what can be guessed is, and nothing is raised."""
    bank, faults = read([Path(__file__).parent / "broken"])
    assert isinstance(guesses(bank, faults), tuple)
