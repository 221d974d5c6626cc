"""The one cell of the notebook that stock Voila serves: ipywidgets, and nothing but them."""

from __future__ import annotations

import html
import uuid

import ipywidgets as widgets
import quiz
from IPython.display import display

visitor = uuid.uuid4().hex
at = [0]
words = widgets.HTML()
radio = widgets.RadioButtons(layout={"width": "max-content"})
send = widgets.Button(description="看看如何", button_style="primary")
told = widgets.HTML()
following = widgets.Button(description="下一题", layout={"display": "none"})


def paragraphs(text: str) -> str:
    """Plain words as HTML."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n\n"))


def show() -> None:
    """The question that is asked now."""
    question = quiz.QUESTIONS[at[0]]
    words.value = paragraphs("\n\n".join([*question["story"], question["prompt"]]))
    radio.options = [option["text"] for option in question["options"]]
    radio.value = None
    told.value = ""
    following.layout.display = "none"


def submit(_: object) -> None:
    """Keep the answer, then show the reason."""
    if radio.value is None:
        return
    told.value = paragraphs(quiz.answer(visitor, at[0], radio.value))
    following.layout.display = None if at[0] + 1 < len(quiz.QUESTIONS) else "none"


def turn(_: object) -> None:
    """The next question."""
    at[0] += 1
    show()


send.on_click(submit)
following.on_click(turn)
show()
display(widgets.VBox([words, radio, send, told, following]))
