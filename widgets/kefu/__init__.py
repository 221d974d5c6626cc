"""客服 · kefu: a training course and workbook in customer service.

What notebooks use is `kefu.play("slug")`, `kefu.explore("slug")`, `kefu.map("course")`,
`kefu.read("calls")` and `kefu.try_out("slug--program")`; the rest is for whoever runs the course.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "explore", "map", "play", "read", "try_out"]

if TYPE_CHECKING:
    from kefu.data import read
    from kefu.notebook import explore, map, play  # noqa: A004 - what a map is called
    from kefu.tryout import try_out


def __getattr__(name: str) -> Any:
    # Lazily, so that the commands start without the notebook's libraries.
    if name in ("explore", "map", "play"):
        from kefu import notebook

        return getattr(notebook, name)
    if name == "read":
        from kefu.data import read

        return read
    if name == "try_out":
        from kefu.tryout import try_out

        return try_out
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
