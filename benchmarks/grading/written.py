"""What learners write for each function: right, nearly right, broken."""

from __future__ import annotations

__all__ = ["WRITTEN"]

WRITTEN: dict[str, tuple[str, str, str]] = {
    "interval": (
        '''\
def interval(good, n):
    """The 95% Wilson interval for a share: (low, high), each from 0 to 1."""
    if n == 0:
        return 0, 1
    p, z = good / n, 1.96
    middle = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5 / (1 + z**2 / n)
    return middle - half, middle + half
''',
        '''\
def interval(good, n):
    """The 95% Wilson interval for a share: (low, high), each from 0 to 1."""
    p, z = good / n, 1.96
    half = z * (p * (1 - p) / n) ** 0.5
    print("p =", p, "half =", half)
    return p - half, p + half
''',
        '''\
def interval(good, n):
    """The 95% Wilson interval for a share: (low, high), each from 0 to 1."""
    return wilson(good, n)
''',
    ),
    "kappa": (
        '''\
from collections import Counter


def kappa(first, second):
    """Cohen's kappa of two raters, or None where nothing can be said."""
    n = len(first)
    match = sum(a == b for a, b in zip(first, second)) / n
    one, other = Counter(first), Counter(second)
    luck = sum(one[level] * other[level] for level in one) / n**2
    return None if luck == 1 else (match - luck) / (1 - luck)
''',
        '''\
def kappa(first, second):
    """Cohen's kappa of two raters, or None where nothing can be said."""
    n = len(first)
    match = sum(a == b for a, b in zip(first, second)) / n
    luck = 0
    for level in set(first + second):
        luck += first.count(level) / n * second.count(level) / n
    return (match - luck) / (1 - luck)
''',
        '''\
def kappa(first, second):
    """Cohen's kappa of two raters, or None where nothing can be said."""
    match = sum(a == b for a, b in zip(first, second)) / len(first)
''',
    ),
}
