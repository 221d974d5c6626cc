"""What `nbgrader_config.py` of a course says; everything nbgrader does then needs no flag."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions import formgrader
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from kefu.card import MARKED
from kefu.grading.gradebook import find_alembic
from kefu.notebook import JOURNAL
from kefu.places import MARK, Places

__all__ = ["configure", "settings"]

_TEMPLATES = Path(__file__).parent / "templates"


def configure(c: Any) -> None:
    """Set nbgrader up for the course in the working folder or above it.

    Args:
        c: the configuration object that `get_config()` gives.
    """
    places = Places.find()
    root = places.root
    find_alembic()
    c.CourseDirectory.root = str(root)
    c.CourseDirectory.course_id = "kefu"
    c.CourseDirectory.db_url = places.gradebook()
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "exercises"
    c.CourseDirectory.ignore = [
        ".ipynb_checkpoints",
        "__pycache__",
        "*.pyc",
        JOURNAL,
        "*.zip",
        ".*",
    ]
    # nbgrader's default lies outside the course, where few may write.
    c.Exchange.root = str(root / "exchange")

    # exercises/ is committed; a fresh gradebook learns a set only when it is made again.
    c.GenerateAssignment.force = True
    # Releasing puts this into the cells that a person marks, in place of "YOUR ANSWER HERE".
    c.ClearSolutions.text_stub = f"{MARKED.zh}\n\n{MARKED.en}"

    c.ClearSolutions.code_stub = {"python": "# 在这里写 · write here\nraise NotImplementedError"}

    c.ExportApp.plugin_class = "kefu.grading.export.CsvExport"
    c.ZipCollectApp.extractor_plugin = "kefu.grading.collect.HandInExtractor"
    c.ZipCollectApp.collector_plugin = "kefu.grading.collect.HandInCollector"
    # Who hands in again is collected again.
    c.ZipCollectApp.force = True

    c.Autograde.exporter_class = "kefu.grading.steps.AnyNotebook"
    c.Autograde.sanitize_preprocessors = ["kefu.grading.steps.TakeResponses"]
    c.Autograde.pre_convert_hook = "kefu.grading.steps.set_aside"
    c.Autograde.autograde_preprocessors = [
        "kefu.grading.steps.JudgeResponses",
        "kefu.grading.steps.SaveMarks",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    _stay_at_home(c)


def _stay_at_home(c: Any) -> None:
    """Pages made of notebooks ask no other host for anything."""
    c.GenerateFeedback.exporter_class = "kefu.grading.feedback.FeedbackExporter"
    # formgrader's template takes MathJax from a public host; ours of that name is found first.
    formgrade = Path(formgrader.__file__).parent / "templates"
    c.HTMLExporter.template_paths = [str(_TEMPLATES / "quiet"), *_search("formgrade", formgrade)]
    for url in ("mathjax_url", "require_js_url", "jquery_url"):
        setattr(c.HTMLExporter, url, "")
    c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
    c.LabApp.news_url = None


def _search(template: str, folder: Path) -> list[str]:
    """Where a template and those it extends are looked for."""
    exporter = HTMLExporter(template_name=template, extra_template_basedirs=[str(folder)])
    return list(exporter.template_paths)


def settings(places: Places) -> Config:
    """What `nbgrader_config.py` of a course says, with whatever its instructor changed in it."""
    # The file asks where it is by the working folder, as nbgrader runs it.
    with chdir(places.root):
        config: Config = PyFileConfigLoader(MARK, path=str(places.root)).load_config()
    return config
