"""Reading the course's data: types by column, the file found, and refusals that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu import data
from kefu.errors import KefuError
from tests.centre.made import DATA, ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for tables."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def write(folder: Path, text: str, name: str = "t.csv") -> None:
    """A table, as bytes."""
    (folder / name).write_bytes(text.encode("utf-8"))


def test_a_column_is_of_one_type(folder: Path) -> None:
    """Whole numbers, numbers or text, by what the whole column holds; empty is None."""
    write(folder, "a,b,c,d,e,f\n1,1,007,x,,2026-03-02\n-2,2.5,008,,,1\n,1e3,009,3,,2\n")
    assert data.read("t", folder) == {
        "a": [1, -2, None],
        "b": [1.0, 2.5, 1000.0],
        "c": ["007", "008", "009"],
        "d": ["x", None, "3"],
        "e": [None, None, None],
        "f": ["2026-03-02", "1", "2"],
    }


@pytest.mark.parametrize("entry", ["nan", "inf", "1_000", "０", " 1", "0x1", "+1", ".5", "True"])
def test_what_is_no_plain_number_stays_text(folder: Path, entry: str) -> None:
    """Only what everybody writes as a number becomes one."""
    write(folder, f"a\n{entry}\n")
    assert data.read("t", folder) == {"a": [entry]}


def test_what_a_spreadsheet_saved_is_read(folder: Path) -> None:
    """A byte order mark, CRLF, quotes and a blank line at the end make no difference."""
    write(folder, '\ufeffa,名字\r\n1,"甲,乙"\r\n\r\n')
    assert data.read("t.csv", str(folder)) == {"a": [1], "名字": ["甲,乙"]}


def test_an_empty_table_has_its_columns(folder: Path) -> None:
    """A header alone gives columns without entries; nothing at all gives no columns."""
    write(folder, "a,b\n")
    assert data.read("t", folder) == {"a": [], "b": []}
    write(folder, "")
    assert data.read("t", folder) == {}


@pytest.mark.parametrize("below", ["course/zh", "course/en", "course", "exercises/first", "."])
def test_it_is_found_from_any_notebook(
    folder: Path, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nearest `data/` or `course/data/` that holds the table is read, from there upward."""
    root = folder.parent
    (root / below).mkdir(parents=True, exist_ok=True)
    (root / "course" / "data").mkdir(parents=True, exist_ok=True)
    write(root / "course" / "data", "a\n1\n", "mine.csv")
    monkeypatch.chdir(root / below)
    assert data.read("mine") == {"a": [1]}


def test_an_unknown_table_names_those_there_are(folder: Path) -> None:
    """A misspelt name is answered with the names to choose from, in both languages."""
    write(folder, "a\n1\n", "calls.csv")
    write(folder, "a\n1\n", "visits.csv")
    with pytest.raises(KefuError) as refused:
        data.read("call", folder)
    assert refused.value.write.zh == "现有的是：calls、visits"
    assert refused.value.write.en == "there are: calls, visits"


@pytest.mark.parametrize("name", ["../t", "/etc/passwd", "", "a/b", "t\x00"])
def test_a_name_is_a_name(folder: Path, name: str) -> None:
    """A path is no name of a table."""
    write(folder, "a\n1\n")
    with pytest.raises(KefuError):
        data.read(name, folder)


def test_no_data_at_all_says_where_it_looked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing, the refusal names the folder it began from."""
    monkeypatch.chdir(folder.parent)
    with pytest.raises(KefuError) as refused:
        data.read("calls", folder)
    assert str(folder) in refused.value.write.zh


@pytest.mark.parametrize("text", ["a,b\n1\n", "a\n1,2\n", 'a\n"1\n'])
def test_a_broken_table_is_refused(folder: Path, text: str) -> None:
    """A row that is too long or too short, or a quote that never ends, is no table."""
    write(folder, text)
    with pytest.raises(KefuError) as refused:
        data.read("t", folder)
    assert "t.csv" in refused.value.what.zh


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    """A file that is not UTF-8 is refused and not guessed at."""
    (folder / "t.csv").write_bytes("a\n客服\n".encode("gb18030"))
    with pytest.raises(KefuError):
        data.read("t", folder)


def test_the_courses_own_data_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a lesson's folder every table of the course is read, with numbers as numbers."""
    monkeypatch.chdir(ROOT / "course" / "zh")
    for path in DATA.glob("*.csv"):
        columns = data.read(path.stem)
        assert len({len(column) for column in columns.values()}) == 1
    calls = data.read("calls")
    assert {type(wait) for wait in calls["wait"]} == {int}
    assert {type(agent) for agent in calls["agent"]} == {str, type(None)}
