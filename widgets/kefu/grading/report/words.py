"""What the page of a report calls things, and what it says of its own numbers."""

from __future__ import annotations

from kefu.quality.testing import ENOUGH
from kefu.text import Text

__all__ = ["HOW", "WORDS"]

WORDS = {
    "whole": Text("整组", "The set as a whole"),
    "spread": Text("总分分布", "Distribution of scores"),
    "look": Text("可以再看一看", "Worth another look"),
    "look_note": Text(
        "这些只是提醒，附着数字和区间；改不改由您定。",
        "These are suggestions, each with its number and interval; whether to act is up to you.",
    ),
    "no_look": Text("没有要提醒的。", "Nothing to suggest."),
    "items": Text("逐题", "Item by item"),
    "facility": Text("平均得分", "Mean credit"),
    "both": Text("平均得分和区分度", "Mean credit and discrimination"),
    "overview": Text("各题一览", "All items"),
    "item": Text("题目", "Item"),
    "n": Text("人数", "n"),
    "easy": Text("平均得分", "Mean credit"),
    "apart": Text("区分度", "Discrimination"),
    "blank": Text("空着", "Blank"),
    "mean": Text("平均总分", "Mean score"),
    "alpha": Text("信度 α", "Reliability α"),
    "error": Text("测量标准误", "Standard error of measurement"),
    "error_note": Text("一个人的总分上下大约差这么多", "how far a learner’s score may be off"),
    "waiting": Text("等批改", "Waiting for marks"),
    "no_journal": Text("没有作答记录", "Without a journal"),
    "ways_note": Text(
        "框里是第几处和到过的次数，线越粗走的人越多；橙色的线是失去客户的话。",
        "Boxes hold the number of the node and how often it was come to; the wider a line, "
        "the more took it; orange lines are sayings that lost the customer.",
    ),
    "agreement": Text("两位批改人的一致", "Agreement of two markers"),
    "agreement_note": Text(
        "第二位不知道第一位给的分。“相差”是第二位减第一位的平均分。",
        "The second marker did not see the first one’s marks. "
        "“Difference” is the second marker’s mean less the first’s.",
    ),
    "apart_texts": Text("差得最多的几份", "Texts that differ most"),
    "criterion": Text("评分要点", "Criterion"),
    "texts": Text("份数", "Texts"),
    "same": Text("给分相同", "Same mark"),
    "kappa": Text("加权 κ", "Weighted κ"),
    "severity": Text("相差", "Difference"),
    "means": Text("怎么看", "What it means"),
    "how": Text("怎么读这些数", "How to read these numbers"),
}

HOW = (
    Text(
        "平均得分（难度）：这道题平均得到满分的几成。空着和读不出的按 0 算。"
        "对错题用 Wilson 区间；有部分得分时，把平均分当作份额来算，区间只会偏宽。",
        "Mean credit (facility): the share of an item’s credit that learners earned; blank and "
        "unreadable answers count 0. The interval is Wilson’s; with part credit the mean stands "
        "in the place of the share, and the interval is rather too wide than too narrow.",
    ),
    Text(
        "区分度：这道题的得分和其余各题总分的相关，−1 到 1，区间用 Fisher 变换。"
        "大致 0.2 到 0.4 是常见的好题（Ebel 1965）；负数说明强的人反而答错，先核对答案。",
        "Discrimination: the correlation of an item with the total of all the others, from −1 to "
        "1, with Fisher’s interval. 0.2 to 0.4 is usual for a sound item (Ebel 1965); below 0 "
        "the strong do worse, so check the key first.",
    ),
    Text(
        f"不到 {ENOUGH} 人不下结论：{ENOUGH} 人时，相关 0.3 的区间是 −0.07 到 0.60，"
        "一道普通的好题还分不清和毫无区分的题；份额的区间大约是上下 17 个百分点。",
        f"No conclusion below {ENOUGH} learners: with {ENOUGH} the interval of a correlation of "
        "0.3 is −0.07 to 0.60, so that an ordinary sound item cannot be told from one that "
        "separates nobody; a share is known to about 17 points either way.",
    ),
    Text(
        "强组和弱组：按其余各题的总分，最高和最低的 27%（Kelley 1939），并列的都算在内。",
        "Strong and weak: the highest and the lowest 27% by the total of the other items "
        "(Kelley 1939); whoever is level with the last of a group belongs to it.",
    ),
    Text(
        "用时：作答记录里相邻两次作答的间隔，超过 10 分钟按 10 分钟算；"
        "第一次作答不知从何时开始，没有用时。"
        "记录写在学员自己的电脑上，是学员一方的说法，不能当证据。",
        "Time: from one answer in the journal to the next, a pause counting ten minutes at most; "
        "the first answer has none, since nobody knows when it was begun. "
        "A journal is written on the learner’s own machine: it is a claim, not evidence.",
    ),
    Text(
        "失去客户：说了这句话之后，还能走到的最好结局比之前差。",
        "Losing a customer: after a saying, the best ending still within reach is worth less than "
        "before.",
    ),
)
