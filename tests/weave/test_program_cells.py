"""What is woven of a program: three cells in its set, a card beside them, and nothing sealed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import ClearSolutions

import kefu.bank.model
from kefu.bank import read
from kefu.card import Card, version_of
from kefu.publish import publish_program
from kefu.scenario.program import CODE
from kefu.weave import Woven, weave, write
from tests.bank.maker import write as bank
from tests.grading.course import Course
from tests.laws.secrets_of import answered_otherwise, sealed_words
from tests.pieces import CONTENT
from tests.programs import PROGRAM, RIGHT, SHARE

BOOK = "solutions/first/first.ipynb"
CARDS = "solutions/first/cards.json"
REF = "share--program"


def woven(*contents: Path) -> Woven:
    """What is woven, faults or not."""
    return weave(read(contents)[0])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small bank with a program in its set."""
    content = bank(tmp_path / "content", {PROGRAM: SHARE})
    assert read([content])[1] == []
    return content


def cells(made: Woven, name: str = BOOK) -> list[dict[str, Any]]:
    """The cells of a woven notebook."""
    found: list[dict[str, Any]] = json.loads(made.files[name])["cells"]
    return found


def test_a_program_is_three_cells_at_the_end(small: Path) -> None:
    """Text, code and check stand after all items, before the hand-in."""
    found = cells(woven(small))
    assert [cell["id"] for cell in found] == [
        "_start", "_how", "umbrella--all-that-help", f"_{REF}", f"{REF}{CODE}", REF, "_hand-in",
        "first",
    ]  # fmt: skip
    text, code, check = found[3:6]
    assert "".join(text["source"]).startswith(
        "## 占几成 · What share\n\n请写 `interval(good, n)`。"
    )
    assert "Write `interval(good, n)`." in "".join(text["source"])
    assert "".join(check["source"]) == f'import kefu; kefu.try_out("{REF}")'
    about = {cell["id"]: cell["metadata"]["nbgrader"] for cell in (code, check)}
    assert about == {
        f"{REF}{CODE}": {"schema_version": 3, "grade": False, "grade_id": f"{REF}{CODE}",
                         "locked": False, "solution": True, "task": False},
        REF: {"schema_version": 3, "grade": True, "grade_id": REF, "locked": True,
              "solution": False, "task": False, "points": 6},
    }  # fmt: skip


def test_the_code_is_in_sight(small: Path) -> None:
    """What a learner writes, and the line that tries it, are not collapsed; all else is."""
    shown = {
        cell["id"]: cell["metadata"].get("jupyter", {}).get("source_hidden", False)
        for cell in cells(woven(small))
        if cell["cell_type"] == "code"
    }
    assert shown == {
        "umbrella--all-that-help": True, f"{REF}{CODE}": False, REF: False, "first": True,
    }  # fmt: skip


@pytest.mark.parametrize("ref", RIGHT)
def test_releasing_leaves_the_starter_and_a_stub(ref: str) -> None:
    """No solution is woven; nbgrader puts its stub into the body, and Python can read both."""
    bank_, _ = read((Path(CONTENT),))
    in_set = bank_.programs[ref].set
    book = nbformat.reads(
        weave(bank_).files[f"solutions/{in_set}/{in_set}.ipynb"].decode(), as_version=4
    )
    book.cells = [cell for cell in book.cells if cell["id"] == f"{ref}{CODE}"]
    source = book.cells[0].source
    starter = bank_.programs[ref].starter
    assert source.startswith(starter)
    assert source[len(starter) :].split() == ["###", "BEGIN", "SOLUTION", "pass", "###", "END",
                                              "SOLUTION"]  # fmt: skip
    ast.parse(source)
    released, _ = ClearSolutions().preprocess(book, {})
    assert released.cells[0].source == (
        f"{starter}\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    ast.parse(released.cells[0].source)


def test_the_card_lies_beside_the_notebook(small: Path) -> None:
    """`cards.json` holds the program's card after those of the items; its key goes to the vault."""
    made = woven(small)
    cards: list[Card] = json.loads(made.files[CARDS])["cards"]
    assert [card["kind"] for card in cards] == ["choices", "program"]
    published = {p.card["item"]: p for p in made.published}
    assert published[REF].card == cards[1]
    assert published[REF].key["reference"] == "sampling.wilson"
    assert "keys" not in json.loads(made.files[CARDS])


def test_a_set_may_hold_programs_alone(tmp_path: Path) -> None:
    """A set without any item is woven if it asks for code."""
    second = SHARE.replace('"first"', '"second"')
    content = bank(tmp_path, {PROGRAM: second})
    (content / "sets" / "second.toml").write_text(
        (content / "sets" / "first.toml").read_text("utf-8"), "utf-8"
    )
    made = woven(content)
    assert [cell["id"] for cell in cells(made, "solutions/second/second.ipynb")][2:] == [
        f"_{REF}", f"{REF}{CODE}", REF, "_hand-in", "second",
    ]  # fmt: skip
    assert REF not in made.files[BOOK].decode()


def test_numbers_of_the_house_are_written_out(tmp_path: Path) -> None:
    """A standard in the text is its number, in the notebook and on the card."""
    text = SHARE.replace("请写 `", "响 {standard.phone.rings} 声。请写 `")
    made = woven(bank(tmp_path, {PROGRAM: text}))
    for name in (BOOK, CARDS):
        assert "响 3 声。" in made.files[name].decode()
        assert "{standard" not in made.files[name].decode()


def test_weaving_again_draws_the_same(small: Path, tmp_path: Path) -> None:
    """Hidden calls are the same at every weaving: files and keys do not change."""
    one, two = woven(small), woven(small)
    assert one.files == two.files
    assert [p.key for p in one.published] == [p.key for p in two.published]
    write(one, tmp_path / "root")
    assert write(two, tmp_path / "root") == []


def test_what_is_sealed_changes_no_file(small: Path, tmp_path: Path) -> None:
    """Another reference, other groups and other reasons leave every woven byte as it was."""
    one, two = woven(small), woven(answered_otherwise(small, tmp_path / "otherwise"))
    assert one.files == two.files
    keys = [{p.card["item"]: p.key for p in made.published}[REF] for made in (one, two)]
    assert keys[0]["reference"] != keys[1]["reference"]
    assert keys[0]["cases"] != keys[1]["cases"]
    assert keys[0]["why"] != keys[1]["why"]
    everything = b"\n".join(one.files.values()).decode()
    words = set(sealed_words(small))
    assert {"小样本也说得通。", "Nobody satisfied", "一个满意的都没有"} <= words
    assert not [said for said in {*words, "wilson"} if said in everything]


def _calls_on_the_card(publish: Callable[..., Any]) -> Callable[..., Any]:
    def telling(*given: Any) -> Any:
        made = publish(*given)
        made.card["examples"] = [*made.card["examples"], made.key["cases"][0]]
        made.card["version"] = version_of(made.card)
        return made

    return telling


def _version_of_the_key(publish: Callable[..., Any]) -> Callable[..., Any]:
    def telling(*given: Any) -> Any:
        made = publish(*given)
        told: Any = {**made.card, "key": made.key}
        made.card["version"] = version_of(told)
        return made

    return telling


@pytest.mark.parametrize("leak", [_calls_on_the_card, _version_of_the_key])
def test_a_planted_leak_is_caught(
    leak: Any, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hidden call on the card, or in what its version is made of, shows as a difference."""
    monkeypatch.setattr(kefu.bank.model, "publish_program", leak(publish_program))
    one, two = woven(small), woven(answered_otherwise(small, tmp_path / "otherwise"))
    assert one.files[CARDS] != two.files[CARDS]


def test_nbgrader_releases_a_set_with_code(small: Path, tmp_path: Path) -> None:
    """The released notebook has starter, stub and locked check; nothing of the key is in it."""
    course = Course(tmp_path / "course", small)
    write(woven(small), course.root)
    course.nbgrader("generate_assignment", "first")
    folder = course.root / "exercises" / "first"
    found = json.loads((folder / "first.ipynb").read_text("utf-8"))["cells"]
    code = "".join(next(c for c in found if c["id"] == f"{REF}{CODE}")["source"])
    assert code.startswith("def interval(good, n):\n    #")
    assert "SOLUTION" not in code
    assert re.search(r"\n    raise NotImplementedError", code)
    check = next(c for c in found if c["id"] == REF)
    assert check["metadata"]["editable"] is False
    released = "".join(file.read_text("utf-8") for file in folder.iterdir())
    assert not [said for said in sealed_words(small) if said in released]
