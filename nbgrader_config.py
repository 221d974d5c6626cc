"""Everything nbgrader needs to know of this course."""

from kefu.grading.config import configure

configure(get_config())  # noqa: F821
