"""What customers say, and complaints: beside pandas, statsmodels and shewhart."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.quality.case import CASE, SURVEY, Case, Given
from kefu.quality import complaints, costs, kano, satisfaction, servqual
from kefu.text import Text

__all__ = ["CASES"]

_CAUSE = Text("原因", "cause")
_CUSTOMER = Text("客户", "customer")
_QUESTIONS = tuple(each for each in servqual.DIMENSIONS for _ in range(4))


def _survey(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    silent = rng.random(rows) < 0.2

    def asked(low: int, high: int) -> Any:
        return np.where(silent, np.nan, rng.integers(low, high + 1, rows))

    table = {"csat": asked(1, 5), "ces": asked(1, 7), "nps": asked(0, 10)}
    return Given(**table, frame=pd.DataFrame(table))


def _csat(g: Given) -> list[float]:
    from statsmodels.stats.proportion import proportion_confint

    given = g.frame.csat.dropna()
    good = given.isin([4, 5]).sum()
    return [good / len(given), *proportion_confint(good, len(given), method="wilson"), len(given)]


def _ces(g: Given) -> list[float]:
    from scipy.stats import t

    given = g.frame.ces.dropna()
    mean, error = given.mean(), given.sem()
    return [mean, *t.interval(0.95, len(given) - 1, mean, error), len(given)]


def _nps(g: Given) -> list[float]:
    given = g.frame.nps.dropna()
    promoters, detractors, n = (given >= 9).sum(), (given <= 6).sum(), len(given)
    # Adjusted Wald: three answers more, three quarters of each kind (Rocks 2016).
    p, q = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = 1.959963984540054 * np.sqrt((p + q - (p - q) ** 2) / (n + 3))
    middle = p - q
    return [100 * (promoters - detractors) / n, 100 * (middle - half), 100 * (middle + half), n,
            100 * middle]  # fmt: skip


def _expected(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    wish = rng.integers(5, 8, (rows, 5)).astype(float)
    found = rng.integers(3, 8, (rows, 5)).astype(float)
    found[rng.random(found.shape) < 0.05] = np.nan
    questions = rng.integers(1, 8, (rows, len(_QUESTIONS))).astype(float)
    questions[rng.random(questions.shape) < 0.05] = np.nan
    return Given(
        wish=wish, found=found, wish_frame=pd.DataFrame(wish), found_frame=pd.DataFrame(found),
        questions=questions, questions_frame=pd.DataFrame(questions),
    )  # fmt: skip


def _gaps(g: Given) -> list[Any]:
    each = (g.found_frame - g.wish_frame).mean()
    return [each, each.mean(), each @ servqual.WEIGHTS]


def _by_dimension(g: Given) -> Any:
    columns = g.questions_frame.columns
    return np.stack(
        [
            g.questions_frame[[c for c in columns if _QUESTIONS[c] == name]].mean(axis=1)
            for name in servqual.DIMENSIONS
        ],
        axis=1,
    )


def _pairs(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    pairs = rng.integers(1, 6, (rows, 2))
    return Given(pairs=pairs, frame=pd.DataFrame(pairs, columns=["with_", "without"]))


def _kano(g: Given) -> list[Any]:
    cells = {
        (row, column): cell
        for row, cells in enumerate(kano.TABLE, 1)
        for column, cell in enumerate(cells, 1)
    }
    table = g.frame.value_counts()
    counts = table.groupby(table.index.map(cells)).sum().reindex(list("MOAIRQ"), fill_value=0)
    m, o, a, i = (counts[each] for each in "MOAI")
    told = m + o + a + i
    return [counts.to_numpy(), counts.idxmax(), (a + o) / told, -(o + m) / told]


def _sorted(found: kano.Kano) -> list[Any]:
    return [list(found.counts.values()), found.category, found.better, found.worse]


def _weights(rows: int, rng: np.random.Generator) -> Given:
    # No two alike: what goes first in a tie is each side's own.
    values = rng.permutation(rows) + 1.0
    return Given(weights={f"c{at}": float(value) for at, value in enumerate(values)})


def _pareto(g: Given) -> Any:
    import shewhart

    return shewhart.pareto(g.weights)


def _causes(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    causes = rng.choice(list("abcdefghijkl"), rows, p=np.arange(12, 0, -1) / 78)
    costs_ = rng.uniform(0, 100, rows)
    frame = pd.DataFrame({"cause": causes, "cost": costs_})
    return Given(causes=causes.tolist(), costs=costs_, frame=frame)


def _pareto_of(g: Given) -> Any:
    import shewhart

    return shewhart.pareto(g.frame, by="cause", weights="cost")


def _bars(found: complaints.Pareto) -> list[Any]:
    return [list(found.names), found.values, found.shares, found.cumulative]


def _their_bars(result: Any) -> list[Any]:
    table = result.table
    columns = (table[each].to_numpy() for each in ("count", "share", "cumulative_share"))
    return [list(table.index), *columns]


def _followed(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    received = rng.uniform(0, 56, rows).round(3)
    closed = np.where(rng.random(rows) < 0.15, np.nan, received + rng.exponential(6, rows).round(3))
    frame = pd.DataFrame({"received": received, "closed": closed})
    durations = np.minimum(closed, 56) - received
    durations = np.where(np.isnan(closed), 56 - received, durations).round(2)
    return Given(
        received=received, closed=closed, frame=frame, durations=durations,
        done=(closed <= 56).astype(float), days=np.linspace(0, 56, 113),
    )  # fmt: skip


def _survival(g: Given) -> Any:
    from statsmodels.duration.survfunc import SurvfuncRight

    return SurvfuncRight(g.durations, g.done)


def _curve(found: complaints.Survival) -> list[Any]:
    return [found.times, found.open, found.at_risk, found.closed]


def _watched(g: Given) -> list[Any]:
    frame = g.frame[g.frame.received <= 50]
    done = frame.closed <= 50
    return [frame.closed.clip(upper=50).fillna(50) - frame.received, done]


def _ageing(g: Given) -> list[float]:
    frame = g.frame
    ages = 50 - frame.received[(frame.received <= 50) & ~(frame.closed <= 50)]
    return [len(ages), *ages.quantile([0.5, 0.9]), ages.max()]


def _backlog(g: Given) -> list[int]:
    frame = g.frame
    return [
        int((frame.received <= day).sum() - (frame.closed <= day).sum()) for day in g.days
    ]  # fmt: skip


def _money(rows: int, rng: np.random.Generator) -> Given:
    import pandas as pd

    table = {
        "margin": rng.uniform(50, 500, rows), "retention": rng.uniform(0.5, 0.95, rows),
        "gain": rng.uniform(0, 0.3, rows), "value": rng.uniform(100, 1000, rows),
        "cost": rng.uniform(5, 100, rows), "said": rng.integers(0, 50, rows),
    }  # fmt: skip
    return Given(**table, frame=pd.DataFrame(table))


def _costs(name: str, ours: Any, theirs: Any) -> Case:
    return Case(f"costs.{name}", "pandas", _CUSTOMER, _money, ours, lambda g: theirs(g.frame))


CASES = (
    Case("satisfaction.csat", "pandas + statsmodels", SURVEY, _survey,
         lambda g: satisfaction.csat(g.csat), _csat, list),
    Case("satisfaction.ces", "pandas + scipy.stats.t", SURVEY, _survey,
         lambda g: satisfaction.ces(g.ces), _ces, list),
    Case("satisfaction.nps_of", "pandas", SURVEY, _survey,
         lambda g: satisfaction.nps_of(g.nps), _nps, list),
    Case("servqual.gaps", "pandas", SURVEY, _expected,
         lambda g: servqual.gaps(g.wish, g.found, servqual.WEIGHTS), _gaps, list),
    Case("servqual.by_dimension", "pandas", SURVEY, _expected,
         lambda g: servqual.by_dimension(g.questions, _QUESTIONS), _by_dimension,
         lambda found: found[1]),
    Case("kano.kano", "pandas", SURVEY, _pairs, lambda g: kano.kano(g.pairs), _kano, _sorted,
         also=("kano.kano_of",)),
    Case("complaints.pareto", "shewhart.pareto", _CAUSE, _weights,
         lambda g: complaints.pareto(g.weights), _pareto, _bars, _their_bars),
    Case("complaints.pareto_of", "shewhart.pareto", CASE, _causes,
         lambda g: complaints.pareto_of(g.causes, costs=g.costs), _pareto_of, _bars, _their_bars),
    Case("complaints.survival", "statsmodels SurvfuncRight", CASE, _followed,
         lambda g: complaints.survival(g.durations, g.done), _survival, _curve,
         lambda found: [found.surv_times, found.surv_prob, found.n_risk, found.n_events]),
    Case("complaints.followed", "pandas", CASE, _followed,
         lambda g: complaints.followed(g.received, g.closed, 50), _watched, list),
    Case("complaints.ageing", "pandas", CASE, _followed,
         lambda g: complaints.ageing(g.received, g.closed, 50), _ageing, list),
    Case("complaints.backlog", "pandas", CASE, _followed,
         lambda g: complaints.backlog(g.received, g.closed, g.days), _backlog),
    _costs("lifetime_value", lambda g: costs.lifetime_value(g.margin, g.retention, 0.1),
           lambda f: f.margin * f.retention / (1.1 - f.retention)),
    _costs("break_even", lambda g: costs.break_even(g.gain, g.value),
           lambda f: f.gain * f.value),
    _costs("worth", lambda g: costs.worth(g.cost, g.gain, g.value),
           lambda f: f.gain * f.value - f.cost),
    _costs("hidden", lambda g: costs.hidden(g.said), lambda f: f.said / costs.VOICE_RATE),
)  # fmt: skip
