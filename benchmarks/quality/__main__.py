"""`python -m benchmarks.quality`: measures, prints the table, and writes it down."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import block, machine
from benchmarks.environment import environment, versions
from benchmarks.quality.cases import CASES
from benchmarks.quality.plan import unplanned
from benchmarks.quality.report import NAME, page, result, sentence, table, unsteady

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "benchmarks" / "requirements-quality.txt"
RESULT = ROOT / "benchmarks" / "results" / "quality.json"
READMES = {"zh": ROOT / "README.zh.md", "en": ROOT / "README.md"}
PAGE = ROOT / "benchmarks" / "README.md"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
_PACKAGES = ("numpy", "scipy", "pandas", "statsmodels", "scikit-learn", "shewhart", "krippendorff",
             "pingouin", "pyworkforce", "simpy")  # fmt: skip
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> int:
    """Measure; 1 if it cannot be done well, and then nothing is written."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--rows", type=int, default=max(SIZES), help="the most rows")
    parser.add_argument("--only", default="", help=argparse.SUPPRESS)
    parser.add_argument("--python", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.rows] or [options.rows]
    only = [name for name in options.only.split(",") if name]
    dry = options.dry or tuple(sizes) != SIZES or bool(only)
    load = machine.busy()
    if not dry:
        block.find([*READMES.values(), PAGE], NAME)  # before, rather than after, minutes of work
    if not dry and not machine.calm():
        return block.not_measured(*block.BUSY)
    try:
        data = measured(sizes, only, load, options.python or environment(NAME, PINS))
        said = sentence(data)
    except (ValueError, subprocess.CalledProcessError) as error:
        return block.not_measured(str(error))
    print("", table(data), "", *said.values(), "", sep="\n")
    pages = {READMES[lang]: words for lang, words in said.items()} | {PAGE: page(data)}
    return block.settle(pages, NAME, RESULT, data, dry=dry, wide=unsteady(data))


def measured(
    sizes: Sequence[int], only: Sequence[str], load: float, python: Path
) -> dict[str, Any]:
    """Every comparison, one after the other, in one process that has the oracles.

    Args:
        sizes: numbers of rows, ascending.
        only: parts of the names of those to play; none: all.
        load: how busy the machine was before, to be noted.
        python: the one that has the oracles.

    Raises:
        ValueError: an answer is wrong, or a function is in no plan.
        subprocess.CalledProcessError: the process failed.
    """
    missing, idle = unplanned(CASES)
    if missing or idle:
        raise ValueError(f"not in the plan: {missing}; in the plan for nothing: {idle}")
    begun = time.monotonic()
    # kefu itself from this checkout, and one thread for either side.
    env = os.environ | dict.fromkeys(_THREADS, "1")
    env["PYTHONPATH"] = os.pathsep.join(map(str, (ROOT, ROOT / "widgets")))
    with tempfile.TemporaryDirectory() as scratch:
        to = Path(scratch) / "found.json"
        subprocess.run(
            [str(python), "-m", "benchmarks.quality.rounds"],
            input=json.dumps({"sizes": list(sizes), "only": list(only), "to": str(to)}),
            text=True, check=True, env=env, cwd=scratch,
        )  # fmt: skip
        told = json.loads(to.read_text("utf-8"))
    if told["wrong"]:
        raise ValueError("\n".join(told["wrong"]))
    about = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.machine() | {"load_a_core_before": load},
        "versions": versions(python, _PACKAGES),
        "seconds": round(time.monotonic() - begun),
    }
    return result(told["found"], CASES, about)


if __name__ == "__main__":
    sys.exit(main())
