"""Control charts and run rules, beside shewhart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.quality.case import PERIOD, Case, Given
from kefu.quality import charts, rules
from kefu.text import Text

__all__ = ["CASES"]

_N = 5
_RULES = (*rules.WESTERN_ELECTRIC, *(r for r in rules.NELSON if r != "nelson-8"))
"""shewhart's eighth rule of Nelson also takes points that are all on one side."""
_SAMPLE = Text("5 个值的样本", "sample of 5")


def _shewhart(name: str, *by: str, **more: Any) -> Callable[[Given], Any]:
    """A chart of shewhart's without run rules, of the columns named."""

    def chart(g: Given) -> Any:
        import shewhart

        columns = {each: each for each in by}
        return getattr(shewhart, name)(g.frame, **columns, **more)

    return chart


def _shares(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    sizes = rng.integers(50, 150, rows)
    counts = rng.binomial(sizes, 0.08)
    return Given(
        counts=counts, sizes=sizes, frame=pd.DataFrame({"defectives": counts, "size": sizes})
    )


def _rates(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    units = rng.uniform(0.5, 3.0, rows)
    counts = rng.poisson(6 * units)
    return Given(counts=counts, units=units, frame=pd.DataFrame({"defects": counts, "size": units}))


def _values(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    values = rng.normal(80, 5, rows)
    return Given(values=values, frame=pd.DataFrame({"value": values}))


def _samples(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    table = rng.normal(80, 5, (rows, _N))
    frame = pd.DataFrame({"value": table.ravel(), "subgroup": np.repeat(np.arange(rows), _N)})
    return Given(table=table, frame=frame)


def _chart(chart: charts.Chart) -> list[Any]:
    return [chart.points, chart.center[0], chart.lower, chart.upper]


def _theirs(points: str, center: str) -> Callable[[Any], list[Any]]:
    def read(result: Any) -> list[Any]:
        table = result.table
        found = [table[each].to_numpy() for each in (points, "lcl", "ucl")]
        return [found[0], result.stats[center], found[1], found[2]]

    return read


def _counted(
    name: str, points: str, center: str, ours: Callable[[Given], charts.Chart], *, rate: bool
) -> Case:
    their = {"laney_p_chart": "laney_p", "laney_u_chart": "laney_u"}.get(name, name)
    columns = ("defects", "size") if rate else ("defectives", "size")
    return Case(
        f"charts.{name}", f"shewhart.{their}", PERIOD, _rates if rate else _shares,
        ours, _shewhart(their, *columns, rules="none"), _chart, _theirs(points, center),
    )  # fmt: skip


def _np(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    counts = rng.binomial(100, 0.08, rows)
    return Given(counts=counts, frame=pd.DataFrame({"defectives": counts}))


def _pair(pair: charts.Pair) -> list[Any]:
    return [
        value
        for chart in pair
        for value in (chart.points, chart.center[0], chart.lower[0], chart.upper[0])
    ]


def _their_pair(one: str, other: str, columns: tuple[str, str]) -> Callable[[Any], list[Any]]:
    def read(result: Any) -> list[Any]:
        table, told = result.table, result.stats
        found: list[Any] = []
        for short, column in zip((one, other), columns, strict=True):
            points = table[column].to_numpy()
            found += [points[~np.isnan(points)], told[f"{short}_center"]]
            found += [told[f"{short}_lcl"], told[f"{short}_ucl"]]
        return found

    return read


def _ewma_theirs(result: Any) -> list[Any]:
    table = result.table
    return [
        table.ewma.to_numpy(),
        result.stats["center"],
        table.lcl.to_numpy(),
        table.ucl.to_numpy(),
    ]


def _z(rows: int, rng: np.random.Generator) -> Given:
    return Given(z=rng.normal(0, 1.1, rows))


def _rules_theirs(g: Given) -> Any:
    from shewhart import _rules

    return _rules.apply_rules(g.z, [each.replace("-", "_") for each in _RULES])


def _points(listed: list[rules.Signal]) -> dict[str, list[int]]:
    """The points that belong to any signal, rule by rule: the two list them in other pieces."""
    found: dict[str, set[int]] = {}
    for signal in listed:
        found.setdefault(signal.rule, set()).update(signal.points)
    return {rule: sorted(points) for rule, points in found.items()}


def _points_theirs(listed: Any) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for rule, _, points in listed:
        found.setdefault(rule.replace("_", "-"), set()).update(points)
    return {rule: sorted(points) for rule, points in found.items()}


def _imr_signals(result: Any) -> dict[str, list[int]]:
    return _points_theirs([(s.rule, "", s.points) for s in result.signals if s.chart == "i"])


CASES = (
    _counted("p_chart", "proportion", "p_center",
             lambda g: charts.p_chart(g.counts, g.sizes), rate=False),
    Case("charts.np_chart", "shewhart.np_chart", PERIOD, _np,
         lambda g: charts.np_chart(g.counts, 100),
         _shewhart("np_chart", "defectives", size=100, rules="none"),
         lambda chart: [chart.points, chart.center[0], chart.lower[0], chart.upper[0]],
         lambda r: [r.table.defectives.to_numpy(),
                    *(r.stats[f"np_{each}"] for each in ("center", "lcl", "ucl"))]),
    Case("charts.c_chart", "shewhart.c_chart", PERIOD, _rates,
         lambda g: charts.c_chart(g.counts), _shewhart("c_chart", "defects", rules="none"),
         lambda chart: [chart.points, chart.center[0], chart.lower[0], chart.upper[0]],
         lambda r: [r.table.defects.to_numpy(),
                    *(r.stats[f"c_{each}"] for each in ("center", "lcl", "ucl"))]),
    _counted("u_chart", "per_unit", "u_center",
             lambda g: charts.u_chart(g.counts, g.units), rate=True),
    _counted("laney_p_chart", "proportion", "p_center",
             lambda g: charts.laney_p_chart(g.counts, g.sizes), rate=False),
    _counted("laney_u_chart", "per_unit", "u_center",
             lambda g: charts.laney_u_chart(g.counts, g.units), rate=True),
    Case("charts.xbar_r", "shewhart.xbar_r", _SAMPLE, _samples,
         lambda g: charts.xbar_r(g.table),
         _shewhart("xbar_r", "value", "subgroup", rules="none"),
         _pair, _their_pair("xbar", "r", ("mean", "range"))),
    Case("charts.xbar_s", "shewhart.xbar_s", _SAMPLE, _samples,
         lambda g: charts.xbar_s(g.table),
         _shewhart("xbar_s", "value", "subgroup", rules="none"),
         _pair, _their_pair("xbar", "s", ("mean", "stdev"))),
    Case("charts.i_mr", "shewhart.imr", PERIOD, _values,
         lambda g: charts.i_mr(g.values), _shewhart("imr", "value", rules="none"),
         _pair, _their_pair("i", "mr", ("value", "moving_range"))),
    Case("charts.ewma_chart", "shewhart.ewma", PERIOD, _values,
         lambda g: charts.ewma_chart(g.values), _shewhart("ewma", "value"),
         _chart, _ewma_theirs),
    Case("rules.signals", "shewhart rules", PERIOD, _z,
         lambda g: rules.signals(g.z, _RULES), _rules_theirs, _points, _points_theirs),
    Case("rules.chart_signals", "shewhart.imr", PERIOD, _values,
         lambda g: rules.chart_signals(charts.i_mr(g.values).location),
         _shewhart("imr", "value", rules="western_electric"), _points, _imr_signals),
)  # fmt: skip
