"""What a worker that dies is given to do; each worker imports this module, so it imports little."""

from __future__ import annotations

import os

from kefu.grading import pool
from kefu.grading.mark import Marked
from kefu.grading.submission import Submission

__all__ = ["dies"]


def dies(submission: Submission) -> pool.Result:
    """A worker is killed by one submission, and by no other."""
    if submission.student == "p07":
        os._exit(9)
    return Marked(submission.student, submission.set, {}, frozenset(), "", ())
