"""Streamlit: a form, so that only its button sends anything, and the session's own state."""

from __future__ import annotations

import uuid

import quiz
import streamlit as st

st.set_page_config(page_title="每日五题")
state = st.session_state
if "visitor" not in state:
    state.visitor, state.at, state.told = uuid.uuid4().hex, 0, ""


def turn() -> None:
    """The next question."""
    state.at += 1
    state.told = ""


n = state.at
st.markdown(quiz.label(n))
with st.form(f"question-{n}"):
    texts = [option["text"] for option in quiz.QUESTIONS[n]["options"]]
    picked = st.radio("选一个", texts, index=None, label_visibility="collapsed")
    if st.form_submit_button("看看如何") and picked:
        state.told = quiz.answer(state.visitor, n, picked)
if state.told:
    st.markdown(state.told)
    if n + 1 < len(quiz.QUESTIONS):
        st.button("下一题", on_click=turn)
