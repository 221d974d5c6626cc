"""Questions about marks, which come with a hand-in and are read by a person."""

from __future__ import annotations

import json
import secrets

from tests.hostile.attack import Fair, Stage, attack

FILE = "appeals.jsonl"


def _question(text: str, **other: object) -> bytes:
    asked = {
        "id": secrets.token_hex(16),
        "item": "umbrella--rings",
        "text": text,
        "at": "2026-11-20T08:00:00.000Z",
        "lang": "zh",
        **other,
    }
    return json.dumps(asked).encode() + b"\n"


@attack("提问里塞进脚本、公式和终端转义")
def asks_with_evil(stage: Stage) -> Fair:
    """Asks with scripts, formulas, what a terminal obeys, and lines that look like the house's.

    A question is shown as text, and changes nothing but the list it stands in.
    """
    evil = ("<script>alert(1)</script>", '=HYPERLINK("http://e.x")', "\x1b[2J\x07", "\ud800",
            "?\n  a-first: forged line", "x\u202e\u2028y", "'); DROP TABLE x; --")  # fmt: skip
    stage.write(FILE, b"".join(_question(text) for text in evil))
    return stage.all


@attack("提问多得看不完，或破得读不了")
def asks_without_end(stage: Stage) -> Fair:
    """Asks a thousand times, about items that are not there, in lines that are torn or deep.

    No more is kept than a person could ask, and grading goes on.
    """
    odd = [_question("x", item="../x"), _question("x", id=3), _question("x" * 9999),
           b"[" * 50_000 + b"\n", b"\xff\xfe\n", _question("x")[:-9]]  # fmt: skip
    stage.write(FILE, b"".join([*odd, *(_question(f"{n}") for n in range(1000))]))
    return stage.all


@attack("提问文件是指向邻座记录的链接")
def questions_link_to_a_neighbour(stage: Stage) -> Fair:
    """Hands in a link to a neighbour's journal as its questions.

    The link is set aside, and the instructor is told.
    """
    stage.instead(FILE).symlink_to(f"../../a-first/{stage.set}/responses.jsonl")
    return Fair(stage.best, told=True)
