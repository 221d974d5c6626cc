"""What all the peers' pages share: the questions, and a file that an answer is on before it counts.

Nothing of kefu is imported here, and nothing that is not in the standard library.
The working folder holds `questions.json`; answers are appended to `answers.db` beside it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

__all__ = ["QUESTIONS", "answer", "feedback", "label"]

QUESTIONS: list[dict[str, Any]] = json.loads(Path("questions.json").read_text("utf-8"))
_lock = threading.Lock()
_db = sqlite3.connect("answers.db", check_same_thread=False, timeout=30, isolation_level=None)
# As kefu's house keeps them: on disk at each commit.
_db.execute("PRAGMA journal_mode=WAL")
_db.execute("PRAGMA synchronous=FULL")
_db.execute(
    "CREATE TABLE IF NOT EXISTS answers (n INTEGER PRIMARY KEY, visitor TEXT, item TEXT,"
    " option TEXT, at TEXT DEFAULT CURRENT_TIMESTAMP)"
)


def answer(visitor: str, n: int, option: str) -> str:
    """Append an answer to the nth question, by its option's text; gives the feedback after that."""
    question = QUESTIONS[n]
    picked = next(one for one in question["options"] if one["text"] == option)
    with _lock:
        # Without a transaction around it a statement is committed when it returns.
        _db.execute(
            "INSERT INTO answers (visitor, item, option) VALUES (?, ?, ?)",
            (visitor, question["item"], picked["id"]),
        )
    return feedback(question, picked)


def feedback(question: dict[str, Any], picked: dict[str, Any]) -> str:
    """One text: how good it was, why, and the line to remember."""
    return f"{picked['credit']:.0%}：{picked['why']}\n\n{question['takeaway']}"


def label(n: int) -> str:
    """The nth question's story and prompt, a line each."""
    question = QUESTIONS[n]
    return "\n\n".join([*question["story"], f"**{question['prompt']}**"])
