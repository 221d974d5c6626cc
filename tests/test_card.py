"""Opaque ids, versions, and the one spelling of JSON."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.card import ITEM_REF, SLUG, Card, canonical, digest, public_id, version_of
from tests.pieces import both, choice

CARD = choice({"own": 1.0, "wait": 0.7, "send": 0.0}).card
WORDS = {"zh": "好。", "en": "Good."}


def test_an_id_tells_nothing() -> None:
    """An id is ten hex digits made of public words: the same words, the same id."""
    assert re.fullmatch("[0-9a-f]{10}", public_id("a--b", both("own")))
    assert public_id("a--b", both("own")) == public_id("a--b", both("own"))


def test_an_id_belongs_to_its_item_and_words() -> None:
    """Another item, other words in either language, or languages swapped: another id."""
    others = [
        public_id("a--c", both("own")),
        public_id("a--b", {"zh": "own。", "en": "Own."}),
        public_id("a--b", {"zh": "自己。", "en": "own."}),
        public_id("a--b", {"zh": "own.", "en": "own。"}),
        public_id("a--b", both("own")),
    ]
    assert len(set(others)) == len(others)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x1f")), min_size=1, max_size=3
    )
)
def test_parts_of_a_digest_stay_apart(parts: list[str]) -> None:
    """Moving a character from one part to the next changes the digest."""
    assert digest(*parts) != digest(*parts, "")
    assert digest("".join(parts), "x") != digest("".join(parts) + "x")


@pytest.mark.parametrize(
    "change",
    [
        {"item": "story--second"},
        {"kind": "choices"},
        {"room": "graded"},
        {"lesson": "5.3"},
        {"title": WORDS},
        {"turns": []},
        {"prompt": WORDS},
        {"options": []},
        {"options": list(reversed(CARD["options"]))},
        {"unit": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_card_is_another_version(change: Card) -> None:
    """The version changes with any field of the card."""
    assert version_of({**CARD, **change}) != CARD["version"]


def test_the_same_card_is_the_same_version() -> None:
    """Neither the version itself nor the order of fields plays a part."""
    shuffled = dict(reversed([*CARD.items()]))
    assert version_of({**CARD, "version": "other"}) == CARD["version"]
    assert version_of(shuffled) == CARD["version"]  # type: ignore[arg-type]
    assert version_of(json.loads(canonical(CARD))) == CARD["version"]
    assert re.fullmatch("[0-9a-f]{16}", CARD["version"])


def test_one_spelling() -> None:
    """Canonical JSON sorts names, has no spaces, and leaves 汉字 as they are."""
    assert canonical({"b": "字", "a": [1, 2.5, None]}) == '{"a":[1,2.5,null],"b":"字"}'
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


@pytest.mark.parametrize("good", ["a", "phone-shop-lunch", "a1-2b", "0"])
def test_slugs(good: str) -> None:
    """A slug is small letters and digits, parted by single hyphens; a ref is two of them."""
    assert SLUG.fullmatch(good)
    assert ITEM_REF.fullmatch(f"{good}--{good}")


@pytest.mark.parametrize(
    "bad", ["", "-a", "a-", "a--b--c", "A", "a_b", "a/b", "..", "a.b", "a b", "店", "a\n", "٣"]
)
def test_what_is_no_slug(bad: str) -> None:
    """Paths, capitals, dots and 汉字 are in no slug and in no ref."""
    assert not SLUG.fullmatch(bad)
    assert not ITEM_REF.fullmatch(bad)
