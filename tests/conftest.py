"""Settings that every test runs under."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong.
settings.register_profile("kefu", deadline=None)
settings.load_profile("kefu")


@pytest.fixture(autouse=True)
def no_browsers_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Elsewhere than in a browser's tests, the browser's event loop does not seem to run."""
    running = asyncio._get_running_loop()
    if running is None or "browser" in request.path.parts:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)
