"""Every public function of kefu.quality through every kind of wrong and odd input there is."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import pkgutil
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import kefu.quality
from kefu.errors import KefuError
from kefu.quality import (
    acceptance,
    agreement,
    charts,
    complaints,
    constants,
    costs,
    kano,
    operations,
    picking,
    raters,
    rules,
    sampling,
    satisfaction,
    servqual,
    sizes,
    staffing,
    strata,
    testing,
)
from kefu.text import Text

X = [4.0, 6.0, 5.0, 7.0, 5.5, 6.5]
N = [3, 1, 4, 1, 5, 2]
FEW = [2, 0, 3, 1, 4, 2]
TEN = [10, 12, 9, 11, 10, 10]
TABLE = [[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]]
NAMES = ["a", "b", "a", "c", "b", "a"]
OTHERS = ["a", "b", "b", "c", "b", "c"]
SHARE = {"share": 0.4, "confidence": 0.9, "population": 500}
COUNTED = {"baseline": [0, 1, 2, 3], "standard": None, "width": 3.0}
LIMITS = {"baseline": [0, 1, 2, 3], "center": None, "sigma": None}
ROUND = {"calls": 20, "interval": 1800, "handle": 180}
QUEUE = {**ROUND, "agents": 4, "target": 20}
CASES = {"received": [0.0, 1.0, 2.0, 4.0], "closed": [3.0, None, 2.5, None]}

GOOD: dict[Callable[..., Any], dict[str, Any]] = {
    **{getattr(constants, name): {"n": 5} for name in constants.__all__},
    charts.p_chart: {"counts": N, "sizes": TEN, **COUNTED},
    charts.np_chart: {"counts": N, "size": 10, **COUNTED},
    charts.c_chart: {"counts": N, **COUNTED},
    charts.u_chart: {"counts": N, "units": X, **COUNTED},
    charts.laney_p_chart: {"counts": N, "sizes": TEN, "inflation": None, **COUNTED},
    charts.laney_u_chart: {"counts": N, "units": X, "inflation": None, **COUNTED},
    charts.xbar_r: {"samples": [X, N, FEW, TEN], **LIMITS},
    charts.xbar_s: {"samples": [X, N, FEW, TEN], **LIMITS},
    charts.i_mr: {"values": X, **LIMITS},
    charts.ewma_chart: {"values": X, "weight": 0.2, "width": 3.0, **LIMITS},
    rules.signals: {"z": X, "rules": ["we-1", "nelson-3"]},
    rules.chart_signals: {"chart": charts.c_chart(N), "rules": ["we-1", "we-4"]},
    rules.run_length: {"rules": ["we-1"], "shift": 2.0, "runs": 20, "seed": 1},
    sampling.wilson: {"count": N, "n": TEN, "confidence": 0.95},
    sampling.clopper_pearson: {"count": N, "n": TEN, "confidence": 0.95},
    sampling.difference: {"count1": N, "n1": TEN, "count2": FEW, "n2": TEN, "confidence": 0.95},
    sizes.size_for_share: {"margin": 0.05, **SHARE},
    sizes.size_for_mean: {"sigma": 60.0, "margin": 10.0, "confidence": 0.9, "population": 500},
    sizes.margin_of_share: {"n": [10, 20], **SHARE},
    sizes.size_for_difference: {"one": 0.8, "other": 0.9, "power": 0.8, "confidence": 0.95},
    sizes.krejcie_morgan: {"population": 1000},
    strata.proportional: {"sizes": TEN, "n": 7},
    strata.neyman: {"sizes": TEN, "spreads": X, "n": 7},
    strata.draw: {"strata": NAMES, "allocation": {"a": 2, "b": 1}, "seed": 3},
    strata.stratified_share: {"counts": FEW, "ns": [4, 1, 5, 2, 6, 3], "sizes": TEN,
                              "confidence": 0.95},
    acceptance.acceptance: {"n": [10, 20], "most": [1, 2], "share": [0.1, 0.2]},
    acceptance.oc_curve: {"n": 50, "most": 1, "shares": [0.01, 0.05]},
    acceptance.plan: {"good": 0.01, "bad": 0.1, "producer": 0.05, "consumer": 0.1},
    acceptance.dpmo: {"defects": N, "units": TEN, "opportunities": 3},
    acceptance.sigma_level: {"dpmo": [3.4, 6210.0], "shift": 1.5},
    agreement.cohen_kappa: {"one": NAMES, "other": OTHERS, "categories": ["a", "b", "c"],
                            "weights": "linear"},
    agreement.krippendorff_alpha: {"scores": [X, N], "level": "interval"},
    raters.fleiss_kappa: {"counts": [[2, 1], [0, 3], [3, 0]]},
    raters.icc: {"scores": TABLE},
    raters.share_agreed: {"one": NAMES, "other": OTHERS, "confidence": 0.95},
    raters.severity: {"scores": TABLE},
    staffing.load: ROUND,
    staffing.erlang_b: {"load": X, "agents": TEN},
    staffing.erlang_c: {"load": X, "agents": TEN},
    staffing.erlang_c_service: QUEUE,
    staffing.erlang_a_service: {**QUEUE, "patience": 120},
    staffing.agents_needed: {**ROUND, "target": 20, "level": 0.8, "occupancy": 0.85,
                             "shrinkage": 0.3},
    staffing.simulate: {**QUEUE, "patience": 120, "hours": 1, "seed": 1},
    operations.service_level: {"answered_in_time": FEW, "answered": [4] * 6, "offered": TEN,
                               "abandoned": FEW, "short": [0, 0, 1, 0, 1, 0],
                               "definition": "offered"},
    operations.asa: {"wait_seconds": X, "answered": TEN},
    operations.aht: {"talk": X, "hold": X, "after": X, "handled": TEN},
    operations.abandonment: {"abandoned": FEW, "short": [0, 0, 1, 0, 1, 0], "offered": TEN},
    operations.transfer_rate: {"transferred": FEW, "handled": TEN},
    operations.complaint_rate: {"complaints": FEW, "contacts": TEN, "per": 1000},
    operations.rings: {"wait": X, "cadence": 5.0},
    operations.first_contact_resolution: {
        "times": [0.0, 1.0, 2.0, 3.0, 9.0, 11.0], "customers": NAMES, "issues": OTHERS,
        "window_days": 7, "until": 20.0, "confidence": 0.95,
    },
    operations.occupancy: {"handle": X, "available": X},
    operations.shrinkage: {"productive": X, "paid": TEN},
    operations.adherence: {"kept": X, "scheduled": TEN},
    sampling.share: {"count": 3, "n": 10, "confidence": 0.95},
    satisfaction.response_rate: {"answered": 3, "invited": 10, "confidence": 0.95},
    satisfaction.csat: {"scores": N, "top": [4, 5], "scale": (1, 5), "confidence": 0.95},
    satisfaction.ces: {"scores": N, "scale": (1, 7), "confidence": 0.95},
    satisfaction.nps: {"promoters": 5, "passives": 3, "detractors": 2, "confidence": 0.95,
                       "adjusted": True},
    satisfaction.nps_of: {"scores": [9, *N], "confidence": 0.95, "adjusted": False},
    satisfaction.nps_difference: {"one": [5, 3, 2], "other": [6, 3, 1], "confidence": 0.95},
    servqual.gaps: {"expected": TABLE, "perceived": TABLE, "weights": [3, 2, 1]},
    servqual.by_dimension: {"scores": TABLE, "dimensions": ["x", "y", "x"]},
    kano.kano_category: {"functional": "like", "dysfunctional": 5},
    kano.kano: {"pairs": [["like", "dislike"], ["like", "neutral"]]},
    kano.kano_of: {"counts": {"A": 3, "M": 2}},
    complaints.pareto: {"weights": {"late": 4, "rude": 2.5}},
    complaints.pareto_of: {"causes": NAMES, "costs": X, "severities": None},
    complaints.reopened: {"closed": 10, "again": 2, "confidence": 0.95},
    complaints.followed: {**CASES, "until": 5.0},
    complaints.ageing: {**CASES, "at": 5.0},
    complaints.backlog: {**CASES, "days": [1.0, 3.0]},
    complaints.survival: {"durations": X, "closed": [1, 0, 1, 1, 0, 1], "confidence": 0.95},
    costs.lifetime_value: {"margin": X, "retention": 0.8, "discount": 0.1},
    costs.break_even: {"retention_gain": 0.1, "value": X},
    costs.worth: {"compensation": 1.0, "retention_gain": 0.1, "value": X},
    costs.hidden: {"complaints": N, "voice_rate": 0.04},
    costs.cost_of_quality: {"prevention": 1, "appraisal": 2, "internal": 3, "external": 4},
    testing.facility: {"scores": [0, 0.5, 1], "confidence": 0.95},
    testing.correlation: {"one": X, "other": N, "confidence": 0.95},
    testing.mean_difference: {"one": X, "other": N, "confidence": 0.95},
    testing.rest_scores: {"scores": TABLE, "item": 1},
    testing.discrimination: {"scores": TABLE, "item": 1, "confidence": 0.95},
    testing.cronbach_alpha: {"scores": TABLE, "confidence": 0.95},
    testing.kr20: {"scores": TABLE, "confidence": 0.95},
    picking.distractors: {"picked": NAMES, "rest": X, "options": ["a", "b", "c"],
                          "confidence": 0.95},
    picking.confident_mistakes: {"scores": [0, 1, 0.5, 1, 0, 0.2],
                                 "sure": [True, None, False, True, False, False],
                                 "below": 0.5, "confidence": 0.95},
    complaints.Survival.by: {"self": complaints.survival(X, [1, 0, 1, 1, 0, 1]), "day": 5.2},
    complaints.Survival.quantile: {"self": complaints.survival(X, [1] * 6), "share": 0.5},
}  # fmt: skip
"""A good call of every function, with all its arguments."""

UNTOUCHED = {"self", "chart"}
"""Arguments that are objects of our own."""

MAY_HOLD_NAN = (testing.rest_scores, servqual.by_dimension)
"""Functions whose docstring says where NaN stands for what is not known."""


class Odd:
    """Hashable, and nothing else."""

    def __repr__(self) -> str:
        return "odd"


WRONG: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: float("-inf"),
    "-1": lambda: -1,
    "0": lambda: 0,
    "-0.0": lambda: -0.0,
    "1": lambda: 1,
    "half": lambda: 0.5,
    "2.5": lambda: 2.5,
    "int64": lambda: np.int64(2**63 - 1),
    "too long": lambda: 10**400,
    "2**53+1": lambda: 2**53 + 1,
    "1e300": lambda: 1e300,
    "1e-300": lambda: 1e-300,
    "5e-324": lambda: 5e-324,
    "True": lambda: True,
    "numpy True": lambda: np.True_,
    "text": lambda: "abc",
    "no text": lambda: "",
    "digits": lambda: "7",
    "bytes": lambda: b"7",
    "complex": lambda: 1j,
    "object": Odd,
    "function": lambda: len,
    "type": lambda: int,
    "set": lambda: {1, 2},
    "dictionary": lambda: {"a": "b"},
    "generator": lambda: (each for each in [1, 2, 3]),
    "slice": lambda: slice(None),
    "NaT": lambda: pd.NaT,
    "NA": lambda: pd.NA,
    "0-d": lambda: np.array(5),
    "0-d nan": lambda: np.array(np.nan),
    "empty": list,
    "empty array": lambda: np.zeros(0),
    "empty table": lambda: np.zeros((0, 3)),
    "table without columns": lambda: np.zeros((3, 0)),
    "3-d": lambda: np.ones((2, 2, 2)),
    "ragged": lambda: [[1, 2], [3]],
    "deeply ragged": lambda: [[1, [2]], [[3], 4]],
    "list in list": lambda: [[[]]],
    "Nones": lambda: [None, None, None],
    "nans": lambda: [float("nan")] * 6,
    "infs": lambda: [float("inf")] * 6,
    "NAs": lambda: [pd.NA, 1],
    "words": lambda: ["ab", "cd"],
    "words and numbers": lambda: ["ab", 1],
    "lists as scores": lambda: [[1], {}, set()],
    "complexes": lambda: np.array([1 + 2j, 3]),
    "dates": lambda: np.array(["2026-11-22", "2026-11-23"], "M8[D]"),
    "spans": lambda: np.array([1, 2], "m8[s]"),
    "records": lambda: np.array([(1, 2)], "i4,i4"),
    "frame": lambda: pd.DataFrame({"a": [1, 2], "b": ["x", None]}),
    "no frame": pd.DataFrame,
    "dated": lambda: pd.Series(pd.to_datetime(["2026-11-22", None])),
    "categories": lambda: pd.Series(["x", "y", None], dtype="category"),
    "masked": lambda: np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False]),
    "all masked": lambda: np.ma.masked_all(6),
    "huge": lambda: [1e300] * 6,
    "tiny": lambda: [1e-300] * 6,
    "denormal": lambda: [5e-324, 0.0] * 3,
    "zeros": lambda: [0] * 6,
    "minus zeros": lambda: [-0.0] * 6,
    "ones": lambda: [1] * 6,
    "all the same": lambda: [0.1 + 0.2] * 6,
    "one alone": lambda: [1],
    "two": lambda: [1, 2],
    "unsigned": lambda: np.array([0, 2**64 - 1], dtype=np.uint64),
    "booleans": lambda: np.array([True, False, True, True, False, True]),
    "table of zeros": lambda: np.zeros((4, 3)),
    "table of nan": lambda: np.full((4, 3), np.nan),
    "table of halves": lambda: [[0.1 + 0.2, 0.3, 0.3]] * 4,
    "large table": lambda: np.full((2, 3), 1e12),
}  # fmt: skip
"""Values put in the place of an argument."""


def _numeric(given: Any) -> Any:
    return np.array(given, dtype=np.float64)


def _first(value: Any) -> Callable[[Any], Any]:
    def put(given: Any) -> Any:
        changed = copy.deepcopy(given)
        changed[0] = value
        return changed

    return put


BENT: dict[str, Callable[[Any], Any]] = {
    "one short": lambda given: given[:-1],
    "twice": lambda given: [*given, *given],
    "one row": lambda given: given[:1],
    "nested": lambda given: [given],
    "a column": lambda given: [[each] for each in given],
    "as text": lambda given: np.array(given).astype(str),
    "reversed signs": lambda given: -_numeric(given),
    "great": lambda given: _numeric(given) * 1e9,
    "greater": lambda given: _numeric(given) * 1e290,
    "small": lambda given: _numeric(given) * 1e-290,
    "single": lambda given: _numeric(given).astype(np.float32),
    "short integers": lambda given: np.rint(_numeric(given)).astype(np.int8),
    "decimal": lambda given: [Decimal(str(each)) for each in given],
    "fraction": lambda given: [Fraction(each) for each in given],
    "as a mapping": lambda given: dict(enumerate(given)),
    **{f"first {name}": _first(value) for name, value in {
        "None": None, "nan": np.nan, "inf": np.inf, "minus": -1, "half": 0.5, "huge": 1e300,
        "text": "x", "list": [1], "NA": pd.NA, "object": Odd(),
    }.items()},
}  # fmt: skip
"""What becomes of a list or table."""

SAME: dict[str, Callable[[Any], Any]] = {
    "a tuple": tuple,
    "an array": lambda given: _frozen(np.array(given)),
    "an array of objects": lambda given: _frozen(np.array(given, dtype=object)),
    "every second of an array": lambda given: np.repeat(np.array(given), 2, axis=0)[::2],
    "pandas": lambda given: _pandas(given),
    "a masked array without a mask": lambda given: np.ma.masked_array(given),
}  # fmt: skip
"""Forms in which a list or table means the same."""


def _frozen(found: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    found.flags.writeable = False
    return found


def _pandas(given: Any) -> Any:
    index = range(7 * len(given), 0, -7)
    table = np.ndim(given) > 1
    return pd.DataFrame(given, index=index) if table else pd.Series(given, index=index)


def _id(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}"


pytestmark = pytest.mark.filterwarnings("error")
every = pytest.mark.parametrize("function", GOOD, ids=_id)


def _listed(function: Callable[..., Any]) -> list[str]:
    """The arguments that are lists or tables."""
    return [name for name, given in GOOD[function].items()
            if isinstance(given, list | tuple) and name not in UNTOUCHED]  # fmt: skip


def _spoilt(function: Callable[..., Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    good = GOOD[function]
    for name in good.keys() - UNTOUCHED:
        for kind, make in WRONG.items():
            yield f"{name}: {kind}", {**good, name: make()}
        if name in _listed(function):
            for kind, bend in BENT.items():
                try:
                    with warnings.catch_warnings(action="ignore"):
                        bent = bend(good[name])
                except (TypeError, ValueError, ArithmeticError):
                    continue  # words have no sign
                yield f"{name}: {kind}", {**good, name: bent}


def _leaves(found: Any) -> Iterator[Any]:
    """Every number and word of a result."""
    if dataclasses.is_dataclass(found):
        for field in dataclasses.fields(found):
            yield from _leaves(getattr(found, field.name))
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from _leaves(key)
            yield from _leaves(value)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from _leaves(each)
    else:
        yield found


def _sound(found: Any, *, nan: bool) -> None:
    """No NaN, and nothing but plain numbers, words and arrays."""
    for leaf in _leaves(found):
        if isinstance(leaf, np.ndarray):
            assert leaf.dtype.kind in "fib"
            assert nan or not np.isnan(leaf).any()
        elif leaf is not None and not isinstance(leaf, str | Odd):
            assert type(leaf) in (float, int, bool), type(leaf)
            assert leaf == leaf


@cache
def _well_said(text: Text) -> None:
    """Both languages say something that can be read aloud."""
    assert re.search("[\u4e00-\u9fff]", text.zh), text
    assert not re.search("[\u4e00-\u9fff] ?[,;:?!]|[,;:?!] ?[\u4e00-\u9fff]", text.zh), text
    assert not re.search("[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", text.zh), text
    assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text.en), text
    for said in (text.zh, text.en):
        assert 4 < len(said) < 200, said
        assert not re.search(r"\bnan\b|array\(|dtype|  |0x", said), said


def _called(function: Callable[..., Any], call: dict[str, Any]) -> Any:
    """What comes of it: a sound result, or a refusal (None); never a warning."""
    try:
        found = function(**call)
    except KefuError as refused:
        for text in (refused.what, refused.write):
            _well_said(text)
        return None
    _sound(found, nan=function in MAY_HOLD_NAN)
    return found


def test_every_public_function_has_a_good_call_here() -> None:
    """No module of kefu.quality has a public function that these tests leave out."""
    there = set()
    for module in pkgutil.iter_modules(kefu.quality.__path__):
        if not module.name.startswith("_"):
            found = importlib.import_module(f"kefu.quality.{module.name}")
            there |= {
                each for name in found.__all__ if inspect.isfunction(each := vars(found)[name])
            }
    inner = {complaints.Survival.by, complaints.Survival.quantile}
    assert {_id(each) for each in there ^ (GOOD.keys() - inner)} == set()
    for function, call in GOOD.items():
        assert call.keys() == inspect.signature(function).parameters.keys(), _id(function)


@every
def test_wrong_input_is_refused_or_answered(function: Callable[..., Any]) -> None:
    """Whatever is given: a sound result, or a refusal in two languages; never another error."""
    for what, call in _spoilt(function):
        try:
            _called(function, call)
        except Exception as error:
            error.add_note(f"{_id(function)}, {what}")
            raise


@every
def test_a_list_in_another_form_says_the_same(function: Callable[..., Any]) -> None:
    """Lists, arrays, pandas with any index: one result, and what was given stays as it was."""
    expected = repr(_called(function, GOOD[function]))
    assert expected != "None"
    for name in _listed(function):
        given = GOOD[function][name]
        for form, make in SAME.items():
            changed = make(given)
            before = repr(changed)
            assert repr(_called(function, {**GOOD[function], name: changed})) == expected, (
                name,
                form,
            )
            assert repr(changed) == before, (name, form)
