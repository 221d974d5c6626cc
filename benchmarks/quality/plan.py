"""Which functions there are, and why a few of them are not compared."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable

import kefu.quality
from benchmarks.quality.case import Case

__all__ = ["EXCEPTIONS", "public", "unplanned"]

_SIZE = "one whole number in, one constant out, and remembered"
_COUNTS = "a few counts in, no rows"

EXCEPTIONS = {
    **{
        f"constants.{name}": _SIZE
        for name in ("A2", "A3", "B3", "B4", "D3", "D4", "c4", "d2", "d3")
    },
    "acceptance.plan": "four numbers in; a search, no rows",
    "complaints.reopened": _COUNTS,
    "costs.cost_of_quality": "four amounts in, no rows",
    "kano.kano_category": "one pair of answers; kano does the same for many",
    "rules.run_length": "draws its own points, no rows",
    "satisfaction.nps": "three counts in; nps_of takes the rows and calls it",
    "satisfaction.nps_difference": _COUNTS,
    "satisfaction.response_rate": _COUNTS,
    "sampling.share": _COUNTS,
}
"""Function → why nothing is to be seen by giving it many rows."""


def public() -> dict[str, str]:
    """Every public function of kefu.quality, `module.function` → where it is defined.

    One that several modules offer stands there once by each of its names.
    """
    found = {}
    for module in pkgutil.iter_modules(kefu.quality.__path__):
        if module.name.startswith("_"):
            continue
        offered = importlib.import_module(f"kefu.quality.{module.name}")
        for name in offered.__all__:
            one = getattr(offered, name)
            if inspect.isfunction(one):
                found[f"{module.name}.{name}"] = f"{one.__module__}.{one.__qualname__}"
    return found


def unplanned(cases: Iterable[Case]) -> tuple[list[str], list[str]]:
    """Functions neither compared nor excepted, and names in the plan that mean nothing.

    Meaningless is what is no public function, or is both compared and excepted.
    """
    functions = public()
    compared = {name for case in cases for name in (case.name.split(",")[0], *case.also)}
    planned = {functions[name] for name in (*compared, *EXCEPTIONS) if name in functions}
    missing = [name for name, defined in functions.items() if defined not in planned]
    twice = {functions.get(each) for each in compared} & {functions.get(e) for e in EXCEPTIONS}
    idle = [
        name
        for name in (*compared, *EXCEPTIONS)
        if name not in functions or functions[name] in twice
    ]
    return missing, idle
