"""NiceGUI: a page function, radio, button; blocking work goes to a thread, as its docs advise."""

from __future__ import annotations

import os
import uuid

import quiz
from nicegui import run, ui


@ui.page("/", title="每日五题", language="zh-CN")
def page() -> None:
    """One visitor's page."""
    visitor = uuid.uuid4().hex

    @ui.refreshable
    def question(n: int) -> None:
        asked = quiz.QUESTIONS[n]
        ui.markdown(quiz.label(n))
        radio = ui.radio([option["text"] for option in asked["options"]])

        async def submit() -> None:
            if radio.value is None:
                return
            send.disable()
            said = await run.io_bound(quiz.answer, visitor, n, radio.value)
            told.set_content(said)
            if n + 1 < len(quiz.QUESTIONS):
                following.set_visibility(True)

        send = ui.button("看看如何", on_click=submit)
        told = ui.markdown()
        following = ui.button("下一题", on_click=lambda: question.refresh(n + 1))
        following.set_visibility(False)

    question(0)


ui.run(
    host="127.0.0.1", port=int(os.environ["BENCH_PORT"]), reload=False, show=False,
    show_welcome_message=False,
)  # fmt: skip
