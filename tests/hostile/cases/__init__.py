"""The attacks, each in the module of what it abuses; importing this declares them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.hostile.cases import archives, code, folders, notebooks, numbers, questions, responses
from tests.hostile.cases.code import RIGHT

if TYPE_CHECKING:
    from tests.hostile.attack import Sealed, Stage

__all__ = ["RIGHT", "code", "programs", "write_code"]

assert all((archives, folders, notebooks, numbers, questions, responses))


def programs(sealed: Sealed) -> list[str]:
    """The items of a set that ask for code."""
    return [ref for ref, card in sealed.cards.items() if card["kind"] == "program"]


def write_code(stage: Stage, source: str) -> None:
    """Hand in code for the program of a set; nothing where it has none."""
    if programs(stage.sealed):
        code.write(stage, source)
