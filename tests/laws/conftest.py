from __future__ import annotations

import pytest

from kefu.demo import Prepared
from tests.demo.class_of_twelve import prepared


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """The demonstration's class, answered and graded; the same one for the whole run."""
    return prepared(tmp_path_factory.getbasetemp())
