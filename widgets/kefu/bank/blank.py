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
# 别的单位、数据表、范围、算式，见 docs/kinds/number.md · other units, data, ranges, formulas
unit.zh   = "〔单位〕"
unit.en   = "〔unit〕"

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
value     = "〔数，不加引号；或 {standard.phone.rings} · a number without quotes, or a standard〕"
tolerance = 0                    # 允许差多少 · how far off is still right
why.zh = "〔怎么算出来的〕"
why.en = "〔how it is worked out〕"
""",
    "match": _PROMPT
    + """\
# 左边和右边各 2 到 10 个；右边可以多，也可以配几次
# 2 to 10 on each side; a right may be left over, or serve twice
# bins = true                    # 右边是几个筐 · the rights are bins
left.hurry.zh  = "〔左边第一张〕"
left.hurry.en  = "〔the first on the left〕"
left.shy.zh    = "〔左边第二张〕"
left.shy.en    = "〔the second on the left〕"
right.time.zh  = "〔右边第一张〕"
right.time.en  = "〔the first on the right〕"
right.quiet.zh = "〔右边第二张〕"
right.quiet.en = "〔the second on the right〕"
right.price.zh = "〔用不上的一张〕"
right.price.en = "〔one that fits none〕"

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
pair.hurry = "time"
pair.shy   = "quiet"
# half.hurry = ["quiet"]         # 也算对一半的 · what earns half
why.hurry.zh = "〔为什么这样配〕"
why.hurry.en = "〔why they belong together〕"
why.shy.zh   = "〔为什么这样配〕"
why.shy.en   = "〔why they belong together〕"
""",
    "selfcheck": _PROMPT
    + """\
# 至少三条；每条都有一句建议 tip，可以写属于哪一方面 axis；没有答案，也不计分
# Three statements or more, each with a tip and, if you like, its axis; no key, no score
statement.greet.zh     = "〔第一条，用“我”来说〕"
statement.greet.en     = "〔the first, said with “I”〕"
statement.greet.tip.zh = "〔给说“还没有”的人的一句建议〕"
statement.greet.tip.en = "〔one thing to try, for whoever says “not yet”〕"
statement.ask.zh       = "〔第二条〕"
statement.ask.en       = "〔the second〕"
statement.ask.tip.zh   = "〔建议〕"
statement.ask.tip.en   = "〔one thing to try〕"
statement.rest.zh      = "〔第三条〕"
statement.rest.en      = "〔the third〕"
statement.rest.tip.zh  = "〔建议〕"
statement.rest.tip.en  = "〔one thing to try〕"
# statement.rest.axis.zh = "…"   # 同一方面，每条都写得一样 · alike wherever it is the same axis
# statement.rest.axis.en = "…"
""",
    "dialogue": _PROMPT
    + """\
# 客户的心情，0 到 10；每句话的 anger、trust 写它变多少
# The customer's feelings, 0 to 10; at a saying, anger and trust say how they move
start     = "opening"
anger     = 6
trust     = 3
# 一个节点：客户说一句，你有 2 到 5 句可回，to 说明走到哪里
# A node: what the customer says, two to five things to answer, and where each leads
node.opening.customer.zh   = "〔客户的话〕"
node.opening.customer.en   = "〔what the customer says〕"
node.opening.say.hear.zh   = "〔好的一句〕"
node.opening.say.hear.en   = "〔a good thing to say〕"
node.opening.say.hear.to   = "settled"
node.opening.say.hear.anger = -2
node.opening.say.hear.trust = 2
node.opening.say.rule.zh   = "〔差的一句〕"
node.opening.say.rule.en   = "〔a poor thing to say〕"
node.opening.say.rule.to   = "lost"
node.opening.say.rule.anger = 2
# node.opening.say.rule.needs.anger_max = 8   # 心情怎样才能这么说 · when it may be said
# 结局写 ending，也可以写客户最后的话 customer · an ending; customer for last words
node.settled.ending.zh = "〔好的结局〕"
node.settled.ending.en = "〔a good ending〕"
node.lost.ending.zh    = "〔差的结局〕"
node.lost.ending.en    = "〔a poor ending〕"

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
credit.opening.hear = 1.0        # 至少一条路全是 1.0，走到 1.0 的结局 · one path has 1.0 throughout
credit.opening.rule = 0.0
why.opening.hear.zh = "〔为什么好〕"
why.opening.hear.en = "〔why it is good〕"
why.opening.rule.zh = "〔为什么差〕"
why.opening.rule.en = "〔why it is poor〕"
outcome.settled = 1.0            # 每个结局值多少 · what each ending is worth
outcome.lost    = 0.0
""",
    "rewrite": _PROMPT
    + """\
given.zh   = "〔要改的原话〕"
given.en   = "〔what was said, to be said better〕"
max_length = 200                 # 最多多少字 · the most characters

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
# 要有的说法：说到任何一种写法都算 · phrases to use: any of the variants counts
required.own.zh      = ["〔一种写法，别的写法用逗号隔开接着写〕"]
required.own.en      = ["〔one variant; more of them after a comma〕"]
required.own.why.zh  = "〔为什么要有〕"
required.own.why.en  = "〔why it should be there〕"
# 不该有的说法 · phrases to avoid
forbidden.shove.zh     = ["〔不该有的说法〕"]
forbidden.shove.en     = ["〔a phrase to avoid〕"]
forbidden.shove.why.zh = "〔为什么不该有〕"
forbidden.shove.why.en = "〔why it should not be there〕"
# 评分要点：计分时由老师看 · what a person marks when it counts
rubric.follow.zh     = "〔一条要点〕"
rubric.follow.en     = "〔one thing to mark〕"
rubric.follow.points = 2
# 参考说法：中英文各自都要满足上面的说法 · each language by itself meets the phrases above
model.zh = "〔参考说法〕"
model.en = "〔the model answer〕"
""",
    "review": _PROMPT
    + """\
scorecard = "〔评分表的文件名，不带 .toml / file name of a scorecard, without .toml〕"
# 通话：who 写 customer、agent 或 system；at 是时间，可以不写
# The call: who is customer, agent or system; at is the time, and may be left out
[[item.line]]
who = "customer"
at  = "0:03"
zh  = "〔客户的话〕"
en  = "〔what the customer says〕"
[[item.line]]
who = "agent"
at  = "0:08"
zh  = "〔客服的话〕"
en  = "〔what the agent says〕"

[open.first-reply]               # graded 和 exam 写 · for graded and exam: [sealed.first-reply]
# 评分表的每一项都打分，每一项、每个严重错误都写 why
# Score every criterion of the card; give a why for each, and for each critical error
score.greet  = 1
score.close  = 0
critical     = []                # 通话里有的严重错误 · the critical errors the call has
why.greet.zh = "〔为什么是这一级〕"
why.greet.en = "〔why it is this level〕"
why.close.zh = "〔为什么是这一级〕"
why.close.en = "〔why it is this level〕"
""",
}


def scenario(kind: str, lesson: str | None) -> str:
    """The text of a new scenario with one practice item; `kind` is one of those asked today."""
    head = _HEAD.replace("{kind}", kind).replace(
        "{lesson}", lesson or "〔课号，如 5.2 / lesson, such as 5.2〕"
    )
    return head + _BODIES[kind] + ("" if kind == "selfcheck" else _TAKEAWAY)
