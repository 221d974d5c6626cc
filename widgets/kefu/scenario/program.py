"""What an author writes in `content/programs/<slug>.toml`: a question that is answered with code.

`docs/programs.md` shows one, and a test reads it with these models.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, StringConstraints

import kefu.quality
from kefu.errors import KefuError
from kefu.scenario._written import Slug, Words, Written
from kefu.scenario.inputs import draw
from kefu.text import Text

__all__ = [
    "CODE",
    "PROGRAM",
    "Case",
    "Example",
    "Program",
    "Sealed",
    "hidden",
    "reference",
    "references",
]

PROGRAM = "--program"
"""What follows a program's slug in its reference, and in no item's of a scenario."""
TIMES = 10
"""How many calls a generator draws if nothing is said."""
CODE = "--code"
"""What the cell that a learner writes in is called, after the program's reference."""


class Example(Written):
    """A public call: `given` are the arguments, `gives` what is returned; without it, None."""

    given: list[Any]
    gives: Any = None


class Case(Written):
    """A group of hidden calls, named in the feedback: written out, or drawn by a generator."""

    about: Words
    given: list[list[Any]] = []
    inputs: str | None = None
    times: Annotated[int, Field(ge=1, le=100)] | None = None


class Sealed(Written):
    """What a learner never sees: what computes the results, on which calls, and why it matters.

    Generators come with the package: a house's own `seed` keeps what they draw to itself.
    """

    reference: str
    seed: str = ""
    why: Words
    case: Annotated[list[Case], Field(min_length=1, max_length=12)]


class Program(Written):
    """One question answered with code.

    `starter` ends before the function's body; `function` is the name that is called.
    A number is right if it is off by no more than `tolerance`; learners are told.
    """

    set: Slug
    lesson: Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,2})?$")]
    teaches: Annotated[list[Slug], Field(min_length=1, max_length=2)]
    points: Annotated[int, Field(ge=1, le=100)] = 4
    title: Words
    text: Words
    starter: Annotated[str, StringConstraints(min_length=1)]
    function: str
    tolerance: Annotated[float, Field(ge=0)] = 0.0
    example: Annotated[list[Example], Field(min_length=1, max_length=6)]
    sealed: Sealed


def hidden(ref: str, at: int, sealed: Sealed) -> list[list[Any]]:
    """The calls of the `at`-th group of a program: drawn by its name, its place and the seed.

    Raises:
        KefuError: the generator is not known.
    """
    case = sealed.case[at]
    seed = f"{ref} {at} {sealed.seed}".rstrip()
    return case.given or draw(case.inputs or "", case.times or TIMES, seed)


def references() -> list[str]:
    """Every name that `reference` knows."""
    return [f"{module}.{name}" for module in _modules() for name in _functions(module)]


def reference(name: str) -> Callable[..., Any]:
    """The function that computes results: `<module>.<function>`, a public one of `kefu.quality`.

    Raises:
        KefuError: none has this name.
    """
    module, _, function = name.partition(".")
    found = _functions(module).get(function) if module in _modules() else None
    if found is None:
        close = difflib.get_close_matches(name, known := references(), n=1)
        raise KefuError(
            Text(f"kefu.quality 里没有 {name}", f"kefu.quality has no {name}"),
            Text(f"您要写的也许是 {close[0]}", f"perhaps you mean {close[0]}")
            if close
            else Text(f"请写其中之一：{', '.join(known)}", f"write one of {', '.join(known)}"),
        )
    return found


def _modules() -> list[str]:
    names = (info.name for info in pkgutil.iter_modules(kefu.quality.__path__))
    return [name for name in names if not name.startswith("_")]


def _functions(module: str) -> dict[str, Callable[..., Any]]:
    there = importlib.import_module(f"kefu.quality.{module}")
    named = {name: getattr(there, name) for name in getattr(there, "__all__", ())}
    return {name: made for name, made in named.items() if inspect.isfunction(made)}
