"""A library that takes a second and a half to import is imported when it is first needed.

Every program of Jupyter imports `jsonschema`, which imports `rfc3987_syntax` to check addresses
with letters beyond ASCII, and that builds a large grammar as it is imported. Hardly any program
ever checks such an address. `spare` puts a stand-in there that imports the library on its first
use; `python -m kefu.late <module> …` runs a module of another package so.
"""

from __future__ import annotations

import runpy
import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

__all__ = ["spare"]

_NAME = "rfc3987_syntax"


def spare() -> None:
    """Puts the stand-in in the library's place, where there is a library and it is not read yet."""
    if _NAME in sys.modules or find_spec(_NAME) is None:
        return

    def is_valid_syntax(term: str, value: str) -> bool:
        if sys.modules.get(_NAME) is stand_in:
            del sys.modules[_NAME]
        return bool(import_module(_NAME).is_valid_syntax(term, value))

    stand_in = ModuleType(_NAME, "kefu.late: the library itself is imported on its first use.")
    stand_in.is_valid_syntax = is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[_NAME] = stand_in


if __name__ == "__main__":
    del sys.argv[0]
    spare()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
