"""The few files a page asks for, under names that change with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources

from tornado.web import HTTPError, RequestHandler

__all__ = ["Asset", "AssetHandler", "load"]

_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file under its hashed `name`."""

    name: str
    body: bytes
    type: str


def load(*names: str) -> dict[str, Asset]:
    """Files of `kefu/static/`, by their plain name."""
    folder = resources.files("kefu") / "static"
    found = {}
    for name in names:
        body = (folder / name).read_bytes()
        stem, _, ending = name.rpartition(".")
        mark = hashlib.sha256(body).hexdigest()[:12]
        found[name] = Asset(f"{stem}.{mark}.{ending}", body, _TYPES[ending])
    return found


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
        self.finish(asset.body)
