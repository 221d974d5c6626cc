"""What a class's answers say about the questions: `load` a set, then look at it.

In a notebook: `r = load("service-basics")`, then `items(r)`, `scores(r)`, `facility(r)`,
`discrimination(r)`, `times(r)`, `options(r, item)`, `paths(r, item)` and
`agreement("service-basics")`; each shows itself.
"""

from __future__ import annotations

from kefu.grading.report.plots import (
    Table,
    discrimination,
    facility,
    items,
    options,
    paths,
    scores,
    times,
)
from kefu.grading.report.read import load
from kefu.grading.report.whole import Report, analyse

__all__ = [
    "Report",
    "agreement",
    "analyse",
    "discrimination",
    "facility",
    "items",
    "load",
    "options",
    "paths",
    "scores",
    "times",
]


def agreement(set_slug: str) -> Table | str:
    """Two markers compared, criterion by criterion; a sentence where nobody has been compared.

    Raises:
        KefuError: there is no course around the working folder, or the set was not released.
    """
    from kefu.grading.report.make import agreement_of
    from kefu.places import Places

    found = agreement_of(Places.find(), set_slug)
    if found is None:
        return f"还没有第二位批改人的分 · No second marker yet: kefu calibrate {set_slug}"
    heads = ("评分要点 · criterion", "份数 · n", "给分相同 · same", "加权 κ · weighted κ",
             "相差 · difference")  # fmt: skip
    rows = [
        (
            f"{one.text['zh']} · {one.text['en']}",
            one.same.n,
            f"{one.same.value or 0:.0%}",
            None if one.kappa is None else round(one.kappa, 2),
            None if one.severity.value is None else round(one.severity.value, 2),
        )
        for one in found.criteria
    ]
    return Table(heads, rows)
