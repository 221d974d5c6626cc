"""Weaving: content becomes notebooks and cards, the same bytes each time."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kefu import ship
from kefu.bank import read
from kefu.card import RUBRIC
from kefu.cli import private
from kefu.explorers import SLUGS
from kefu.places import Places
from kefu.scenario.program import CODE, PROGRAM
from kefu.text import LANGS
from kefu.weave import Woven, stale, weave, write
from tests.grading.course import PAGES, Course, bank, files_of

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r'^import kefu; kefu\.(play|explore|map)\("[a-z0-9-]{1,64}"\)$')
ID = re.compile(r"^[A-Za-z0-9_-]{1,64}$")

NEW = """\
teaches  = ["taboo-never-heard"]
title.zh = "排队的人"
title.en = "The queue"

[[turn]]
who = "customer"
zh  = "还要等多久才轮到我？"
en  = "How much longer must I wait?"

[[item]]
id        = "how-long"
kind      = "number"
use       = "USE"
lesson    = "5.2"
prompt.zh = "前面五人，每人 4 分钟，要等几分钟？"
prompt.en = "Five people ahead, 4 minutes each: how many minutes?"

[KEY.how-long]
value  = 20
why.zh = "五乘以四，说个实数。"
why.en = "Five times four: say a true number."
"""


def woven(*contents: Path) -> Woven:
    """Read without a fault, and weave."""
    found, faults = read(contents)
    assert not faults, [fault.say("en") for fault in faults]
    return weave(found)


def cells(data: bytes) -> list[dict[str, Any]]:
    """The cells of a notebook."""
    found: list[dict[str, Any]] = json.loads(data)["cells"]
    return found


def notebooks(made: Woven) -> dict[str, list[dict[str, Any]]]:
    """Name → cells of every notebook that is woven."""
    return {name: cells(data) for name, data in made.files.items() if name.endswith(".ipynb")}


@pytest.fixture(params=["ours", "small"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Woven:
    """What is woven from the project's own content, and from a small one."""
    return woven(ROOT / "content" if request.param == "ours" else bank(tmp_path / "content"))


def test_ids_of_cells_are_unique_and_short(made: Woven) -> None:
    """In every notebook each cell has an id of its own, of at most 64 plain characters."""
    for name, book in notebooks(made).items():
        ids = [cell["id"] for cell in book]
        assert len(set(ids)) == len(ids), name
        assert all(ID.match(each) for each in ids), name


def test_code_is_one_known_line_out_of_sight(made: Woven) -> None:
    """Every code cell is one call of the player, collapsed, without output or count.

    But where code is the answer: see `test_program_cells.py`.
    """
    for name, book in notebooks(made).items():
        code = [cell for cell in book if cell["cell_type"] == "code" and PROGRAM not in cell["id"]]
        assert code, name
        for cell in code:
            assert LINE.match("".join(cell["source"])), name
            assert cell["metadata"]["jupyter"] == {"source_hidden": True}
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_every_notebook_asks_for_kefus_own_kernel(made: Woven) -> None:
    """Each is played on the kernel `kefu`; a set says which set it is, a lesson that it is none."""
    for name, data in made.files.items():
        if name.endswith(".ipynb"):
            about = json.loads(data)["metadata"]
            assert about["kernelspec"]["name"] == "kefu"
            a_set = name.split("/")[1] if name.startswith("solutions/") else None
            assert about["kefu"].get("set") == a_set


def test_only_graded_cells_are_graded(made: Woven) -> None:
    """Each graded item is one locked grade cell under its own name, in its set and nowhere else."""
    graded = {p.card["item"] for p in made.published if p.room == "graded"}
    seen = []
    for name, book in notebooks(made).items():
        for cell in book:
            about = cell["metadata"].get("nbgrader")
            if about and not cell["id"].endswith(CODE):
                assert name.startswith("solutions/")
                assert about["grade_id"] == cell["id"]
                assert about["grade"] is True
                # What a person marks of a rewrite is filled in, so it is no locked cell.
                item, by_hand, _ = cell["id"].partition(RUBRIC)
                assert (about["locked"], about["solution"]) == (not by_hand, bool(by_hand))
                seen.append(item)
    assert set(seen) == graded
    assert len(seen) == len(graded) + sum(
        len(p.key.get("rubric", ())) for p in made.published if p.room == "graded"
    )


def test_no_sealed_key_is_written(made: Woven) -> None:
    """Keys travel with practice cards alone; nothing of an exam is written at all."""
    for name, data in made.files.items():
        if name.endswith(".json") and name != "course/map.json":
            said = json.loads(data)
            rooms = {card["room"] for card in said["cards"]}
            assert rooms == ({"practice"} if name.startswith("course/") else {"graded"})
            assert set(said.get("keys", {})) == (
                {c["item"] for c in said["cards"]} if rooms == {"practice"} else set()
            )
    exam = [p.card["item"].encode() for p in made.published if p.room == "exam"]
    assert not [n for n, data in made.files.items() for ref in exam if ref in data]


def test_weaving_twice_gives_the_same_bytes(made: Woven, tmp_path: Path) -> None:
    """Writing what is woven and weaving again changes nothing."""
    assert write(made, tmp_path / "root") == sorted(made.files)
    assert stale(made, tmp_path / "root") == []
    assert write(made, tmp_path / "root") == []


def test_a_new_file_is_all_that_a_scenario_takes(tmp_path: Path) -> None:
    """One new TOML appears in both languages and in the floor's pool; nothing else has moved."""
    content = bank(tmp_path / "content")
    before = woven(content)
    (content / "scenarios/queue.toml").write_text(
        NEW.replace("USE", "practice").replace("KEY", "open"), "utf-8"
    )
    after = woven(content)
    lessons = {"course/zh/5.2-ownership.ipynb", "course/en/5.2-ownership.ipynb"}
    changed = {n for n in after.files if after.files[n] != before.files.get(n)}
    assert changed == {"course/cards/queue.json", "course/map.json", *lessons}
    for name in lessons:
        ids = [c["id"] for c in cells(after.files[name])]
        assert ids[-4:] == ["_more", "queue", "_results", "_map"]
        old = {c["id"]: c for c in cells(before.files[name])}
        kept = {c["id"]: c for c in cells(after.files[name])}
        assert {i: kept[i] for i in old} == old, "ids of what was there stay"
    course = Course(tmp_path / "root", content)
    course.weave()
    pool = {card["item"] for card in course.vault().released("practice")}
    assert "queue--how-long" in pool


def test_a_new_graded_file_joins_its_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graded item in a new TOML is asked in its set, released, and in the learner's zip."""
    content = bank(tmp_path / "content")
    text = NEW.replace("USE", 'graded"\nset = "first').replace("KEY", "sealed")
    (content / "scenarios/queue.toml").write_text(text, "utf-8")
    course = Course(tmp_path / "root", content)
    course.weave()
    course.nbgrader("generate_assignment", "first")
    assert "queue--how-long" in course.cards()
    monkeypatch.setattr(ship, "_wheel", lambda: ("kefu-0-py3-none-any.whl", b""))
    with zipfile.ZipFile(ship.ship_learner(course.places)) as archive:
        released = archive.read("kefu/exercises/first/first.ipynb")
        names = archive.namelist()
    assert b'"queue--how-long"' in released
    assert "kefu/course/cards/queue.json" not in names


def test_a_lesson_without_text_gets_its_practice(tmp_path: Path) -> None:
    """Practice of a lesson that is only planned is woven by itself, in both languages."""
    files = woven(bank(tmp_path / "content")).files
    for lang, title in (("zh", "5.3 跟到底"), ("en", "5.3 Following through")):
        book = cells(files[f"course/{lang}/5.3-practice.ipynb"])
        assert [c["id"] for c in book] == [
            "_start", "_text-01", "parcel--minutes", "_results", "_map",
        ]  # fmt: skip
        assert "".join(book[1]["source"]) == f"# {title}"
    # When the text is written the practice moves into it, and the notebook alone is gone.
    page = PAGES["lessons/5.2-ownership.zh.md"].replace("```{play} parcel\n```\n", "")
    for lang in ("zh", "en"):
        text = page if lang == "zh" else page.replace("主动担责", "Following").replace(
            "先答一答。", "Answer.").replace("小结", "So")  # fmt: skip
        (tmp_path / f"content/lessons/5.3-through.{lang}.md").write_text(
            text.replace('"5.2"', '"5.3"').replace("minutes: 30", "minutes: 20"), "utf-8"
        )
    after = woven(tmp_path / "content").files
    assert "course/zh/5.3-practice.ipynb" not in after
    assert "parcel--minutes" in [c["id"] for c in cells(after["course/zh/5.3-through.ipynb"])]


@pytest.mark.parametrize(
    "fence",
    ["```{play} parcel\n```", "```{play}   parcel \n\n```", "  ```{play} parcel\n  ```",
     "~~~{play} parcel\n~~~", ":::{play} parcel\n:::", "``` {play} parcel\n````"],
)  # fmt: skip
def test_practice_stands_where_it_is_placed(tmp_path: Path, fence: str) -> None:
    """Whatever fence the check accepts, the player stands there, before the next section."""
    content = bank(tmp_path / "content")
    for name, text in PAGES.items():
        (content / name).write_text(text.replace("```{play} parcel\n```", fence), "utf-8")
    files = woven(content).files
    for lang in ("zh", "en"):
        ids = [c["id"] for c in cells(files[f"course/{lang}/5.2-ownership.ipynb"])]
        assert ids == ["_start", "_text-01", "parcel--call-back", "_text-02", "_results", "_map"]
        assert b"{play}" not in files[f"course/{lang}/5.2-ownership.ipynb"]


def test_a_story_placed_outside_its_lesson_is_still_played(tmp_path: Path) -> None:
    """A lesson that places a story of another lesson plays the whole of it."""
    content = bank(tmp_path / "content")
    moved = (content / "scenarios/parcel.toml").read_text("utf-8").replace('"5.2"', '"5.3"')
    (content / "scenarios/parcel.toml").write_text(moved, "utf-8")
    files = woven(content).files
    assert "parcel" in [c["id"] for c in cells(files["course/zh/5.2-ownership.ipynb"])]


@pytest.mark.parametrize("slug", ["start", "more", "text-01", "how", "hand-in"])
def test_no_name_of_a_story_or_a_set_clashes(tmp_path: Path, slug: str) -> None:
    """Stories and sets may be called whatever a slug can be: ids of cells stay unique."""
    content = bank(tmp_path / "content")
    (content / f"scenarios/{slug}.toml").write_text(
        NEW.replace("USE", "practice").replace("KEY", "open"), "utf-8"
    )
    (content / "sets/first.toml").rename(content / f"sets/{slug}.toml")
    umbrella = content / "scenarios/umbrella.toml"
    umbrella.write_text(umbrella.read_text("utf-8").replace('"first"', f'"{slug}"'), "utf-8")
    for name, book in notebooks(woven(content)).items():
        ids = [cell["id"] for cell in book]
        assert len(set(ids)) == len(ids), name


def test_what_is_gone_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """A scenario that is gone takes its files along; learners' and instructors' own stay."""
    content = bank(tmp_path / "content")
    course = Course(tmp_path / "root", content)
    course.weave()
    mine = {
        "course/responses.jsonl": b"mine\n",
        "course/zh/.ipynb_checkpoints/x-checkpoint.ipynb": b"{}",
        "course/zh/notes.txt": b"notes",
        "solutions/first/.ipynb_checkpoints/first-checkpoint.ipynb": b"{}",
        "solutions/first/responses.jsonl": b"tried\n",
        "exercises/first/responses.jsonl": b"tried\n",
        "submitted/s01/first/first.ipynb": b"{}",
    }
    for name, data in mine.items():
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_bytes(data)
    (content / "scenarios/parcel.toml").unlink()
    for page in (content / "lessons").iterdir():
        page.unlink()
    (content / "scenarios/umbrella.toml").unlink()
    (content / "scenarios/queue.toml").write_text(
        NEW.replace("USE", "practice").replace("KEY", "open"), "utf-8"
    )
    course.weave()
    found = files_of(course.root)
    assert {name: found[name] for name in mine} == mine
    assert {n for n in found if n.startswith(("course/", "solutions/")) and n not in mine} == {
        "course/cards/queue.json",
        "course/map.json",
        "course/zh/5.2-practice.ipynb",
        "course/en/5.2-practice.ipynb",
        "course/zh/map.ipynb",
        "course/zh/workshop.ipynb",
        "course/en/workshop.ipynb",
        "course/en/map.ipynb",
    }


# The course map.


def test_the_map_has_every_lesson_of_the_course(made: Woven) -> None:
    """`map.json` lists all that is planned, in teaching order, with what is written of it."""
    told = json.loads(made.files["course/map.json"])
    bare = {n.removeprefix("course/zh/") for n in made.files if n.startswith("course/zh/")}
    lessons = [lesson for chapter in told["chapters"] for lesson in chapter["lessons"]]
    own = {"map.ipynb", "workshop.ipynb"}
    assert {each["file"] for each in lessons if each["file"]} == bare - own
    stories = {n.removeprefix("course/cards/")[:-5] for n in made.files if "/cards/" in n}
    assert {slug for each in lessons for slug in each["scenarios"]} == stories
    for each in lessons:
        for slug in each["scenarios"]:
            asked = json.loads(made.files[f"course/cards/{slug}.json"])["cards"]
            assert each["id"] in {card["lesson"] for card in asked}


def test_planned_lessons_without_a_page_have_no_file(tmp_path: Path) -> None:
    """A lesson that is only planned stands in the map, and leads nowhere."""
    content = bank(tmp_path / "content")
    parcel = content / "scenarios/parcel.toml"
    parcel.write_text(parcel.read_text("utf-8").replace('"5.3"', '"5.2"'), "utf-8")
    told = json.loads(woven(content).files["course/map.json"])
    files = {e["id"]: e["file"] for chapter in told["chapters"] for e in chapter["lessons"]}
    assert files["5.2"] == "5.2-ownership.ipynb"
    assert files["5.3"] is None


def test_lesson_and_map_lead_to_each_other(made: Woven) -> None:
    """Each lesson ends with what was asked in it, and leads to the map; the map is one line."""
    told = json.loads(made.files["course/map.json"])
    lessons = {e["file"]: e["id"] for c in told["chapters"] for e in c["lessons"] if e["file"]}
    for name, book in notebooks(made).items():
        _, _, file = name.rpartition("/")
        if not name.startswith("course/"):
            continue
        if file == "map.ipynb":
            assert book[-1]["source"] == ['import kefu; kefu.map("course")']
            assert "](workshop.ipynb)" in "".join(book[0]["source"])
        elif file == "workshop.ipynb":
            assert "](map.ipynb)" in "".join(book[0]["source"])
        else:
            shown = lessons[file].replace(".", "-")
            assert book[-1]["source"] == [f'import kefu; kefu.map("{shown}")']
            assert "](map.ipynb)" in "".join(book[0]["source"])


def test_the_workshop_holds_every_explorer() -> None:
    """The workshop shows each explorer once, in the order of the course, in both languages."""
    made = woven(ROOT / "content")
    for lang in LANGS:
        book = notebooks(made)[f"course/{lang}/workshop.ipynb"]
        shown = ["".join(cell["source"]) for cell in book if cell["cell_type"] == "code"]
        assert shown == [f'import kefu; kefu.explore("{slug}")' for slug in SLUGS]


@pytest.mark.parametrize("fence", ["```{explore} pareto\n```", ":::{explore}  pareto \n:::"])
def test_an_explorer_stands_where_it_is_placed(tmp_path: Path, fence: str) -> None:
    """`{explore}` in a lesson becomes the one line that shows it."""
    content = bank(tmp_path / "content")
    for page in (content / "lessons").iterdir():
        page.write_text(f"{page.read_text('utf-8')}\n{fence}\n", "utf-8")
    for lang in LANGS:
        book = notebooks(woven(content))[f"course/{lang}/5.2-ownership.ipynb"]
        assert ['import kefu; kefu.explore("pareto")'] in [cell["source"] for cell in book]


def test_numbers_of_the_house_are_written_out(tmp_path: Path) -> None:
    """A standard in a prompt is that number as one types it, however large."""
    content = bank(tmp_path / "content")
    with (content / "standards.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[mail.most]\ntitle.zh = "最多"\ntitle.en = "Most"\n'
            "[[mail.most.version]]\nfrom = 2026-01-01\nvalue = 1500000\n"
        )
    text = NEW.replace("五人，每人 4 分钟", "{standard.mail.most} 人").replace(
        "Five people", "{standard.mail.most}"
    )
    (content / "scenarios/queue.toml").write_text(
        text.replace("USE", "practice").replace("KEY", "open"), "utf-8"
    )
    card = json.loads(woven(content).files["course/cards/queue.json"])["cards"][0]
    assert "1500000 人" in card["prompt"]["zh"]
    assert "1500000 ahead" in card["prompt"]["en"]


# A house's own folder.


def _house(folder: Path) -> Path:
    private.write(folder)
    (folder / "content/scenarios/queue.toml").write_text(
        NEW.replace("USE", "practice").replace("KEY", "open"), "utf-8"
    )
    (folder / "content/standards.toml").write_text(
        '[phone.rings]\ntitle.zh = "几声"\ntitle.en = "Rings"\n'
        "[[phone.rings.version]]\nfrom = 2026-01-01\nvalue = 2\n",
        "utf-8",
    )
    return folder


def test_a_houses_folder_is_laid_over(tmp_path: Path) -> None:
    """`KEFU_CONTENT` adds the house's scenarios and replaces its standards, by name."""
    course = Course(tmp_path / "root", bank(tmp_path / "root" / "content"))
    house = _house(tmp_path / "house") / "content"
    places = Places.find(course.root, {"KEFU_CONTENT": str(house)})
    assert places.contents == (course.root / "content", house)
    made = woven(*places.contents)
    assert {"course/cards/queue.json", "course/cards/parcel.json"} <= set(made.files)
    rings = next(p for p in made.published if p.card["item"] == "umbrella--rings")
    assert (rings.key["value"], rings.standards) == (2, {"phone.rings": 2})


def test_a_folder_of_init_is_a_course_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder that `kefu init` makes everything is made there, the course below it."""
    house = _house(tmp_path / "house")
    places = Places.find(house / "content" / "scenarios", {})
    assert places.root == house
    assert places.contents == (ROOT / "content", house / "content")
    before = files_of(ROOT / "course")
    write(woven(*places.contents), places.root)
    assert (house / "course/cards/queue.json").is_file()
    assert (house / "course/cards/phone-shop-lunch.json").is_file()
    assert files_of(ROOT / "course") == before
    monkeypatch.chdir(house)
    assert Places.find(env={}).root == house
