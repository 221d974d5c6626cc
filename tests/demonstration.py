"""The demonstration, prepared once for all tests that look at it from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.demo import Prepared, prepare
from kefu.places import Places

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """Woven, released, answered by twelve, graded by nbgrader. Copy it before changing it."""
    folder = tmp_path_factory.mktemp("demonstration") / "demo"
    return prepare(folder, Places.find(ROOT, env={}).contents, lambda said: None)
