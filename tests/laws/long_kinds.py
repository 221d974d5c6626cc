"""One story with an item of each kind that takes longer: match, dialogue, review, rewrite."""

from __future__ import annotations

__all__ = ["HINTED", "SCORECARD", "STORY", "story"]

STORY = "button"
HINTED = ("button--what-helps", "button--say-it-better")
"""Items that have hints in practice, where alone there are any; they also ask how sure one is."""

SCORECARD = """\
title.zh = "柜台评分表"
title.en = "Counter scorecard"

[[criterion]]
id = "greet"
zh = "先打招呼"
en = "Greets first"
[[criterion.level]]
score = 0
zh    = "没有打招呼"
en    = "No greeting"
[[criterion.level]]
score = 1
zh    = "打了招呼"
en    = "A greeting"

[[criterion]]
id     = "repeat"
zh     = "复述了问题"
en     = "Says the problem back"
weight = 2
[[criterion.level]]
score = 0
zh    = "没有复述"
en    = "Not at all"
[[criterion.level]]
score = 1
zh    = "复述了一半"
en    = "Half of it"
[[criterion.level]]
score = 2
zh    = "都复述了"
en    = "All of it"

[[critical]]
id = "rude"
zh = "顶撞客户"
en = "Is rude to the customer"

[[critical]]
id = "promise"
zh = "答应了做不到的事"
en = "Promises what cannot be done"
"""
_STORY = """\
teaches  = ["taboo-never-heard"]
title.zh = "少了一颗纽扣"
title.en = "A button gone"

[[turn]]
who = "customer"
zh  = "衬衫取回来，少了一颗纽扣。"
en  = "My shirt came back a button short."

[[item]]
id         = "what-helps"
kind       = "match"
use        = "USE"
lesson     = "5.2"
confidence = true
prompt.zh  = "出了这样的事，先做什么？"
prompt.en  = "This has happened: what do you do first?"
left.lost.zh   = "纽扣掉了"
left.lost.en   = "A button came off"
left.late.zh   = "衣服没按时洗好"
left.late.en   = "The wash is late"
left.wrong.zh  = "拿错了衣服"
left.wrong.en  = "The wrong shirt was handed over"
right.sew.zh   = "当场补一颗"
right.sew.en   = "Sew one on at once"
right.sorry.zh = "道歉，说好新的时间"
right.sorry.en = "Apologise and name a new time"
right.ring.zh  = "马上打电话给两位客人"
right.ring.en  = "Ring both customers straight away"
right.log.zh   = "登记下来，下班前找"
right.log.en   = "Note it down and look before closing"
HINTS
[[item]]
id         = "calm-down"
kind       = "dialogue"
use        = "USE"
lesson     = "5.2"
confidence = true
prompt.zh  = "您怎么接？"
prompt.en  = "How do you answer?"
start      = "opening"
anger      = 6
trust      = 3
node.opening.customer.zh    = "少了一颗纽扣，你们怎么洗的？"
node.opening.customer.en    = "A button is gone. What did you do to it?"
node.opening.say.hear.zh    = "我先看看是哪一颗。"
node.opening.say.hear.en    = "Let me see which one."
node.opening.say.hear.to    = "middle"
node.opening.say.hear.anger = -2
node.opening.say.hear.trust = 1
node.opening.say.rule.zh    = "小票上写着纽扣不赔。"
node.opening.say.rule.en    = "The ticket says we do not cover buttons."
node.opening.say.rule.to    = "middle"
node.opening.say.rule.anger = 2
node.middle.customer.zh     = "那现在怎么办？"
node.middle.customer.en     = "So what now?"
node.middle.say.sew.zh      = "我现在就给您补上，十分钟。"
node.middle.say.sew.en      = "I will sew one on now; ten minutes."
node.middle.say.sew.to      = "solved"
node.middle.say.sew.needs.anger_max = 5
node.middle.say.wait.zh     = "您先坐一会儿。"
node.middle.say.wait.en     = "Please take a seat."
node.middle.say.wait.to     = "opening"
node.middle.say.wait.anger  = -1
node.middle.say.shrug.zh    = "回家缝一下就好了。"
node.middle.say.shrug.en    = "It is quickly done at home."
node.middle.say.shrug.to    = "lost"
node.solved.ending.zh = "衬衫补好了，客户走了。"
node.solved.ending.en = "The shirt is mended and the customer leaves."
node.lost.customer.zh = "我不会再来了。"
node.lost.customer.en = "I will not come again."
node.lost.ending.zh   = "客户拿着衬衫走了。"
node.lost.ending.en   = "The customer takes the shirt and goes."

[[item]]
id        = "score-it"
kind      = "review"
use       = "USE"
lesson    = "5.2"
prompt.zh = "给这段对话打分。"
prompt.en = "Score this exchange."
scorecard = "counter"
[[item.line]]
who = "agent"
at  = "0:02"
zh  = "您好，纽扣的事是吧？"
en  = "Good morning. About a button, is it?"
[[item.line]]
who = "customer"
at  = "0:05"
zh  = "袖口这颗，是贝壳的。"
en  = "This one on the cuff, mother-of-pearl."
[[item.line]]
who = "agent"
at  = "0:09"
zh  = "一小时内一定给您找到。"
en  = "We will find it within the hour, for certain."

[[item]]
id         = "say-it-better"
kind       = "rewrite"
use        = "USE"
lesson     = "5.2"
confidence = true
prompt.zh  = "换一种说法。"
prompt.en  = "Say it better."
given.zh   = "纽扣掉了，您自己缝吧。"
given.en   = "Buttons are your own business."
max_length = 60
HINTS
[KEY.what-helps]
pair.lost  = "sew"
pair.late  = "sorry"
pair.wrong = "ring"
half.lost  = ["log"]
half.wrong = ["sorry", "log"]
why.lost.zh  = "一颗纽扣，几分钟的事。"
why.lost.en  = "A button is a matter of minutes."
why.late.zh  = "客户要的是一个时间。"
why.late.en  = "What the customer wants is a time."
why.wrong.zh = "另一位客人也在找。"
why.wrong.en = "Somebody else is looking for theirs."

[KEY.calm-down]
credit.opening.hear = 1.0
credit.opening.rule = 0.1
credit.middle.sew   = 1.0
credit.middle.wait  = 0.4
credit.middle.shrug = 0.0
why.opening.hear.zh = "先看，再说。"
why.opening.hear.en = "Look first, then talk."
why.opening.rule.zh = "规定挡在人前面。"
why.opening.rule.en = "It puts the rule before the person."
why.middle.sew.zh   = "有动作，有时间。"
why.middle.sew.en   = "An act and a time."
why.middle.wait.zh  = "火气会下来，事情没有动。"
why.middle.wait.en  = "Tempers cool, but nothing is done."
why.middle.shrug.zh = "又推给了客户。"
why.middle.shrug.en = "It hands the work back."
outcome.solved = 1.0
outcome.lost   = 0.0

[KEY.score-it]
score.greet    = 1
score.repeat   = 1
critical       = ["promise"]
why.greet.zh   = "开口就问了好。"
why.greet.en   = "The first words are a greeting."
why.repeat.zh  = "只提了纽扣，没说是哪一颗。"
why.repeat.en  = "The button, but not which one."
why.rude.zh    = "口气一直平和。"
why.rude.en    = "The tone stays even."
why.promise.zh = "能不能找到，他并不知道。"
why.promise.en = "Nobody knows that it will be found."

[KEY.say-it-better]
required.own.zh        = ["我来", "我帮您"]
required.own.en        = ["I'll", "let me"]
required.own.why.zh    = "说出自己要做的事。"
required.own.why.en    = "It says what you yourself will do."
required.time.zh       = ["今天"]
required.time.en       = ["today"]
required.time.why.zh   = "给一个时间。"
required.time.why.en   = "It gives a time."
forbidden.shove.zh     = ["您自己"]
forbidden.shove.en     = ["your own"]
forbidden.shove.why.zh = "客户听到的是推。"
forbidden.shove.why.en = "The customer hears a shove."
rubric.tone.zh         = "像当面说话"
rubric.tone.en         = "Sounds like speech"
rubric.tone.points     = 2
model.zh = "我帮您补一颗，今天就能取。"
model.en = "Let me sew one on; it will be ready today."
"""
_HINTS = """\
[[item.hint]]
zh = "想想客户最急的是什么。"
en = "Think of what is most urgent to the customer."
[[item.hint]]
zh   = "能当场做的，当场做。"
en   = "What can be done at once is done at once."
cost = 0.35
"""


def story(room: str) -> str:
    """The story, all of its items in one room; in practice some have hints."""
    use = 'graded"\nset        = "first' if room == "graded" else room
    hints, key = (_HINTS, "open") if room == "practice" else ("", "sealed")
    return _STORY.replace("USE", use).replace("HINTS\n", f"{hints}\n").replace("KEY", key)
