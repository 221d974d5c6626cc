"""Whatever a learner hands in, everybody's marks are what an honest grader gives.

The attacks stand under `cases/`, each with what it tries and what must happen; all of them hand
in to one course beside honest neighbours, and are graded in one run by `kefu grade`, and on a
twin of the course in one run by `nbgrader autograde`.
"""

from __future__ import annotations

import pytest

from tests.hostile import cases
from tests.hostile.arena import HONEST, Arena, build
from tests.hostile.attack import ATTACKS, Attack
from tests.hostile.bank import PLAIN
from tests.hostile.watch import (
    differences,
    fair_scores,
    formulas,
    harm,
    kept,
    leaks,
    left_behind,
    pages,
    said_of,
    sealed_sentences,
    strangers,
    traces,
    wrong_scores,
)

assert cases
pytestmark = pytest.mark.timeout(900)  # whoever comes first waits for all to be graded
SETS = sorted({attack.set for attack in ATTACKS})
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@pytest.fixture
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Arena:
    """The set that is asked for, handed in and graded; once for all tests."""
    params = request.node.callspec.params
    set_slug = params["attack"].set if "attack" in params else params["set_slug"]
    return build(tmp_path_factory.getbasetemp(), set_slug)


@each_attack
def test_the_score_is_what_an_honest_grader_gives(arena: Arena, attack: Attack) -> None:
    """Cell for cell, by `kefu grade` and by `nbgrader autograde`."""
    assert wrong_scores(arena, attack.student, arena.kefu) == []
    if attack.twin:
        assert wrong_scores(arena, attack.student, arena.nbgrader) == []


@each_attack
def test_nothing_leaks(arena: Arena, attack: Attack) -> None:
    """What comes back holds nothing sealed, nothing of a neighbour's, nothing of the house's."""
    found = pages(arena, attack.student)
    given = {f"{arena.set}.html"} if arena.fair[attack.student].booked else set()
    assert found.keys() - {"timestamp.txt"} == given
    assert leaks(arena, attack.student, found) == []
    assert leaks(arena, attack.student, pages(arena, attack.student, arena.nbgrader)) == []
    assert strangers(arena, attack.student, kept(arena, attack.student)) == []


@each_attack
def test_the_instructor_is_told(arena: Arena, attack: Attack) -> None:
    """Where something was refused or is missing a line names the learner; else there is none."""
    for side in (arena.kefu, arena.nbgrader) if attack.twin else (arena.kefu,):
        told = said_of(side, attack.student)
        assert bool(told) == (arena.fair[attack.student].told), told
        assert len(told) < 12, "a flood of remarks buries the others"


@pytest.mark.parametrize("set_slug", SETS)
def test_the_run_comes_to_its_end(arena: Arena, set_slug: str) -> None:
    """No command fails, and none is stopped by what one learner handed in."""
    assert set(arena.kefu.codes.values()) == {0}, arena.kefu.said[-3000:]
    assert set(arena.nbgrader.codes.values()) == {0}, arena.nbgrader.said[-3000:]
    for side in (arena.kefu, arena.nbgrader):
        assert "Traceback" not in side.said
        for said in (side.said, *side.shown.values()):
            assert "\x1b" not in said
            assert "\n  a-first: forged line" not in said


@pytest.mark.parametrize("set_slug", SETS)
def test_nobody_is_harmed(arena: Arena, set_slug: str) -> None:
    """Neighbours have their scores, the house its files and keys, and the gradebook is whole."""
    assert harm(arena, arena.kefu) == []
    assert harm(arena, arena.nbgrader) == []
    for student in HONEST:
        right = fair_scores(arena, arena.fair[student])
        assert all(score is None or score > 0 for score in right.values())
        assert leaks(arena, student, pages(arena, student)) == []


@pytest.mark.parametrize("set_slug", SETS)
def test_no_code_has_left_a_trace(arena: Arena, set_slug: str) -> None:
    """No file was written beyond the sandbox, and no process has outlived its run."""
    assert traces(arena.kefu) == []
    assert traces(arena.nbgrader) == []
    assert left_behind() == []


@pytest.mark.parametrize("set_slug", SETS)
def test_both_graders_keep_the_same_book(arena: Arena, set_slug: str) -> None:
    """Scores, what is left to mark and what is said beside it are the same, cell for cell."""
    only = {a.student for a in arena.attacks if not (a.twin and arena.fair[a.student].nbgrader)}
    one, two = (
        {who: of for who, of in side.scores.items() if who not in only}
        for side in (arena.kefu, arena.nbgrader)
    )
    assert differences(one, two) == []
    assert len(one) >= len(arena.attacks) // 2


@pytest.mark.parametrize("set_slug", SETS)
def test_what_was_released_tells_nothing(arena: Arena, set_slug: str) -> None:
    """The released exercise holds no sealed sentence."""
    files = (arena.kefu.course.root / "exercises" / set_slug).iterdir()
    text = "".join(file.read_text("utf-8") for file in files)
    assert [said for said in sealed_sentences(arena.sealed) if said in text] == []


@pytest.mark.parametrize("set_slug", [PLAIN])
def test_no_table_has_a_formula(arena: Arena, set_slug: str) -> None:
    """Tables of scores hold no formula and no broken row, whatever learners are called."""
    root = arena.kefu.course.root
    files = [root / "grades.csv", *root.glob("scores*")]
    assert len(files) == 4
    for file in files:
        assert formulas(file) == []
