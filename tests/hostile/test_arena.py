"""The arena can fail: whatever goes wrong there is found.

Each fault is planted into what the run left behind, never into the run.
"""

from __future__ import annotations

import copy
import html
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hostile.arena import Arena, build
from tests.hostile.attack import ATTACKS, Fair
from tests.hostile.bank import CODE, HIDDEN, PLAIN
from tests.hostile.watch import (
    differences,
    formulas,
    harm,
    leaks,
    may_see,
    pages,
    said_of,
    sealed_sentences,
    strangers,
    traces,
    wrong_scores,
)

pytestmark = pytest.mark.timeout(900)  # whoever comes first waits for all to be graded
WHO, SILENT = "claims-a-score", "journal-is-a-pipe"
CHOICE = "umbrella--first-reply"


@pytest.fixture
def arena(tmp_path_factory: pytest.TempPathFactory) -> Arena:
    """The set without code after its runs, to be looked at otherwise than it was."""
    return copy.copy(build(tmp_path_factory.getbasetemp(), PLAIN))


def test_there_are_enough_attacks() -> None:
    """There are thirty at the least, documented in both languages, each with its own number."""
    assert len(ATTACKS) >= 30
    assert {attack.set for attack in ATTACKS} == {PLAIN, CODE}
    for attack in ATTACKS:
        assert attack.zh
        assert attack.tries.endswith(".")
        assert attack.law.endswith((".", ".)"))
    numbers = [(attack.set, attack.student) for attack in ATTACKS]
    assert len(set(numbers)) == len(numbers)


def test_a_wrong_expectation_is_found(arena: Arena) -> None:
    """Who is said to deserve more, or less, or another item, makes the score wrong."""
    assert wrong_scores(arena, WHO, arena.kefu) == []
    best = arena.sealed.best
    for fair in (Fair(best), Fair(), Fair({CHOICE: best[CHOICE]}), Fair(best, booked=False)):
        arena.fair = {**arena.fair, WHO: fair}
        assert wrong_scores(arena, WHO, arena.kefu)


def test_a_wrong_score_is_found(arena: Arena) -> None:
    """A score that is not a number, is missing, or waits for nobody, is none."""
    for bad in ((4.0, False), (float("nan"), False), (None, True), (0.0, True), None):
        booked = copy.deepcopy(arena.kefu.scores)
        booked[WHO][CHOICE] = bad
        side = replace(arena.kefu, scores=booked)
        assert wrong_scores(arena, WHO, side)
        assert differences(booked, arena.nbgrader.scores)
    assert wrong_scores(arena, WHO, replace(arena.kefu, scores={}))


@pytest.mark.parametrize("shown", [str, html.escape], ids=["as-it-is", "escaped"])
def test_a_planted_leak_is_found(arena: Arena, shown: Callable[[str], str]) -> None:
    """Each sealed sentence, each hidden number, each neighbour's word and each path is found."""
    page = pages(arena, SILENT)[f"{PLAIN}.html"]
    sealed = sealed_sentences(arena.sealed) - may_see(arena.sealed, arena.fair[SILENT])
    assert len(sealed) > 30
    words = {*sealed, *HIDDEN, *arena.tokens.values(), str(arena.kefu.course.root)}
    missed = [w for w in words if not leaks(arena, SILENT, {"page": page + shown(w)})]
    assert missed == []
    for word in {*arena.tokens.values(), str(arena.kefu.outside)}:
        assert strangers(arena, SILENT, {"notebook": word})
    arena.fair = {**arena.fair, SILENT: Fair(carried=("spelled-out",))}
    assert leaks(arena, SILENT, {"page": page + shown("spelled-out")})


def test_what_may_be_seen_is_not_called_a_leak(arena: Arena) -> None:
    """Who picked an option may read its reason, and who answered nothing reads none."""
    for who in (WHO, SILENT):
        seen = "".join(pages(arena, who).values())
        open_to = may_see(arena.sealed, arena.fair[who])
        assert all(leaks(arena, who, {"page": said}) == [] for said in open_to)
        assert ("It shirks the duty." in seen) == (who == WHO)
    assert "It shirks the duty." not in may_see(arena.sealed, Fair())


def test_harm_is_found(arena: Arena, tmp_path: Path) -> None:
    """A changed file, a file too many, a neighbour without her score and a remark on her."""
    side = arena.kefu
    assert harm(arena, side) == []
    name = next(iter(side.before))
    assert harm(arena, replace(side, before={**side.before, name: "0"}))
    assert harm(arena, replace(side, before={**side.before, "more": "0"}))
    booked = {who: of for who, of in side.scores.items() if who != "m-middle"}
    assert harm(arena, replace(side, scores=booked))
    assert harm(arena, replace(side, said=f"{side.said}\n  zz-last: refused\n"))
    root = tmp_path / "course"
    shutil.copytree(side.course.root / "exercises", root / "exercises")
    for file in ("kefu.db", "gradebook.db"):
        shutil.copy(side.course.root / file, root / file)
    whole = (root / "gradebook.db").read_bytes()
    (root / "gradebook.db").write_bytes(whole[:8192] + bytes(4096) + whole[12288:])
    torn = copy.copy(side.course)
    torn.root = root
    torn.places = replace(torn.places, root=root)
    assert any("gradebook" in said for said in harm(arena, replace(side, course=torn)))


def test_silence_and_traces_are_found(arena: Arena, tmp_path: Path) -> None:
    """Whoever is not named was not told of; a file where nothing ran is seen."""
    assert said_of(arena.kefu, SILENT)
    assert said_of(arena.nbgrader, SILENT)
    assert not said_of(replace(arena.kefu, said="  s01: refused"), "s0")
    (tmp_path / "ran").touch()
    assert traces(replace(arena.kefu, traces=tmp_path)) == ["ran"]


def test_a_formula_is_found(tmp_path: Path) -> None:
    """A cell that a spreadsheet would run, and a row that is longer than the heading."""
    for rows in ('"a","b"\n"=1+1",2\n', '"a"\n"@SUM(1)"\n', '"a","b"\n1,2,3\n'):
        (tmp_path / "scores.csv").write_text(rows)
        assert formulas(tmp_path / "scores.csv")
    (tmp_path / "scores.csv").write_text('"a","b"\n"\'=1+1",-2\n')
    assert formulas(tmp_path / "scores.csv") == []
