"""Law 3. The bank is whole: both languages, full credit for the expert, none for a blank."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kefu import kinds
from kefu.bank import Bank, read
from kefu.bank.chance import LEEWAY, cue_faults, cues, guesses
from kefu.card import Card, Key
from kefu.publish import publish
from kefu.text import LANGS
from tests.grading.course import bank as small

ROOT = Path(__file__).resolve().parents[2]
BLANK: dict[str, Any] = {
    "choice": {"option": None},
    "choices": {"options": []},
    "order": {"order": []},
    "number": {"number": "  "},
    "match": {"pairs": {}},
    "rewrite": {"text": ""},
    "dialogue": {"path": []},
    "review": {"score": {}, "critical": []},
}


def lacks(bank: Bank) -> list[str]:
    """Everything the bank lacks, or has wrong."""
    found = [
        f"{slug}: {taught} is not known"
        for slug, story in bank.stories.items()
        for taught in story.teaches
        if taught not in bank.coverage
    ]
    found += [
        f"{lesson.slug}: {taught} is not known"
        for lesson in bank.lessons.values()
        for taught in lesson.teaches
        if taught not in bank.coverage
    ]
    for lesson in bank.lessons.values():
        found += [f"{lesson.slug}: no {lang}" for lang in LANGS if not lesson.body[lang].strip()]
    for entry in bank.entries:
        if (entry.key is None) != (entry.item.kind == "selfcheck"):
            found.append(f"{entry.ref}: {'no key' if entry.key is None else 'a key'}")
            continue
        ref, day = entry.ref, bank.course.as_of
        one = publish(ref, entry.story, entry.item, entry.key, bank.standards, day, bank.scorecards)
        for part in (one.card, one.key):
            found += [f"{ref}: {where}: {what}" for where, what in _words(part)]
        # What one thinks of oneself is right as it is.
        if entry.key is not None:
            found += [f"{ref}: {what}" for what in worth(one.card, one.key)]
    texts: list[tuple[str, Any]] = [
        (f"course {n}", lesson.title) for n, lesson in bank.course.lessons.items()
    ]
    texts += [(f"chapter {c.number}", c.title) for c in bank.course.chapters]
    texts += [(f"coverage {n}", row.text) for n, row in bank.coverage.items()]
    texts += [(f"set {n}", each) for n, s in bank.sets.items() for each in (s.title, s.intro)]
    texts += [(f"standard {n}", s.title) for n, s in bank.standards.table.items()]
    texts += [(f"term {n}", term.term) for n, term in bank.glossary.items()]
    for name, text in texts:
        found += [f"{name}: {what}" for what in _said(text.json())]
    return found


def worth(card: Card, key: Key) -> Iterator[str]:
    """Whether the expert's answer is worth 1, and a blank 0."""
    best = kinds.expert(card, key)
    if not kinds.is_complete(card, best) or kinds.judge(card, key, best)["credit"] != 1.0:
        yield "the expert does not score 1"
    for blank in (None, {}, BLANK[card["kind"]]):
        verdict = kinds.judge(card, key, blank)
        if (verdict["credit"], verdict["status"]) != (0.0, "blank"):
            yield f"blank {json.dumps(blank)} scores {verdict['credit']} as {verdict['status']}"


def _words(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Whatever in a card or a key is said, and not in both languages."""
    if isinstance(value, dict):
        if set(value) & set(LANGS):
            # A phrase of a rewrite has a list of variants in each language.
            said = {
                n: "\n".join(v) if isinstance(v, list) else v
                for n, v in value.items()
                if n in LANGS
            }
            yield from ((path, what) for what in _said(said))
        for name, inner in value.items():
            if name not in LANGS:
                yield from _words(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner, path)


def _said(text: Any) -> Iterator[str]:
    if set(text) != set(LANGS):
        yield f"only {sorted(text)}"
        return
    yield from (f"nothing in {lang}" for lang in LANGS if not text[lang].strip())
    if re.search(r"[\u4e00-\u9fff]", text["en"]):
        yield "汉字 in the English"


@pytest.fixture(scope="module")
def ours() -> Bank:
    """The project's own bank."""
    bank, faults = read((ROOT / "content",))
    assert faults == []
    return bank


@pytest.fixture
def mine(tmp_path: Path) -> Bank:
    """A small bank that is whole."""
    bank, faults = read((small(tmp_path),))
    assert faults == []
    return bank


def test_the_bank_is_whole(ours: Bank) -> None:
    """Every word is there in both languages, experts score 1, blanks 0, every id is known."""
    assert lacks(ours) == []
    assert len(ours.entries) >= 42
    asked = {ours.sets[slug].slug: len(ours.asked_in(slug)) for slug in ours.sets}
    assert len(asked) >= 3
    coded = {program.set for program in ours.programs.values()}
    assert all(6 <= asked[slug] <= 8 for slug in asked.keys() - coded)
    assert all(asked[slug] + len(ours.programs_in(slug)) >= 4 for slug in coded)


def test_no_cue_pays(ours: Bank) -> None:
    """Over the bank, neither length nor place nor calm earns more than chance and a little."""
    found = guesses(ours)
    told = {cue.name: (round(cue.earned - cue.chance, 3), cue.pays) for cue in cues(found)}
    assert [fault.say("en") for fault in cue_faults(found)] == []
    assert not any(pays for _, pays in told.values())
    assert all(more <= LEEWAY for more, _ in told.values())
    assert {"longest (zh)", "longest (en)", "first declared", "calmest"} == set(told)


def test_no_set_is_passed_by_guessing(ours: Bank) -> None:
    """Whoever answers at random earns less than half of every graded set."""
    found = [g for g in guesses(ours) if g.entry.item.set]
    assert {g.entry.item.set for g in found} == set(ours.sets)
    for slug in ours.sets:
        asked = [g for g in found if g.entry.item.set == slug]
        points = sum(g.entry.item.points for g in asked)
        assert sum(g.chance * g.entry.item.points for g in asked) / points < 0.5


def test_every_lesson_that_is_written_has_practice(ours: Bank) -> None:
    """Each written lesson has at least five practice items."""
    assert {n: len(ours.practice_of(n)) >= 5 for n in ours.lessons} == dict.fromkeys(
        ours.lessons, True
    )


def _change(bank: Bank, ref: str, item: dict[str, Any], key: dict[str, Any]) -> Bank:
    """The bank with one item's or key's fields replaced, past the grammar's own checks."""
    entries = tuple(
        dataclasses.replace(
            e,
            item=e.item.model_copy(update=item),
            key=e.key.model_copy(update=key) if e.key else None,
        )
        if e.ref == ref
        else e
        for e in bank.entries
    )
    return dataclasses.replace(bank, entries=entries)


def _blank_prompt(bank: Bank) -> Bank:
    item = bank.entries[0].item
    no_english = item.prompt.model_copy(update={"en": " "})
    return _change(bank, bank.entries[0].ref, {"prompt": no_english}, {})


def _no_chinese_reason(bank: Bank) -> Bank:
    key: Any = next(e.key for e in bank.entries if e.ref == "umbrella--in-order")
    return _change(bank, "umbrella--in-order", {}, {"why": key.why.model_copy(update={"zh": ""})})


def _best_is_not_whole(bank: Bank) -> Bank:
    credit = {"look": 0.9, "wait": 0.45, "deny": 0.0}
    return _change(bank, "umbrella--first-reply", {}, {"credit": credit})


def _unknown_id(bank: Bank) -> Bank:
    story = bank.stories["umbrella"].model_copy(update={"teaches": ["nothing-known"]})
    return dataclasses.replace(bank, stories={**bank.stories, "umbrella": story})


def _no_key(bank: Bank) -> Bank:
    first, *others = bank.entries
    return dataclasses.replace(bank, entries=(dataclasses.replace(first, key=None), *others))


def _no_english_page(bank: Bank) -> Bank:
    lesson = bank.lessons["5.2"]
    half = dataclasses.replace(lesson, body={"zh": lesson.body["zh"], "en": "\n"})
    return dataclasses.replace(bank, lessons={"5.2": half})


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (_blank_prompt, "nothing in en"),
        (_no_chinese_reason, "nothing in zh"),
        (_best_is_not_whole, "the expert does not score 1"),
        (_unknown_id, "nothing-known is not known"),
        (_no_key, "no key"),
        (_no_english_page, "no en"),
    ],
)
def test_a_planted_lack_is_caught(mine: Bank, fault: Callable[[Bank], Bank], said: str) -> None:
    """Each thing that can be missing is missed."""
    assert lacks(mine) == []
    assert any(said in each for each in lacks(fault(mine)))


def test_a_blank_that_scores_is_caught(mine: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that gives something for nothing breaks the law."""
    from kefu.kinds import choices

    monkeypatch.setattr(choices, "read", lambda card, response: frozenset(response["options"]))
    monkeypatch.setattr(choices, "judge", lambda key, value: (0.5, [], None))
    assert any("blank" in each for each in lacks(mine))
