"""Golden images: a plot is compared with the picture of it that was once looked at and kept.

The words must be the same, letter for letter; they are kept inside the picture's file. The
pixels may differ as far as another version of FreeType or matplotlib makes them differ: a pixel
is compared with its neighbours too, small differences are left out, and the others are averaged
over small windows, so that grey edges weigh little and one point that moved weighs much.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kefu.plots.house import Plot
from tests.plots.clear import noted

__all__ = ["FOLDER", "MOST", "apart", "same"]

FOLDER = Path(__file__).with_name("golden")
DPI = 60
MOST = 25_000
"""Bytes: no golden file is larger."""

EDGE, WINDOW, ROOM = 64, 7, 25.0
"""A smaller difference of a pixel is none; pixels a side; the greatest mean that passes.

Letters fitted to the pixels in another way give 13 at most, a point that is gone 116.
"""

AGAIN = "if the new picture is right, keep it: KEFU_GOLDEN=1 pytest tests/plots"

_Pixels = NDArray[np.int16]


def same(plot: Plot, name: str, folder: Path = FOLDER) -> None:
    """Asserts that `plot` looks and reads as the golden picture `name` (without `.png`).

    With KEFU_GOLDEN=1 in the environment the picture is kept as the golden one instead.
    """
    file = folder / f"{name}.png"
    with noted() as drawn:
        found = Image.open(BytesIO(plot.png(DPI))).convert("RGB")
    lines = sorted(line for words, *_ in drawn.values() for line in words.split("\n") if line)
    # All that is read or heard: the text for a listener, the title, and every line as drawn.
    words = "\n".join([plot.lang, plot.title, plot.alt, *lines])
    if os.environ.get("KEFU_GOLDEN") == "1":
        _keep(found, words, file)
        return
    assert file.is_file(), f"there is no {file.name} yet; {AGAIN}"
    golden = Image.open(file)
    golden.load()
    kept = str(golden.info.get("words", ""))
    assert words == kept, f"{name}: other words than those kept; {AGAIN}"
    wrong = apart(_pixels(golden), _pixels(found))
    assert wrong <= ROOM, (
        f"{name}: the picture differs from the one kept, by {wrong:.0f} of 255 in its worst "
        f"window where {ROOM:.0f} may be; {AGAIN}"
    )


def apart(one: _Pixels, other: _Pixels) -> float:
    """How far apart two pictures are: 0 for the same, 255 for a black window against a white.

    The mean difference per pixel in the window (7 by 7 pixels) where it is greatest. A pixel's
    difference is the least one to the same pixel of the other picture and its eight neighbours;
    below 64 it counts as none.
    """
    if one.shape != other.shape:
        return 255.0
    far = np.maximum(_nearest(one, other), _nearest(other, one)).astype(np.float64)
    far[far < EDGE] = 0
    # A window's sum from the sums of all that is above and to the left.
    sums = np.pad(far, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    within = sums[WINDOW:, WINDOW:] - sums[:-WINDOW, WINDOW:]
    within += sums[:-WINDOW, :-WINDOW] - sums[WINDOW:, :-WINDOW]
    return float(within.max() / WINDOW**2)


def _nearest(one: _Pixels, other: _Pixels) -> _Pixels:
    high, wide = one.shape[:2]
    around = np.pad(other, ((1, 1), (1, 1), (0, 0)), mode="edge")
    shifts = [around[y : y + high, x : x + wide] for y in range(3) for x in range(3)]
    return np.min([np.abs(one - shift).max(axis=2) for shift in shifts], axis=0)  # type: ignore[no-any-return]


def _pixels(picture: Image.Image) -> _Pixels:
    return np.asarray(picture.convert("RGB"), dtype=np.int16)


def _keep(picture: Image.Image, words: str, file: Path) -> None:
    notes: Any = PngInfo()
    notes.add_itxt("words", words)
    file.parent.mkdir(exist_ok=True)
    # Few colours make a small file; none is then as far off as counts.
    few = picture.quantize(256, dither=Image.Dither.NONE)
    few.save(file, optimize=True, pnginfo=notes)
    size = file.stat().st_size
    assert size < MOST, f"{file.name} has {size} bytes; a golden file has less than {MOST}"
