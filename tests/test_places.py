"""Which folders are read and made."""

from pathlib import Path

import pytest

from kefu.errors import KefuError
from kefu.places import Places

CLONE = Path(__file__).resolve().parents[1]


def root(folder: Path, *, course: bool) -> Path:
    """A folder with a configuration, with or without a course of its own."""
    (folder / "content").mkdir(parents=True)
    (folder / "nbgrader_config.py").touch()
    if course:
        (folder / "content" / "course.toml").touch()
    return folder.resolve()


def test_a_folder_with_a_course_is_its_own(tmp_path: Path) -> None:
    """The root is found from below, and its own course is read."""
    here = root(tmp_path, course=True)
    below = here / "a" / "b"
    below.mkdir(parents=True)
    places = Places.find(below, {})
    assert (here, (here / "content",)) == (places.root, places.contents)
    assert (here / "course", here / "solutions", here / "exercises") == (
        places.course, places.solutions, places.exercises,
    )  # fmt: skip


def test_a_house_lies_over_the_course(tmp_path: Path) -> None:
    """A root without a course is a house's: the clone's content comes first, its own on top."""
    here = root(tmp_path, course=False)
    assert (CLONE / "content", here / "content") == Places.find(here, {}).contents


def test_kefu_content_names_the_house(tmp_path: Path) -> None:
    """A named folder lies over the course; one that is not there is refused."""
    here = root(tmp_path / "course", course=True)
    house = tmp_path / "house"
    house.mkdir()
    env = {"KEFU_CONTENT": str(house)}
    assert (here / "content", house.resolve()) == Places.find(here, env).contents
    with pytest.raises(KefuError, match="KEFU_CONTENT names a folder that does not exist"):
        Places.find(here, {"KEFU_CONTENT": str(tmp_path / "none")})


def test_no_course_is_said(tmp_path: Path) -> None:
    """Outside of any course one is told what to do."""
    with pytest.raises(KefuError, match="kefu init"):
        Places.find(tmp_path, {})


def test_the_database_is_sqlite_unless_named(tmp_path: Path) -> None:
    """`KEFU_DB` is a URL; without it there is a file in the root."""
    places = Places.find(root(tmp_path, course=True), {})
    assert f"sqlite:///{places.root / 'kefu.db'}" == places.database({})
    assert places.database({"KEFU_DB": "postgresql://x"}) == "postgresql://x"
