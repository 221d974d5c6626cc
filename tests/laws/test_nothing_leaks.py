"""Law 1. Nothing leaks: what a learner or a page can open does not depend on what is sealed."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import re
import secrets
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import kefu.bank.model
import kefu.weave
from kefu import kinds, ship
from kefu.bank import read
from kefu.card import version_of
from kefu.house import Journal, Visits, application
from kefu.journal import FileJournal
from kefu.kinds import _shape
from kefu.player import JournalDesk, Player
from kefu.publish import publish
from kefu.text import Text
from kefu.weave.notebooks import set_notebook
from tests.grading.course import Course, bank, files_of
from tests.laws.secrets_of import answered_otherwise, sealed_words

ROOT = Path(__file__).resolve().parents[2]
SEEN = ("course/**/*", "exercises/**/*", "kefu-learner.zip")


@pytest.fixture(scope="module")
def wheel() -> tuple[str, bytes]:
    """The package's wheel, built once: no content is in it, so it is the same for all."""
    return ship._wheel()


@pytest.fixture
def seen(
    wheel: tuple[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path, Path], dict[str, bytes]]:
    """Everything that can be opened outside the house, made anew from a content folder."""
    monkeypatch.setattr(ship, "_wheel", lambda: wheel)

    def made(content: Path, root: Path) -> dict[str, bytes]:
        course = Course(root, content)
        found, _ = read((content,))
        keyed = [e for e in found.entries if e.item.kind != "selfcheck"]
        assert all(entry.key for entry in keyed), "every item is woven"
        woven = kefu.weave.weave(found)
        kefu.weave.write(woven, root)
        for slug in sorted(found.sets):
            if found.asked_in(slug):
                course.nbgrader("generate_assignment", slug)
        ship.ship_learner(course.places)
        vault = course.vault()
        vault.release(woven.published)
        return files_of(root, SEEN) | dict(_pages(course))

    return made


def _pages(course: Course) -> Iterator[tuple[str, bytes]]:
    """What the house gives a page before any answer, for a week, and what the page is told."""
    vault = course.vault()
    engine = vault.engine
    moment = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)

    def clock() -> dt.datetime:
        return moment

    app = application(Journal(engine, vault, clock), Visits(engine, clock), "door")
    with TestClient(app) as client:
        for day in range(7):
            moment = dt.datetime(2026, 11, 2 + day, 9, tzinfo=dt.UTC)
            door = {"Authorization": "Bearer door"}
            visitor = {"visitor": secrets.token_hex(16)}
            entered = client.post("/visits", json=visitor, headers=door)
            opened = client.post("/tokens", json=visitor, headers=door)
            bearer = {"Authorization": f"Bearer {opened.json()['token']}"}
            given = client.get("/daily", headers=bearer)
            assert given.status_code == 200
            said = given.json()
            assert entered.json()["quiz"] == said
            assert re.fullmatch("[0-9a-f]{16}", said.pop("seed")), "of the visit, which is drawn"
            yield f"daily {day}", json.dumps(said, sort_keys=True).encode()
            desk = JournalDesk(said["cards"], FileJournal(course.root / "nobody.jsonl"))
            state = Player(desk, title=Text.of(said["title"])).get_state()
            shown = {n: v for n, v in state.items() if not n.startswith(("_", "layout", "tooltip"))}
            yield f"page {day}", json.dumps(shown, sort_keys=True, default=str).encode()


def differences(one: dict[str, bytes], two: dict[str, bytes]) -> list[str]:
    """Names of what is not the same in both."""
    return sorted(n for n in one.keys() | two.keys() if one.get(n) != two.get(n))


def spoken(files: dict[str, bytes], words: Iterable[str]) -> list[tuple[str, str]]:
    """Which of these words stand in which file; archives are opened."""
    looked = dict(_opened(files))
    return [
        (name, said)
        for said in words
        for form in {said, json.dumps(said)[1:-1], json.dumps(said, ensure_ascii=False)[1:-1]}
        for name, data in looked.items()
        if form.encode() in data
    ]


def _opened(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in files.items():
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inside = {f"{name}!{i.filename}": archive.read(i) for i in archive.infolist()}
            yield from _opened(inside)
        else:
            yield name, data


def test_what_is_sealed_shows_nowhere(
    seen: Callable[[Path, Path], dict[str, bytes]], tmp_path: Path
) -> None:
    """Other sealed answers, names and orders leave every byte a learner can open as it was."""
    content = ROOT / "content"
    one = seen(content, tmp_path / "one")
    two = seen(answered_otherwise(content, tmp_path / "otherwise"), tmp_path / "two")
    assert differences(one, two) == []
    assert {"course", "exercises"} <= {name.split("/")[0] for name in one}
    assert "kefu-learner.zip" in one
    words = list(sealed_words(content))
    assert len(words) > 100
    assert spoken(one, words) == []


def _page(content: Path, root: Path) -> bytes:
    """The floor's page as `kefu floor` serves it; ids, tokens and the port are masked.

    Each visitor has an order of options of their own (tests/floor/test_early.py): here they stand
    sorted by what they are.
    """
    course = Course(root, content)
    found, _ = read((content,))
    course.vault().release(kefu.weave.weave(found).published)
    floor = subprocess.Popen(
        [sys.executable, "-m", "kefu", "floor", "--no-browser", "--port", "0"],
        cwd=root, stdout=subprocess.PIPE, text=True, env={**os.environ, "KEFU_CONTENT": ""},
    )  # fmt: skip
    try:
        assert floor.stdout
        url = next(m[0] for line in floor.stdout if (m := re.search(r"http://127[\d.:]+/", line)))
        with urllib.request.urlopen(url) as answer:
            head, page = str(answer.headers), answer.read()
    finally:
        floor.terminate()
        floor.communicate()
    head = re.sub(r"(?m)^(Date|Set-Cookie): .*$|127\.0\.0\.1:\d+", "-", head)
    page = re.sub(rb"\b[0-9a-f]{16,32}\b|[0-9a-f]{8}(-[0-9a-f]{4,12}){4}", b"-", page)
    option = rb'<div class="k-opt">.*?</div>'
    return head.encode() + re.sub(
        rb"(%b)+" % option, lambda drawn: b"".join(sorted(re.findall(option, drawn[0]))), page
    )


def test_the_floors_page_shows_nothing_sealed(tmp_path: Path) -> None:
    """`kefu floor` serves the same page, byte for byte, whatever the sealed answers are."""
    content = bank(tmp_path / "content")
    one = _page(content, tmp_path / "one")
    two = _page(answered_otherwise(content, tmp_path / "otherwise"), tmp_path / "two")
    assert differences({"page": one}, {"page": two}) == []
    assert b'id="app"' in one
    assert spoken({"page": one}, sealed_words(content)) == []


def test_what_is_sealed_does_change_the_vault(tmp_path: Path) -> None:
    """The changed content does hold other answers: the law does not pass for want of a change."""
    content = bank(tmp_path / "content")
    other = answered_otherwise(content, tmp_path / "otherwise")
    keys = [
        {p.card["item"]: p.key for p in kefu.weave.weave(read((each,))[0]).published}
        for each in (content, other)
    ]
    changed = {ref for ref in keys[0] if keys[0][ref] != keys[1][ref]}
    assert changed == {ref for ref in keys[0] if ref.startswith("umbrella--")} | {"parcel--by-when"}


def _as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsorted(ref: str, named: Any) -> list[Any]:
        ids = _shape.public(ref, named)
        return [{"id": ids[n], "text": words.text().json()} for n, words in named.items()]

    monkeypatch.setattr(_shape, "publish", unsorted)


def _named_by_authors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_shape, "public", lambda _, named: {name: name for name in named})


def _key_on_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(ref: str, *given: Any) -> Any:
        made = publish(ref, *given)
        made.card["right"] = kinds.expert(made.card, made.key)  # type: ignore[typeddict-unknown-key]
        made.card["version"] = version_of(made.card)
        return made

    monkeypatch.setattr(kefu.bank.model, "publish", telling)


def _reason_in_the_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(info: Any, asked: Any, programs: Any = ()) -> bytes:
        book = json.loads(set_notebook(info, asked, programs))
        book["metadata"]["why"] = [entry.key.model_dump() for entry in asked]
        return json.dumps(book, ensure_ascii=False).encode()

    monkeypatch.setattr(kefu.weave, "set_notebook", telling)


def _version_of_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(ref: str, *given: Any) -> Any:
        made = publish(ref, *given)
        made.card["version"] = version_of({**made.card, "key": made.key})  # type: ignore[typeddict-unknown-key]
        return made

    monkeypatch.setattr(kefu.bank.model, "publish", telling)


@pytest.mark.parametrize(
    "fault",
    [
        _as_declared,
        _named_by_authors,
        _key_on_the_card,
        _reason_in_the_metadata,
        _version_of_the_key,
    ],
)
def test_a_planted_leak_is_caught(
    fault: Callable[[pytest.MonkeyPatch], None],
    seen: Callable[[Path, Path], dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Each way of letting an answer out shows as a difference in what a learner can open."""
    content = bank(tmp_path / "content")
    other = answered_otherwise(content, tmp_path / "otherwise")
    fault(monkeypatch)
    leaked = differences(seen(content, tmp_path / "a"), seen(other, tmp_path / "b"))
    assert "exercises/first/first.ipynb" in leaked or "exercises/first/cards.json" in leaked
    assert "kefu-learner.zip" in leaked


def test_a_sealed_reason_is_found_by_its_words(
    seen: Callable[[Path, Path], dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Without a fault nothing differs; a sealed sentence, also inside an archive, is found."""
    content = bank(tmp_path / "content")
    words = list(sealed_words(content))
    whole = seen(content, tmp_path / "a")
    assert spoken(whole, words) == []
    other = answered_otherwise(content, tmp_path / "otherwise")
    assert differences(whole, seen(other, tmp_path / "c")) == []
    _reason_in_the_metadata(monkeypatch)
    heard = spoken(seen(content, tmp_path / "b"), words)
    assert {name for name, _ in heard} == {
        "exercises/first/first.ipynb",
        "kefu-learner.zip!kefu/exercises/first/first.ipynb",
    }
