"""What every test may ask for by name, and in which order they run."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.clone", "tests.postgres", "tests.demonstration"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last.

    They are the slowest, and while Playwright runs no other event loop can run beside it.
    """
    items.sort(key=lambda item: "browser" in item.path.parts)
