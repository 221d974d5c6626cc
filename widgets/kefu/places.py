"""Which folder holds what an author types, and which what is made of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from kefu.errors import KefuError
from kefu.text import Text

__all__ = ["CONFIG", "MARK", "Places"]

MARK = "nbgrader_config.py"
"""The file that makes a folder a root."""
CONFIG = '''"""Everything nbgrader needs to know of this course."""

from kefu.grading.config import configure

configure(get_config())  # noqa: F821
'''
"""What that file says."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are read and made.

    `root` is the folder with `nbgrader_config.py`; everything made goes below it.
    `contents` are the folders an author types in: the course's own first,
    then the house's, which is laid over it file by file.
    """

    root: Path
    contents: tuple[Path, ...]

    @classmethod
    def find(cls, start: Path | None = None, env: Mapping[str, str] = os.environ) -> Self:
        """Look upward from `start` (the working folder) as nbgrader does.

        The house's folder is the one `KEFU_CONTENT` names;
        else `content/` of a root that is not the course's own clone.

        Raises:
            KefuError: there is no course here, or `KEFU_CONTENT` names no folder.
        """
        here = (start or Path.cwd()).resolve()
        root = next((d for d in (here, *here.parents) if (d / MARK).is_file()), None)
        if root is None:
            raise KefuError(
                Text(
                    f"在 {here} 及其上级文件夹里没有找到 {MARK}",
                    f"no {MARK} in {here} or above it",
                ),
                Text(
                    "请进入课程文件夹再运行，或用 kefu init <文件夹> 新建一个",
                    "go to the course's folder first, or make one with kefu init <folder>",
                ),
            )
        own = root / "content"
        clone = Path(__file__).resolve().parents[2] / "content"
        base = own if (own / "course.toml").is_file() or not clone.is_dir() else clone
        contents = [base]
        named = env.get("KEFU_CONTENT")
        if named:
            house = Path(named).expanduser().resolve()
            if not house.is_dir():
                raise KefuError(
                    Text(
                        f"KEFU_CONTENT 指的文件夹不存在：{named}",
                        f"KEFU_CONTENT names a folder that does not exist: {named}",
                    ),
                    Text(
                        "请改正，或用 kefu init <文件夹> 新建一个",
                        "correct it, or make one with kefu init <folder>",
                    ),
                )
            contents.append(house)
        elif own != base and own.is_dir():
            contents.append(own)
        return cls(root=root, contents=tuple(dict.fromkeys(contents)))

    @property
    def course(self) -> Path:
        """Lessons and cards, woven."""
        return self.root / "course"

    @property
    def solutions(self) -> Path:
        """The source that nbgrader reads, woven."""
        return self.root / "solutions"

    @property
    def exercises(self) -> Path:
        """The release, made from `solutions` by nbgrader alone."""
        return self.root / "exercises"

    def database(self, env: Mapping[str, str] = os.environ) -> str:
        """The SQLAlchemy URL of the house's database: `KEFU_DB`, else `kefu.db` in the root."""
        return env.get("KEFU_DB") or f"sqlite:///{self.root / 'kefu.db'}"

    def gradebook(self, env: Mapping[str, str] = os.environ) -> str:
        """The SQLAlchemy URL of nbgrader's gradebook: `KEFU_GRADEBOOK`, else `gradebook.db`."""
        return env.get("KEFU_GRADEBOOK") or f"sqlite:///{self.root / 'gradebook.db'}"
