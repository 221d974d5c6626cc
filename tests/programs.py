"""Functions that a learner might write for the programs of the bank, right and wrong ones."""

from __future__ import annotations

__all__ = ["PROGRAM", "RIGHT", "SHARE", "WRONG", "made"]

RIGHT = {
    "share-interval--program": '''
def interval(good, n):
    """The 95% Wilson interval for a share: (low, high), each from 0 to 1."""
    if n == 0:
        return 0, 1
    z = 1.96
    p = good / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    return middle - half, middle + half
''',
    "two-raters--program": '''
def kappa(first, second):
    """Cohen's kappa of two raters, or None where nothing can be said."""
    n = len(first)
    match = sum(a == b for a, b in zip(first, second)) / n
    luck = sum(first.count(x) * second.count(x) for x in set(first)) / n ** 2
    if luck == 1:
        return None
    return (match - luck) / (1 - luck)
''',
}
"""Ref → an instructor's solution."""

WRONG = {
    "per cent": (
        "share-interval--program",
        RIGHT["share-interval--program"].replace(
            "return middle - half, middle + half",
            "return 100 * (middle - half), 100 * (middle + half)",
        ),
    ),
    "the familiar interval": (
        "share-interval--program",
        """
def interval(good, n):
    p = good / n
    half = 1.96 * (p * (1 - p) / n) ** 0.5
    return p - half, p + half
""",
    ),
    "plain agreement": (
        "two-raters--program",
        """
def kappa(first, second):
    return sum(a == b for a, b in zip(first, second)) / len(first)
""",
    ),
    "one level forgotten": (
        "two-raters--program",
        RIGHT["two-raters--program"].replace("    if luck == 1:\n        return None\n", ""),
    ),
}
"""What is wrong → ref and function."""

SHARE = """\
set      = "first"
lesson   = "5.2"
teaches  = ["taboo-never-heard"]
points   = 6
title.zh = "占几成"
title.en = "What share"
text.zh  = "请写 `interval(good, n)`。"
text.en  = "Write `interval(good, n)`."
starter  = "def interval(good, n):"
function  = "interval"
tolerance = 0.001

[[example]]
given = [80, 100]
gives = [0.711, 0.867]

[sealed]
reference = "sampling.wilson"
why.zh = "小样本也说得通。"
why.en = "It makes sense for small samples too."

[[sealed.case]]
about.zh = "平常的样本"
about.en = "Ordinary samples"
inputs   = "proportion"
times    = 5

[[sealed.case]]
about.zh = "一个满意的都没有"
about.en = "Nobody satisfied"
given    = [[0, 20], [0, 3]]
"""
"""A small program, good as it is, for `programs/share.toml` of a small bank."""
PROGRAM = "programs/share.toml"


def made(source: str, name: str) -> object:
    """The function that a piece of code defines."""
    space: dict[str, object] = {}
    exec(source, space)
    return space[name]
