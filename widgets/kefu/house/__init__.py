"""The house: the one process on the floor that holds vault, journal, people and clock.

A page's kernel reaches it by a unix socket, with a token of its own.
The token is bound to a person here; every read and write names the token, never a person.
"""

from kefu.house.app import application
from kefu.house.journal import Journal
from kefu.house.quiz import TITLE, draw
from kefu.house.visits import Visits

__all__ = ["TITLE", "Journal", "Visits", "application", "draw"]
