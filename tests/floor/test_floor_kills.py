"""Nothing that was acknowledged is lost, and nothing counts twice, whatever is killed and when.

`make test` strikes at twenty points on each database, drawn from a seed; `make soak` at two
hundred. An undisturbed visit is followed line by line first, and the points are chosen from what it
passes through: every phase from an answer's arrival to its receipt, most of them at the commit.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.floor.cluster import Cluster, cluster
from tests.floor.hatchery import Hatchery
from tests.floor.killed import Killed
from tests.floor.kills import Stage
from tests.floor.points import Blow, Known, Run, choose, full, locked, undisturbed
from tests.floor.steps import PHASES

pytestmark = pytest.mark.timeout(1200)

POINTS = {
    "few": {"house": 8, "kernel": 6, "database": 6},
    "all": {"house": 100, "kernel": 60, "database": 40},
}
ROUNDS = {"few": 2, "all": 4}

SIZES = [pytest.param("few", id="few"), pytest.param("all", id="all", marks=pytest.mark.soak)]


@dataclass
class Theatre:
    """A stage on one of the databases, and what visits are like there."""

    name: str
    stage: Stage
    blows: tuple[Blow, ...]
    _known: dict[str, Known] = field(default_factory=dict)

    def known(self, size: str) -> Known:
        """Looked at once."""
        if size not in self._known:
            self._known[size] = undisturbed(self.stage, ROUNDS[size])
        return self._known[size]


@pytest.fixture(scope="module")
def killed() -> Iterator[Killed]:
    """Counts what was struck; `make soak` names the page where that is written down."""
    counted = Killed()
    yield counted
    if path := os.environ.get("KEFU_SOAK_KILLS"):
        counted.write(Path(path))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def theatre(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Theatre]:
    """A house and kernels on each database."""
    with ExitStack() as stack:
        houses, kernels = Hatchery("house"), Hatchery("kernel")
        stack.callback(houses.close)
        stack.callback(kernels.close)
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('kills') / 'kefu.db'}"
            blows: tuple[Blow, ...] = (full, locked)
        else:
            server = stack.enter_context(cluster())
            url, blows = server.url, _falls(server)
        stage = Stage(url, houses, kernels)
        stack.callback(stage.close)
        yield Theatre(request.param, stage, blows)


def _falls(server: Cluster) -> tuple[Blow, ...]:
    def backends(_: Stage, go_on: Callable[[], None]) -> None:
        """Signal 9 to the processes that serve the house."""
        assert server.kill_backends()
        go_on()
        server.ready()

    def whole(_: Stage, go_on: Callable[[], None]) -> None:
        """The whole server falls, and rises again."""
        server.fall()
        go_on()
        server.rise()

    return backends, whole


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", PHASES)
def test_a_process_killed_loses_no_answer(
    theatre: Theatre, killed: Killed, kind: str, size: str
) -> None:
    """Signal 9 to the house or a kernel at any step: each answer is kept, once, as it was told."""
    number = POINTS[size][kind]
    known = theatre.known(size)
    points = choose(known, kind, number, random.Random(f"{kind} {size}"))
    run = Run(theatre.stage, known)
    run.kill(kind, points)
    killed.add(theatre.name, kind, run.struck, run.wrong)
    assert not run.wrong, "\n".join(run.wrong)
    assert len(set(points)) == number == run.struck.total()
    assert run.struck.keys() == set(PHASES[kind])


@pytest.mark.parametrize("size", SIZES)
def test_a_database_that_fails_loses_no_answer(theatre: Theatre, killed: Killed, size: str) -> None:
    """Whatever befalls the database at any step: each answer is kept, once, as it was told.

    PostgreSQL's processes are killed, or the whole server; SQLite meets a full disk, or another
    writer who does not give way.
    """
    number = POINTS[size]["database"]
    known = theatre.known(size)
    points = choose(known, "database", number, random.Random(f"database {size}"))
    before = theatre.stage.failures
    run = Run(theatre.stage, known)
    run.strike(points, *theatre.blows)
    killed.add(theatre.name, "database", run.struck, run.wrong)
    assert not run.wrong, "\n".join(run.wrong)
    assert len(set(points)) == number == run.struck.total()
    assert run.struck.keys() >= {"token", "quiz", "insert", "commit", "kept"}
    assert theatre.stage.failures > before
