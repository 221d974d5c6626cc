"""Every version that was ever released, with its key: appended, never rewritten."""

from __future__ import annotations

import dataclasses
import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from kefu.card import version_of
from kefu.errors import KefuError
from kefu.publish import Published
from kefu.vault import Vault, connect
from tests.pieces import choice, number

FIRST = choice({"a": 1.0, "b": 0.0})
SECOND = choice({"a": 1.0, "b": 0.0}, id="second", use="graded")
REF, VERSION = FIRST.card["item"], FIRST.card["version"]


def _keyed(item: Published, credit: float) -> Published:
    """The same card under another key."""
    key = {**item.key, "credit": dict.fromkeys(item.key["credit"], credit)}
    return dataclasses.replace(item, key=key)


def _reworded(item: Published, prompt: str) -> Published:
    """The same item, its card changed."""
    card = {**item.card, "prompt": {"zh": prompt, "en": prompt}}
    card["version"] = version_of(card)  # type: ignore[arg-type]
    return dataclasses.replace(item, card=card)  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each make."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kefu.db'}"
        return
    plain = sa.create_engine(request.getfixturevalue("postgres_url"))
    schema = f"vault_{secrets.token_hex(4)}"
    with plain.begin() as db:
        db.execute(sa.text(f"CREATE SCHEMA {schema}"))
    mine = plain.url.update_query_dict({"options": f"-csearch_path={schema}"})
    yield mine.render_as_string(hide_password=False)
    with plain.begin() as db:
        db.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
    plain.dispose()


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    """A connection to it."""
    engine = connect(url)
    yield engine
    engine.dispose()


@pytest.fixture
def vault(engine: sa.Engine) -> Vault:
    """An empty vault."""
    return Vault(engine)


def _rows(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as db:
        query = "SELECT item, version, revision, card, key, standards FROM released"
        return sorted(tuple(row) for row in db.execute(sa.text(query)))  # type: ignore[type-var]


def test_what_was_released_is_there(vault: Vault) -> None:
    """Card and key of a released version come back as they were."""
    assert vault.release([FIRST, SECOND]) == 2
    assert vault.card(REF, VERSION) == FIRST.card
    assert vault.key(REF, VERSION) == FIRST.key


def test_again_adds_nothing(vault: Vault, engine: sa.Engine) -> None:
    """Releasing the same again changes no row."""
    vault.release([FIRST, SECOND])
    before = _rows(engine)
    assert vault.release([FIRST, SECOND]) == 0
    assert _rows(engine) == before


def test_a_corrected_key_is_a_new_revision(vault: Vault, engine: sa.Engine) -> None:
    """The latest key governs; the earlier rows stay as they were."""
    vault.release([FIRST])
    before = _rows(engine)
    assert vault.release([_keyed(FIRST, 0.5)]) == 1
    assert vault.key(REF, VERSION) == _keyed(FIRST, 0.5).key
    assert vault.card(REF, VERSION) == FIRST.card
    assert set(before) < set(_rows(engine))
    assert sorted(row[2] for row in _rows(engine)) == [1, 2]  # type: ignore[type-var]


def test_a_key_that_returns(vault: Vault, engine: sa.Engine) -> None:
    """Going back to an earlier key is a revision of its own, and governs."""
    for credit in (0.1, 0.2, 0.1):
        vault.release([_keyed(FIRST, credit)])
    assert vault.key(REF, VERSION) == _keyed(FIRST, 0.1).key
    assert len(_rows(engine)) == 3


def test_other_standards_are_a_new_revision(vault: Vault, engine: sa.Engine) -> None:
    """The numbers that were in force are kept with the version."""
    vault.release([FIRST])
    vault.release([dataclasses.replace(FIRST, standards={"phone.rings": 3})])
    assert [row[5] for row in _rows(engine)] == ["{}", '{"phone.rings":3}']


def test_an_old_version_keeps_its_key(vault: Vault) -> None:
    """A card is judged by its own key, long after another took its place."""
    vault.release([FIRST])
    new = _keyed(_reworded(FIRST, "说什么？"), 0.25)
    vault.release([new])
    assert vault.key(REF, VERSION) == FIRST.key
    assert vault.key(REF, new.card["version"]) == new.key
    assert vault.cards(REF) == {VERSION: FIRST.card, new.card["version"]: new.card}


def test_what_is_asked_now(vault: Vault) -> None:
    """Only what was released last is asked, each room by itself, by item."""
    third = number(3)
    third = dataclasses.replace(third, card={**third.card, "item": "a-story--first"})
    vault.release([FIRST, third, SECOND])
    assert [card["item"] for card in vault.released("practice")] == ["a-story--first", REF]
    assert vault.released("graded") == [SECOND.card]
    assert vault.released("exam") == []
    new = _reworded(FIRST, "说什么？")
    vault.release([new])
    assert vault.released("practice") == [new.card]
    assert vault.released("graded") == []
    vault.release([_keyed(FIRST, 0.5), SECOND])
    assert vault.released("practice") == [FIRST.card]
    vault.release([])
    assert vault.released("practice") == []
    assert vault.key(REF, VERSION) == _keyed(FIRST, 0.5).key


@pytest.mark.parametrize(
    ("item", "version"),
    [
        (REF, "0" * 16),
        ("story--other", VERSION),
        ("", ""),
        ("\x00", "\x00"),
        ("\ud800", "\ud800"),
        (REF, "\ud800"),
        ("x" * 10**6, "y" * 10**6),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("题", "版"),
    ],
)
def test_unknown_versions(vault: Vault, item: str, version: str) -> None:
    """Of what was never released there is nothing, whatever a learner's journal calls it."""
    vault.release([FIRST])
    assert vault.card(item, version) is None
    assert vault.key(item, version) is None
    assert VERSION not in vault.cards(item) or item == REF


def test_a_release_is_whole_or_not_at_all(vault: Vault, engine: sa.Engine) -> None:
    """A release that fails leaves everything as it was."""
    vault.release([FIRST])
    before = _rows(engine)
    broken = dataclasses.replace(SECOND, key={"value": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        vault.release([_keyed(FIRST, 0.5), broken])
    assert _rows(engine) == before
    assert vault.released("practice") == [FIRST.card]


def _at_once(*doings: Callable[[], object]) -> None:
    """Run them at the same moment, each in a thread; the first failure is raised."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(doings))

    def run(doing: Callable[[], object]) -> None:
        try:
            start.wait()
            doing()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_two_weavers_at_once(url: str) -> None:
    """Weavers who begin at the same moment, on an empty database, lose no key."""
    worth = [n / 16 for n in range(8)]
    engines = [connect(url) for _ in range(4)]

    def weave(at: int) -> None:
        vault = Vault(engines[at])
        for credit in worth[at::4]:
            vault.release([_keyed(FIRST, credit), SECOND])

    _at_once(*(lambda at=at: weave(at) for at in range(4)))  # type: ignore[misc]
    rows = [row for row in _rows(engines[0]) if row[0] == REF]
    assert sorted(row[2] for row in rows) == [*range(1, 9)]  # type: ignore[type-var]
    assert len({row[4] for row in rows}) == 8
    assert Vault(engines[0]).released("graded") == [SECOND.card]
    for engine in engines:
        engine.dispose()


def test_sqlite_commits_to_disk(tmp_path: Path) -> None:
    """SQLite runs in WAL with a full sync at each commit, and a writer waits for its turn."""
    engine = connect(f"sqlite:///{tmp_path / 'kefu.db'}")
    with engine.connect() as db:
        said = [db.exec_driver_sql(f"PRAGMA {name}").scalar() for name in
                ("journal_mode", "synchronous", "busy_timeout")]  # fmt: skip
    engine.dispose()
    assert said == ["wal", 2, 30000]


@pytest.mark.parametrize("url", ["::nonsense", "nothing+at-all://x/y", "mysql://x/y"])
def test_an_address_that_cannot_be_used_is_said(url: str) -> None:
    """An address of no database that we speak to names KEFU_DB, and does not repeat a password."""
    with pytest.raises(KefuError, match="correct KEFU_DB"):
        connect(url)


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    """A database that cannot be reached, or is none, is a sentence for a person."""
    (tmp_path / "kefu.db").write_text("a letter, not a database" * 99)
    for url in (
        "postgresql+psycopg://x@127.0.0.1:9/kefu",
        f"sqlite:///{tmp_path}/no/such/folder/kefu.db",
        f"sqlite:///{tmp_path}/kefu.db",
    ):
        with pytest.raises(KefuError, match="the database cannot be used"):
            Vault(connect(url))
