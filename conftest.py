"""What every test may ask for by name, and in which order they run."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.late import spare

spare()
pytest_plugins = ["tests.clone", "tests.postgres", "tests.demonstration"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last.

    They are the slowest, and while Playwright runs no other event loop can run beside it.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)


# Files that look at one thing which takes long to make: they share a process, and make it once.
TOGETHER = {
    "hostile": ("tests/hostile/", "tests/browser/test_hostile_pages.py"),
    "demonstration": (
        "tests/demo/",
        "tests/grading/test_twelve.py",
        "tests/test_start.py",
        "tests/browser/test_formgrader.py",
        "tests/browser/test_jupyterlab.py",
    ),
}


# Seconds, roughly, of whatever takes twenty or more; no law depends on them.
LONG = {
    "hostile": 170,
    "demonstration": 170,
    "tests/browser/test_floor.py": 140,
    "tests/browser/test_lesson_opens.py": 130,
    "tests/browser/test_hands.py": 80,
    "tests/browser/test_plain_page.py": 80,
    "tests/floor/test_hostile_floods.py": 80,
    "tests/floor/test_floor_kills.py": 65,
    "tests/grading/test_kills.py": 60,
    "tests/floor/test_door.py": 55,
    "tests/browser/test_hosts.py": 50,
    "tests/browser/test_scenes.py": 50,
    "tests/kernels/test_warm_life.py": 45,
    "tests/grading/test_sandbox_attacks.py": 45,
    "tests/kernels/test_warm_process.py": 45,
    "tests/browser/test_dialogue_page.py": 40,
    "tests/cli/test_grading.py": 40,
    "tests/browser/test_feedback_page.py": 35,
    "tests/browser/test_learner_page.py": 35,
    "tests/laws/test_nothing_leaks.py": 35,
    "tests/laws/test_equal_books.py": 35,
    "tests/laws/test_graders_agree.py": 30,
    "tests/test_backup.py": 30,
    "tests/browser/test_match_page.py": 25,
    "tests/cli/test_reasons_cli.py": 25,
    "tests/floor/test_plain.py": 25,
    "tests/laws/test_fresh.py": 25,
    "tests/grading/test_pool.py": 25,
    "tests/floor/test_hostile_sockets.py": 20,
    "tests/browser/test_report_look.py": 20,
    "tests/browser/test_review_page.py": 20,
    "tests/test_doctor.py": 20,
}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whole files go to a process, as with --dist loadfile, and those of `TOGETHER` to one."""
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsMade(LoadFileScheduling):
        def _assign_work_unit(self, node: Any) -> None:
            """The longest of what is left comes next, so that all come to an end at once."""
            longest = max(self.workqueue, key=lambda name: LONG.get(name, 0))
            self.workqueue.move_to_end(longest, last=False)
            super()._assign_work_unit(node)

        def _split_scope(self, nodeid: str) -> str:
            for name, files in TOGETHER.items():
                if nodeid.startswith(files):
                    return name
            return super()._split_scope(nodeid)

    return ByWhatIsMade(config, log)
