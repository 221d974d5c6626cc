"""What authors run."""

import json
import re
import shutil
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from kefu.bank import read
from kefu.bank.lint import BLANK
from kefu.cli import author
from kefu.errors import KefuError
from kefu.scenario import KINDS
from tests.bank.maker import story, write

RUNNER = CliRunner()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A good course, which is also the working folder."""
    write(tmp_path / "content")
    (tmp_path / "nbgrader_config.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KEFU_CONTENT", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    return tmp_path


def run(*words: str) -> Result:
    """Run one of the commands; what a person can mend is raised."""
    app = typer.Typer()
    author.add(app)
    result = RUNNER.invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


ZH = """\
1 个故事、4 道题、1 课都查过了，没有问题
乱答平均能得 29%；题组：first 33%
不看内容、凭表面挑，能得几成（比乱答多出 5 个百分点就算毛病）：
100%  只挑文件里写在最前的（乱答 50%）
100%  只挑英文最长的（乱答 50%）
100%  只挑中文最长的（乱答 50%）
"""
EN = """\
all is well: 4 items in 1 story, 1 lesson
guessing earns 29% on average; in the sets: first 33%
what cues earn (a fault from 5 points above guessing):
100%  picking what the file has first (guessing 50%)
100%  picking what is longest in English (guessing 50%)
100%  picking what is longest in Chinese (guessing 50%)
"""
ITEMS = {"first-reply": "50%", "all-that-help": "33%", "in-order": "33%", "rings": "0%"}


def test_a_good_course_is_a_few_calm_lines(course: Path) -> None:
    """Nothing to mend: exit 0, the count, and what guessing earns, in the language asked for."""
    assert _told(run("check")) == (0, ZH)
    assert _told(run("check", "--lang", "en")) == (0, EN)


def test_what_guessing_earns_item_by_item(course: Path) -> None:
    """`--chance` adds a line for every item that is judged."""
    told = run("check", "--chance").stdout.removeprefix(ZH).splitlines()
    assert told[0] == "每道题乱答能得几成："
    assert [row.split() for row in told[1:]] == [
        [share, f"umbrella--{name}"] for name, share in ITEMS.items()
    ]
    english = run("check", "--chance", "--lang", "en").stdout
    assert english.removeprefix(EN).splitlines()[0] == "what guessing earns, item by item:"


def test_a_course_without_items_has_nothing_to_guess(course: Path) -> None:
    """A course that only is planned is one line."""
    shutil.rmtree(course / "content/scenarios")
    shutil.rmtree(course / "content/lessons")
    result = run("check")
    assert _told(result) == (0, "0 个故事、0 道题、0 课都查过了，没有问题\n")
    chance = json.loads(run("check", "--json").stdout)["chance"]
    assert chance == {"bank": None, "sets": {}, "items": {}, "cues": {}}


def test_a_cue_that_pays_is_a_fault(course: Path) -> None:
    """The check fails a bank whose longest, or first, option pays, and says where to begin."""
    for n in range(3):
        (course / f"content/scenarios/umbrella-{n}.toml").write_text(
            story()["scenarios/umbrella.toml"], encoding="utf-8"
        )
    result = run("check", "--lang", "en")
    assert result.exit_code == 1
    found = [row for row in result.stdout.splitlines() if "over the whole bank" in row]
    assert len(found) == 3
    assert all(row.startswith("content/scenarios/umbrella") for row in found)
    assert any("longest in Chinese earns 100% where guessing earns 50%" in row for row in found)
    assert "乱答只得 50%" in run("check").stdout


def _told(result: Result) -> tuple[int, str]:
    return result.exit_code, result.stdout


def test_faults_are_told_from_the_working_folder(course: Path) -> None:
    """Each fault is a line `file:line: what; write`, and the exit code is 1."""
    write(course / "content", story(('kind      = "choice"', 'kind      = "chioce"')))
    file = "content/scenarios/umbrella.toml:12"
    assert (1, f'{file}: kind cannot be "chioce"; perhaps you mean choice\n') == _told(
        run("check", "--lang", "en")
    )
    assert (1, f'{file}: kind 不能是 "chioce"；您要写的也许是 choice\n') == _told(run("check"))


def test_the_language_follows_the_locale(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `--lang` the machine's language is spoken."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    assert "all is well" in run("check").stdout


def test_json_counts_everything(course: Path) -> None:
    """`--json` prints counts, coverage, chance and faults, and nothing else."""
    told = json.loads(run("check", "--json").stdout)
    assert told == {
        "items": 4,
        "kinds": {"choice": 1, "choices": 1, "number": 1, "order": 1},
        "rooms": {"exam": 1, "graded": 1, "practice": 2},
        "lessons": {"5.2": 4},
        "programs": 0,
        "coverage": {"taught": 1, "asked": 1, "missing": ["reflect-responsibility"]},
        "faults": [],
        "chance": {
            "bank": 0.292,
            "sets": {"first": 0.333},
            "items": {
                "umbrella--first-reply": 0.5,
                "umbrella--all-that-help": 0.333,
                "umbrella--in-order": 0.333,
                "umbrella--rings": 0.0,
            },
            "cues": {
                name: {"earned": 1.0, "chance": 0.5, "items": 2}
                for name in ("first declared", "longest (en)", "longest (zh)")
            },
        },
    }


def test_json_holds_the_faults(course: Path) -> None:
    """A fault has file, line, what and write, in one language; the exit code is 1."""
    write(course / "content", story(('title.en = "The umbrella"\n', "")))
    result = run("check", "--json", "--lang", "en")
    fault = {
        "file": "content/scenarios/umbrella.toml",
        "line": 2,
        "what": "the English is missing: title.en",
        "write": 'add title.en = "…"',
    }
    assert [fault] == json.loads(result.stdout)["faults"]
    assert result.exit_code == 1


SCORECARD = """
title.zh = "问候"
title.en = "Greeting"
""" + "\n".join(
    f"""[[criterion]]
id = "{name}"
zh = "说了{zh}"
en = "Says {en}"
level = [{{score = 0, zh = "没有", en = "no"}}, {{score = 1, zh = "有", en = "yes"}}]"""
    for name, zh, en in (("greet", "您好", "hello"), ("close", "再见", "goodbye"))
)


def test_named_folders_are_read(course: Path, tmp_path: Path) -> None:
    """Content folders, or folders that hold one, may be named; others are refused."""
    assert run("check", str(course / "content")).exit_code == 0
    assert run("check", str(course)).exit_code == 0
    with pytest.raises(KefuError, match="no folder"):
        run("check", "nowhere")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lesson", [[], ["--lesson", "5.2"]])
def test_a_new_scenario_lacks_exactly_its_blanks(
    course: Path, kind: str, lesson: list[str]
) -> None:
    """The check of a new scenario names each blank with its line, and nothing else."""
    assert run("new", "lost-scarf", "--kind", kind, *lesson).exit_code == 0
    file = course / "content/scenarios/lost-scarf.toml"
    rows = file.read_text(encoding="utf-8").split("\n")
    blanks = [n for n, row in enumerate(rows, 1) if BLANK.search(row)]
    faults = read([course / "content"])[1]
    assert blanks == [fault.line for fault in faults]
    assert {"this is still blank"} == {fault.what.en for fault in faults}
    assert bool(lesson) == ('lesson    = "5.2"' in rows)


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_scenario_is_good_once_its_blanks_are_filled(course: Path, kind: str) -> None:
    """Words in place of every blank make a whole scenario."""
    run("new", "lost-scarf", "--kind", kind, "--lesson", "5.2")
    file = course / "content/scenarios/lost-scarf.toml"
    text = file.read_text(encoding="utf-8").replace("〔知识点 / coverage id〕", "taboo-never-heard")
    text = re.sub(r'"〔数，.*〕"', "15", text)
    # The model answer says the phrase that it asks for.
    text = re.sub(r'"〔(一种写法|参考说法).*?〕"', '"我来看看"', text)
    text = re.sub(r'"〔(one variant|the model answer).*?〕"', '"let me see"', text)
    text = re.sub(r'"〔评分表.*?〕"', '"greeting"', text)
    text = re.sub(r'(zh +=) (\[?)"〔(.*?)〕"', r'\1 \2"\3"', text)
    text = re.sub(r'(en +=) (\[?)"〔(.*?)〕"', r'\1 \2"\3"', text)
    file.write_text(text, encoding="utf-8")
    (course / "content/scorecards").mkdir()
    (course / "content/scorecards/greeting.toml").write_text(SCORECARD, encoding="utf-8")
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("2 个故事、5 道题、1 课都查过了，没有问题\n")


@pytest.mark.parametrize("slug", ["Bad", "a--b", "a_b", "伞", "../x", "a" * 51, "x\n"])
def test_a_bad_slug_is_refused(course: Path, slug: str) -> None:
    """Nothing is written under a name that cannot be a slug."""
    with pytest.raises(KefuError, match="cannot be the name of a story"):
        run("new", slug)


def test_an_existing_scenario_is_kept(course: Path) -> None:
    """`kefu new` never writes over a file."""
    with pytest.raises(KefuError, match="is there already"):
        run("new", "umbrella")


def test_an_unknown_lesson_is_refused(course: Path) -> None:
    """A lesson that the course does not plan is told at once."""
    with pytest.raises(KefuError, match=r"has no lesson 9\.9"):
        run("new", "lost-scarf", "--lesson", "9.9")


def test_a_new_house_is_whole(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`kefu init` makes a folder that is laid over the course, is checked, and is added to."""
    assert run("init", "house").exit_code == 0
    house = course / "house"
    assert {"nbgrader_config.py", "README.md", ".gitignore", "content"} == {
        p.name for p in house.iterdir()
    }
    assert {"scenarios", "lessons", "sets", "standards.toml"} == {
        p.name for p in (house / "content").iterdir()
    }
    monkeypatch.setenv("KEFU_CONTENT", str(house / "content"))
    assert _told(run("check")) == (0, ZH)
    run("new", "lost-scarf")
    assert (house / "content/scenarios/lost-scarf.toml").is_file()
    with pytest.raises(KefuError, match="is there already"):
        run("new", "umbrella")


def test_the_example_standard_of_a_house_is_good(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking the # off the example overrides one number of the course."""
    run("init", "house")
    file = course / "house/content/standards.toml"
    rows = file.read_text(encoding="utf-8").split("\n")
    start = rows.index("# [phone.rings]")
    file.write_text("\n".join(row.removeprefix("# ") for row in rows[start:]), encoding="utf-8")
    bank, faults = read([course / "content", course / "house/content"])
    assert faults == []
    assert bank.standards.value("phone", "rings", bank.course.as_of) == 2


def test_a_folder_with_something_in_it_is_left_alone(course: Path) -> None:
    """`kefu init` makes its folder only where there is nothing."""
    with pytest.raises(KefuError, match="is not an empty folder"):
        run("init", "content")


def test_the_configuration_is_the_two_lines(course: Path) -> None:
    """The house's folder is configured as the course's own is."""
    run("init", "house")
    ours = Path(__file__).parents[2] / "nbgrader_config.py"
    assert ours.read_text(encoding="utf-8") == (course / "house/nbgrader_config.py").read_text(
        encoding="utf-8"
    )


def test_the_command_knows_every_kind() -> None:
    """`kefu new --kind` offers the kinds of the grammar, in its order."""
    assert tuple(author.Kind) == KINDS


# Preview


@pytest.mark.parametrize(("slug", "close"), [("umbrela", "umbrella"), ("UMBRELLA", "umbrella")])
def test_an_unknown_scenario_is_not_previewed(course: Path, slug: str, close: str) -> None:
    """A slug that is none is told, with the one that is perhaps meant."""
    with pytest.raises(KefuError, match=f"perhaps you mean {close}"):
        run("preview", slug, "--no-browser")


def test_a_scenario_not_begun_is_begun_first(course: Path) -> None:
    """Where nothing like it is there, one is told how to begin."""
    with pytest.raises(KefuError, match="run kefu new entirely-new first"):
        run("preview", "entirely-new", "--no-browser")


def test_a_port_that_is_taken(course: Path) -> None:
    """On a port that is taken nothing is started, and another is named."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(KefuError, match=f"kefu preview umbrella --port {port + 1}"):
            run("preview", "umbrella", "--no-browser", "--port", str(port))


def test_a_preview_is_told_and_served(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command names its page, and serves the scenario of every content folder there is."""
    served: list[object] = []
    monkeypatch.setattr("kefu.preview.serve", lambda *args: served.append(args))
    monkeypatch.setattr("kefu.lab.free_port", lambda port: None)
    for said in ("umbrella", "content/scenarios/umbrella.toml"):
        result = run("preview", said, "--no-browser", "--lang", "en")
        assert "previewing umbrella: http://127.0.0.1:8870/" in result.stdout
    assert served == [("umbrella", (course / "content",), "en", 8870)] * 2
