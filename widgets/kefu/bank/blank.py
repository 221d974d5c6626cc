"""The scenario that `kefu new` writes: everything in its place, every blank marked.

Whatever stands in 〔 〕 is a blank; the check tells each of them with its line.
"""

from __future__ import annotations

__all__ = ["scenario"]

_HEAD = """\
# 一个故事，一题或多题；写完运行 kefu check。写法见 docs/grammar.md。
# One story, one or more questions; run kefu check when done. See docs/grammar.md.

# 至多两个知识点，见 coverage.toml · at most two ids of coverage.toml
teaches  = ["〔知识点 / coverage id〕"]
title.zh = "〔故事的标题〕"
title.en = "〔title of the story〕"

# 故事：可以有好几段 · the story: as many turns as it needs
# who 可写 · who is one of: scene, customer, agent, colleague, supervisor
[[turn]]
who = "scene"
zh  = "〔在哪里，什么时候，您是谁〕"
en  = "〔where, when, and who you are〕"

[[turn]]
who = "customer"
zh  = "〔客户的原话，外面不加引号〕"
en  = "〔the customer's words, without quotation marks round them〕"

[[item]]
id        = "first-reply"        # 说的是哪一刻 · names the moment
kind      = "{kind}"
use       = "practice"           # practice | graded | exam；graded 还要写 · also needs: set = "…"
lesson    = "{lesson}"
"""

_PROMPT = """\
prompt.zh = "〔问题〕"
prompt.en = "〔the question〕"
"""

_CHOICE = (
    _PROMPT
    + """\
# 选项 3 到 6 个，名字随意，学员看不到 · 3 to 6 options; learners never see their names
option.best.zh   = "〔最好的说法〕"
option.best.en   = "〔the best thing to say〕"
option.middle.zh = "〔还可以的说法〕"
option.middle.en = "〔an acceptable thing to say〕"
option.worst.zh  = "〔最差的说法〕"
option.worst.en  = "〔the worst thing to say〕"

# 答案：练习题写在 [open.…]，graded 和 exam 写在 [sealed.…]
# The key: [open.…] for practice, [sealed.…] for graded and exam
[open.first-reply]
"""
)
_WHYS = """\
why.best.zh   = "〔为什么最好〕"
why.best.en   = "〔why it is the best〕"
why.middle.zh = "〔为什么还可以〕"
why.middle.en = "〔why it is acceptable〕"
why.worst.zh  = "〔为什么最差〕"
why.worst.en  = "〔why it is the worst〕"
"""
_TAKEAWAY = """\
# 可选，一句话记住 · optional, one line to remember
# takeaway.zh = "…"
# takeaway.en = "…"
"""

_BODIES = {
    "choice": _CHOICE
    + """\
credit.best   = 1.0              # 最好的是 1.0 · the best is 1.0
credit.middle = 0.5
credit.worst  = 0.0
"""
    + _WHYS,
    "choices": _CHOICE
    + """\
right = ["best", "middle"]       # 该选的 · the ones to pick
"""
    + _WHYS,
    "order": _PROMPT
    + """\
# 步骤 3 到 9 个 · 3 to 9 steps
step.greet.zh = "〔第一步〕"
step.greet.en = "〔the first step〕"
step.ask.zh   = "〔第二步〕"
step.ask.en   = "〔the second step〕"
step.close.zh = "〔第三步〕"
step.close.en = "〔the third step〕"

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
order = ["greet", "ask", "close"]
# free = [["greet", "ask"]]      # 可以对调的 · pairs that may stand either way round
why.zh = "〔为什么是这个顺序〕"
why.en = "〔why in this order〕"
""",
    "number": _PROMPT
    + """\
unit.zh   = "〔单位〕"
unit.en   = "〔unit〕"

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
value     = "〔数，不加引号；或 {standard.phone.rings} · a number without quotes, or a standard〕"
tolerance = 0                    # 允许差多少 · how far off is still right
why.zh = "〔怎么算出来的〕"
why.en = "〔how it is worked out〕"
""",
}


def scenario(kind: str, lesson: str | None) -> str:
    """The text of a new scenario with one practice item; `kind` is one of those asked today."""
    head = _HEAD.replace("{kind}", kind).replace(
        "{lesson}", lesson or "〔课号，如 5.2 / lesson, such as 5.2〕"
    )
    return head + _BODIES[kind] + _TAKEAWAY
