"""The same twenty questions for everybody who is measured."""

from __future__ import annotations

from kefu.card import Card, Choice, public_id, version_of
from kefu.text import Text

__all__ = ["COUNT", "OPTIONS", "cards", "words"]

COUNT = 20
OPTIONS = 4
"""Options of one question."""

_PROMPT = Text("你先怎么说？", "What do you say first?")
_SAID = (
    Text("这手机老是没反应，你们帮我看看。", "This phone keeps freezing. Could you take a look?"),
    Text("我昨天就打过电话，没有人回我。", "I called yesterday and nobody called me back."),
    Text("快递写着已签收，可我没有收到。", "It says delivered, but I never got the parcel."),
    Text("这张优惠券为什么用不了？", "Why can I not use this coupon?"),
    Text("我要退货，不想听解释。", "I want my money back, not an explanation."),
    Text("你们的电话等了二十分钟才接通。", "I was on hold for twenty minutes."),
    Text("换一个人跟我说，你说了不算。", "Put somebody else on. You cannot decide anything."),
    Text("房间里太吵，我明天还要开会。", "The room is too noisy and I have a meeting tomorrow."),
    Text("发票抬头写错了，能改吗？", "The name on the invoice is wrong. Can you change it?"),
    Text("说好三点来装，现在都五点了。", "You said three o'clock for the fitting. It is five now."),
    Text("这个月的账单怎么多了五十块？", "Why is this month's bill fifty yuan higher?"),
    Text("我的会员积分一夜之间没了。", "My points disappeared overnight."),
    Text("航班取消了，我今晚住哪里？", "My flight is cancelled. Where do I sleep tonight?"),
    Text("上一位同事答应给我打折的。", "Your colleague promised me a discount."),
    Text("我不会用手机付款，收现金吗？", "I cannot pay by phone. Do you take cash?"),
    Text("包装是破的，里面会不会坏了？", "The box is torn. Is what is inside broken?"),
    Text(
        "密码改了三次，还是登不上。", "I changed the password three times and still cannot log in."
    ),
    Text("孩子对花生过敏，这个能吃吗？", "My child is allergic to peanuts. Is this safe?"),
    Text("你们官网和店里价格不一样。", "Your website and your shop show different prices."),
    Text("我只想知道什么时候能修好。", "I only want to know when it will be repaired."),
)
_ANSWERS = (
    Text("我来帮您看，先跟您核对一下情况。", "Let me see to it. May I check a few things first?"),
    Text("这个不归我管，您得找别的部门。", "That is not my job; you need another department."),
    Text("真抱歉让您久等，我现在就查，五分钟内给您答复。",
         "I am sorry you had to wait. I am checking now and will answer within five minutes."),
    Text("规定就是这样，我也没有办法。", "Those are the rules; there is nothing I can do."),
    Text("您先别急，把经过慢慢说给我听。", "Please tell me what happened, one step at a time."),
    Text("请您留个电话，有消息会通知您。", "Leave your number and somebody will let you know."),
    Text("我请负责这件事的同事一起来，不用您再说一遍。",
         "I will bring in the colleague in charge, so you need not say it all again."),
)  # fmt: skip


def cards() -> list[Card]:
    """Twenty choice cards of four options, each with its own story of one line."""
    made: list[Card] = []
    for at, said in enumerate(_SAID):
        answers = [_ANSWERS[(at + step) % len(_ANSWERS)] for step in range(OPTIONS)]
        options: list[Choice] = [
            {"id": public_id("bench", one.json()), "text": one.json()} for one in answers
        ]
        card: Card = {
            "item": f"bench--question-{at + 1}",
            "version": "",
            "kind": "choice",
            "room": "practice",
            "lesson": "5.2",
            "title": Text("跑分", "Benchmark").json(),
            "turns": [{"who": "customer", "text": said.json()}],
            "prompt": _PROMPT.json(),
            "options": options,
        }
        card["version"] = version_of(card)
        made.append(card)
    return made


def words() -> list[str]:
    """Every Chinese text of the cards: whoever shows the questions shows all of these."""
    texts = {_PROMPT.zh}
    for card in cards():
        texts |= {turn["text"]["zh"] for turn in card["turns"]}
        texts |= {option["text"]["zh"] for option in card["options"]}
    return sorted(texts)
