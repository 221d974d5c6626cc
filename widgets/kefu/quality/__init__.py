"""The mathematics of service quality: pure functions, with no file, page or person in them.

Each module is imported by its own name. They need numpy and `scipy.special` alone, never
`scipy.stats`, pandas or statsmodels but in `testing`, so a learner's page opens at once:

- a process over time: `charts`, `rules`, `constants`;
- how many to look at, and what a sample says: `sampling`, `sizes`, `strata`, `acceptance`;
- whether those who judge agree: `agreement`, `raters`;
- a queue and its people: `staffing`, `operations`;
- what customers say: `satisfaction`, `servqual`, `kano`;
- complaints and what they cost: `complaints`, `costs`;
- questions and their answers: `testing`, `picking`.

Input that cannot be raises `kefu.errors.KefuError`. Sound data that a statistic says nothing
about give a value named in that function's docstring. NaN is never an answer.
"""

from __future__ import annotations
