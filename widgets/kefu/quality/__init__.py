"""The mathematics of service quality: pure functions, with no file, page or person in them.

Each module is imported by its own name. `agreement` needs numpy alone, so it also runs beside
a learner; `sampling`, `testing` and `picking` need scipy, which comes with `kefu[house]`.

Input that cannot be raises `kefu.errors.KefuError`. Sound data that a statistic says nothing
about give a value named in that function's docstring. NaN is never an answer.
"""

from __future__ import annotations
