"""What becomes of the visits once they are made: no figure that was not measured."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import block
from benchmarks.floor import crowd, gather, report, words
from benchmarks.floor.contestants import CONTESTANTS, KEFU, PEERS, notebook
from benchmarks.floor.items import REFS, chosen, plain, reasons
from benchmarks.floor.rounds import PROFILES, Visit
from benchmarks.floor.servers import unique
from kefu.house import draw
from kefu.house.quiz import SIZE

ROOT = Path(__file__).resolve().parents[2]
NAMES = [who.name for who in CONTESTANTS]
FASTER = {"NiceGUI": 3.0, "Gradio": 4.0, "Panel": 5.0, "Streamlit": 6.0}


def _visit(clickable: float, feedback: float = 20, **more: Any) -> Visit:
    fields: dict[str, Any] = {
        "lost": 0, "bytes": 54_000, "requests": 5, "bytes_clickable": 53_000,
        "requests_clickable": 3, "frames": 1_000, "strangers": (),
    }  # fmt: skip
    return Visit(clickable=clickable, feedback=feedback, **(fields | more))


def _made(who: str, rounds: Sequence[float] = (100, 200, 400)) -> dict[str, list[Visit]]:
    """Visits of somebody who takes so many times as long as kefu in each round."""
    times = {KEFU.name: 1.0, "Voila": 12.0, "Voila, preheated": 9.0} | FASTER
    stranger = ("cdn.test",) if who.startswith("Voila") else ()
    size = 54_000 if who == KEFU.name else 400_000
    first = [_visit(times[who] * ms, strangers=stranger, bytes=size) for ms in rounds]
    # Only the first of them clicked.
    again = [
        _visit(times[who] * ms / 2, 10.0 * (n == 0), bytes=size) for n, ms in enumerate(rounds)
    ]
    return {"first": first, "again": again}


def _crowd(visitors: int, **more: Any) -> dict[str, Any]:
    told = {
        "count": visitors, "page": [20.0] * visitors, "ready": [90.0] * visitors,
        "answer": [float(n + 1) for n in range(100)], "acknowledged": [str(n) for n in range(100)],
        "waits": {"/ 503": 2}, "errors": {}, "seconds": 50.0, "cpu": 10.0,
    } | more  # fmt: skip
    empty = dict.fromkeys((*gather.PARTS, "count"), 0.0)
    full = empty | {"door": 10.0, "kernels": 20.0 * visitors, "count": float(visitors)}
    kept = gather.Kept(told["acknowledged"]).compare(told["acknowledged"])
    return gather.summary(told, empty, full, kept)


def _data(**instead: dict[str, list[Visit]]) -> dict[str, Any]:
    visits = {
        profile: {who: instead.get(who) or _made(who) for who in NAMES} for profile in PROFILES
    }
    memory = {who: {"one": 1.0, "many": 1.0, "a_visitor": 9.5} for who in NAMES}
    about = {"date": "2026-11-22T08:00:00+00:00",
             "machine": {"cores": 2, "memory_gib": 23.0, "cpu": "Some CPU"}}  # fmt: skip
    return report.result(visits, memory, [_crowd(50), _crowd(300)], about)


# Medians and ratios


def test_ratios_are_peer_to_kefu_of_the_same_round() -> None:
    """A busy round weighs on both: a peer that is three times as slow in each is so in all."""
    told = _data()["ratios"]
    assert list(told) == ["desktop, first", "desktop, again", "phone, first", "phone, again"]
    for ratios in told.values():
        assert ratios["NiceGUI"] == {
            "median": 3, "least": 3, "most": 3, "lower": 3, "upper": 3
        }  # fmt: skip
        assert ratios["Voila"]["median"] == 12
        assert KEFU.name not in ratios


def test_the_result_keeps_every_visit() -> None:
    """Each time of each round stands in the result; feedback only of those that clicked."""
    told = _data()["pages"]["desktop, again"][KEFU.name]
    assert told["clickable"] == {"median": 100, "least": 50, "most": 200, "all": [50, 100, 200]}
    assert told["feedback"]["all"] == [10]
    assert (told["kB"], told["requests"]) == (54, 5)


def test_a_round_too_few_is_refused() -> None:
    """Whoever has fewer visits than kefu is compared with nothing."""
    with pytest.raises(ValueError, match="zip"):
        _data(Panel=_made("Panel", (100, 200)))


def test_the_fastest_peer_is_none_of_the_voilas() -> None:
    """Stock Voila is compared by name, however fast it was."""
    quick = {"Voila": _made("NiceGUI", (1, 2, 4))}
    assert report.fastest(_data(**quick), "phone, first") == "NiceGUI"


def test_rounds_that_disagree_are_named() -> None:
    """A pair whose quarters lie more than twice apart has no figure."""
    assert report.unsteady(_data()) == []
    wide = report.unsteady(_data(Panel=_made("Panel", (100, 900, 400))))
    assert wide == [f"{profile}, {when}, Panel" for profile in PROFILES for when in report.VISITS]


# Aims


def test_aims_are_met_or_not() -> None:
    """A ratio should be large, a size or a time small; each says by itself whether it is met."""
    aims = _data()["aims"]
    assert all(one["met"] for one in aims.values()), aims
    assert aims["300 at once: MiB a visitor"]["found"] == pytest.approx(20.03, abs=0.01)
    slow = _data(kefu=_made("kefu", (1000, 2000, 4000)))["aims"]
    assert {what for what, one in slow.items() if not one["met"]} == {
        *(f"{p}, {w}: NiceGUI ÷ kefu" for p in PROFILES for w in report.VISITS),
        *(f"{p}, {w}: Voila ÷ kefu" for p in PROFILES for w in report.VISITS),
        "phone, again: ms",
    }


# The crowd


def test_percentiles_are_values_that_were_seen() -> None:
    """The p95 of a hundred is the ninety-fifth; of one value, that one; of none, nothing."""
    values = [float(n) for n in range(1, 101)]
    assert [crowd.percentile(values, share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert crowd.percentile([7.0], 0.99) == 7
    assert crowd.percentile([], 0.5) == 0


def test_an_answer_is_neither_lost_nor_kept_twice() -> None:
    """What was said to be saved is compared with what is on disk, id by id."""
    kept = gather.Kept(["a", "b", "b", "c"])
    assert kept.compare(["a", "b", "d"]) == {
        "rows": 4, "acknowledged": 3, "lost": 1, "twice": 1, "unsaid": 1
    }  # fmt: skip


def test_a_page_is_read() -> None:
    """Who is there, in which visit, what is asked, and the files that the page names."""
    html = (
        '<link rel="stylesheet" href="/static/page.ab.css">'
        '<body data-base="/" data-page="daily" data-visit="v1" data-day="2026-11-22">'
        '<script type="application/json" id="state">{"cards":[{"item":"a--b"}]}</script>'
    )
    page = crowd.stand({"set-cookie": "kefu-visit=12; HttpOnly; Path=/"}, html)
    assert page.cookie == "kefu-visit=12"
    assert page.place == {"page": "daily", "visit": "v1", "day": "2026-11-22"}
    assert page.cards == [{"item": "a--b"}]
    assert page.files == ["/static/page.ab.css"]
    with pytest.raises(crowd.TroubleError, match="without questions"):
        crowd.stand({}, "<p>Many people are here just now</p>")


@pytest.mark.parametrize(
    ("first", "line", "above", "part"),
    [
        (True, "python -m kefu floor", "", "door"),
        (False, "python -m kefu.house", "python -m kefu floor", "house"),
        (False, "python -c from kefu.kernels.warm import", "python -m kefu floor", "warm"),
        (False, "python -c from kefu.kernels.warm import",
         "python -c from kefu.kernels.warm import", "kernels"),
        (False, "python -m ipykernel_launcher", "python -m kefu floor", "kernels"),
        (False, "git", "python -m kefu floor", "other"),
    ],
)  # fmt: skip
def test_a_fork_is_told_from_what_it_was_forked_from(
    first: bool, line: str, above: str, part: str
) -> None:
    """A kernel that was forked has its parent's command line, and is counted as a kernel."""
    assert gather.part_of(first, line, above) == part


def test_memory_of_a_process_is_its_own() -> None:
    """What a process holds alone is more than nothing; one that is gone holds nothing."""
    assert unique(psutil.Process(os.getpid())) > 1
    gone = subprocess.Popen([sys.executable, "-c", ""])
    process = psutil.Process(gone.pid)
    gone.wait()
    assert unique(process) == 0


# What is said


def test_the_table_has_a_row_for_everything() -> None:
    """Six rows for each profile and visit, one for memory; then the crowds, then the aims."""
    data = _data()
    pages, crowds, aims = report.table(data).split("\n\n")
    assert len(pages.splitlines()) == 1 + 4 * 6 + 1
    assert len(crowds.splitlines()) == 1 + 9 + 5
    assert len(aims.splitlines()) == 1 + len(data["aims"])
    (clickable,) = [line for line in pages.splitlines() if "desktop, 初次 · first: 可点" in line]
    assert "200 (100–400)" in clickable


def test_the_sentence_tells_the_measured_ratios() -> None:
    """Both languages tell the same figures, on one line."""
    for said in words.sentence(_data()).values():
        for figure in ("2026-11-22", "NiceGUI", "3.0 (600 ÷ 200)", "12.0 (2400 ÷ 200)",
                       "9.0 (1800 ÷ 200)", "54 kB", "Some CPU", "95", "300"):  # fmt: skip
            assert figure in said
        assert "\n" not in said


def test_who_asked_another_host_is_named() -> None:
    """A line tells which hosts somebody tried to reach."""
    first, second = report.strangers(_data())
    assert first.startswith("Voila：想访问 cdn.test")
    assert second.startswith("Voila, preheated：")


def test_both_readmes_have_the_place() -> None:
    """README.md and README.zh.md have room for the sentence."""
    block.find([ROOT / "README.md", ROOT / "README.zh.md"], report.NAME)


# Who is compared, and with what


def test_everybody_asks_the_same_five() -> None:
    """Five choice items, which are the quiz of any day, and no two options begin alike."""
    items = chosen()
    assert len(items) == SIZE
    assert {one.card["kind"] for one in items} == {"choice"}
    drawn = draw(dt.date(2026, 11, 22), [one.card for one in items])
    assert {card["item"] for card in drawn} == set(REFS)
    questions = plain(items)
    assert len(reasons(questions)) == 25
    assert len(set(reasons(questions).values())) == 25


def test_an_answer_is_on_disk_before_a_peer_tells(tmp_path: Path) -> None:
    """What all the peers' pages call keeps the answer, then gives the option's own reason."""
    questions = plain(chosen())
    (tmp_path / "questions.json").write_text(json.dumps(questions), "utf-8")
    picked = questions[1]["options"][2]
    code = (
        "import json, sqlite3, sys, quiz\n"
        "said = quiz.answer('v', 1, json.loads(sys.argv[1]))\n"
        "db = sqlite3.connect('answers.db')\n"
        "rows = db.execute('SELECT visitor, item, option FROM answers').fetchall()\n"
        "print(json.dumps([said, rows]))"
    )
    peers = str(ROOT / "benchmarks" / "floor" / "peers")
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(picked["text"])],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": peers},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    said, rows = json.loads(done.stdout)
    assert picked["why"] in said
    assert rows == [["v", questions[1]["item"], picked["id"]]]


def test_every_page_is_python() -> None:
    """Each peer's page compiles, asks the shared questions, and keeps answers the shared way."""
    pages = sorted((ROOT / "benchmarks" / "floor" / "peers").glob("*_page.py"))
    assert len(pages) == 5
    for path in pages:
        source = path.read_text("utf-8")
        compile(source, path.name, "exec")
        assert "quiz.QUESTIONS" in source
        assert "quiz.answer" in source
    (cell,) = json.loads(notebook())["cells"]
    assert "RadioButtons" in cell["source"]


def test_the_command_knows_its_port() -> None:
    """Nothing is left to be filled in, and only kefu runs on kefu's Python."""
    for who in CONTESTANTS:
        argv = who.argv(Path("/peers/python"), 4321)
        assert "4321" in " ".join([*argv, *who.environment(4321).values()])
        assert not any("{port}" in word or "{peers}" in word for word in argv)
        assert (argv[0] == "/peers/python") == (who in PEERS)
