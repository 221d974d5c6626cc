"""A simulated service centre: eight weeks of data in which the truths are known.

Everything in it is invented; nothing stands for a real centre, customer or employee.
Only the standard library is used, and only `random.Random.random` is drawn from: the same plan
gives the same bytes on every machine, whatever the version of Python or numpy.

    >>> from kefu import centre
    >>> made = centre.make()
    >>> made.write(Path("course/data"))

`make()` takes about two seconds.
The parameters are the instructor's (`content/_centre/plan.toml`) and not part of the package.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu.centre import tables
from kefu.centre.complaints import Complaint, complaints
from kefu.centre.contacts import contacts
from kefu.centre.known import known
from kefu.centre.plan import PLAN, Plan
from kefu.centre.reviews import Review, reviews
from kefu.centre.surveys import Invitation, Survey, surveys
from kefu.centre.tables import Table
from kefu.centre.visits import Finding, visits

__all__ = ["PLAN", "Centre", "Plan", "Table", "make"]


@dataclass(frozen=True, slots=True)
class Centre:
    """What was made: the tables by their names, and what is true of the centre."""

    plan: Plan
    tables: Mapping[str, Table]
    recommend: tuple[int, ...]
    """What every served customer would have answered (0 to 10); in no table."""

    def truths(self) -> dict[str, Any]:
        """What was planted, and how near to it the data lead; the instructor's alone."""
        return known(self.plan, self.recommend)

    def truths_json(self) -> bytes:
        """The same as a file."""
        return (json.dumps(self.truths(), ensure_ascii=False, indent=1) + "\n").encode("utf-8")

    def write(self, folder: Path) -> list[Path]:
        """Write every table as `<name>.csv`; the paths written. The truths are not among them."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, table in self.tables.items():
            paths.append(folder / f"{name}.csv")
            paths[-1].write_bytes(table.csv())
        return paths


def make(seed: int | None = None, plan: Plan | None = None) -> Centre:
    """Make the eight weeks.

    Args:
        seed: another seed than the plan's gives other data with the same truths behind them;
            whether each is still seen as clearly is then left to chance.
        plan: the parameters; those of `content/_centre/plan.toml` if None.

    Raises:
        KefuError: the parameters cannot be read.
    """
    plan = plan or Plan.read()
    if seed is not None:
        plan = dataclasses.replace(plan, seed=seed)
    came = contacts(plan)
    invited, answers, recommend = surveys(plan, came)
    made = {
        "calls": tables.calls(plan, came),
        "intervals": tables.intervals(plan, came),
        "qa": tables.of(Review._fields, reviews(plan, came)),
        "invitations": tables.of(Invitation._fields, invited),
        "surveys": tables.of(Survey._fields, answers),
        "complaints": tables.of(Complaint._fields, complaints(plan, came)),
        "visits": tables.of(Finding._fields, visits(plan)),
    }
    return Centre(plan, made, tuple(recommend))
