"""Who is measured: the one cell of each notebook, and what its page had to load."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CONTESTANTS", "Contestant", "Name"]

Name = str
_READ = """\
import json
from pathlib import Path
cards = json.loads(Path("cards.json").read_text("utf-8"))
"""
# A story and a question in one line of HTML: what the two peers are given to show.
_STORY = """{card["turns"][0]["text"]["zh"]}<br>{card["prompt"]["zh"]}"""


@dataclass(frozen=True)
class Contestant:
    """One way to ask the twenty questions.

    Args:
        name: its column in the table.
        cell: the code of the one cell: shows what stands in `cards.json` beside the notebook.
        package: the distribution whose version is noted.
        extensions: the prebuilt JupyterLab extensions that its page needs.
        asks: other hosts that it may try to reach; they never hear of it.
        says: what its page may report as an error.
    """

    name: Name
    cell: str
    package: str
    extensions: tuple[str, ...]
    asks: frozenset[str] = frozenset()
    says: frozenset[str] = frozenset()


KEFU = Contestant(
    "kefu",
    f"""\
{_READ}
from kefu.journal import FileJournal
from kefu.player import JournalDesk, Player
Player(JournalDesk(cards, FileJournal(Path("responses.jsonl"))), pace="all")
""",
    "kefu",
    ("@jupyter-widgets/jupyterlab-manager", "anywidget"),
)
# As lean as it can be written: no box and no button of each question.
RADIO = Contestant(
    "RadioButtons",
    f"""\
{_READ}
import ipywidgets
shown = []
for card in cards:
    options = [(option["text"]["zh"], option["id"]) for option in card["options"]]
    shown.append(ipywidgets.HTML(f'{_STORY}'))
    shown.append(ipywidgets.RadioButtons(options=options, value=None,
                                         layout={{"width": "max-content"}}))
ipywidgets.VBox(shown)
""",
    "ipywidgets",
    ("@jupyter-widgets/jupyterlab-manager",),
)
# Without the reasons of the options, which it would carry in the page for everybody to read.
# Its script comes with the output. Where JupyterLab's own MathJax is in the page before the quiz is
# drawn, it tries to fetch another from a CDN; where that comes later, each click reports an error.
QUIZ = Contestant(
    "jupyterquiz",
    f"""\
{_READ}
from jupyterquiz import display_quiz
display_quiz([{{
    "type": "multiple_choice",
    "question": f'{_STORY}',
    "answers": [{{"answer": option["text"]["zh"], "correct": at == 0}}
                for at, option in enumerate(card["options"])],
}} for card in cards], shuffle_answers=False)
""",
    "jupyterquiz",
    (),
    asks=frozenset({"cdn.jsdelivr.net"}),
    says=frozenset(
        {"MathJax.typeset is not a function", "Cannot read properties of undefined (reading '0')"}
    ),
)
CONTESTANTS = (KEFU, RADIO, QUIZ)
"""kefu first, then its peers."""
