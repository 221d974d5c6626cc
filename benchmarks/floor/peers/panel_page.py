"""Panel: a script for `panel serve`, run once for each session."""

from __future__ import annotations

import uuid

import panel as pn
import quiz

pn.extension()
visitor = uuid.uuid4().hex
at = [0]
words = pn.pane.Markdown(quiz.label(0))
radio = pn.widgets.RadioBoxGroup(
    options=[option["text"] for option in quiz.QUESTIONS[0]["options"]], value=None
)
send = pn.widgets.Button(name="看看如何", button_type="primary")
told = pn.pane.Markdown("")
following = pn.widgets.Button(name="下一题", visible=False)


def submit(_: object) -> None:
    """Keep the answer, then show the reason."""
    if radio.value is None:
        return
    told.object = quiz.answer(visitor, at[0], radio.value)
    following.visible = at[0] + 1 < len(quiz.QUESTIONS)


def turn(_: object) -> None:
    """The next question."""
    at[0] += 1
    told.object, following.visible = "", False
    words.object = quiz.label(at[0])
    options = [option["text"] for option in quiz.QUESTIONS[at[0]]["options"]]
    radio.param.update(options=options, value=None)


send.on_click(submit)
following.on_click(turn)
pn.Column(words, radio, send, told, following).servable(title="每日五题")
