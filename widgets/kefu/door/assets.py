"""The few files a page asks for, under names that change with their content."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from importlib import resources

from tornado.web import HTTPError, RequestHandler

__all__ = ["Asset", "AssetHandler", "load", "loader"]

_LOADER = """
const read = () => import(%s).catch(() => {
  for (const id of ["app", "wait"]) document.getElementById(id)?.remove();
  document.getElementById("again").hidden = false;
});
requestAnimationFrame(() => setTimeout(read));
"""
_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file under its hashed `name`; `packed` is its body as gzip has it."""

    name: str
    body: bytes
    packed: bytes
    type: str


def load(*names: str) -> dict[str, Asset]:
    """Files of `kefu/static/`, by their plain name."""
    folder = resources.files("kefu") / "static"
    found = {}
    for name in names:
        body = (folder / name).read_bytes()
        stem, _, ending = name.rpartition(".")
        mark = hashlib.sha256(body).hexdigest()[:12]
        found[name] = Asset(f"{stem}.{mark}.{ending}", body, gzip.compress(body), _TYPES[ending])
    return found


def loader(path: str) -> tuple[str, str]:
    """What stands in a page to read its script, and the source by which a policy lets it run.

    The page is seen, and can be picked from, before the browser takes its time to read the script.
    Where a tag would leave a page that only looks alive, a script that does not come is said.

    Args:
        path: the script's, as the page asks for it.
    """
    text = _LOADER % json.dumps(path)
    mark = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{mark}'"


class AssetHandler(RequestHandler):
    """Serves them; a browser that has one never asks again."""

    def initialize(self, assets: dict[str, Asset]) -> None:
        """By hashed name."""
        self._assets = {asset.name: asset for asset in assets.values()}

    def get(self, name: str) -> None:
        """One file, or 404."""
        asset = self._assets.get(name)
        if asset is None:
            raise HTTPError(404)
        self.set_header("Content-Type", asset.type)
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            self.finish(asset.body)
            return
        self.set_header("Content-Encoding", "gzip")
        self.finish(asset.packed)
