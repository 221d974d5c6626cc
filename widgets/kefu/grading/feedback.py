"""The page a learner gets back."""

from __future__ import annotations

from nbconvert.exporters import HTMLExporter

__all__ = ["FeedbackExporter"]


class FeedbackExporter(HTMLExporter):
    """Feedback with our own template, which `kefu.grading.config` names.

    A class of its own, since formgrader sets the template of every `HTMLExporter` to its own.
    """
