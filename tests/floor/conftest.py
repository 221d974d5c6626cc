"""A house that runs in a process of its own, as on the floor."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kefu.door.keeper import Keeper
from kefu.text import Text
from kefu.vault import Vault, connect
from tests.house.furniture import published


@dataclass
class Kept:
    """The house, its folder, and what its keeper said."""

    keeper: Keeper
    folder: Path
    said: list[Text] = field(default_factory=list)

    def enter(self, visitor: str = "ab" * 16) -> str:
        """A visitor's token."""
        return str(self.keeper.ask("POST", "/tokens", {"visitor": visitor})["token"])


@pytest.fixture
def kept() -> Iterator[Kept]:
    """A house that is kept running."""
    # Not pytest's own folder: the path of a socket may have about 100 characters.
    with tempfile.TemporaryDirectory(prefix="kefu-", dir="/tmp") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'kefu.db'}"
        engine = connect(url)
        Vault(engine).release([published(n) for n in range(12)])
        engine.dispose()
        said: list[Text] = []
        keeper = Keeper(folder, url, 900, said.append)
        keeper.start()
        yield Kept(keeper, folder, said)
        keeper.stop()
