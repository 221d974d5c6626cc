"""Finding a practice item that gives a sealed one away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kefu.bank.model import Entry
from kefu.card import Card
from kefu.scenario import ChoiceItem, ChoicesItem, MatchItem, OrderItem
from kefu.text import LANGS, Lang

__all__ = ["THRESHOLD", "alike", "grams_of", "near_duplicates"]

THRESHOLD = 0.6
"""How much of their character 3-grams two items may share (Jaccard) before they count as one."""


def near_duplicates(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Entry, float]]:
    """Each sealed item with each practice item that reads almost the same, in either language."""
    known = [(entry, [_grams(entry, lang) for lang in LANGS]) for entry in entries]
    practice = [pair for pair in known if pair[0].item.use == "practice"]
    for sealed, ours in known:
        if sealed.item.use == "practice":
            continue
        for open_, theirs in practice:
            likeness = max(map(alike, ours, theirs))
            if likeness >= THRESHOLD:
                yield sealed, open_, likeness


def alike(one: frozenset[str], two: frozenset[str]) -> float:
    """The Jaccard index of two sets; 0 where their sizes alone put it below the threshold."""
    small, large = sorted((len(one), len(two)))
    if not small or small / large < THRESHOLD:
        return 0.0
    return len(one & two) / len(one | two)


def _grams(entry: Entry, lang: Lang) -> frozenset[str]:
    """The 3-grams of what is asked.

    An item without options is its numbers, which stand in the story: there the story counts too.
    """
    item = entry.item
    parts = [item.prompt.text()[lang]]
    if isinstance(item, ChoiceItem | ChoicesItem):
        parts += [words.text()[lang] for words in item.option.values()]
    elif isinstance(item, OrderItem):
        parts += [words.text()[lang] for words in item.step.values()]
    elif isinstance(item, MatchItem):
        parts += [words.text()[lang] for words in (*item.left.values(), *item.right.values())]
    else:
        parts += [turn.text()[lang] for turn in entry.story.turn]
    return _trigrams(parts)


def grams_of(card: Card, lang: Lang) -> frozenset[str]:
    """The 3-grams of a published item, counted as those of one that was just read."""
    parts = [card["prompt"][lang]]
    told = [
        one["text"][lang]
        for field in ("options", "steps", "lefts", "rights")
        for one in card.get(field, ())  # type: ignore[attr-defined]
    ]
    return _trigrams(parts + (told or [turn["text"][lang] for turn in card["turns"]]))


def _trigrams(parts: Iterable[str]) -> frozenset[str]:
    grams: set[str] = set()
    for part in parts:
        plain = "".join(char for char in part.casefold() if char.isalnum())
        grams.update(plain[i : i + 3] for i in range(max(1, len(plain) - 2)))
    return frozenset(grams)
