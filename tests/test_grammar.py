"""The grammar page shows what the grammar is."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest

from kefu.bank.faults import validate
from kefu.bank.lint import lint_document
from kefu.bank.shapes import SetFile, StandardsFile
from kefu.bank.stories import read_story
from kefu.bank.toml import parse
from kefu.scenario import KEYS, KINDS_ASKED, Item, Scenario

PAGE = (Path(__file__).parents[1] / "docs" / "grammar.md").read_text(encoding="utf-8")
BLOCKS = {
    match[1]: match[2]
    for match in re.finditer(
        r"^```toml\n# content/(\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE
    )
}
STORIES = {name: text for name, text in BLOCKS.items() if name.startswith("scenarios/")}
KINDS = [*KEYS, "selfcheck"]


def test_every_block_says_which_file_it_is() -> None:
    """No block of TOML escapes these tests."""
    assert PAGE.count("```toml\n") == len(BLOCKS) > 0


def test_all_nine_kinds_are_shown() -> None:
    """Each kind has one example, in the order of the kinds."""
    assert [tomllib.loads(t)["item"][0]["kind"] for t in STORIES.values()] == KINDS


@pytest.mark.parametrize("name", STORIES)
def test_a_shown_scenario_is_good(name: str) -> None:
    """Story, item and key of each example are read without a fault but that of kinds to come."""
    document, faults = parse(STORIES[name].encode(), name)
    assert document is not None
    story, more = read_story(Path(name).stem, document, Path(name), name)
    kind = document.data["item"][0]["kind"]
    more += lint_document(document)
    later = [] if kind in KINDS_ASKED else [f"the kind {kind} is described but not asked yet"]
    assert later == [fault.what.en for fault in faults + more]
    assert isinstance(story.scenario, Scenario)
    if kind in KINDS_ASKED:
        assert isinstance(story.entries[0].key, KEYS[kind])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sets/first-week.toml", SetFile), ("standards.toml", StandardsFile)],
)
def test_other_shown_files_are_good(name: str, kind: type) -> None:
    """The examples of a set and of standards fit their grammar."""
    document, faults = parse(BLOCKS[name].encode(), name)
    assert document is not None
    assert faults + validate(kind, document.data, document)[1] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_of_the_grammar_is_on_the_page(kind: str) -> None:
    """A name that an author may write is told of, in a table or an example."""
    item = next(text for text in STORIES.values() if tomllib.loads(text)["item"][0]["kind"] == kind)
    model = next(m for m in _items() if m.model_fields["kind"].annotation.__args__ == (kind,))
    names = set(model.model_fields) | set(KEYS[kind].model_fields if kind in KEYS else ())
    told = {n for n in names if f"`{n}" in PAGE or f"`[[item.{n}]]`" in PAGE or f"\n{n}" in item}
    assert names == told


def _items() -> tuple[Any, ...]:
    return get_args(get_args(Item)[0])
