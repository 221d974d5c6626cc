"""Who marks: this process, several, or a Dask cluster. All of them mark alike."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol

from kefu.errors import KefuError
from kefu.grading.limits import Guard
from kefu.grading.mark import Marked, mark
from kefu.grading.paper import Paper
from kefu.grading.submission import Submission
from kefu.text import Text

__all__ = ["Pool", "cluster", "here", "processes"]

Result = Marked | Exception
"""A marked submission, or why it could not be marked."""
_AHEAD = 8
"""Submissions read ahead for each worker: enough to keep it busy, few enough for the memory."""


class Pool(Protocol):
    """Marks submissions, in whatever order they are done."""

    def mark(self, todo: Iterable[Submission]) -> Iterator[tuple[Submission, Result]]:
        """Mark each; one that cannot be marked never keeps back another."""


class _Here:
    """Marks one after the other, in this process."""

    def __init__(self, paper: Paper, guard: Guard) -> None:
        self._paper, self._guard = paper, guard

    def mark(self, todo: Iterable[Submission]) -> Iterator[tuple[Submission, Result]]:
        for submission in todo:
            yield submission, _try(self._paper, submission, self._guard)


class _Many:
    """Marks through an executor whose workers may die; which submission does that is found out."""

    def __init__(self, start: Callable[[int], Executor], workers: int) -> None:
        self._start, self._workers = start, workers

    def mark(self, todo: Iterable[Submission]) -> Iterator[tuple[Submission, Result]]:
        waiting, suspects = iter(todo), list[Submission]()
        while not (yield from self._some(waiting, suspects)):
            pass
        while suspects:
            # One of those that were under way took its worker down: now they go one at a time.
            with self._start(1) as executor:
                while suspects:
                    one = suspects.pop()
                    try:
                        result = executor.submit(_try_mine, one).result()
                    except BrokenProcessPool as error:
                        yield one, error
                        break
                    yield one, result

    def _some(
        self, waiting: Iterator[Submission], suspects: list[Submission]
    ) -> Generator[tuple[Submission, Result], None, bool]:
        """Mark until all are done (True), or a worker dies (False)."""
        flying: dict[Future[Result], Submission] = {}
        with self._start(self._workers) as executor:
            try:
                while True:
                    for submission in waiting:
                        try:
                            flying[executor.submit(_try_mine, submission)] = submission
                        except BrokenProcessPool:
                            suspects.append(submission)
                            raise
                        if len(flying) >= self._workers * _AHEAD:
                            break
                    if not flying:
                        return True
                    for done in wait(flying, return_when=FIRST_COMPLETED).done:
                        result = done.result()
                        yield flying.pop(done), result
            except BrokenProcessPool:
                suspects += flying.values()
                return False


def _try(paper: Paper, submission: Submission, guard: Guard) -> Result:
    try:
        return mark(paper, submission, guard)
    except Exception as error:
        return error


_MINE: tuple[Paper, Guard]
"""What a worker was started with."""


def _begin(paper: Paper, guard: Guard) -> None:
    global _MINE
    _MINE = paper, guard
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose run was killed would wait for its next task for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _try_mine(submission: Submission) -> Result:
    paper, guard = _MINE
    return _try(paper, submission, guard)


def _try_there(paper: Paper, guard: Guard, submission: Submission) -> Result:
    return _try(paper, submission, guard)


def here(paper: Paper, guard: Guard) -> Pool:
    """Mark in this process."""
    return _Here(paper, guard)


def processes(paper: Paper, workers: int, guard: Guard) -> Pool:
    """Mark in several processes of this machine."""
    fork = "forkserver" if sys.platform != "win32" else "spawn"
    context = multiprocessing.get_context(fork)
    if fork == "forkserver":
        context.set_forkserver_preload(["kefu.grading.mark"])

    def start(number: int) -> Executor:
        return ProcessPoolExecutor(number, context, _begin, (paper, guard))

    return _Many(start, workers)


@contextmanager
def cluster(address: str, paper: Paper, guard: Guard) -> Iterator[Pool]:
    """Mark on a Dask cluster, whose workers need kefu and, for code, bubblewrap.

    Raises:
        KefuError: Dask is not installed, or nobody answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise KefuError(
            Text("没有安装 Dask", "Dask is not installed"),
            Text("请安装 kefu[dask]", "please install kefu[dask]"),
        ) from error
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise KefuError(
            Text(f"连不上 Dask 集群 {address}", f"no Dask cluster answers at {address}"),
            Text("请检查地址和集群", "check the address, and that the cluster runs"),
        ) from error
    with client:
        [there] = client.scatter([paper], broadcast=True)
        workers = max(1, len(client.scheduler_info()["workers"]))
        yield _There(client, there, guard, workers)


class _There:
    """Marks on a cluster."""

    def __init__(self, client: Any, paper: Any, guard: Guard, workers: int) -> None:
        self._client, self._paper = client, paper
        self._guard, self._workers = guard, workers

    def mark(self, todo: Iterable[Submission]) -> Iterator[tuple[Submission, Result]]:
        from distributed import as_completed

        waiting = iter(todo)
        flying: dict[Any, Submission] = {}
        done = as_completed()

        def send() -> None:
            for submission in waiting:
                task = self._client.submit(
                    _try_there, self._paper, self._guard, submission, pure=False
                )
                flying[task.key] = submission
                done.add(task)
                if len(flying) >= self._workers * _AHEAD:
                    return

        send()
        for task in done:
            submission = flying.pop(task.key)
            try:
                yield submission, task.result()
            except Exception as error:  # a worker died with it, more than once
                yield submission, error
            send()
