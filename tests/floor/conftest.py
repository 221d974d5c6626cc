"""A house that runs in a process of its own, and a floor that the hostile visit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kefu.door.keeper import Keeper
from kefu.text import Text
from kefu.vault import Vault, connect
from tests.floor.hostile import Sieged, besieged, end, sealed
from tests.floor.visitors import Visitor, honest
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


@pytest.fixture(scope="module")
def siege(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sieged]:
    """One floor for all hostile visitors of a file."""
    sieged = besieged(tmp_path_factory.mktemp(request.path.stem))
    yield sieged
    end(sieged)


@pytest.fixture
def stays_up(siege: Sieged) -> Iterator[None]:
    """After each case the floor serves the others, and has told nobody how it is made."""
    yield
    honest(siege)
    sealed(siege)


@pytest.fixture
def page(siege: Sieged) -> Iterator[Visitor]:
    """A hostile visitor's own page; after whatever it does the floor serves the others."""
    visitor = Visitor(siege, siege.enemy()).start()
    yield visitor
    honest(siege)
    visitor.leave()


@pytest.fixture
def other(siege: Sieged) -> Iterator[Visitor]:
    """Somebody else's page."""
    visitor = Visitor(siege, "127.0.0.7").start()
    yield visitor
    visitor.leave()
