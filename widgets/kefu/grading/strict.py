"""JSON from those who may be lying: one document, and every number and name plain."""

from __future__ import annotations

import json
import math
from typing import Any

__all__ = ["strict"]


def strict(line: bytes) -> Any:
    """One JSON document: no NaN, no number beyond a float, no name twice, no torn characters.

    Raises:
        ValueError: it is not that.
        RecursionError: it is nested too deep.
    """
    told = json.loads(
        line.decode("utf-8"), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_once
    )
    json.dumps(told, ensure_ascii=False).encode("utf-8")  # half a character cannot be kept anywhere
    return told


def _refuse(text: str) -> float:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice")
    return named
