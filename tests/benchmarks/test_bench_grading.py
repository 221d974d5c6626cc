"""The benchmark of grading: its class, its arithmetic, its words, and what it holds true of others.

Nothing is measured here, and no peer is run.
"""

from __future__ import annotations

import doctest
import json
import random
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks import block
from benchmarks.grading import otter, plan, programs, questions, report, school
from benchmarks.grading.clock import ClockError, Cost, clean, cost
from benchmarks.grading.contestants import CONTESTANTS, WrongMarksError, same
from benchmarks.grading.report import Played
from benchmarks.grading.school import CODE, PLAIN, Handed
from benchmarks.grading.written import WRITTEN
from kefu import kinds
from kefu.bank import read
from kefu.card import Card, Key
from kefu.journal import Attempt, latest, parse
from kefu.weave import weave

ROOT = Path(__file__).resolve().parents[2]
NAMES = [who.name for who in CONTESTANTS]


@cache
def in_set(slug: str) -> tuple[dict[str, Card], dict[str, Key]]:
    """Cards and keys of one of the repository's own sets, by item."""
    bank, faults = read((ROOT / "content",))
    assert not faults
    woven = weave(bank)
    (data,) = (d for path, d in woven.files.items() if str(path) == f"solutions/{slug}/cards.json")
    cards = {card["item"]: card for card in json.loads(data)["cards"]}
    keys = {one.card["item"]: one.key for one in woven.published}
    return cards, {ref: keys[ref] for ref in cards}


def asked(slug: str) -> list[questions.Question]:
    """The questions of a set, four points each."""
    cards, keys = in_set(slug)
    return questions.questions(cards, keys, dict.fromkeys(cards, 4))


def best(slug: str) -> Handed:
    """Somebody who answers everything as the expert does."""
    cards, keys = in_set(slug)
    plain = {r: kinds.expert(c, keys[r]) for r, c in cards.items() if not programs.is_program(c)}
    code = {r: WRITTEN[c["function"]][0] for r, c in cards.items() if programs.is_program(c)}
    return Handed("a00000", plain, code)


# The class


def test_half_the_class_has_other_names() -> None:
    """The first half's numbers begin with a, the second half's with b, and no two are alike."""
    assert school.names(5) == ["a00000", "a00001", "a00002", "b00003", "b00004"]
    assert len(set(school.names(1000))) == 1000


def test_a_learner_answers_the_same_in_any_class() -> None:
    """What a learner hands in depends on the number alone, and learners differ."""
    cards, keys = in_set(PLAIN)
    one = school.answered("a00001", cards, keys)
    assert one == school.answered("a00001", cards, keys)
    others = [school.answered(name, cards, keys) for name in school.names(30)]
    assert len({json.dumps(each.responses, sort_keys=True) for each in others}) > 20


@pytest.mark.parametrize("name", school.names(6))
def test_the_last_line_of_each_item_is_the_answer(name: str) -> None:
    """Every line of a journal is a whole attempt; the last of each item is what was answered."""
    cards, keys = in_set(PLAIN)
    handed = school.answered(name, cards, keys)
    lines = [parse(line) for line in school.journal(handed, cards).splitlines()]
    attempts = [one for one in lines if one is not None]
    assert len(attempts) == len(lines) >= len(cards)
    assert len({one.id for one in attempts}) == len(attempts)
    said = latest(attempts, lambda one: one.item)
    assert {ref: one.response for ref, one in said.items()} == handed.responses
    assert all(kinds.is_complete(cards[one.item], one.response) for one in attempts)


def test_some_learners_change_an_answer() -> None:
    """In a class some journals hold an answer that was replaced later."""
    cards, keys = in_set(PLAIN)

    def of(name: str) -> list[Attempt | None]:
        handed = school.answered(name, cards, keys)
        return [parse(line) for line in school.journal(handed, cards).splitlines()]

    assert any(len(of(name)) > len(cards) for name in school.names(10))


def test_a_cell_is_filled_and_nothing_else() -> None:
    """Only the named cell's source changes; a cell that is not there is an error."""
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "one"}}, "source": "old"}
    text = json.dumps({"cells": [cell, {"metadata": {}, "source": "text"}]})
    made = json.loads(school.fill(text, {"one": "new"}))
    assert [c["source"] for c in made["cells"]] == ["new", "text"]
    assert school.fill(text, {}) is text
    with pytest.raises(KeyError):
        school.fill(text, {"two": "new"})


# The same items without kefu


@pytest.mark.parametrize("slug", [PLAIN, CODE])
def test_a_test_passes_for_the_expert_alone(slug: str) -> None:
    """Every question gives its points to the expert's answer and none to an empty hand."""
    cards, _ = in_set(slug)
    assert [q.ref for q in asked(slug)] == list(cards)
    for question in asked(slug):
        assert questions.expected(question, best(slug)) == 4.0, question.ref
        assert questions.expected(question, Handed("a", {}, {})) == 0.0, question.ref


def test_wrong_answers_fail() -> None:
    """In a class every question is right for some and wrong for others."""
    for slug in (PLAIN, CODE):
        cards, keys = in_set(slug)
        everybody = [school.answered(name, cards, keys) for name in school.names(40)]
        for question in asked(slug):
            assert {questions.expected(question, one) for one in everybody} == {0.0, 4.0}


@pytest.mark.parametrize("slug", [PLAIN, CODE])
def test_otter_is_given_the_same_tests(slug: str) -> None:
    """Otter's doctest of a question passes for the expert's answer, and fails without one."""
    for question in asked(slug):
        room: dict[str, Any] = {}
        exec(otter._test(question), room)
        (case,) = room["test"]["suites"][0]["cases"]
        assert case["hidden"]
        assert room["test"]["points"] == 4
        for code, fails in ((questions.typed(question, best(slug)), 0), (question.before, 1)):
            globs: dict[str, Any] = {}
            exec(code or "", globs)
            parsed = doctest.DocTestParser().get_doctest(case["code"], globs, "q", None, 0)
            runner = doctest.DocTestRunner(verbose=False)
            assert bool(runner.run(parsed, out=lambda _: None).failed) == bool(fails)


def test_there_is_code_for_every_program() -> None:
    """For each function of the set: one that is right, one nearly, one broken."""
    cards, keys = in_set(CODE)
    asked_for = {ref: card for ref, card in cards.items() if programs.is_program(card)}
    assert {card["function"] for card in asked_for.values()} == set(WRITTEN)
    for ref, card in asked_for.items():
        good, nearly, broken = (
            programs.judged(card, keys[ref], code) for code in WRITTEN[card["function"]]
        )
        assert good == 1.0
        assert 0.0 < nearly < 1.0
        assert broken < nearly
        assert programs.written(card, random.Random(1), 1.0) == WRITTEN[card["function"]][0]


# Who plays when


def test_peers_grade_the_small_classes_only() -> None:
    """No peer is asked for more than its largest class; whoever is not a peer grades them all."""
    turns = plan.plan({PLAIN: (10, 40, 1000), CODE: (10, 40, 1000)}, 40)
    for turn in turns:
        peers = {"stock", "stock-2", "otter"} & set(turn.who)
        assert bool(peers) == (turn.size <= 40)
        assert {"kefu", "kefu-2", "floor"} <= set(turn.who)
        assert ("stock-imports" in turn.who) == (turn.set == PLAIN and turn.size == 10)
    assert max(turn.round for turn in turns if turn.size == 10) == plan.ROUNDS - 1
    assert [t.round for t in turns if (t.set, t.size) == (CODE, 1000)] == [0]


def test_another_begins_each_round() -> None:
    """In the rounds of one class nobody begins twice."""
    turns = plan.plan({PLAIN: (10,)}, 40)
    assert len({turn.who[0] for turn in turns}) == len(turns) == plan.ROUNDS
    assert len({frozenset(turn.who) for turn in turns}) == 1


def test_the_usual_classes_are_those_that_were_asked_for() -> None:
    """10, 100 and 1,000 hand in, and the peers' largest class is among the sizes."""
    assert {10, 100, 1000} <= set(plan.SIZES)
    assert plan.PEERS_TO in plan.SIZES


# What is made of it


def _played(seconds: dict[str, Iterable[tuple[int, float]]], slug: str = PLAIN) -> list[Played]:
    """Runs whose CPU time is given, and whose wall time is twice as long."""
    return [
        Played(slug, who, size, round_, Cost(2 * cpu, cpu, 100.0 + size))
        for who, runs in seconds.items()
        for round_, (size, cpu) in enumerate(runs)
    ]


def _data() -> dict[str, Any]:
    seconds: dict[str, Iterable[tuple[int, float]]] = {
        "kefu": [(10, 1.0), (10, 2.0), (10, 4.0), (40, 4.0), (1000, 100.0)],
        "kefu-2": [(10, 1.0), (10, 2.0), (10, 4.0), (40, 4.0), (1000, 100.0)],
        "stock": [(10, 20.0), (10, 20.0), (10, 20.0), (40, 80.0)],
        "stock-2": [(10, 22.0), (10, 22.0), (10, 22.0), (40, 80.0)],
        "otter": [(10, 30.0), (10, 30.0), (10, 30.0), (40, 120.0)],
        "floor": [(10, 0.5), (10, 0.5), (10, 0.5), (40, 0.5), (1000, 2.0)],
    }
    about = {"date": "2026-11-22T08:00:00+00:00", "machine": {"cores": 2}}
    return report.result([*_played(seconds), *_played(seconds, CODE)], about)


def test_ratios_are_of_the_same_round_and_class() -> None:
    """A ratio divides the peer's cost by that of kefu in the same round, with as many workers."""
    told = _data()["sets"][PLAIN]
    assert told["ratios"]["stock / kefu"]["10"]["cpu"] == {"median": 10, "least": 5, "most": 20}
    assert told["ratios"]["stock / kefu"]["40"]["cpu"]["median"] == 20
    assert list(told["ratios"]["stock / kefu"]) == ["10", "40"]
    assert told["ratios"]["stock-2 / kefu-2"]["10"]["wall"]["median"] == 11
    assert told["ratios"]["kefu / floor"]["1000"]["cpu"]["median"] == 50
    assert "stock-imports / kefu" not in told["ratios"]
    workers = {who.name: who.workers for who in CONTESTANTS}
    assert all(workers[a] == workers[b] for a, b in report.PAIRS)


def test_a_round_too_few_is_refused() -> None:
    """Whoever played fewer rounds is compared with nothing."""
    with pytest.raises(ValueError, match="zip"):
        report.result(_played({"kefu": [(10, 1.0), (10, 1.0)], "stock": [(10, 9.0)]}), {})


def test_what_each_further_submission_costs() -> None:
    """Starting up falls out of what a further submission costs."""
    told = _data()["sets"][PLAIN]["further"]
    assert told["kefu"] == {"cpu": pytest.approx(98 / 990, abs=1e-5),
                            "wall": pytest.approx(196 / 990, abs=1e-5)}  # fmt: skip
    assert told["stock"]["cpu"] == 2.0


def test_growth_tells_a_line_from_a_curve() -> None:
    """Growth is 1 where each further submission costs the same, above where it costs more."""

    def growth(*runs: tuple[int, float]) -> float:
        data = report.result(_played({"kefu": runs}), {})
        return float(data["sets"][PLAIN]["growth"]["kefu"]["cpu"])

    assert growth((10, 3.0), (100, 12.0), (1000, 102.0)) == 1.0
    assert growth((10, 0.1), (100, 10.0), (1000, 1000.0)) > 5


def test_every_round_is_kept() -> None:
    """The result holds what each round took, in their order."""
    runs = _data()["sets"][PLAIN]["runs"]
    assert runs["kefu"]["10"] == {
        "cpu": [1.0, 2.0, 4.0], "wall": [2.0, 4.0, 8.0], "memory": [110.0] * 3
    }  # fmt: skip


def test_rounds_that_disagree_are_named() -> None:
    """A pair whose ratios lie more than three times apart has no figure."""
    assert report.unsteady(_data()) == [
        f"{slug}, {pair}, 10"
        for slug in (PLAIN, CODE)
        for pair in ("stock / kefu", "stock-2 / kefu-2", "otter / kefu", "kefu / floor")
    ]
    steady = _played({"kefu": [(10, 1.0), (10, 1.1)], "stock": [(10, 20.0), (10, 20.0)]})
    assert report.unsteady(report.result(steady, {})) == []


def test_the_table_has_a_row_for_everything() -> None:
    """Each set has a row for every measure of every contestant, and for every ratio."""
    lines = report.table(_data()).splitlines()
    one = lines[: lines.index("")]
    assert len(one) == 1 + 2 * 6 + 6 + 2 * 4 + 3
    assert one[0].split() == [PLAIN, "10", "40", "1,000", "+1"]
    (stock,) = [line for line in one if line.startswith("CPU") and line.split()[-5] == "stock"]
    assert stock.split()[-4:] == ["2.0000", "2.0000", "–", "2.0000"]


def test_the_sentence_tells_the_measured_figures() -> None:
    """Both languages tell the same figures, on one line."""
    said = report.sentence(_data(), PLAIN, CODE)
    for words in said.values():
        for figure in ("2026-11-22", "1,000", "200 ", "10.0 (5.0–20.0)", "20.0", "20.2", "30.3"):
            assert figure in words
        assert "\n" not in words


def test_both_readmes_have_the_place() -> None:
    """README.md and README.zh.md have room for the sentence."""
    block.find([ROOT / "README.md", ROOT / "README.zh.md"], report.NAME)


# What may not be


@pytest.mark.parametrize("found", [{"a": 1.0}, {"a": 1.0, "b": 2.1}, {"a": 1, "b": 2, "c": 0}])
def test_wrong_marks_are_told(found: dict[str, float]) -> None:
    """A mark that is missing, another or too many ends the run."""
    same({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0})
    with pytest.raises(WrongMarksError, match=r"1 marks are wrong: [bc]"):
        same({"a": 1.0, "b": 2.0}, found)


def test_processes_that_lost_their_parent_count(tmp_path: Path) -> None:
    """CPU time of a grandchild whose parent is gone belongs to the command."""
    burn = "import time\nwhile time.process_time() < 0.3: pass\nopen('done', 'w')"
    wait = "import os, time\nwhile not os.path.exists('done'): time.sleep(0.01)"
    orphan = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    both = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {orphan!r}])\n{wait}"
    assert cost([[sys.executable, "-c", both]], tmp_path).cpu >= 0.3


def test_processes_that_are_killed_in_a_sandbox_count(tmp_path: Path) -> None:
    """CPU time of a process that was killed with the PID namespace it lived in is not lost."""
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    run = f"from kefu.grading.sandbox import run; print(run([{burn!r}], [], {{}}).cells[0].state)"
    assert cost([[sys.executable, "-c", run]], tmp_path).cpu >= 0.3
    assert (tmp_path / "said-0.log").read_text() == "ran\n"


def test_a_command_that_fails_is_quoted(tmp_path: Path) -> None:
    """Whoever fails among several is named, with its last words."""
    good, bad = [sys.executable, "-c", ""], [sys.executable, "-c", "raise SystemExit('no chalk')"]
    with pytest.raises(ClockError, match="no chalk"):
        cost([good, bad], tmp_path)


def test_a_house_does_not_reach_into_the_run() -> None:
    """Settings of a house or of its Jupyter are left out; this Python's commands come first."""
    made = clean({"KEFU_DB": "x", "JUPYTER_PATH": "x", "NBGRADER_X": "x", "HOME": "h", "PATH": "p"})
    assert set(made) == {"HOME", "PATH"}
    assert made["PATH"].split(":")[0] == str(Path(sys.executable).parent)
