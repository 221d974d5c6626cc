"""What a page's kernel runs: the player, and a client of the house.

A page's kernel holds no key and no password: it knows a socket and a token,
and the standard library speaks to the one with the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kefu.floor.desk import HouseDesk

if TYPE_CHECKING:
    from kefu.floor.player import FloorPlayer

__all__ = ["HouseDesk", "daily"]


def daily() -> FloorPlayer:
    """The page of the day: five items of practice, answered into the house's journal.

    Raises:
        KefuError: the house does not answer, or the visit is over; the page says so.
    """
    from kefu.floor.player import FloorPlayer

    desk = HouseDesk.here()
    return FloorPlayer(desk, title=desk.title, seed=desk.seed)
