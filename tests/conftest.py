"""Settings that every test runs under."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is slow, not wrong.
settings.register_profile("kefu", deadline=None)
settings.load_profile("kefu")
