"""The benchmark of kefu.quality: its plan, its judgement of answers, its arithmetic, its words.

Nothing is timed here, and no oracle is run but what the tests have anyway.
"""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks import block
from benchmarks.quality import __main__ as command
from benchmarks.quality import report, rounds
from benchmarks.quality.case import CALL, Case, Given, different
from benchmarks.quality.cases import CASES
from benchmarks.quality.plan import EXCEPTIONS, public, unplanned

ROOT = Path(__file__).resolve().parents[2]
HERE = "pandas", "numpy", "Python", "scipy", "statsmodels", "shewhart", "krippendorff", "simpy"
"""Oracles that the tests have too; the others have an environment of their own."""


def case(
    ours: Any = lambda g: g.values.sum(), theirs: Any = lambda g: sum(g.values), **more: Any
) -> Case:
    """A comparison of two ways to add up."""

    def give(rows: int, rng: np.random.Generator) -> Given:
        return SimpleNamespace(values=rng.random(rows))

    return Case("satisfaction.csat", "numpy", CALL, give, ours, theirs, **more)


# The plan


def test_every_public_function_is_compared_or_excepted() -> None:
    """No function of kefu.quality is left out, and nothing in the plan is idle."""
    assert unplanned(CASES) == ([], [])


def test_a_function_that_is_left_out_is_named() -> None:
    """A plan without a function names it, by every name it is offered by."""
    missing, _ = unplanned([one for one in CASES if one.name != "complaints.survival"])
    assert missing == ["complaints.survival", "survival.survival"]


def test_what_the_plan_names_in_vain_is_named() -> None:
    """A comparison of no public function is idle, and so is an exception that is compared."""
    ghost = dataclasses.replace(CASES[0], name="charts.ghost")
    planned = dataclasses.replace(CASES[0], name="acceptance.plan")
    _, idle = unplanned([*CASES, ghost, planned])
    assert sorted(set(idle)) == ["acceptance.plan", "charts.ghost"]


def test_every_exception_has_its_reason() -> None:
    """An exception says why many rows would show nothing, and names a public function."""
    assert all(len(why) > 10 for why in EXCEPTIONS.values())
    assert set(EXCEPTIONS) <= set(public())


def test_no_comparison_is_played_twice() -> None:
    """Each has a name of its own, and tells what a row is in both languages."""
    names = [one.name for one in CASES]
    assert len(set(names)) == len(names)
    assert all(one.row.zh and one.row.en for one in CASES)


def test_every_oracle_is_pinned() -> None:
    """What an oracle's name begins with is in the pinned environment, with hashes."""
    pins = command.PINS.read_text("utf-8")
    packages = set(re.findall(r"^([a-z0-9-]+)==", pins, re.M))
    names = {"sklearn": "scikit-learn"}
    for one in CASES:
        for part in one.oracle.split(" + "):
            first = re.split(r"[ .]", part)[0]
            assert first == "Python" or names.get(first, first) in packages, one.oracle
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", pins)) > len(packages)


def test_versions_are_those_of_the_lock() -> None:
    """kefu is measured with the numpy, scipy and pandas that the repository locks."""
    pins = command.PINS.read_text("utf-8")
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for name in ("numpy", "scipy", "pandas", "statsmodels", "shewhart"):
        (pinned,) = re.findall(rf"^{name}==(\S+)", pins, re.M)
        assert f"\n{name}=={pinned} " in lock


@pytest.mark.parametrize(
    "one", [one for one in CASES if one.oracle.split()[0].split(".")[0] in HERE],
    ids=lambda one: one.name,
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_both_sides_agree(one: Case) -> None:
    """On a few rows kefu and the oracle give the same answer."""
    given = one.give(60, np.random.default_rng(1))
    ours, theirs = one.read(one.ours(given)), one.read_theirs(one.theirs(given))
    assert different(ours, theirs, one.close) is None


# Answers


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (1.0, 1.0 + 1e-12),
        (None, float("nan")),
        ([1, 2.0], np.array([1.0, 2.0])),
        ({"a": [1, "x"]}, {"a": [1.0, "x"]}),
        (("M", [None, 3]), ["M", np.array([np.nan, 3])]),
        ([], np.array([])),
    ],
)
def test_the_same_is_the_same(ours: Any, theirs: Any) -> None:
    """Lists, arrays and mappings of near numbers and equal words do not differ."""
    assert different(ours, theirs, 1e-9) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (1.0, 1.001, "1.0"),
        (None, 0.0, "nan"),
        ([1, 2], [1, 2, 3], "(2,)"),
        ({"a": 1}, {"b": 1}, "['a', 'b']"),
        ({"a": [1, 2]}, {"a": [1, 3]}, "a: [1]"),
        (["M"], ["O"], "0: 'M'"),
        ("M", 1, "'M'"),
    ],
)
def test_a_difference_is_told_with_its_place(ours: Any, theirs: Any, said: str) -> None:
    """Another number, length, key or word is a difference, and it says where."""
    found = different(ours, theirs, 1e-9)
    assert found is not None
    assert said in found


def test_a_wrong_answer_gets_no_figure() -> None:
    """Where the two differ nothing is timed."""
    with pytest.raises(rounds.WrongAnswerError, match=r"satisfaction.csat, numpy, 100: "):
        rounds.play(case(theirs=lambda g: sum(g.values) + 1), [1000])


def test_a_run_with_a_wrong_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One wrong answer and nothing of the run is told."""

    def run(*_: Any, **more: Any) -> None:
        to = json.loads(more["input"])["to"]
        Path(to).write_text(json.dumps({"found": {}, "wrong": ["charts.p_chart: 1 ≠ 2"]}))

    monkeypatch.setattr("subprocess.run", run)
    with pytest.raises(ValueError, match="1 ≠ 2"):
        command.measured([1000], [], 0.1, Path("python"))


# Rounds


@pytest.fixture(autouse=True)
def no_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is done more than once for the sake of its time."""
    monkeypatch.setattr(rounds, "_BATCH", 0.0)
    monkeypatch.setattr("gc.collect", lambda: 0)


def test_the_two_take_turns_and_another_begins() -> None:
    """Each round has both, and who begins changes."""
    order: list[str] = []
    took = {"ours": 0.3, "theirs": 0.9}
    found = rounds.measured(lambda: order.append("o"), lambda: order.append("t"), took)
    assert "".join(order) == "ottoot"
    assert [len(seconds) for seconds in found.values()] == [3, 3]


def test_both_get_the_same_data_at_each_size() -> None:
    """Data depend on the comparison and the number of rows, and both sides get all of them."""
    seen: list[tuple[str, float]] = []

    def side(name: str) -> Any:
        def total(g: Given) -> float:
            seen.append((name, float(g.values.sum())))
            return seen[-1][1]

        return total

    found = rounds.play(case(side("ours"), side("theirs")), [1000, 10_000])
    assert {total for name, total in seen if name == "ours"} == {
        total for name, total in seen if name == "theirs"
    }
    assert len({total for _, total in seen}) == 3
    assert set(found) == {"1000", "10000"}


def test_who_would_take_too_long_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next size is left out where a side would take longer than is waited for, and so on."""
    taken = {100: 0.001, 1000: 0.1, 10_000: 10.0}
    monkeypatch.setattr(
        rounds, "_compared", lambda case, given, rows: {"ours": 0.001, "theirs": taken[rows]}
    )
    monkeypatch.setattr(rounds, "_steady", lambda *_: {"ours": [1.0], "theirs": [2.0]})
    found = rounds.play(case(), [1000, 10_000, 100_000, 1_000_000])
    assert found["10000"] == {"ours": [1.0], "theirs": [2.0]}
    assert found["100000"]["left_out"] == found["1000000"]["left_out"] == "theirs"
    assert found["100000"]["seconds"] == 1000


def test_too_little_memory_is_told() -> None:
    """A side that runs out of memory is left out from there on."""

    def theirs(g: Given) -> Any:
        if len(g.values) > 1000:
            raise MemoryError
        return sum(g.values)

    found = rounds.play(case(theirs=theirs), [1000, 10_000, 100_000])
    assert found["10000"]["memory"] is True
    assert set(found) == {"1000", "10000"}


def test_rounds_that_disagree_are_seen() -> None:
    """A quartile of the ratios more than twice another is too wide; one odd round is not."""
    assert rounds.wide([1.0] * 4, [1.0, 1.0, 3.0, 3.0])
    assert not rounds.wide([1.0] * 5, [1.0, 1.0, 1.1, 1.0, 9.0])


# What is said


def _data(slow: float = 0.5, **left_out: Any) -> dict[str, Any]:
    first, second, third = CASES[0], CASES[12], CASES[40]
    found = {
        first.name: {
            "1000": {"ours": [0.001] * 3, "theirs": [0.004, 0.005, 0.006]},
            "1000000": {"ours": [0.02] * 3, "theirs": [0.2] * 3},
        },
        second.name: {
            "1000": {"ours": [0.01] * 3, "theirs": [0.02] * 3},
            "1000000": left_out or {"left_out": "theirs", "seconds": 45},
        },
        third.name: {
            "1000": {"ours": [0.01] * 3, "theirs": [0.03] * 3},
            "1000000": {"ours": [0.01] * 3, "theirs": [0.01 * slow] * 3},
        },
    }
    about = {
        "date": "2026-11-22T10:00:00+00:00",
        "machine": {"cores": 2, "cpu": "Some CPU"},
        "versions": {"numpy": "2.4.6"},
    }
    return report.result(found, CASES, about)


def test_a_ratio_is_of_one_round() -> None:
    """The oracle's time over kefu's in the same round: median, least, most."""
    data = _data()
    told = data["cases"][CASES[0].name]["sizes"]
    assert told["1000"]["ratio"] == {"median": 5.0, "least": 4.0, "most": 6.0}
    assert json.loads(json.dumps(data)) == data


def test_nothing_measured_is_no_result() -> None:
    """Without one ratio there is nothing to tell."""
    left = {CASES[0].name: {"1000": {"left_out": "ours", "seconds": 30}}}
    for found in ({}, left):
        with pytest.raises(ValueError, match="nothing was measured"):
            report.result(found, CASES, {})


def test_the_tables_have_a_row_for_every_comparison() -> None:
    """Ratios, who was left out and for how long, and kefu's own time at the most rows."""
    data = _data()
    terminal, page = report.table(data), report.page(data)
    assert len(terminal.splitlines()) == 1 + 3
    assert "5.00 (4.00–6.00)" in terminal
    assert "oracle ~45 s" in terminal
    assert len([line for line in page.splitlines() if line.startswith("| `")]) == 3
    assert "| 10³ | 10⁶ | kefu |" in page
    assert "| 5.0 | 10 | 20 ms |" in page
    assert "| 2.0 | oracle ~45 s | 10 ms |" in page
    assert "Some CPU" in page


def test_the_sentence_follows_the_data() -> None:
    """Both languages count the faster, the slower and those left out, and name the extremes."""
    best, slow = CASES[0], CASES[40]
    for said in report.sentence(_data()).values():
        for figure in ("2026-11-22", "1,000,000", best.name, slow.name, "10", "0.50", "2.0", "20"):
            assert figure in said
        assert "\n" not in said
    both = report.sentence(_data())
    assert "2 项不比参照慢" in both["zh"]
    assert "1 项更慢" in both["zh"]
    assert "1 项的参照在 20 秒内算不完" in both["zh"]
    assert "no slower in 2" in both["en"]
    assert "slower in 1," in both["en"]


def test_the_sentence_boasts_of_nothing_that_is_not_there() -> None:
    """Where none is slower no slowest is named, and where kefu is left out it says so."""
    said = report.sentence(_data(slow=2.0))
    assert "更慢" not in said["zh"]
    assert "it is slower" not in said["en"]
    kefu = report.sentence(_data(left_out="ours", seconds=30))
    assert "1 项是 kefu 自己算不完" in kefu["zh"]
    assert "In 1 it is kefu" in kefu["en"]
    assert "参照在 20 秒" not in kefu["zh"]


def test_unsteady_pairs_are_named() -> None:
    """A pair whose rounds disagree is named with its rows."""
    assert report.unsteady(_data()) == []
    found = {CASES[0].name: {"1000": {"ours": [1.0] * 4, "theirs": [1.0, 1.0, 5.0, 5.0]}}}
    data = report.result(found, CASES, {"date": "2026"})
    assert report.unsteady(data) == [f"{CASES[0].name}, 1000"]


def test_the_pages_have_the_place() -> None:
    """Both READMEs have room for the sentence, the benchmarks' own for the table."""
    block.find([*command.READMES.values(), command.PAGE], report.NAME)
