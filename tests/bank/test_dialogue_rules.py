"""What the check refuses in a dialogue, each with its line and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.bank import read
from kefu.text import Lang
from tests.bank.maker import line_of, write

HEAD = """\
teaches  = ["taboo-never-heard"]
title.zh = "插队"
title.en = "The queue"

[[turn]]
who = "scene"
zh  = "银行大厅。"
en  = "A bank hall."

"""
ITEM = """\
[[item]]
id        = "calm"
kind      = "dialogue"
use       = "practice"
lesson    = "5.2"
prompt.zh = "您怎么接？"
prompt.en = "How do you answer?"
start     = "opening"
anger     = 6
trust     = 3
node.opening.customer.zh = "凭什么他先办？"
node.opening.customer.en = "Why is he first?"
node.opening.say.hear.zh = "我看看是怎么回事。"
node.opening.say.hear.en = "Let me see what happened."
node.opening.say.hear.to = "middle"
node.opening.say.hear.anger = -2
node.opening.say.rule.zh = "规定就是这样。"
node.opening.say.rule.en = "Those are the rules."
node.opening.say.rule.to = "lost"
node.opening.say.rule.anger = 2
node.middle.customer.zh = "那快一点。"
node.middle.customer.en = "Then be quick."
node.middle.say.mend.zh = "这就给您办。"
node.middle.say.mend.en = "I will see to it now."
node.middle.say.mend.to = "solved"
node.middle.say.wait.zh = "您再等等。"
node.middle.say.wait.en = "Please wait a bit."
node.middle.say.wait.to = "opening"
node.solved.ending.zh = "办成了。"
node.solved.ending.en = "It is done."
node.lost.customer.zh = "我要投诉。"
node.lost.customer.en = "I want to complain."
node.lost.ending.zh = "客户走了。"
node.lost.ending.en = "The customer leaves."

"""
KEY = """\
[open.calm]
credit.opening.hear = 1.0
credit.opening.rule = 0.2
credit.middle.mend  = 1.0
credit.middle.wait  = 0.0
why.opening.hear.zh = "先听。"
why.opening.hear.en = "Listen first."
why.opening.rule.zh = "先搬规定。"
why.opening.rule.en = "Rules first."
why.middle.mend.zh  = "马上办。"
why.middle.mend.en  = "At once."
why.middle.wait.zh  = "又要等。"
why.middle.wait.en  = "More waiting."
outcome.solved = 1.0
outcome.lost   = 0.0
"""
STORY = HEAD + ITEM + KEY
FILE = "scenarios/queue.toml"


def faults(folder: Path, text: str, lang: Lang = "en") -> list[str]:
    """What the check says of this scenario, as `line: what; write`."""
    found = read([write(folder, {FILE: text})])[1]
    said = [fault.say(lang) for fault in found]
    assert all(FILE in line for line in said), said
    return [line.split(f"{FILE}:")[1] for line in said]


def changed(*changes: tuple[str, str]) -> str:
    """The story with some words replaced, each of which it really holds."""
    text = STORY
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def at(text: str, words: str) -> int:
    """The line on which these words stand."""
    return line_of(text, words)


def test_a_good_dialogue_has_no_fault(tmp_path: Path) -> None:
    """A loop that can be left is fine."""
    assert faults(tmp_path, STORY) == []


NEEDS = "node.middle.say.mend.to = "
BROKEN = [
    (
        "start-unknown",
        [('start     = "opening"', 'start     = "openning"')],
        'start     = "openning"',
        "there is no node openning; perhaps you mean opening, or add node.openning",
        "没有节点 openning；您要写的也许是 opening，或补上 node.openning",
    ),
    (
        "start-is-an-ending",
        [('start     = "opening"', 'start     = "lost"')],
        'start     = "lost"',
        "the conversation begins with its ending; let start name a node with say",
        "对话一开始就结束了；start 请写一个有 say 的节点",
    ),
    (
        "to-unknown",
        [('rule.to = "lost"', 'rule.to = "exit"')],
        'rule.to = "exit"',
        "there is no node exit; delete it, or write one of opening, middle, solved, lost, "
        "or add node.exit",
        "没有节点 exit；请删掉，或改成其中之一：opening, middle, solved, lost，或补上 node.exit",
    ),
    (
        "unreachable",
        [('rule.to = "lost"', 'rule.to = "middle"')],
        "node.lost.customer.zh",
        'no path ever reaches lost; let some saying have to = "lost" (with needs that can hold), '
        "or delete the node",
        '怎么走都到不了 lost；请让某一句写 to = "lost"（它的 needs 也要能满足），或删掉这个节点',
    ),
    (
        "dead-end",
        [
            (NEEDS, "node.middle.say.mend.needs.anger_max = 3\n" + NEEDS),
            (
                "node.middle.say.wait.to",
                "node.middle.say.wait.needs.trust_min = 3\n"
                "node.middle.say.wait.needs.anger_max = 3\nnode.middle.say.wait.to",
            ),
            ("hear.anger = -2", "hear.anger = -3"),
            ('rule.to = "lost"', 'rule.to = "middle"'),
            ('wait.to = "opening"', 'wait.to = "lost"'),
        ],
        "node.middle.say.mend.zh",
        "arriving at middle with anger 8 and trust 3, there is nothing to say; "
        "leave at least one saying without needs, or widen them",
        "走到 middle 时如果火气是 8、信任是 3，就没有一句可说；"
        "请至少留一句不带 needs，或把 needs 放宽",
    ),
    (
        "endless",
        [
            ('mend.to = "solved"', 'mend.to = "opening"'),
            ('rule.to = "lost"', 'rule.to = "middle"'),
        ],
        "node.opening.customer.zh",
        "from opening, middle no ending is ever reached; let a saying there lead to an ending, "
        "or to a node that leads to one",
        "走到 opening、middle 就绕不出来，永远谈不完；"
        "请让其中至少一句走向结尾，或走向能到结尾的节点",
    ),
    (
        "needs-never-hold",
        [
            (
                NEEDS.replace("mend", "wait"),
                "node.middle.say.wait.needs.trust_min = 4\nnode.middle.say.wait.to = ",
            )
        ],
        "node.middle.say.wait.needs.trust_min",
        "the needs of middle.wait can never hold; anger is 4 and trust 3 on arriving here; "
        "change the needs, or delete this saying",
        "middle.wait 的 needs 永远满足不了；走到这里时火气是 4，信任是 3；请改 needs，或删掉这一句",
    ),
    (
        "needs-beyond-the-scale",
        [(NEEDS, "node.middle.say.mend.needs.anger_max = 11\n" + NEEDS)],
        "anger_max = 11",
        "anger_max is 11; anger and trust go from 0 to 10",
        "anger_max 写的是 11；火气和信任都在 0 到 10 之间",
    ),
    (
        "say-and-ending",
        [
            (
                "node.middle.say.mend.zh",
                'node.middle.ending.zh = "完了。"\n'
                'node.middle.ending.en = "Over."\nnode.middle.say.mend.zh',
            )
        ],
        "node.middle.ending.zh",
        "middle has both say and ending: is it over or not; "
        "delete one; last words of the customer go into customer",
        "middle 既有 say 又有 ending，不知道谈没谈完；请删掉一样；客户最后的话可以写在 customer 里",
    ),
    (
        "neither-say-nor-ending",
        [
            (
                'node.lost.ending.zh = "客户走了。"\n'
                'node.lost.ending.en = "The customer leaves."\n',
                "",
            )
        ],
        "node.lost.customer.zh",
        "lost has neither say nor ending; write say if it goes on, "
        "or ending to tell how it came out",
        "lost 没有 say，也没有 ending；还要谈就写 say，谈完了就写 ending 说明结果",
    ),
    (
        "a-silent-customer",
        [
            (
                'node.middle.customer.zh = "那快一点。"\n'
                'node.middle.customer.en = "Then be quick."\n',
                "",
            )
        ],
        "node.middle.say.mend.zh",
        "the customer says nothing at middle; add node.middle.customer.zh and .en",
        "middle 里客户什么也没说；请补上 node.middle.customer.zh 和 .en",
    ),
    (
        "sayings-alike",
        [('wait.zh = "您再等等。"', 'wait.zh = "这就 给您办。"')],
        'wait.zh = "这就 给您办。"',
        "wait has the same words as mend; word one of them differently, or delete it",
        "wait 和 mend 的文字一样；请改成不同的文字，或删掉一个",
    ),
    (
        "nodes-alike",
        [('"那快一点。"', '"凭什么他先办？"'), ('"Then be quick."', '"Why is he first?"')],
        "node.middle.customer.zh",
        "middle has the same words as opening; word one of them differently, "
        "or let every to name one of the two",
        "middle 和 opening 的文字一样；请改成不同的文字，或让 to 都指向其中一个",
    ),
    (
        "credit-missing",
        [("credit.middle.wait  = 0.0\n", "")],
        "credit.opening.hear",
        "middle.wait has no credit; add credit.middle.wait = 0.5",
        "middle.wait 缺少 credit；请补上 credit.middle.wait = 0.5",
    ),
    (
        "why-missing",
        [('why.middle.wait.zh  = "又要等。"\nwhy.middle.wait.en  = "More waiting."\n', "")],
        "why.opening.hear.zh",
        'middle.wait has no why; add why.middle.wait.zh = "…"',
        'middle.wait 缺少 why；请补上 why.middle.wait.zh = "…"',
    ),
    (
        "outcome-missing",
        [("outcome.lost   = 0.0\n", "")],
        "outcome.solved",
        "lost has no outcome; add outcome.lost = 0.5",
        "lost 缺少 outcome；请补上 outcome.lost = 0.5",
    ),
    (
        "outcome-of-no-ending",
        [("outcome.lost   = 0.0\n", "outcome.lost   = 0.0\noutcome.middle = 0.5\n")],
        "outcome.middle",
        "the item has no middle; delete it, or write one of solved, lost",
        "题目里没有 middle；请删掉，或改成其中之一：solved, lost",
    ),
    (
        "credit-of-nothing",
        [("credit.middle.wait  = 0.0\n", "credit.middle.wait  = 0.0\ncredit.middle.weit = 0.1\n")],
        "credit.middle.weit",
        "the item has no middle.weit; perhaps you mean middle.wait",
        "题目里没有 middle.weit；您要写的也许是 middle.wait",
    ),
    (
        "best-below-one",
        [("credit.middle.mend  = 1.0", "credit.middle.mend  = 0.9")],
        "credit.opening.hear",
        "the best path earns only 0.965: opening.hear → middle.mend; "
        "let one path have credit 1.0 throughout and end with outcome 1.0",
        "最好的走法只得 0.965 分：opening.hear → middle.mend；"
        "请让一条路上每一句的 credit 都是 1.0，并走到 outcome 是 1.0 的结尾",
    ),
]


@pytest.mark.parametrize(
    ("changes", "words", "en", "zh"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN]
)
def test_what_is_refused(
    tmp_path: Path, changes: list[tuple[str, str]], words: str, en: str, zh: str
) -> None:
    """Each fault is told once among the faults, in both languages, on the line to mend."""
    text = changed(*changes)
    line = at(text, words)
    assert faults(tmp_path, text).count(f"{line}: {en}") == 1, faults(tmp_path, text)
    assert faults(tmp_path, text, "zh").count(f"{line}: {zh}") == 1, faults(tmp_path, text, "zh")


ALONE = ("start-unknown", "to-unknown", "needs-beyond-the-scale", "sayings-alike", "credit-missing",
         "why-missing", "outcome-missing", "credit-of-nothing", "best-below-one",
         "needs-never-hold", "nodes-alike", "a-silent-customer")  # fmt: skip


@pytest.mark.parametrize("name", ALONE)
def test_one_slip_is_one_fault(tmp_path: Path, name: str) -> None:
    """What follows from a slip is not told as well."""
    changes = next(b[1] for b in BROKEN if b[0] == name)
    assert len(faults(tmp_path, changed(*changes))) == 1


def test_only_one_thing_to_say(tmp_path: Path) -> None:
    """Where there is nothing to choose, the check says so."""
    start = STORY.index("node.middle.say.wait.zh")
    text = STORY[:start] + STORY[STORY.index("node.solved.ending.zh") :]
    text = text.replace("credit.middle.wait  = 0.0\n", "")
    text = text.replace(
        'why.middle.wait.zh  = "又要等。"\nwhy.middle.wait.en  = "More waiting."\n', ""
    )
    line = at(text, "node.middle.say.mend.zh")
    assert faults(tmp_path, text) == [
        f"{line}: middle offers one thing to say only; write two to five"
    ]


def test_a_condition_that_holds_on_the_second_round_is_fine(tmp_path: Path) -> None:
    """Going round a loop calms the customer, and only then one may say it."""
    text = changed(
        (NEEDS, "node.middle.say.mend.needs.anger_max = 3\n" + NEEDS),
        ("credit.middle.wait  = 0.0", "credit.middle.wait  = 1.0"),
    )
    assert faults(tmp_path, text) == []
