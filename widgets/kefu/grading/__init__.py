"""Grading in nbgrader's own pipeline, outside any learner's process."""
