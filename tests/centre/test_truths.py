"""What was planted in the simulated centre is found again, by the documented code alone."""

from __future__ import annotations

import dataclasses
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kefu import centre
from tests.centre.made import ROOT, TRUTHS, beside, holds, made, recipes, run

KNOWN: dict[str, dict[str, Any]] = {
    truth["id"]: truth for truth in json.loads(TRUTHS.read_text("utf-8"))["truths"]
}


@cache
def found() -> dict[str, tuple[dict[str, Any], str]]:
    """Every recipe run on the committed data, as the page says: in the root of a clone."""
    return run(ROOT)


def test_every_truth_has_its_recipe() -> None:
    """The page tells of every truth and of nothing else."""
    assert list(recipes()) == ["", *KNOWN]


@pytest.mark.parametrize("name", KNOWN)
def test_a_truth_is_recovered(name: str) -> None:
    """The recipe finds each planted value within the tolerance that stands beside it."""
    values, said = found()[name][0], KNOWN[name]["values"]
    assert {k: v for k, v in values.items() if k in said} == values
    assert {k: values[k] for k in said if not holds(values[k], said[k])} == {}


@pytest.mark.parametrize("name", KNOWN)
def test_the_page_prints_what_comes_out(name: str) -> None:
    """An outsider who runs a recipe sees what the page shows."""
    assert found()[name][1] == recipes()[name][1]


@pytest.mark.parametrize(("name", "value", "planted", "comes", "interval"), beside())
def test_the_page_sets_planted_beside_found(
    name: str, value: str, planted: str, comes: str, interval: str
) -> None:
    """The table has what was planted, what comes out, and the interval that the recipe prints."""
    digits = len(comes.partition(".")[2])
    said = KNOWN[name]["values"][value]
    assert planted == (f"{said['is']:.{digits}f}" if "is" in said else "—")
    assert comes == f"{found()[name][0][value]:.{digits}f}"
    if interval != "—":
        assert f"{value} {comes} ({interval.replace(' – ', ' to ')})\n" in found()[name][1]


@pytest.mark.parametrize("name", KNOWN)
def test_a_truth_names_what_its_recipe_uses(name: str) -> None:
    """The files and functions that a truth names are those of its recipe."""
    before = " ".join(code for code, _ in recipes().values())
    code = recipes()[name][0]
    for function in KNOWN[name]["functions"]:
        module, _, call = function.partition(".")
        assert f"kefu.quality.{module} import" in before
        assert f"{call}(" in code
    for file in KNOWN[name]["files"]:
        assert f'read("{file.removesuffix(".csv")}")' in before


def test_both_languages_say_each_truth() -> None:
    """Every truth is told in 中文 and in English."""
    assert all(truth["zh"] and truth["en"] for truth in KNOWN.values())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_instructors_notes_have_the_numbers(lang: str) -> None:
    """What the notes say comes out of the data does come out of them."""
    notes = (ROOT / "content" / "teaching" / f"centre-notes.{lang}.md").read_text("utf-8")
    of = {name: values for name, (values, _) in found().items()}
    shift, lunch, fcr = of["shift"], of["lunch"], of["repeats"]
    shares = [shift["before"], fcr["resolution"], fcr["marked"]]
    said = [f"{100 * share:.1f}%" for share in shares]
    said += [f"{100 * lunch['level_all_day']:.0f}%", f"{100 * lunch['level_lunch']:.0f}%"]
    said += [f"{100 * of['open-complaints']['closed_by_7_days']:.0f}%"]
    said += [f"{of['drifting-rater']['gap_in_week_8']:.1f}", f"NPS {notes_nps(of):.0f}"]
    visits, wolf = of["visits"], of["complaints-cry-wolf"]
    ends = [visits[f"{what}_{end}"] for what in ("difference", "items") for end in ("low", "high")]
    said += [f"{100 * end:.0f}".replace("-", "−") for end in ends]
    said += [f"{100 * wolf['share']:.1f}", f"{wolf['inflation']:.1f}", f"{wolf['u_outside']} "]
    assert [number for number in said if number not in notes] == []
    assert f"{made().plan.seed}" in notes
    assert all(f"`{name}`" in notes for name in KNOWN)


def notes_nps(of: dict[str, dict[str, Any]]) -> float:
    """The score as it comes in, unweighted."""
    return float(of["invitations"]["nps_of_all"] + of["invitations"]["flattery"])


GONE = {
    "shift": {"changed", "weeks_outside", "after", "identity_after"},
    "drifting-rater": {"gap_in_week_8", "kappa_weeks_7_8"},
    "complaints-cry-wolf": {"inflation", "u_outside"},
    "lunch": {"more", "needed", "load", "level_lunch"},
    "invitations": {"invited_unresolved", "flattery"},
}


def test_what_was_not_planted_is_not_found(tmp_path: Path) -> None:
    """In the same centre with nothing wrong in it, the recipes find nothing wrong."""
    plan = made().plan
    calm = dataclasses.replace(
        plan,
        reviews=dataclasses.replace(plan.reviews, identity_after=plan.reviews.identity, drift=0.0),
        complaints=dataclasses.replace(plan.complaints, swing=0.0),
        surveys=dataclasses.replace(plan.surveys, invited_unresolved=0.34),
        arrivals=dataclasses.replace(plan.arrivals, phone=[5.0] * 24),
    )
    centre.make(plan=calm).write(tmp_path / "data")
    values = {name: found for name, (found, _) in run(tmp_path).items()}
    for name, gone in GONE.items():
        said = KNOWN[name]["values"]
        assert gone <= {k for k in said if not holds(values[name][k], said[k])}, name
