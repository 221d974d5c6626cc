"""A released set with all that marking it needs: no database is asked while marking.

A paper can be handed to another process or another machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from kefu.card import Card, Key, canonical, digest
from kefu.errors import KefuError
from kefu.grading.judge import not_released, released_cards
from kefu.places import Places
from kefu.text import Text

__all__ = ["Keyring", "Paper"]


class _Vault(Protocol):
    def history(self, items: Any) -> dict[str, dict[str, tuple[Card, Key]]]: ...


@dataclass(frozen=True, slots=True)
class Keyring:
    """A copy of the vault's rows of some items: item → version → card and latest key."""

    rows: dict[str, dict[str, tuple[Card, Key]]]

    def cards(self, item: str) -> dict[str, Card]:
        """Every version of an item that was ever released, with its card."""
        return {version: card for version, (card, _) in self.rows.get(item, {}).items()}

    def key(self, item: str, version: str) -> Key | None:
        """The latest key of a released version, or None."""
        row = self.rows.get(item, {}).get(version)
        return row[1] if row else None


@dataclass(frozen=True)
class Paper:
    """A released set.

    Args:
        set: its slug.
        notebook: the notebook as it was released, as text.
        cards: the cards as they were released, by item.
        keys: every released version of its items, with the latest key.
        reasons: when the set's reasons were released, as a journal writes time; empty until then.
    """

    set: str
    notebook: str
    cards: dict[str, Card]
    keys: Keyring
    reasons: str = ""

    @classmethod
    def read(cls, places: Places, vault: _Vault, set_slug: str, *, reasons: str = "") -> Paper:
        """The paper of a set that was released here.

        Raises:
            KefuError: it was not released, or the vault does not hold one of its keys.
        """
        folder = places.exercises / set_slug
        try:
            notebook = (folder / f"{set_slug}.ipynb").read_text("utf-8")
            json.loads(notebook)
        except (OSError, ValueError) as error:
            raise not_released(set_slug) from error
        cards = released_cards(folder)
        keys = Keyring(vault.history(cards))
        for item, card in cards.items():
            if keys.key(item, card["version"]) is None:
                raise KefuError(
                    Text(f"题库里没有 {item} 的答案", f"the vault has no key for {item}"),
                    Text("先运行 kefu weave", "run kefu weave first"),
                )
        return cls(set_slug, notebook, cards, keys, reasons)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells of the released notebook, new ones each time."""
        cells: list[dict[str, Any]] = json.loads(self.notebook)["cells"]
        return cells

    @cached_property
    def points(self) -> dict[str, float]:
        """What each grade cell is worth, in the order of the notebook."""
        abouts = [cell["metadata"].get("nbgrader", {}) for cell in self.cells]
        return {a["grade_id"]: float(a["points"]) for a in abouts if a.get("grade")}

    @property
    def programs(self) -> list[str]:
        """The items that ask for code."""
        return [item for item, card in self.cards.items() if card["kind"] == "program"]

    @cached_property
    def release(self) -> str:
        """Tells what was released from any other release (16 hex digits)."""
        return digest(self.notebook, canonical(self.cards))[:16]

    @cached_property
    def revision(self) -> str:
        """Tells the keys, and whether reasons are released, from any others (16 hex digits)."""
        return digest(canonical(self.keys.rows), self.reasons)[:16]
