"""The grammar pages show what the grammar is."""

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from kefu import kinds
from kefu.bank import Bank, read
from kefu.errors import Fault
from kefu.grading.program import expected, judge_program
from kefu.publish import publish
from kefu.scenario import KEYS, KINDS, Item, Scorecard
from kefu.scenario.inputs import GENERATORS
from kefu.scenario.program import Case, Program, Sealed
from tests.pieces import CONTENT

DOCS = CONTENT.parent / "docs"
GRAMMAR = DOCS / "grammar.md"
PAGES = {kind: DOCS / "kinds" / f"{kind}.md" for kind in KINDS}
PROGRAMS = DOCS / "programs.md"
TEXT = {page: page.read_text(encoding="utf-8") for page in (GRAMMAR, PROGRAMS, *PAGES.values())}
_BLOCK = re.compile(r"^```toml\n# content/(\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = {page: {m[1]: m[2] for m in _BLOCK.finditer(text)} for page, text in TEXT.items()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bank, list[Fault], Path]:
    """Every example of every page as one bank, with the course's lessons and coverage list."""
    folder = tmp_path_factory.mktemp("shown")
    for name in ("course.toml", "coverage.toml", "standards.toml"):
        (folder / "course").mkdir(exist_ok=True)
        shutil.copy(CONTENT / name, folder / "course" / name)
    for blocks in BLOCKS.values():
        for name, text in blocks.items():
            file = folder / "content" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            assert not file.exists(), f"{name} is shown twice"
            file.write_text(text, encoding="utf-8")
    bank, faults = read([folder / "course", folder / "content"])
    return bank, faults, folder


def test_every_block_says_which_file_it_is() -> None:
    """No block of TOML escapes these tests."""
    assert [text.count("```toml\n") for text in TEXT.values()] == [len(b) for b in BLOCKS.values()]


def test_every_example_is_read_without_fault(
    shown: tuple[Bank, list[Fault], Path],
) -> None:
    """Stories, keys, scorecards, sets and standards of all pages together are a good bank."""
    bank, faults, _ = shown
    assert [fault.say("en") for fault in faults] == []
    assert {f"scenarios/{slug}.toml" for slug in bank.stories} == {
        name for blocks in BLOCKS.values() for name in blocks if name.startswith("scenarios/")
    }
    assert bank.scorecards
    assert bank.sets
    assert bank.programs
    assert all(isinstance(card, Scorecard) for card in bank.scorecards.values())


def test_a_fault_in_an_example_would_be_seen(
    shown: tuple[Bank, list[Fault], Path], tmp_path: Path
) -> None:
    """An example that lacks a line is told of."""
    shutil.copytree(shown[2], tmp_path / "shown")
    file = tmp_path / "shown" / "content" / "scenarios" / "who-needs-what.toml"
    file.write_text(file.read_text("utf-8").replace('pair.shy     = "privacy"\n', ""), "utf-8")
    faults = read([tmp_path / "shown" / "course", tmp_path / "shown" / "content"])[1]
    assert [fault.what.en for fault in faults] == ["shy has no pair"]


def test_every_example_can_be_asked(shown: tuple[Bank, list[Fault], Path]) -> None:
    """Each example is published, and its expert's answer is worth everything."""
    bank = shown[0]
    for e in bank.entries:
        day = bank.course.as_of
        made = publish(e.ref, e.story, e.item, e.key, bank.standards, day, bank.scorecards)
        if e.key:
            expert = kinds.expert(made.card, made.key)
            assert (e.ref, kinds.judge(made.card, made.key, expert)["credit"]) == (e.ref, 1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_page_with_its_own_example(kind: str) -> None:
    """The table links the page; the page shows that kind and no other, Chinese first."""
    assert f"| `{kind}` |" in TEXT[GRAMMAR]
    assert f"[{kind}](kinds/{kind}.md)" in TEXT[GRAMMAR]
    page = PAGES[kind]
    stories = [t for name, t in BLOCKS[page].items() if name.startswith("scenarios/")]
    assert stories
    assert {item["kind"] for text in stories for item in tomllib.loads(text)["item"]} == {kind}
    assert re.match(rf"# {kind} · [\u4e00-\u9fff]", TEXT[page])


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_of_the_grammar_is_told(kind: str) -> None:
    """A name that an author may write is in a table or an example of the pages."""
    model = next(m for m in _items() if m.model_fields["kind"].annotation.__args__ == (kind,))
    names = set(model.model_fields) | set(KEYS[kind].model_fields if kind in KEYS else ())
    pages = TEXT[GRAMMAR] + TEXT[PAGES[kind]]
    told = {n for n in names if f"`{n}" in pages or f"`[[item.{n}]]`" in pages}
    assert names - told == set()


def test_every_name_of_a_program_is_told() -> None:
    """What an author may write in a program, and each generator, has its row."""
    names = {name for model in (Program, Sealed, Case) for name in model.model_fields} - {
        "example",
        "sealed",
        "case",
    }
    rows = {*names, *GENERATORS}
    told = {name for name in rows if f"| `{name}` |" in TEXT[PROGRAMS]}
    told |= {each for each in ("example", "sealed") if f"[{each}]" in TEXT[PROGRAMS]}
    assert rows - told == set()


def test_every_program_can_be_asked(shown: tuple[Bank, list[Fault], Path]) -> None:
    """What the reference gives is worth everything."""
    bank = shown[0]
    for ref in bank.programs:
        made = bank.publish_program(ref)
        assert judge_program(made.card, made.key, expected(made.key))["credit"] == 1


def test_links_lead_somewhere() -> None:
    """Every link from one page to another file is there."""
    for page, text in TEXT.items():
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def _items() -> tuple[Any, ...]:
    return get_args(get_args(Item)[0])
