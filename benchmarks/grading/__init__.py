"""Grading a class: kefu beside nbgrader, otter-grader and a plain loop."""
