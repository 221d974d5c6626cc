"""What an item earns without knowing anything: by chance, and by the cues of the test-wise.

A good item is worth little to whoever only guesses; a good bank, to whoever picks the longest
option, the first one that its author typed, or the saying that calms the customer most.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import factorial
from statistics import fmean
from typing import Any

from kefu import kinds
from kefu.bank.model import Bank, Entry
from kefu.bank.reader import shown
from kefu.card import Card, Key, Saying
from kefu.errors import Fault, KefuError
from kefu.kinds import dialogue
from kefu.kinds.talk import Talk
from kefu.scenario import ChoiceItem, ChoicesItem, DialogueItem
from kefu.text import LANGS, Text

__all__ = ["LEEWAY", "WORDS", "Cue", "Guess", "by_chance", "cue_faults", "cues", "guesses"]

LEEWAY = 0.05
"""How much more than chance a cue may earn over the bank."""
FEWEST = 4
"""A cue is judged over a bank only from so many items on."""
_MOST = 2000
"""More answers than these are drawn, not counted out."""


@dataclass(frozen=True)
class Guess:
    """What one item earns by guessing.

    `chance` is the mean credit of an answer drawn at random.
    `cues` holds, by cue, what following it earns, and what as many picks at random would have.
    """

    entry: Entry
    chance: float
    cues: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Cue:
    """A cue over the bank: the items it can be followed on, what it earns there, what chance does.

    The items stand in the order of what they add to it, most first.
    """

    name: str
    earned: float
    chance: float
    guesses: tuple[Guess, ...]

    @property
    def pays(self) -> bool:
        """Whether the test-wise should follow it."""
        return len(self.guesses) >= FEWEST and self.earned > self.chance + LEEWAY


def guesses(bank: Bank, faults: Iterable[Fault] = ()) -> tuple[Guess, ...]:
    """Every item that is judged, but those of a file that has faults: mend these first."""
    broken = {fault.file for fault in faults}
    return tuple(_guesses(bank, broken))


def _guesses(bank: Bank, broken: Container[str]) -> Iterator[Guess]:
    for entry in bank.entries:
        if entry.key is None or shown(entry.file) in broken:
            continue
        try:
            made = bank.publish(entry)
        except KefuError:
            continue  # told where it stands: in the standards, or in a scorecard
        chance = by_chance(made.card, made.key)
        yield Guess(entry, chance, dict(_cues(entry, made.card, made.key)))


def cues(found: Sequence[Guess]) -> list[Cue]:
    """Each cue over the items on which it can be followed."""
    return [_cue(name, found) for name in sorted({name for guess in found for name in guess.cues})]


def _cue(name: str, found: Sequence[Guess]) -> Cue:
    mine = [guess for guess in found if name in guess.cues]
    mine.sort(key=lambda guess: guess.cues[name][1] - guess.cues[name][0])
    return Cue(
        name,
        fmean(guess.cues[name][0] for guess in mine),
        fmean(guess.cues[name][1] for guess in mine),
        tuple(mine),
    )


def cue_faults(found: Sequence[Guess]) -> Iterator[Fault]:
    """A fault for each cue that pays, at the item that adds most to it."""
    for cue in cues(found):
        if not cue.pays:
            continue
        worst = cue.guesses[0].entry
        others = ", ".join(guess.entry.ref for guess in cue.guesses[1:4])
        what, write = WORDS[cue.name]
        yield Fault(
            shown(worst.file),
            worst.line,
            Text(
                f"不看内容、{what.zh}，整个题库能得 {cue.earned:.0%}，乱答只得 {cue.chance:.0%}；"
                f"这道题最明显，其次是 {others}",
                f"over the whole bank, {what.en} earns {cue.earned:.0%} where guessing earns "
                f"{cue.chance:.0%}; this item adds most, then {others}",
            ),
            write,
        )


_SHORTER = Text("把最好的写短些，或把其余的写足", "shorten the best ones, or fill out the others")
WORDS = {
    "longest (zh)": (
        Text("只挑中文最长的", "picking what is longest in Chinese"),
        _SHORTER,
    ),
    "longest (en)": (
        Text("只挑英文最长的", "picking what is longest in English"),
        _SHORTER,
    ),
    "first declared": (
        Text("只挑文件里写在最前的", "picking what the file has first"),
        Text("换一换选项的先后", "write the options in another order"),
    ),
    "calmest": (
        Text("只说最能消气的话", "saying what calms the customer most"),
        Text(
            "让空头许诺、奉承这类话当场也能消气，而好的话有时先不消气",
            "let rash promises and flattery calm at once as well, and good sayings cost something",
        ),
    ),
}
"""Cue → what following it means, and what to do when that pays."""


def by_chance(card: Card, key: Key) -> float:
    """The mean credit of an answer drawn at random: 0 where one has to write it oneself."""
    kind = card["kind"]
    if kind == "dialogue":
        return dialogue.chance(card, key)
    if kind not in _ANSWERS:
        return 0.0
    answers = _ANSWERS[kind](card)
    return fmean(kinds.judge(card, key, answer)["credit"] for answer in answers)


def _choice(card: Card) -> Iterable[dict[str, Any]]:
    return [{"option": option["id"]} for option in card["options"]]


def _choices(card: Card) -> Iterable[dict[str, Any]]:
    ids = [option["id"] for option in card["options"]]
    return [
        {"options": list(some)}
        for size in range(1, len(ids) + 1)
        for some in combinations(ids, size)
    ]


def _order(card: Card) -> Iterable[dict[str, Any]]:
    ids = [step["id"] for step in card["steps"]]
    if factorial(len(ids)) <= _MOST:
        return [{"order": list(order)} for order in permutations(ids)]
    draw = random.Random(card["item"])
    return [{"order": draw.sample(ids, len(ids))} for _ in range(_MOST)]


def _match(card: Card) -> Iterable[dict[str, Any]]:
    # Credit is a mean over lefts, so one right for all of them at a time counts all alike.
    lefts = [left["id"] for left in card["lefts"]]
    return [{"pairs": dict.fromkeys(lefts, right["id"])} for right in card["rights"]]


def _review(card: Card) -> Iterable[dict[str, Any]]:
    criteria = card["scorecard"]["criteria"]
    errors = [error["id"] for error in card["scorecard"]["critical"]]
    draw = random.Random(card["item"])
    subsets = list(product((False, True), repeat=len(errors)))
    return [
        {
            "score": {c["id"]: draw.choice(c["levels"])["score"] for c in criteria},
            "critical": [error for error, on in zip(errors, subset, strict=True) if on],
        }
        for subset in subsets
        for _ in range(max(1, _MOST // len(subsets)))
    ]


_ANSWERS: dict[str, Callable[[Card], Iterable[dict[str, Any]]]] = {
    "choice": _choice,
    "choices": _choices,
    "order": _order,
    "match": _match,
    "review": _review,
}


def _cues(entry: Entry, card: Card, key: Key) -> Iterator[tuple[str, tuple[float, float]]]:
    """Cue → what it earns on this item, and what as many picks at random earn."""
    item = entry.item
    if isinstance(item, ChoiceItem | ChoicesItem):
        shown = {option["text"]["zh"]: option for option in card["options"]}
        declared = [words.zh for words in item.option.values()]
        # A placeholder is filled in on the card, so the words may differ: then order says nothing.
        if set(declared) == set(shown):
            first = {shown[words]["id"]: -at for at, words in enumerate(declared)}
            yield "first declared", _ranked(card, key, first)
        for lang in LANGS:
            length = {option["id"]: len(option["text"][lang]) for option in card["options"]}
            yield f"longest ({lang})", _ranked(card, key, length)
    if isinstance(item, DialogueItem):
        chance = dialogue.chance(card, key)
        openers = {next(iter(node.say.values())).zh for node in item.node.values() if node.say}

        def first_of(says: list[Saying]) -> list[Saying]:
            return [s for s in says if s["text"]["zh"] in openers] or says

        talk = Talk.of(card)
        worth = key["credit"], key["outcome"]
        yield "first declared", (talk.expected(*worth, first_of), chance)
        yield "calmest", (dialogue.calmest(card, key), chance)
        for lang in LANGS:

            def longest(says: list[Saying], lang: str = lang) -> list[Saying]:
                most = max((len(s["text"][lang]) for s in says), default=0)  # type: ignore[literal-required]
                return [s for s in says if len(s["text"][lang]) == most]  # type: ignore[literal-required]

            yield f"longest ({lang})", (talk.expected(*worth, longest), chance)


def _ranked(card: Card, key: Key, rank: Mapping[str, int]) -> tuple[float, float]:
    """Picking what ranks highest: one option, or the better half where one may pick some."""
    ids = list(rank)
    if card["kind"] == "choice":
        best = [i for i in ids if rank[i] == max(rank.values())]
        earned = {i: kinds.judge(card, key, {"option": i})["credit"] for i in ids}
        return fmean(earned[i] for i in best), fmean(earned.values())
    half = (len(ids) + 1) // 2
    picks = sorted(combinations(ids, half), key=lambda some: -sum(rank[i] for i in some))
    top = [some for some in picks if sum(rank[i] for i in some) == sum(rank[i] for i in picks[0])]

    def worth(some: Iterable[str]) -> float:
        return kinds.judge(card, key, {"options": list(some)})["credit"]

    return fmean(map(worth, top)), fmean(map(worth, picks))
