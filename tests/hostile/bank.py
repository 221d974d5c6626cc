"""The bank that is attacked: items of every kind, and sealed words that stand nowhere else."""

from __future__ import annotations

from pathlib import Path

from tests.grading.course import bank
from tests.laws.long_kinds import SCORECARD, STORY, story

__all__ = ["CODE", "HIDDEN", "PLAIN", "hostile_bank"]

PLAIN, CODE = "first", "second"
"""The set without code, and the one with."""

HIDDEN = ("104729", "48611", "0.4611", "0.4642", "0.467", "暗号甲乙丙", "watchword-xyz")
"""What is sealed and is no sentence: hidden inputs, what they give, a number, phrases."""

_LEDGER = """\
teaches  = ["taboo-never-heard"]
title.zh = "一本账"
title.en = "A ledger"
[[turn]]
who = "customer"
zh  = "一共多少？"
en  = "How much is it in all?"
[[item]]
id        = "sum"
kind      = "number"
use       = "graded"
set       = "first"
lesson    = "5.2"
prompt.zh = "一共是多少？"
prompt.en = "How much is it?"
[sealed.sum]
value  = 48611
why.zh = "把每一行加起来。"
why.en = "Add up every line."
"""
_SET = """\
title.zh = "第二组"
title.en = "The second set"
intro.zh = "请写代码。"
intro.en = "Please write code."
lessons  = ["5.2"]
"""
_PROGRAM = """\
set       = "second"
lesson    = "5.2"
teaches   = ["taboo-never-heard"]
points    = 6
title.zh  = "一个比例的区间"
title.en  = "The interval of a share"
text.zh   = "请写函数 `interval(good, n)`。"
text.en   = "Write the function `interval(good, n)`."
starter   = '''
def interval(good, n):
    \"\"\"The 95% Wilson interval for a share.\"\"\"'''
function  = "interval"
tolerance = 0.0005
[[example]]
given = [80, 100]
gives = [0.711, 0.867]
[sealed]
reference = "sampling.wilson"
why.zh = "封存的道理：两头也站得住。"
why.en = "The sealed reason: it holds at the edges too."
[[sealed.case]]
about.zh = "大样本"
about.en = "A large sample"
given    = [[48611, 104729]]
[[sealed.case]]
about.zh = "一个满意的都没有"
about.en = "Nobody satisfied"
given    = [[0, 20], [0, 3]]
"""


def hostile_bank(folder: Path) -> Path:
    """Write the bank into a new folder."""
    long = story("graded")
    told = long.replace('["今天"]', '["今天", "暗号甲乙丙"]')
    told = told.replace('["today"]', '["today", "watchword-xyz"]')
    told = told.replace("max_length = 60", "max_length = 100")
    assert "max_length = 100" in told
    assert long.count('["today"]') == 1
    files = {
        f"scenarios__{STORY}": told,
        "scorecards__counter": SCORECARD,
        "scenarios__ledger": _LEDGER,
        "sets__second": _SET,
        "programs__share": _PROGRAM,
    }
    return bank(folder, "graded", **files)
