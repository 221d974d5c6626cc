"""Where the player lives: JupyterLab, the floor's page, stock Voila; each with the real cards."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nbformat.v4 import new_code_cell, new_notebook

from kefu.card import Card
from kefu.house import tables
from kefu.text import Lang
from kefu.vault import Vault, connect
from tests.browser import scenes
from tests.browser.servers import free_port
from tests.floor import running
from tests.floor.running import Floor

__all__ = ["SET", "card_of", "floor", "learners_folder", "voila"]

SET = "every-kind"
"""The graded set that asks one of each kind."""


def card_of(name: str) -> Card:
    """The card of one of `scenes.ITEMS`."""
    return scenes.item(name).card


def learners_folder(root: Path, names: Iterable[str], lang: Lang, *, kernel: str) -> Path:
    """A course and an exercise that ask these items; both have one notebook, one cell an item.

    They are `course/<lang>/practice.ipynb` and `exercises/every-kind/graded.ipynb`.
    """
    names = list(names)
    cards = root / "course" / "cards"
    lessons = root / "course" / lang
    exercise = root / "exercises" / SET
    for folder in (cards, lessons, exercise):
        folder.mkdir(parents=True)
    for name in names:
        found = scenes.item(name)
        slug = found.card["item"].partition("--")[0]
        data = {"cards": [found.card], "keys": {found.card["item"]: found.key}}
        (cards / f"{slug}.json").write_text(json.dumps(data), "utf-8")
    asked = [scenes.graded(card_of(name)) for name in names if name != "selfcheck"]
    title = {"zh": "各种题", "en": "Every kind"}
    (exercise / "cards.json").write_text(
        json.dumps({"set": SET, "title": title, "cards": asked}), "utf-8"
    )
    _notebook(lessons / "practice.ipynb", [card_of(name)["item"] for name in names], kernel)
    _notebook(exercise / "graded.ipynb", [card["item"] for card in asked], kernel)
    return root


def _notebook(file: Path, refs: list[str], kernel: str) -> None:
    book = new_notebook(
        cells=[
            new_code_cell(f'import kefu; kefu.play("{ref}")', id=f"cell-{at}")
            for at, ref in enumerate(refs)
        ],
        metadata={
            "kernelspec": {"name": kernel, "display_name": kernel, "language": "python"},
            "language_info": {"name": "python"},
        },
    )
    file.write_text(json.dumps(book), "utf-8")


@contextmanager
def floor(root: Path, names: Iterable[str]) -> Iterator[Floor]:
    """A floor whose quiz of the day asks just these."""
    root.mkdir(parents=True, exist_ok=True)
    engine = connect(f"sqlite:///{root / 'kefu.db'}")
    asked = [scenes.item(name) for name in names]
    Vault(engine).release(asked)
    tables.make(engine)
    today = dt.date.today()
    # The day before and the day after too: midnight may pass, and the house has a zone of its own.
    rows: list[dict[str, Any]] = [
        {
            "day": (today + dt.timedelta(days=away)).isoformat(),
            "place": place,
            "item": one.card["item"],
            "version": one.card["version"],
        }
        for away in (-1, 0, 1)
        for place, one in enumerate(asked)
    ]
    with engine.begin() as db:
        db.execute(sa.insert(tables.quizzes), rows)
    engine.dispose()
    started = running.start(root)
    try:
        yield started
    finally:
        assert running.stop(started) == []


@contextmanager
def voila(notebook: Path, log: Path, theme: str) -> Iterator[str]:
    """Stock Voila, with its own template, showing one notebook; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}"]
    command.append(f"--theme={theme}")
    env = {**os.environ, "JUPYTER_CONFIG_DIR": str(log.parent / "voila-settings")}
    with log.open("wb") as file:
        server = subprocess.Popen(
            command, cwd=notebook.parent, env=env, stdout=file, stderr=file, start_new_session=True
        )
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 90
        while True:
            try:
                # Not the page itself: that would run the notebook.
                urllib.request.urlopen(f"{base}/voila/static/none", timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
        yield base
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
