"""A dialogue drawn for its author."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner, Result

from kefu.cli import graph
from kefu.cli.layers import Way, arrange
from kefu.errors import KefuError
from tests.bank.maker import write
from tests.bank.test_dialogue_rules import STORY, changed
from tests.pieces import CONTENT

RUNNER = CliRunner()
SVG = "{http://www.w3.org/2000/svg}"


def run(*words: str) -> Result:
    """Run the command; what a person can mend is raised."""
    app = typer.Typer()
    graph.add(app)
    result = RUNNER.invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def house(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Path:
    """A course with this dialogue as its story `queue`, which is also the working folder."""
    write(folder / "content", {"scenarios/queue.toml": text})
    (folder / "nbgrader_config.py").touch()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("KEFU_CONTENT", raising=False)
    return folder


def drawn(file: Path) -> tuple[ElementTree.Element, list[str]]:
    """The picture, and every line of words in it."""
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    return root, ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def test_the_airline_s_call_is_drawn_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seventeen boxes, 33 sayings, and no two boxes on top of each other, in both languages."""
    monkeypatch.chdir(CONTENT.parent)
    for lang in ("zh", "en"):
        run("airline-rebooking-call", "--lang", lang, "--to", str(tmp_path))
        root, words = drawn(tmp_path / "airline-rebooking-call.svg")
        boxes = [box for box in root.iter(f"{SVG}rect") if box.get("fill") == "none"]
        assert len(boxes) == 17
        places = [tuple(float(b.get(n, "")) for n in ("x", "y", "width", "height")) for b in boxes]
        for at, (x, y, w, h) in enumerate(places):
            assert 0 <= x <= x + w <= float(root.get("width", ""))
            assert 0 <= y <= y + h <= float(root.get("height", ""))
            for x2, y2, _, h2 in places[at + 1 :]:
                assert x != x2 or y + h <= y2 or y2 + h2 <= y
        assert sum(bool(re.match(r"[✓◐✗] [\d.]+  [a-z-]+( |$)", line)) for line in words) == 33
        heads = [p for p in root.iter(f"{SVG}path") if (p.get("d") or "").endswith("z")]
        assert len(heads) >= 16


def test_words_stay_in_their_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is longer than a box is wide, taking 汉字 as square; none begins with a stop."""
    monkeypatch.chdir(CONTENT.parent)
    run("airline-rebooking-call", "--lang", "zh", "--to", str(tmp_path))
    _, words = drawn(tmp_path / "airline-rebooking-call.svg")
    inside = [w for w in words[1:] if not re.match(r"[✓◐✗a-z]", w)]
    assert inside
    assert max(map(len, inside)) <= 276 / 13 + 3
    assert not [line for line in inside if line[0] in "，。！？、：；）”"]


def test_it_says_where_it_drew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a folder the picture stands in the working folder."""
    house(tmp_path, monkeypatch, STORY)
    assert run("queue", "--lang", "en").stdout == "drew queue.svg; any browser opens it\n"
    assert run("queue", "--lang", "zh").stdout == "画好了 queue.svg，用浏览器打开\n"
    assert (tmp_path / "queue.svg").is_file()


def test_the_outline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every node stands once, below the first way to it, with credits, moves and outcomes."""
    house(tmp_path, monkeypatch, STORY)
    assert (
        run("queue", "--lang", "en", "--text").stdout
        == """\
The queue · calm (anger 6, trust 3)
opening  customer: Why is he first?
  [✓ 1] hear anger −2: Let me see what happened.
    → middle  customer: Then be quick.
        [✓ 1] mend: I will see to it now.
          → solved  ending: It is done.  [✓ 1]
        [✗ 0] wait: Please wait a bit.
          → opening  (see above)
  [◐ 0.2] rule anger +2: Those are the rules.
    → lost  customer: I want to complain.  ending: The customer leaves.  [✗ 0]
"""
    )
    assert (
        "\n  [✓ 1] hear 火气 −2：我看看是怎么回事。\n"
        in run("queue", "--text", "--lang", "zh").stdout
    )


def test_an_unfinished_dialogue_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A way to nowhere, a node nobody reaches and a missing credit are shown as such."""
    text = changed(
        ('rule.to = "lost"', 'rule.to = "exit"'), ("credit.middle.wait  = 0.0\n", "")
    ).replace("credit.opening.rule", "# ")
    house(tmp_path, monkeypatch, text)
    run("queue", "--lang", "en")
    _, words = drawn(tmp_path / "queue.svg")
    assert "exit  ✗ there is no such node" in words
    assert "?  wait" in words
    outline = run("queue", "--text", "--lang", "en").stdout
    assert "→ exit  ✗ there is no such node" in outline
    assert "(not reached)\nlost" in outline


def test_a_way_back_is_dashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes over the boxes, not through them, and ends left of the box it leads to."""
    house(tmp_path, monkeypatch, STORY)
    run("queue")
    root, _ = drawn(tmp_path / "queue.svg")
    (back,) = (p.get("d") or "" for p in root.iter(f"{SVG}path") if p.get("stroke-dasharray"))
    lane = float(re.findall(r"V([\d.]+)", back)[0])
    boxes = [box for box in root.iter(f"{SVG}rect") if box.get("fill") == "none"]
    assert lane < min(float(box.get("y", "")) for box in boxes)


def test_needs_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A saying tells how the customer has to feel for it."""
    needs = "node.middle.say.wait.needs.anger_max = 7\nnode.middle.say.wait.to"
    house(tmp_path, monkeypatch, changed(("node.middle.say.wait.to", needs)))
    run("queue", "--lang", "en")
    assert "✗ 0  wait  [anger ≤ 7]" in drawn(tmp_path / "queue.svg")[1]


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("qeue", "there is no scenario qeue; perhaps you mean queue"),
        ("umbrella", "umbrella has no dialogue"),
    ],
)
def test_what_cannot_be_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slug: str, said: str
) -> None:
    """An unknown story, or one without a dialogue, is told in a sentence."""
    house(tmp_path, monkeypatch, STORY)
    with pytest.raises(KefuError, match=said):
        run(slug)


def test_a_story_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first thing to mend is named."""
    house(tmp_path, monkeypatch, STORY.replace('title.en = "The queue"', 'title.en = "The queue'))
    with pytest.raises(KefuError, match=r"queue cannot be read yet; mend this first: .*toml:3"):
        run("queue")


def test_columns_follow_the_longest_way() -> None:
    """A box stands right of all that lead to it; a way back is one, and ends stand last."""
    ways = [Way("a", "b", 10), Way("a", "c", 20), Way("b", "c", 10), Way("c", "a", 10),
            Way("a", "end", 30), Way("c", "end", 20), Way("c", "c", 30)]  # fmt: skip
    spots = arrange(dict.fromkeys(["a", "b", "c", "end"], 50.0), ways, ["end"])
    assert [spots[name].column for name in ("a", "b", "c", "end")] == [0, 1, 2, 3]
    assert [way.back for way in ways] == [False, False, False, True, False, False, True]
    assert ways[4].over == ["end@1", "end@2"]
    assert ways[1].over == ["c@1"]
    for column in range(4):
        stack = sorted((s for s in spots.values() if s.column == column), key=lambda s: s.top)
        for one, two in pairwise(stack):
            assert one.top + one.height < two.top
