"""Releasing the reasons of a set: its pages are marked again, so that they tell all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kefu.errors import KefuError
from kefu.grading.pool import Pool
from kefu.grading.run import Change, Run
from kefu.grading.submission import Submission
from kefu.text import Text

__all__ = ["behind", "check", "redraw"]


class _Nobody:
    """Marks nothing: whoever only asks why a submission would be graded needs no marks."""

    def mark(self, todo: Iterable[Submission]) -> Iterator[tuple[Submission, Exception]]:
        for _ in todo:
            pass
        return iter(())


def behind(run: Run) -> list[str]:
    """Whose submission was graded under another key, or before the reasons were released."""
    changes = run.grade(run.students(), _Nobody(), write=False)
    return sorted(change.student for change in changes if change.why == "earlier-key")


def check(run: Run) -> None:
    """Reasons are told of marks that stand, and never move one.

    Raises:
        KefuError: a key was corrected, and what was graded before that was not graded again.
    """
    older = behind(run)
    if older and not run.paper.reasons:
        slug = run.paper.set
        raise KefuError(
            Text(
                f"{slug} 有 {len(older)} 份是按改动前的答案批的",
                f"{len(older)} of {slug} were graded under an earlier key",
            ),
            Text(
                f"先运行 kefu regrade {slug}，看过差别再公布",
                f"run kefu regrade {slug} first, and release when you have seen the differences",
            ),
        )


def redraw(run: Run, pool: Pool) -> Iterator[Change]:
    """Mark anew what is behind, as long as no score moves by it; gives a change each.

    A change that moves a score is not written: a key was corrected meanwhile, or a learner's
    code does not always give the same.
    """
    moving = list[Change]()
    still = list[str]()
    for change in run.grade(behind(run), pool, keys=True, write=False):
        if change.moved:
            moving.append(change)
        else:
            still.append(change.student)
    yield from run.grade(still, pool, keys=True)
    yield from moving
