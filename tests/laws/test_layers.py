"""Law 2. No import goes up, and the learner's side imports nothing sealed."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "widgets" / "kefu"

# Layer and side of each module. A module imports from lower layers only;
# what runs beside a learner (○) or on both sides (◇) imports nothing of the house's own (●).
LAYERS: dict[str, tuple[float, str]] = {
    "text": (0, "◇"),
    "errors": (0.1, "◇"),  # an error is said in both languages
    "quality": (0.2, "◇"),
    "late": (0.1, "◇"),  # what need not be imported yet
    "plots": (0.5, "◇"),
    "explorers": (0.7, "◇"),  # authors name them in lessons: the bank knows their names
    "result": (0.3, "◇"),  # whether what a function gave is what it should have given
    "unseen": (0.2, "●"),  # a process that hides from its own user
    "card": (1, "○"),
    "scenario": (1, "●"),
    "places": (1, "●"),  # which folder is which; names no content
    "lab": (1, "●"),  # how JupyterLab is started
    "kinds": (2, "◇"),
    "journal": (2, "◇"),
    "bank": (3, "●"),
    "reflections": (3, "◇"),  # what a learner thinks of oneself, on the learner's machine
    "appeals": (3, "◇"),  # what a learner asks about marks
    "progress": (3, "◇"),  # what one knows of a learner: folds over a journal
    "publish": (2.9, "●"),  # the bank publishes to see what guessing earns
    "data": (3, "◇"),  # the tables that come with the course
    "centre": (3, "●"),  # the simulated centre they come from
    "vault": (3.1, "●"),  # keeps what is published
    "player": (4, "◇"),
    "preview": (4.1, "●"),  # one scenario in the real player
    "weave": (4, "●"),
    "house": (4, "●"),
    "kernels": (4, "●"),
    "ship": (4, "●"),
    "coursework": (4.05, "○"),  # a learner's course on disk
    "tryout": (4.15, "○"),  # a learner's own code, tried on public examples
    "notebook": (4.1, "○"),  # what a notebook's one line shows: a player
    "floor": (4.1, "◇"),  # what a page's kernel runs: a player
    "grading": (4.2, "●"),  # reads the files that `notebook` writes
    "door": (4.2, "●"),  # serves pages whose kernels run `floor`
    "backup": (4.3, "●"),  # a course in one zip, and back
    "doctor": (4.4, "●"),  # looks at all of it
    "demo": (4.3, "●"),  # all of it, from end to end
    "cli": (5, "●"),
    "__main__": (5.1, "●"),
    "__init__": (9, "○"),  # `import kefu`: what notebooks use
}
SEALED = ("pydantic", "sqlalchemy", "nbgrader", "voila", "starlette", "kefu.scenario", "kefu.bank",
          "kefu.publish", "kefu.vault", "kefu.house", "kefu.weave", "kefu.grading")  # fmt: skip


def imports(package: Path) -> Iterator[tuple[str, str, str]]:
    """Who imports what, by the names in `LAYERS`, and where; what only types need is left out."""
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        for name, line in _imported(file.read_text("utf-8")):
            yield parts[0], name, f"{'/'.join(parts)}.py:{line}"


@cache
def _imported(text: str) -> tuple[tuple[str, int], ...]:
    """What a module imports, and in which line."""
    return tuple((name, node.lineno) for node in _run(ast.parse(text)) for name in _named(node))


def _run(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node
    typing = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
    for child in node.orelse if typing else ast.iter_child_nodes(node):  # type: ignore[attr-defined]
        yield from _run(child)


def _named(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        assert not node.level, "imports name the whole package"
        if node.module == "kefu":
            yield from (a.name for a in node.names if a.name != "__version__")
        elif node.module and node.module.startswith("kefu."):
            yield node.module.split(".")[1]
    else:
        for each in node.names:
            if each.name.startswith("kefu."):
                yield each.name.split(".")[1]


def faults(package: Path) -> list[str]:
    """Every import that the layers forbid."""
    found = []
    for one, other, where in imports(package):
        if one == other:
            continue
        (mine, my_side), (theirs, their_side) = LAYERS[one], LAYERS[other]
        if theirs >= mine:
            found.append(f"{where}: {one} imports {other}, which is not below it")
        if my_side != "●" and their_side == "●":
            found.append(f"{where}: {one} runs beside a learner, {other} must not")
    return found


def loaded(code: str, folder: Path) -> list[str]:
    """Which of the sealed modules a fresh Python holds after running this code."""
    report = (
        f"{code}\nimport sys, json\nprint(json.dumps([m for m in {SEALED!r} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", report],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_no_import_goes_up() -> None:
    """Each module imports from the layers below it, and ○ and ◇ never import ●."""
    assert faults(PACKAGE) == []


def test_every_module_has_its_layer() -> None:
    """Whoever adds a module says on which layer it stands and on whose machine it runs."""
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py"}
    there |= {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert there <= set(LAYERS)


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("card.py", "from kefu import kinds", "which is not below it"),
        ("text.py", "import kefu.cli.course", "which is not below it"),
        ("house/quiz.py", "from kefu.weave import weave", "which is not below it"),
        ("journal.py", "def f():\n    from kefu.scenario import Scenario", "must not"),
        ("kinds/order.py", "from kefu.scenario import Item", "must not"),
        ("floor/wire.py", "from kefu import vault", "must not"),
        ("notebook.py", "import kefu.bank", "must not"),
    ],
)
def test_a_planted_import_is_caught(tmp_path: Path, file: str, line: str, said: str) -> None:
    """An import upward, sideways or of something sealed is found wherever it stands."""
    package = tmp_path / "kefu"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("static", "__pycache__"))
    assert faults(package) == []
    with (package / file).open("a", encoding="utf-8") as out:
        out.write(f"\n{line}\n")
    found = faults(package)
    assert len(found) >= 1
    assert all(where.startswith(f"{file}:") for where in found)
    assert any(said in where for where in found)


def test_a_type_needs_no_layer(tmp_path: Path) -> None:
    """What is imported for the type checker alone is not an import; its else branch is."""
    package = tmp_path / "kefu"
    package.mkdir()
    checked = "if TYPE_CHECKING:\n    from kefu.scenario import Item\n"
    (package / "card.py").write_text(checked)
    assert faults(package) == []
    (package / "card.py").write_text(f"{checked}else:\n    from kefu.scenario import Item\n")
    assert len(faults(package)) == 2, "upward, and sealed"


ANSWER = """
import json, os, pathlib, shutil
import kefu
def play(folder, slug):
    os.chdir(folder)
    player = kefu.play(slug)
    for card in player.cards:
        choice = card.get("options") or card.get("steps") or []
        ids = [o["id"] for o in choice]
        response = {"choice": {"option": ids[:1] and ids[0]}, "choices": {"options": ids[:1]},
                    "order": {"order": ids}, "number": {"number": "3"}}[card["kind"]]
        reply = player.reply({"do": "answer", "id": os.urandom(16).hex(), "item": card["item"],
                              "version": card["version"], "response": response, "lang": "zh"})
        assert reply["did"] == "saved", reply
    return player
"""


def test_a_learner_loads_nothing_sealed(tmp_path: Path) -> None:
    """A lesson and an exercise are played and handed in with nothing of the house in memory."""
    root = PACKAGE.parents[1]
    shutil.copytree(root / "course", tmp_path / "course")
    shutil.copytree(root / "exercises", tmp_path / "exercises")
    lesson = sorted((tmp_path / "course" / "cards").glob("*.json"))[0].stem
    exercise = sorted((tmp_path / "exercises").iterdir())[0]
    item = json.loads((exercise / "cards.json").read_bytes())["cards"][0]["item"]
    code = (
        f"{ANSWER}\nassert play({str(tmp_path / 'course' / 'zh')!r}, {lesson!r}).receipts\n"
        f"play({str(exercise)!r}, {item!r})\n"
        f"panel = kefu.play({exercise.name!r})\n"
        "assert panel.reply({'do': 'hand-in', 'id': '0' * 32, 'student': 's01'})"
        "['did'] == 'handed-in'"
    )
    assert loaded(code, tmp_path) == []
    assert (exercise / f"{exercise.name}--s01.zip").is_file()
    assert (tmp_path / "course" / "responses.jsonl").is_file()


def test_a_page_of_the_floor_loads_nothing_sealed(tmp_path: Path) -> None:
    """What a page's kernel imports holds neither vault nor author's words."""
    assert loaded("import kefu.floor\nfrom kefu.player import Player", tmp_path) == []


def test_what_is_sealed_would_be_seen(tmp_path: Path) -> None:
    """A learner's side that did load something sealed is caught."""
    assert {"kefu.scenario", "pydantic"} <= set(loaded("import kefu.scenario", tmp_path))
