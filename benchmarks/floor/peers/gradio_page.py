"""Gradio: Blocks whose first question stands in the page; the next ones come as updates."""

from __future__ import annotations

import os
from typing import Any

import gradio as gr
import quiz


def submit(n: int, option: str | None, request: gr.Request) -> tuple[Any, Any]:
    """Keep the answer, then show the reason."""
    if option is None:
        return gr.skip(), gr.skip()
    said = quiz.answer(str(request.session_hash), n, option)
    return said, gr.update(visible=n + 1 < len(quiz.QUESTIONS))


def turn(n: int) -> tuple[Any, ...]:
    """The next question."""
    n += 1
    choices = [option["text"] for option in quiz.QUESTIONS[n]["options"]]
    return n, quiz.label(n), gr.update(choices=choices, value=None), "", gr.update(visible=False)


with gr.Blocks(title="每日五题", analytics_enabled=False) as page:
    at = gr.State(0)
    words = gr.Markdown(quiz.label(0))
    radio = gr.Radio([option["text"] for option in quiz.QUESTIONS[0]["options"]], show_label=False)
    send = gr.Button("看看如何", variant="primary", elem_id="send")
    told = gr.Markdown()
    following = gr.Button("下一题", visible=False)
    send.click(submit, [at, radio], [told, following])
    following.click(turn, at, [at, words, radio, told, following])

page.launch(
    server_name="127.0.0.1", server_port=int(os.environ["BENCH_PORT"]), share=False, quiet=True
)
