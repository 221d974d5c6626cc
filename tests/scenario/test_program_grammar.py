"""The grammar of a program, and what it is published as."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from kefu.bank import read
from kefu.card import canonical, public_id
from kefu.errors import KefuError
from kefu.publish import Published, publish_program
from kefu.scenario.program import Program, reference, references
from kefu.text import Text
from tests.pieces import CONTENT, DAY, dump, standards
from tests.programs import SHARE


def program(**changed: Any) -> Program:
    """The small program, with some top-level fields changed."""
    return Program.model_validate({**tomllib.loads(SHARE), **changed})


def published(made: Program, ref: str = "share--program") -> Published:
    """What becomes of it."""
    return publish_program(ref, made, standards(rings=[(dt.date(2026, 1, 1), 3)]), DAY)


def test_a_program_is_a_card_and_a_key() -> None:
    """The card has function, examples and tolerance; the key what is hidden."""
    one = published(program())
    assert one.card["kind"] == "program"
    assert one.card["room"] == "graded"
    assert one.card["function"] == "interval"
    assert one.card["examples"] == [{"given": [80, 100], "gives": [0.711, 0.867]}]
    assert one.card["tolerance"] == 0.001
    assert set(one.key) == {"reference", "why", "cases"}
    drawn, fixed = one.key["cases"]
    assert len(drawn["given"]) == 5
    assert fixed["given"] == [[0, 20], [0, 3]]
    about = Text("一个满意的都没有", "Nobody satisfied").json()
    assert (fixed["about"], fixed["id"]) == (about, public_id("share--program", about))
    assert json.loads(canonical(one.key)) == one.key


def test_the_card_depends_on_public_words_only() -> None:
    """Another reference, other groups and another reason leave the card the same to its version."""
    sealed = tomllib.loads(SHARE)["sealed"]
    other = {
        "reference": "sampling.clopper_pearson",
        "why": {"zh": "另外的道理。", "en": "Another reason."},
        "case": [{"about": {"zh": "别的", "en": "Other"}, "given": [[1, 2]]}],
    }
    one, two = published(program()), published(program(sealed=other))
    assert one.card == two.card
    assert one.key != two.key
    for said in ("Nobody satisfied", "wilson", sealed["why"]["en"]):
        assert said not in dump(one.card)


def test_what_is_drawn_depends_on_the_ref() -> None:
    """Drawing again gives the same key; another program's calls are others."""
    one, again = published(program()), published(program())
    assert one.key == again.key
    other = published(program(), "shares--program")
    assert one.key["cases"][0]["given"] != other.key["cases"][0]["given"]
    assert one.key["cases"][1]["given"] == other.key["cases"][1]["given"]


def test_a_house_keeps_what_is_drawn_to_itself() -> None:
    """With a seed other calls are drawn, the same each time, and the card says nothing of it."""
    sealed = tomllib.loads(SHARE)["sealed"]
    plain, ours, again = (
        published(program(sealed=each))
        for each in (sealed, {**sealed, "seed": "our own"}, {**sealed, "seed": "our own"})
    )
    assert ours.key["cases"][0]["given"] != plain.key["cases"][0]["given"]
    assert ours.key == again.key
    assert ours.card == plain.card
    assert "our own" not in canonical(ours.key)


def test_a_text_may_hold_a_number_of_the_house() -> None:
    """A standard is written out, and noted."""
    words = {"zh": "{standard.phone.rings} 声内。", "en": "Within {standard.phone.rings} rings."}
    one = published(program(text=words))
    assert one.card["prompt"] == {"zh": "3 声内。", "en": "Within 3 rings."}
    assert one.standards == {"phone.rings": 3}


def test_a_reference_is_a_public_function_of_quality() -> None:
    """A class, a private name and a module elsewhere are no references."""
    assert reference("sampling.wilson")(0, 20)[0] == 0
    assert "agreement.cohen_kappa" in references()
    for name in ("sampling.Interval", "sampling._sample", "sampling", "os.system", "", "a.b.c"):
        with pytest.raises(KefuError, match=r"kefu\.quality has no"):
            reference(name)
    assert not [name for name in references() if name.startswith("_")]


@pytest.mark.parametrize(
    "changed",
    [
        {"points": 0}, {"points": "6"}, {"teaches": []}, {"lesson": "five"}, {"example": []},
        {"starter": ""}, {"tolerance": -1}, {"secret": 1}, {"set": "First Set"},
    ],
)  # fmt: skip
def test_the_grammar_has_bounds(changed: dict[str, Any]) -> None:
    """What does not fit the grammar is no program."""
    with pytest.raises(ValidationError):
        program(**changed)


def test_the_banks_own_programs_hide_what_they_should() -> None:
    """No card holds a hidden call but those that are examples; no two groups have one name."""
    bank, _ = read((Path(CONTENT),))
    assert bank.programs
    for ref in bank.programs:
        one = bank.publish_program(ref)
        examples = [each["given"] for each in one.card["examples"]]
        hidden = [call for case in one.key["cases"] for call in case["given"]]
        assert not [call for call in hidden if call in examples]
        assert len({case["id"] for case in one.key["cases"]}) == len(one.key["cases"])
