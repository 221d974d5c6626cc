"""A learner tries a function on the public examples."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kefu
from kefu.bank import read
from kefu.tryout import Tried, try_out
from tests.bank.maker import write
from tests.programs import PROGRAM, RIGHT, SHARE, made

REF = "share--program"


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """A folder with the cards of a set that asks for one program with two examples."""
    more = "[[example]]\ngiven = [80, 100]"
    text = SHARE.replace(more, f"[[example]]\ngiven = [4, 5]\ngives = [0.376, 0.964]\n\n{more}")
    bank, faults = read([write(tmp_path / "bank", {PROGRAM: text})])
    assert faults == []
    card = bank.publish_program(REF).card
    folder = tmp_path / "exercise"
    folder.mkdir()
    data = {"set": "first", "title": {"zh": "一", "en": "one"}, "cards": [card]}
    (folder / "cards.json").write_text(json.dumps(data), "utf-8")
    return folder


def right() -> Any:
    """A function that is right."""
    return made(RIGHT["share-interval--program"], "interval")


def words(page: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"<[^>]+>", " ", page)


def test_a_right_function_is_told_so(exercise: Path) -> None:
    """Each example has its row: given, what it gave, what was expected, and that it is right."""
    tried = try_out(REF, right(), exercise)
    assert tried.right == 2
    page = tried._repr_html_()
    assert page.count("✓ 对 · right") == 2
    assert "interval(4, 5)" in page
    assert "[0.376, 0.964]" in page
    assert "0.3755" in page
    assert "例子都对了" in page
    assert "Other numbers are used for marking" in page


def test_a_wrong_result_is_shown_beside_the_right_one(exercise: Path) -> None:
    """What was given, expected and wrong stands in both languages, also without a page."""
    tried = try_out(REF, lambda good, n: (good / n, 1), exercise)
    assert tried.right == 0
    for shown in (tried._repr_html_(), repr(tried)):
        for said in ("interval(4, 5)", "[0.8, 1]", "[0.376, 0.964]", "数不对", "another number"):
            assert said in shown
        assert "run the cell above" in shown


def test_the_function_of_the_notebook_is_found(
    exercise: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The function that the notebook calls so is tried; if it has none, that is told."""
    monkeypatch.delattr(sys.modules["__main__"], "interval", raising=False)
    assert "还没有 interval 这个函数" in repr(try_out(REF, folder=exercise))
    monkeypatch.setattr(sys.modules["__main__"], "interval", right(), raising=False)
    assert try_out(REF, folder=exercise).right == 2
    monkeypatch.setattr(sys.modules["__main__"], "interval", 5)
    assert "还没有 interval 这个函数" in repr(try_out(REF, folder=exercise))


class SourError(Exception):
    """An exception whose words cannot be had."""

    def __str__(self) -> str:
        raise ValueError


class Shy:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        raise ValueError


def _raise(error: BaseException) -> Any:
    def function(*_: Any) -> Any:
        raise error

    return function


def _deep(good: Any, n: Any) -> Any:
    return _deep(n, good)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (
            _raise(ZeroDivisionError("division by zero")),
            "it failed with ZeroDivisionError: division",
        ),
        (_raise(NotImplementedError()), "nothing is written here yet"),
        (_raise(SystemExit(1)), "it failed with SystemExit: 1"),
        (_raise(SourError()), "it failed with SourError"),
        (_raise(KeyboardInterrupt()), "stopped before it was done"),
        (_deep, "it failed with RecursionError"),
        (lambda good: good, "it failed with TypeError"),
        (lambda good, n: None, "nothing was returned"),
        (lambda good, n: Shy(), "neither numbers nor text"),
        (lambda good, n: [float("nan"), 1], "not a finite number"),
        (lambda good, n: "x" * 10**6, "not several values together"),
        (lambda good, n: {Shy(): 1}, "a dict whose keys are not text"),
    ],
)
def test_whatever_a_function_does_there_is_a_sentence(
    exercise: Path, function: Any, said: str
) -> None:
    """Nothing is raised, and nothing is longer than one can read."""
    tried = try_out(REF, function, exercise)
    assert tried.right == 0
    for shown in (words(tried._repr_html_()), repr(tried)):
        assert said in shown
        assert len(shown) < 3000


def test_an_interrupted_function_is_not_asked_again(exercise: Path) -> None:
    """Whoever stops an endless loop does so once, not once for every example."""
    asked = []

    def endless(good: int, n: int) -> None:
        asked.append(n)
        raise KeyboardInterrupt

    try_out(REF, endless, exercise)
    assert len(asked) == 1


def test_what_a_function_does_to_its_arguments_stays_its_own(exercise: Path) -> None:
    """An example is given as it stands, however often it is tried."""
    data = json.loads((exercise / "cards.json").read_text("utf-8"))
    data["cards"][0]["examples"] = [{"given": [[3, 1, 2]], "gives": 3}] * 2
    (exercise / "cards.json").write_text(json.dumps(data), "utf-8")

    def emptied(numbers: list[int]) -> int:
        count = len(numbers)
        numbers.clear()
        return count

    tried = try_out(REF, emptied, exercise)
    assert tried.right == 2
    assert "interval([3, 1, 2])" in repr(tried)


def test_nothing_that_a_function_gives_is_markup(exercise: Path) -> None:
    """A result, an error and its class are shown as text."""
    evil = "<img src=x onerror=alert(1)>"
    for function in (
        lambda good, n: evil,
        _raise(ValueError(evil)),
        _raise(type(evil, (Exception,), {})()),
    ):
        page = try_out(REF, function, exercise)._repr_html_()
        assert "<img" not in page
        assert "&lt;img" in page


@pytest.mark.parametrize("ref", ["other--program", "", "../share--program", None, 5])
def test_an_unknown_program_is_told(exercise: Path, ref: Any) -> None:
    """Whatever was typed, a calm sentence says where to open the notebook."""
    assert "这里没有" in repr(try_out(ref, right(), exercise))


@pytest.mark.parametrize(
    "text", [None, "", "[]", '{"cards": 5}', '{"cards": [5]}', '{"cards": [{}]}']
)
def test_damaged_cards_are_told(exercise: Path, text: str | None) -> None:
    """Without sound cards a sentence says to unpack them again."""
    file = exercise / "cards.json"
    file.unlink() if text is None else file.write_text(text, "utf-8")
    tried = try_out(REF, right(), exercise)
    assert "重新解压" in repr(tried)
    assert "<table" not in tried._repr_html_()


def test_it_is_part_of_kefu(exercise: Path) -> None:
    """`import kefu; kefu.try_out("…")` in a fresh Python shows the table, with nothing sealed."""
    code = (
        "def interval(good, n):\n    return 0.376, 0.964\n"
        f'import kefu; tried = kefu.try_out("{REF}")\n'
        "import sys\nprint(tried.right, [m for m in ('pydantic', 'sqlalchemy', 'kefu.bank',"
        " 'kefu.scenario', 'kefu.quality', 'kefu.grading') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=exercise, capture_output=True, text=True, check=True
    )
    assert done.stdout.split(" ", 1) == ["1", "[]\n"]
    assert kefu.try_out is try_out
    assert isinstance(try_out(REF, right(), exercise), Tried)


def test_the_player_leaves_programs_alone(exercise: Path) -> None:
    """The panel of a set counts no program, and a program is no card to play."""
    assert kefu.play("first", exercise).handin["items"] == []
    assert not kefu.play(REF, exercise).cards
