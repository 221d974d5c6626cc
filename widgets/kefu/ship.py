"""The zip a learner gets: course, exercises, the package itself, and how to start."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import requires
from pathlib import Path

from kefu.bank import read
from kefu.errors import KefuError
from kefu.places import Places
from kefu.text import Text

__all__ = ["ZIP", "ship_learner"]

ZIP = "kefu-learner.zip"
FOLDER = "kefu"

# Woven lessons and cards, and what nbgrader released; a journal of the house's own never goes out.
_TAKEN = ("course/zh/*.ipynb", "course/en/*.ipynb", "course/cards/*.json", "course/map.json",
          "course/data/*.csv", "course/data/README.md",
          "exercises/*/*.ipynb", "exercises/*/cards.json")  # fmt: skip
_TEMPLATES = Path(__file__).parent / "learner"


def ship_learner(places: Places, out: Path | None = None) -> Path:
    """Make the learner's zip and give its path; the same course gives the same bytes.

    Args:
        places: whose course it is.
        out: where the zip goes; the course's root if None.

    Raises:
        KefuError: nothing is woven or released yet, or the package's own source is not here.
    """
    bank, _ = read(places.contents)
    files = {
        path.relative_to(places.root).as_posix(): path.read_bytes()
        for pattern in _TAKEN
        for path in places.root.glob(pattern)
        # Of what lies in exercises/, only what the bank's own sets released.
        if path.parent.parent != places.exercises
        or (path.parent.name in bank.sets and path.stem in (path.parent.name, "cards"))
    }
    for part, how in (
        ("course/zh/", Text("kefu weave", "kefu weave")),
        (
            "exercises/",
            Text("nbgrader generate_assignment <作业>", "nbgrader generate_assignment <set>"),
        ),
    ):
        if not any(name.startswith(part) for name in files):
            raise KefuError(
                Text(f"{part} 里还没有东西可以发", f"there is nothing in {part} to ship yet"),
                Text(f"先运行 {how.zh}", f"run {how.en} first"),
            )
    first = sorted(name for name in files if name.startswith("course/zh/"))[0]
    wheel, built = _wheel()
    files[wheel] = built
    for template in sorted(_TEMPLATES.iterdir()):
        text = template.read_text("utf-8")
        text = text.replace("@WHEEL@", wheel).replace("@FIRST@", first)
        text = text.replace("@NEEDS@", "\n".join(f"      - {need}" for need in _needs()))
        if template.suffix == ".bat":
            text = text.replace("\n", "\r\n")
        files[template.name] = text.encode()
    # A zip knows no day before 1980.
    day = max(bank.course.as_of, dt.date(1980, 1, 1))
    target = out or places.root / ZIP
    part_file = target.with_suffix(".part")
    with zipfile.ZipFile(part_file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{FOLDER}/{name}", (day.year, day.month, day.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            runs = name.endswith((".sh", ".command"))
            info.external_attr = (0o100755 if runs else 0o100644) << 16
            archive.writestr(info, files[name])
    part_file.replace(target)
    return target


def _needs() -> list[str]:
    """What a learner's machine needs beside the package."""
    return [need for need in requires("kefu") or () if "extra ==" not in need]


def _wheel() -> tuple[str, bytes]:
    """Build the package's wheel from the clone it runs from: its name and its bytes."""
    clone = Path(__file__).resolve().parents[2]
    if not (clone / "pyproject.toml").is_file():
        raise KefuError(
            Text(
                "这里没有 kefu 的源代码，做不了安装包",
                "the source of kefu is not here, so no wheel can be built",
            ),
            Text(
                "请从克隆的仓库里运行（make install）",
                "run this from a clone of the repository (make install)",
            ),
        )
    with tempfile.TemporaryDirectory(prefix="kefu-wheel-") as out:
        done = subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out],
            cwd=clone, capture_output=True, text=True, check=False,
        )  # fmt: skip
        wheels = [(file.name, file.read_bytes()) for file in Path(out).glob("*.whl")]
    if done.returncode or not wheels:
        raise KefuError(
            Text(
                f"安装包没有做成：{done.stderr.strip()[-400:]}",
                f"the wheel could not be built: {done.stderr.strip()[-400:]}",
            ),
            Text("请运行 make install 再试", "run make install and try again"),
        )
    return wheels[0]
