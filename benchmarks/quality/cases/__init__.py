"""All comparisons, in the order in which they are told."""

from __future__ import annotations

from benchmarks.quality.case import Case
from benchmarks.quality.cases import charts, customers, queue, raters, samples

__all__ = ["CASES"]

CASES: tuple[Case, ...] = (
    *charts.CASES, *samples.CASES, *raters.CASES, *queue.CASES, *customers.CASES,
)  # fmt: skip
