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


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Whole files go to a process, as with --dist loadfile, and those of `TOGETHER` to one."""
    from xdist.scheduler import LoadFileScheduling

    class ByWhatIsMade(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            for name, files in TOGETHER.items():
                if nodeid.startswith(files):
                    return name
            return super()._split_scope(nodeid)

    return ByWhatIsMade(config, log)
