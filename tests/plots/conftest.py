"""Both languages, for every plot."""

from __future__ import annotations

import pytest

from kefu.text import LANGS, Lang


@pytest.fixture(params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    """中文, then English."""
    found: Lang = request.param
    return found
