"""Makes the committed data and truths anew: `python -m kefu.centre <root of the clone>`."""

from __future__ import annotations

import sys
from pathlib import Path

from kefu import centre


def main(root: Path) -> None:
    """Write `course/data/*.csv` and `content/_centre/truths.json` below the root."""
    made = centre.make()
    truths = root / "content" / "_centre" / "truths.json"
    truths.parent.mkdir(parents=True, exist_ok=True)
    truths.write_bytes(made.truths_json())
    for path in (*made.write(root / "course" / "data"), truths):
        print(f"{path.stat().st_size:>9,}  {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
