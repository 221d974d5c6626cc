"""The page on the mathematics names all there is, and nothing else."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import kefu.quality
from kefu.quality import constants

ROOT = Path(__file__).resolve().parents[2]


PLAIN = {
    *("service_level", "aht", "asa", "abandonment", "occupancy", "shrinkage", "adherence"),
    *("transfer_rate", "complaint_rate", "first_contact_resolution", "simulate"),
    *("reopened", "pareto_of", "followed", "backlog", "ageing", "worth"),
    *("share", "nps_of", "by_dimension", "rest_scores", "chart_signals"),
}
"""What merely counts, adds, sorts or plays, as its words say."""


def _functions() -> dict[str, Callable[..., object]]:
    """Every public function of every public module, by its name."""
    # What a module hands on from a private or a smaller one is counted where it is handed on.
    names = re.findall(r"`([a-z]+)`", (kefu.quality.__doc__ or "").partition("- a process")[2])
    modules = [importlib.import_module(f"kefu.quality.{name}") for name in names]
    found = {name: getattr(module, name) for module in modules for name in module.__all__}
    return {name: one for name, one in found.items() if inspect.isfunction(one)}


def test_the_page_names_every_function() -> None:
    """Whoever adds a function writes a line on it, and whoever removes one takes it away."""
    rows = [
        row.split("|")[2]
        for row in (ROOT / "docs/quality.md").read_text("utf-8").splitlines()
        if row.startswith("|") and row.count("|") > 3
    ]
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(_functions())


def test_every_function_says_what_it_refuses() -> None:
    """Each docstring says which input cannot be; those of the constants' module say it once."""
    functions = {name: one for name, one in _functions().items() if name not in constants.__all__}
    assert [n for n, one in functions.items() if "Raises:" not in (inspect.getdoc(one) or "")] == []


def test_every_formula_names_its_source() -> None:
    """A formula names a paper or a published value; only plain sums and sortings have neither."""
    bare = {
        name for name, one in _functions().items()
        if not re.search("Source:|Published check:", inspect.getdoc(one) or "")
    }  # fmt: skip
    assert bare == PLAIN | set(constants.__all__)
